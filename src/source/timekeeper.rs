use std::fmt;

/// Where a source is being played, by the ticks that were.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Place {
    /// Seconds of it that were played in all.
    pub count: f64,
    /// Where that is in the source, in seconds from the first picture; past the end of a loop it may count on.
    pub position: f64,
    /// Where the part that is played begins.
    pub start: f64,
    /// Where it ends; infinite for the source's own end.
    pub end: f64,
    /// Seconds of the source in a second.
    pub speed: f64,
    /// How often it was sent another way; while this stays, it is played on.
    pub turn: u64,
}

/// Says how far a source has been played in the ticks' place: what keeps its time is a sound that is heard of it.
pub trait Timekeeper: fmt::Debug + Send {
    /// Asked once a tick, before the source is played on: how far what is heard has come, in seconds played in all. While
    /// there is none, ticks count.
    fn heard(&mut self, place: &Place) -> Option<f64>;
}
