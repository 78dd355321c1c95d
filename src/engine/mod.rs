//! Turns pictures, signals and a show into one output picture. It knows no window, camera or socket.
//!
//! An [`Instance`] is a show with its own state; several can be alive at once on one [`Engine`].

mod command;
mod conductor;
mod gauges;
mod instance;
mod pace;

use crate::plan::Stages;
use crate::{motion, sort};

pub use command::Command;
pub use conductor::{Conductor, Readiness, SourceValues, addresses};
pub use instance::{Ahead, Engine, EngineError, Instance, Rehearsal, Tick};

/// The one list of host stages.
#[must_use]
pub fn stages() -> Stages {
    Stages::new([motion::stages(), sort::stages()].concat())
}
