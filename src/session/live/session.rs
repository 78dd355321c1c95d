use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use super::latency::Latency;

/// How a live session's clock runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Pace {
    /// By the wall clock.
    #[default]
    Wall,
    /// One tick after another, each with all its pictures, as `render` does: for tests.
    Stepped,
}

/// What a live session is besides its show.
#[derive(Clone, Debug, Default)]
pub struct Session {
    /// How the clock runs.
    pub pace: Pace,
    /// Seconds, then it ends.
    pub seconds: Option<f64>,
    /// Where the pictures are written as well; a blackout is for the screen only.
    pub out: Option<String>,
    /// Raised from outside, it ends the session as Ctrl-C does.
    pub stop: Arc<AtomicBool>,
}

/// How a live session went.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Ticks that were shown.
    pub ticks: u64,
    /// Ticks that were left out.
    pub left_out: u64,
    /// How old live pictures were on the screen, over the last seconds; none without cameras and streams.
    pub latency: Option<Latency>,
    /// What the loop may have waited for, by the wall clock; empty unless the program is at fault.
    pub blocked: Vec<&'static str>,
}

impl Report {
    /// Ticks that are over.
    pub(super) const fn over(&self) -> u64 {
        self.ticks + self.left_out
    }
}
