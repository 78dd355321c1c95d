use std::fmt::Debug;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use super::latency::Latency;
use crate::control::Ports;
use crate::gpu::{GpuError, WindowSurface};
use crate::session::recorder::RecordingStatus;

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
    /// Where the pictures are recorded from the first one on; a blackout is for the screen only.
    pub out: Option<String>,
    /// The folder of recordings that have no name: in the user's folder of videos if none is named.
    pub record_to: Option<PathBuf>,
    /// The output device that a film's own sound is played to, or `default`; silence, if none is named.
    pub play_sound: Option<String>,
    /// Raised from outside, it ends the session as Ctrl-C does.
    pub stop: Arc<AtomicBool>,
    /// A part of the name of the monitor that the window fills; none leaves it a window.
    pub monitor: Option<String>,
    /// Where hands from outside come in; nowhere, if none is named.
    pub ports: Ports,
    /// Seconds after which the GPU is given up, each once, in order: to see that the show goes on.
    pub losses: Vec<f64>,
    /// The same for the window's surface.
    pub surface_losses: Vec<f64>,
}

/// The window that a session draws on.
pub trait Window: Debug + Send + Sync {
    /// A surface of the window, for a GPU to be opened on it: one at the beginning, one after each loss of the
    /// GPU. The one before is gone by then. It may wait for the window's thread.
    ///
    /// # Errors
    /// No driver can draw on the window, or it is closed.
    fn surface(&self) -> Result<WindowSurface, GpuError>;

    /// The keys, each with what it does.
    fn keys(&self) -> Vec<(&'static str, &'static str)>;
}

/// How a live session went.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Report {
    /// Ticks that were shown.
    pub ticks: u64,
    /// Ticks that were left out.
    pub left_out: u64,
    /// How often the show was taken over as it was saved.
    pub reloaded: u64,
    /// What was wrong at the end with the show as it was saved last.
    pub fault: Option<String>,
    /// How often the GPU was lost and everything built anew.
    pub rebuilt: u64,
    /// What became of the last recording.
    pub recording: RecordingStatus,
    /// How old live pictures were on the screen, over the last seconds; none without cameras and streams.
    pub latency: Option<Latency>,
    /// How old strokes from a sound device were on the screen, over the last seconds, counted from the end of the
    /// hundredth of a second in which they were heard.
    pub hearing: Option<Latency>,
    /// What the loop may have waited for, by the wall clock; empty unless the program is at fault.
    pub blocked: Vec<&'static str>,
}

impl Report {
    /// Ticks that are over.
    pub(super) const fn over(&self) -> u64 {
        self.ticks + self.left_out
    }
}
