//! What a show hears as time goes by: which sound, and what it says at each tick.
//!
//! An [`Ear`] gives moments of sound in their order, from a thread of its own; the [`Listener`] has what they say at a tick's
//! time. Nothing is opened or decoded for a show that neither names a signal of sound nor looks at it.

mod choice;
#[cfg(feature = "audio")]
mod device;
#[cfg(feature = "media")]
mod file;
mod listener;

use std::fmt;
use std::sync::Arc;
use std::time::Instant;

use crate::audio::Moment;
use crate::health::Health;
use crate::source::Wait;

pub(super) use choice::Choice;
#[cfg(all(feature = "audio", feature = "media"))]
pub(super) use choice::film_with_sound;
pub(super) use listener::Listener;

/// A device's name, and how it is.
pub type Device = (Arc<str>, Health);

/// Hears a sound for a show.
pub trait Ear: fmt::Debug + Send {
    /// The next moment, in order, each once; its `time` is in seconds since the sound began. `now` is what time it is there in the tick
    /// that asks: whoever hears the present stamps with it, whoever reads ahead may give a moment that is later.
    ///
    /// With [`Wait::Never`] none where there is none yet. With [`Wait::Block`] it waits for the next one, so that what
    /// is heard depends on time alone; none then says that no more will come.
    fn next(&mut self, now: f64, wait: Wait) -> Option<Moment>;

    /// The device that it hears, if it is one.
    fn device(&self) -> Option<Device> {
        None
    }

    /// When the oldest stroke came in that it has given since the last call; none of a file.
    fn struck(&mut self) -> Option<Instant> {
        None
    }
}
