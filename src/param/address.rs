use super::{Param, Value};

/// What may be done with an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// It can be listened to.
    Read,
    /// It takes messages and has no value of its own.
    Write,
    /// It takes messages, and what it stands at can be listened to.
    Both,
}

/// A parameter with its place among all that a show takes and tells.
#[derive(Clone, Debug, PartialEq)]
pub struct Address {
    /// As in a message: `/layers/melt/amount`.
    pub path: String,
    /// What it takes, or tells.
    pub param: Param,
    /// What may be done with it.
    pub access: Access,
    /// Whether a message takes it over from the show's own text, until one to `PATH/release`.
    pub releases: bool,
}

impl Address {
    /// An address with no expression behind it.
    #[must_use]
    pub fn new(path: String, param: Param, access: Access) -> Self {
        Self {
            path,
            param,
            access,
            releases: false,
        }
    }
}

/// What an address stands at in one tick.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Standing {
    /// The value.
    pub value: Value,
    /// Events of the tick, where it tells of events.
    pub events: u32,
    /// Whether a hand set it, not the show.
    pub held: bool,
}

impl Standing {
    /// A value that the show made.
    #[must_use]
    pub const fn of(value: Value) -> Self {
        Self {
            value,
            events: 0,
            held: false,
        }
    }

    /// A value that is whatever a hand has set last.
    #[must_use]
    pub const fn held(value: Value) -> Self {
        Self {
            held: true,
            ..Self::of(value)
        }
    }
}
