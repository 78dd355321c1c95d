//! Live: the wall clock decides, the newest picture wins, late ticks are left out.

mod begin;
mod clock;
mod latency;
mod loader;
mod play;
mod request;
mod screen;
mod session;

use std::sync::mpsc::Receiver;

use super::{Failure, Options};
use crate::gpu::WindowSurface;

pub use begin::show;
pub use latency::Latency;
pub use request::Request;
pub use session::{Pace, Report, Session};

/// The rate where neither show nor source has one.
const USUAL_FPS: (u32, u32) = (60, 1);

/// Plays a show until it is told to quit, its time is over, or a source that does not loop ends.
///
/// # Errors
/// Whatever keeps it from starting, a lost GPU, an output that fails; [`Failure::Stopped`] if it was stopped.
pub fn run(
    options: &Options,
    session: &Session,
    requests: &Receiver<Request>,
    window: Option<WindowSurface>,
) -> Result<Report, Failure> {
    begin::begin(options, session, window)?.play(requests)
}
