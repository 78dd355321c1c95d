//! Signals: expressions, LFOs, envelopes, smoothing, triggers, the clock.

use crate::param::Value;
use std::ops::Range;

/// An expression.
#[derive(Clone, Debug, PartialEq)]
pub struct Expression(String);
/// An error.
#[derive(Clone, Debug)]
pub struct ExpressionError {
    /// Where.
    pub span: Range<usize>,
    /// What.
    pub message: String,
}
impl Expression {
    /// Parses.
    pub fn parse(text: &str) -> Result<Self, ExpressionError> {
        Ok(Self(text.to_owned()))
    }
    /// Names.
    pub fn names(&self) -> impl Iterator<Item = (&str, Range<usize>)> {
        std::iter::empty()
    }
    /// Evaluates.
    pub fn evaluate_constant(&self, name: impl Fn(&str) -> Option<f64>) -> Option<Value> {
        self.0
            .parse()
            .ok()
            .or_else(|| name(&self.0).map(Value::number))
    }
}
