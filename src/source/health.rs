use std::sync::Arc;
use std::time::Instant;

/// What a source says of itself while its show plays.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Health {
    /// Pictures come as they should.
    #[default]
    Playing,
    /// It is there and gives no pictures: the last one stands.
    Holding(Fault),
    /// It is gone or broken: the last picture stands, and it is opened again and again.
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

/// Why a source gives no pictures.
#[derive(Clone, Debug, PartialEq)]
pub struct Fault {
    /// What happened and what to do, in one line.
    pub why: Arc<str>,
    /// Since when the last picture stands.
    pub since: Instant,
}
