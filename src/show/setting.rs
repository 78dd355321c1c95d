use crate::param::Value;
use crate::signal::Expression;

/// What a parameter is set to.
#[derive(Clone, Debug, PartialEq)]
pub enum Setting {
    /// A value, within the parameter's range, with as many lanes as the parameter has.
    Value(Value),
    /// An expression over signals; its value is clamped each tick.
    Expression(Expression),
    /// One setting of one number for each lane.
    Vector(Vec<Setting>),
}

impl Setting {
    /// The value, where it never changes.
    #[must_use]
    pub const fn constant(&self) -> Option<Value> {
        match self {
            Self::Value(value) => Some(*value),
            Self::Expression(_) | Self::Vector(_) => None,
        }
    }
}
