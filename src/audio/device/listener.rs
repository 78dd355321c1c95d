use std::sync::mpsc::channel;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Instant;

use super::hearer::Hearer;
use super::queue::{Taker, queue};
use super::supervisor::Supervisor;
use super::{Choice, DeviceError, Heard};
use crate::audio::Settings;
use crate::health::Health;

/// Listens to a device for as long as it lives. The device may come and go: meanwhile there is silence.
#[derive(Debug)]
pub struct Listener {
    state: Arc<State>,
    taker: Taker,
}

/// What its threads say of the device.
#[derive(Debug)]
pub(super) struct State(Mutex<(Arc<str>, Health)>);

impl Listener {
    /// Begins to listen: the device is opened on a thread of its own, so that this waits for nothing.
    ///
    /// # Errors
    /// The system has no room for more threads.
    pub fn begin(choice: Choice, settings: Settings) -> Result<Self, DeviceError> {
        let name: Arc<str> = choice.name().into();
        let state = Arc::new(State(Mutex::new((Arc::clone(&name), Health::Playing))));
        let (send, rings) = channel();
        let (giver, taker) = queue();
        let hearer = Hearer::new(rings, settings, giver, Instant::now());
        let listener = Arc::downgrade(&state);
        start(&name, "hear", move || hearer.run(&listener))?;
        let supervisor = Supervisor::new(choice, send, Arc::downgrade(&state));
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
        self.state.lock().clone()
    }
}

fn start(name: &str, does: &str, work: impl FnOnce() + Send + 'static) -> Result<(), DeviceError> {
    let thread = thread::Builder::new().name(format!("{does} {name}").replace('\0', ""));
    let refuse = |cause: std::io::Error| DeviceError::Refused {
        name: name.to_owned(),
        cause: cause.to_string(),
    };
    thread.spawn(work).map(drop).map_err(refuse)
}

impl State {
    fn lock(&self) -> MutexGuard<'_, (Arc<str>, Health)> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The device is this one now.
    pub(super) fn call(&self, name: &str) {
        self.lock().0 = name.into();
    }

    /// How it is; a fault that lasts is as old as it was.
    pub(super) fn mark(&self, health: Health) {
        let mut state = self.lock();
        if let (Some(before), Some(fault)) = (state.1.fault(), health.fault())
            && before.why == fault.why
        {
            return;
        }
        state.1 = health;
    }
}
