//! What comes in by a sound device, as it comes.

use std::time::Instant;

use super::{Device, Ear};
use crate::audio::device::{Choice, Direction, Listener};
use crate::audio::{Moment, Settings};
use crate::session::Failure;
use crate::source::Wait;

/// Hears a device.
#[derive(Debug)]
pub(super) struct DeviceEar {
    listener: Listener,
    /// When the first stroke was heard that nobody has asked for yet.
    struck: Option<Instant>,
}

impl DeviceEar {
    /// Begins to hear the device of a name or a part of it, or the default input. Blocks while the name is looked for;
    /// a device that is not there is waited for.
    ///
    /// # Errors
    /// No device, or several, of that name.
    pub(super) fn open(name: Option<&str>, settings: &Settings) -> Result<Self, Failure> {
        let choice = match name {
            Some(name) => Choice::find(name, Direction::In).map_err(Failure::usage)?,
            None => Choice::usual(Direction::In),
        };
        Ok(Self {
            listener: Listener::begin(choice, *settings).map_err(Failure::running)?,
            struck: None,
        })
    }
}

impl Ear for DeviceEar {
    fn next(&mut self, now: f64, _: Wait) -> Option<Moment> {
        let heard = self.listener.take()?;
        let mut moment = heard.moment;
        if moment.fires() {
            self.struck.get_or_insert(heard.at);
        }
        moment.time = now - heard.at.elapsed().as_secs_f64();
        Some(moment)
    }

    fn device(&self) -> Option<Device> {
        Some(self.listener.health())
    }

    fn struck(&mut self) -> Option<Instant> {
        self.struck.take()
    }
}
