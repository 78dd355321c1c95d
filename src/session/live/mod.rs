//! Live: the wall clock decides, the newest picture wins, late ticks are left out.

mod begin;
mod board;
mod clock;
mod hands;
mod latency;
mod loader;
mod meter;
mod play;
mod rebuild;
mod recovery;
mod reload;
mod repertoire;
mod request;
mod reread;
mod screen;
mod session;
mod status;
mod watch;

use std::sync::Arc;
use std::sync::mpsc::Receiver;

use super::{Failure, Options};

pub use super::recorder::{FilmStatus, RecordingStatus};
pub use begin::show;
pub use latency::Latency;
pub use request::Request;
pub use session::{Pace, Report, Session, Window};

/// The rate where neither show nor source has one.
const USUAL_FPS: (u32, u32) = (60, 1);

/// Plays a show until it is told to quit, its time is over, or a source that does not loop ends.
///
/// # Errors
/// Whatever keeps it from starting, an output that fails; [`Failure::Stopped`] if it was stopped.
pub fn run(
    options: &Options,
    session: &Session,
    requests: &Receiver<Request>,
    window: Option<Arc<dyn Window>>,
) -> Result<Report, Failure> {
    begin::begin(options, session, window)?.play(requests)
}
