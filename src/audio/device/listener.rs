use std::sync::Arc;
use std::sync::mpsc::channel;
use std::time::Instant;

use super::hearer::Hearer;
use super::queue::{Taker, queue};
use super::state::{State, start};
use super::supervisor::Supervisor;
use super::{Choice, DeviceError, Heard, inlet};
use crate::audio::Settings;
use crate::health::Health;

/// Listens to a device for as long as it lives. The device may come and go: meanwhile there is silence.
#[derive(Debug)]
pub struct Listener {
    state: Arc<State>,
    taker: Taker,
}

impl Listener {
    /// Begins to listen: the device is opened on a thread of its own, so that this waits for nothing.
    ///
    /// # Errors
    /// The system has no room for more threads.
    pub fn begin(choice: Choice, settings: Settings) -> Result<Self, DeviceError> {
        let name: Arc<str> = choice.name().into();
        let state = State::new(&name);
        let (send, rings) = channel();
        let (giver, taker) = queue();
        let hearer = Hearer::new(rings, settings, giver, Instant::now());
        let listener = Arc::downgrade(&state);
        start(&name, "hear", move || hearer.run(&listener))?;
        let supervisor =
            Supervisor::new(choice, Arc::new(inlet::open), send, Arc::downgrade(&state));
        start(&name, "sound", move || supervisor.run())?;
        Ok(Self { state, taker })
    }

    /// The oldest moment that has come and was not taken yet. It never waits.
    pub fn take(&mut self) -> Option<Heard> {
        self.taker.take()
    }

    /// The device's name, and how it is; it costs a look.
    #[must_use]
    pub fn health(&self) -> (Arc<str>, Health) {
        self.state.health()
    }
}
