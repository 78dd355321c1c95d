use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;

use super::DeviceError;
use crate::health::Health;

/// What a device's threads say of it; as long as somebody keeps it, the device is used.
#[derive(Debug)]
pub(super) struct State(Mutex<(Arc<str>, Health)>);

impl State {
    /// A device of this name that is to be opened.
    pub(super) fn new(name: &Arc<str>) -> Arc<Self> {
        Arc::new(Self(Mutex::new((Arc::clone(name), Health::Playing))))
    }

    fn lock(&self) -> MutexGuard<'_, (Arc<str>, Health)> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The device's name, and how it is.
    pub(super) fn health(&self) -> (Arc<str>, Health) {
        self.lock().clone()
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

/// Begins a device's work on a thread that is called by what it does.
pub(super) fn start(
    name: &str,
    does: &str,
    work: impl FnOnce() + Send + 'static,
) -> Result<(), DeviceError> {
    let thread = thread::Builder::new().name(format!("{does} {name}").replace('\0', ""));
    let refuse = |cause: std::io::Error| DeviceError::Refused {
        name: name.to_owned(),
        cause: cause.to_string(),
    };
    thread.spawn(work).map(drop).map_err(refuse)
}
