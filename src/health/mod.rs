//! What comes from outside may fail while a show plays: how it is, and when it is opened again.

mod reconnect;

use std::sync::Arc;
use std::time::Instant;

pub use reconnect::Reconnect;

/// What a source of pictures or sound says of itself while its show plays.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Health {
    /// It plays as it should.
    #[default]
    Playing,
    /// It is there and gives nothing: the last picture stands, or there is silence.
    Holding(Fault),
    /// It is gone or broken: it is opened again and again, and meanwhile the same holds.
    Reconnecting(Fault),
}

impl Health {
    /// What is wrong, if anything is.
    #[must_use]
    pub const fn fault(&self) -> Option<&Fault> {
        match self {
            Self::Playing => None,
            Self::Holding(fault) | Self::Reconnecting(fault) => Some(fault),
        }
    }
}

/// Why a source gives nothing.
#[derive(Clone, Debug, PartialEq)]
pub struct Fault {
    /// What happened and what to do, in one line.
    pub why: Arc<str>,
    /// Since when.
    pub since: Instant,
}
