//! Live: the wall clock decides, the newest picture wins, late ticks are left out.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, Sender, TryRecvError, channel};
use std::thread;
use std::time::{Duration, Instant};

use super::{Failure, Options, Stage, bundled_clip, library};
use crate::engine::{Command, Engine};
use crate::gpu::{Gpu, Pipelines, Presenter, Readback};
use crate::output::{self, Output, Settings, Target};
use crate::picture::Size;
use crate::show::presets;
use crate::source::Wait;

/// The rate where neither show nor source has one.
const USUAL_FPS: (u32, u32) = (60, 1);

/// What the performer asks for.
#[derive(Clone, Debug, PartialEq)]
pub enum Request {
    /// A message to the show.
    Command(Command),
    /// Black, or back.
    Blackout,
    /// The picture stands, or goes on.
    Freeze,
    /// The built-in preset of this number, from 0.
    Preset(usize),
    /// The window has another size.
    Resize(Size),
    /// Whether the window can be seen.
    Visible(bool),
    /// The end.
    Quit,
}

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
pub struct Settings_ {
    /// How the clock runs.
    pub pace: Pace,
    /// Seconds, then it ends.
    pub seconds: Option<f64>,
    /// Where the pictures are written as well.
    pub out: Option<String>,
}

/// The show that `live` plays: without a source, the bundled clip; a source of the command line loops.
///
/// # Errors
/// As [`Options::show`].
pub fn show(options: &Options) -> Result<crate::show::Show, Failure> {
    let mut library = library();
    let mut show = options.show(&mut library)?;
    if show.needs_source()
        && let Some(clip) = bundled_clip()
    {
        show.replace_first_source(&clip, &mut library).map_err(Failure::usage)?;
    }
    if let Some(first) = show.sources.first_mut().filter(|_| options.preset.is_none() || options.source.is_some()) {
        first.looping = true;
    }
    Ok(show)
}
