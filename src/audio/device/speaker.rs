use std::sync::mpsc::Sender;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use super::played::Played;
use super::state::{State, start};
use super::supervisor::{Opener, Supervisor};
use super::{Choice, DeviceError, Supply, Wanted, outlet};
use crate::health::Health;

/// Plays sound to a device for as long as it lives. The device may come and go: meanwhile there is silence.
#[derive(Debug)]
pub struct Speaker {
    state: Arc<State>,
    wanted: Arc<Wanted>,
    /// Of the stream that was opened last.
    played: Arc<Mutex<Option<Arc<Played>>>>,
}

impl Speaker {
    /// Begins to open the device, on a thread of its own: this waits for nothing. Each time that it is open, `supplies` gets
    /// the ring to it.
    ///
    /// # Errors
    /// The system has no room for more threads.
    pub fn begin(choice: Choice, supplies: Sender<Supply>) -> Result<Self, DeviceError> {
        let name: Arc<str> = choice.name().into();
        let speaker = Self {
            state: State::new(&name),
            wanted: Arc::default(),
            played: Arc::default(),
        };
        let (wanted, newest) = (Arc::clone(&speaker.wanted), Arc::clone(&speaker.played));
        let opener: Opener<Supply> = Arc::new(move |choice, host| {
            let (open, supply) = outlet::open(choice, host, &wanted)?;
            let played = Some(Arc::clone(&supply.played));
            *newest.lock().unwrap_or_else(PoisonError::into_inner) = played;
            Ok((open, supply))
        });
        let user = Arc::downgrade(&speaker.state);
        let supervisor = Supervisor::new(choice, opener, supplies, user);
        start(&name, "sound", move || supervisor.run())?;
        Ok(speaker)
    }

    /// What is to be heard when.
    #[must_use]
    pub const fn wanted(&self) -> &Arc<Wanted> {
        &self.wanted
    }

    /// How far the film has been played that is heard at a time, in seconds in all; none while nothing of the cue that counts
    /// is heard.
    #[must_use]
    pub fn heard(&self, at: Instant) -> Option<f64> {
        let played = self.played.lock().unwrap_or_else(PoisonError::into_inner);
        played.as_ref()?.heard(at)
    }

    /// The device's name, and how it is; it costs a look.
    #[must_use]
    pub fn health(&self) -> (Arc<str>, Health) {
        self.state.health()
    }
}
