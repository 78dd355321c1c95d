use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Weak};
use std::thread;
use std::time::{Duration, Instant};

use cpal::HostId;

use super::open::Open;
use super::state::State;
use super::watcher::Watcher;
use super::{Choice, DeviceError, Direction};
use crate::health::{Fault, Health, Reconnect};

/// How often a device is looked after.
const LOOK: Duration = Duration::from_millis(50);

/// How long opening may take until the system counts as hung.
const PATIENCE: Duration = Duration::from_secs(8);

/// How long the first samples may take: a sink that nobody heard finishes what it does.
const FIRST: Duration = Duration::from_secs(5);

/// An open device that has neither given nor taken anything for so long is lost, whether or not the system says so.
const STALLED: Duration = Duration::from_secs(2);

/// Opens a device, and gives the program's end of the ring to it.
pub(super) type Opener<End> = Arc<dyn Fn(&Choice, Option<HostId>) -> Opened<End> + Send + Sync>;

/// What comes of that.
pub(super) type Opened<End> = Result<(Open, End), DeviceError>;

/// Opens the device, watches it, and opens it again after a loss.
pub(super) struct Supervisor<End> {
    choice: Choice,
    opener: Opener<End>,
    ends: Sender<End>,
    user: Weak<State>,
    reconnect: Reconnect,
    /// Opening that is under way.
    opening: Option<Receiver<Opened<End>>>,
    /// What answered for the default device.
    watcher: Option<Watcher>,
    /// Whether the user was told that there is silence.
    silent: bool,
}

impl<End: Send + 'static> Supervisor<End> {
    pub(super) const fn new(
        choice: Choice,
        opener: Opener<End>,
        ends: Sender<End>,
        user: Weak<State>,
    ) -> Self {
        Self {
            choice,
            opener,
            ends,
            user,
            reconnect: Reconnect::new(),
            opening: None,
            watcher: None,
            silent: false,
        }
    }

    /// Works for as long as anybody uses the device.
    pub(super) fn run(mut self) {
        while self.user.strong_count() > 0 {
            match self.open() {
                Ok(open) => {
                    let over = self.watch(&open);
                    open.let_go();
                    over.into_iter().for_each(|error| self.fail(&error));
                }
                Err(error) => self.fail(&error),
            }
        }
    }

    /// Opens the device on a thread that may be left behind.
    fn open(&mut self) -> Result<Open, DeviceError> {
        let opening = self.opening.take().unwrap_or_else(|| self.begin());
        let name = self.choice.name();
        let (open, end) = match opening.recv_timeout(PATIENCE) {
            Ok(opened) => opened?,
            Err(RecvTimeoutError::Timeout) => {
                self.opening = Some(opening);
                return Err(DeviceError::Hung(name.to_owned()));
            }
            Err(RecvTimeoutError::Disconnected) => return Err(DeviceError::Hung(name.to_owned())),
        };
        if self.choice.id.is_none() && self.host() != Some(open.host) {
            self.watcher = Some(Watcher::begin(open.host, self.choice.direction));
        }
        if let Some(state) = self.user.upgrade() {
            state.call(&open.id);
        }
        // Who is at the other end may be gone with the user.
        let _ = self.ends.send(end);
        Ok(open)
    }

    fn begin(&self) -> Receiver<Opened<End>> {
        let (send, opened) = channel();
        let (opener, choice, host) = (Arc::clone(&self.opener), self.choice.clone(), self.host());
        // If nobody waits any more, what was opened is closed here.
        thread::spawn(move || drop(send.send(opener(&choice, host))));
        opened
    }

    fn host(&self) -> Option<HostId> {
        self.watcher.as_ref().map(|watcher| watcher.host)
    }

    /// Watches until it is lost, and says why; or until nobody uses it.
    fn watch(&mut self, open: &Open) -> Option<DeviceError> {
        let mut runs = false;
        while let Some(state) = self.user.upgrade() {
            if let Some(error) = self.fault(open) {
                return Some(error);
            }
            if open.heartbeat.has_begun() && !std::mem::replace(&mut runs, true) {
                state.mark(Health::Playing);
                self.tell_of(open);
            }
            drop(state);
            thread::sleep(LOOK);
        }
        None
    }

    fn tell_of(&mut self, open: &Open) {
        let (does, again) = match self.choice.direction {
            Direction::In => ("is heard", "is heard again"),
            Direction::Out => ("plays sound", "plays sound again"),
        };
        if std::mem::take(&mut self.silent) {
            log::warn!("{}: {again}", open.id);
        } else {
            log::info!("{}: {does}", open.id);
        }
    }

    fn fault(&self, open: &Open) -> Option<DeviceError> {
        let name = || open.id.clone();
        if let Some(cause) = open.failure() {
            return Some(DeviceError::Lost {
                name: name(),
                cause,
            });
        }
        let patience = if open.heartbeat.has_begun() {
            STALLED
        } else {
            FIRST
        };
        if open.heartbeat.age() > patience {
            return Some(DeviceError::Stalled(name()));
        }
        let default = self.watcher.as_ref().and_then(Watcher::id);
        let moved = default.is_some_and(|default| default != open.id);
        moved.then_some(DeviceError::Moved)
    }

    /// Tells of a loss, once, and waits a little.
    fn fail(&mut self, error: &DeviceError) {
        if *error == DeviceError::Moved {
            log::info!("{error}");
            return;
        }
        if let Some(state) = self.user.upgrade() {
            state.mark(Health::Reconnecting(Fault {
                why: Arc::from(error.to_string()),
                since: Instant::now(),
            }));
        }
        let is_news = self.reconnect.note(error);
        if is_news && !std::mem::replace(&mut self.silent, true) {
            log::warn!("{error}: there is silence meanwhile");
        }
        thread::sleep(self.reconnect.delay());
    }
}
