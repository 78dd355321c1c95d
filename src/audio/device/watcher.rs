use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use cpal::{Host, HostId};

use super::Direction;
use super::port::default_id;
use crate::frame_loop::may_block;

/// How often the system is asked.
const LOOK: Duration = Duration::from_secs(1);

/// Follows which device a host's default device is, on a thread of its own: the question has no time-out.
#[derive(Debug)]
pub(super) struct Watcher {
    pub(super) host: HostId,
    id: Arc<Mutex<Option<String>>>,
}

impl Watcher {
    pub(super) fn begin(host: HostId, direction: Direction) -> Self {
        let id = Arc::new(Mutex::new(None));
        let known = Arc::downgrade(&id);
        thread::spawn(move || {
            let mut connection = None;
            while let Some(id) = known.upgrade() {
                *id.lock().unwrap_or_else(PoisonError::into_inner) =
                    ask(host, direction, &mut connection);
                drop(id);
                thread::sleep(LOOK);
            }
        });
        Self { host, id }
    }

    /// The name of the default device, where it is known.
    pub(super) fn id(&self) -> Option<String> {
        let id = self.id.lock();
        id.unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// Asks over a connection that is kept while it answers: servers list who connects.
fn ask(host: HostId, direction: Direction, connection: &mut Option<Host>) -> Option<String> {
    may_block("ask for the default sound device");
    if connection.is_none() {
        *connection = cpal::host_from_id(host).ok();
    }
    let id = connection
        .as_ref()
        .and_then(|host| default_id(host, direction));
    if id.is_none() {
        *connection = None;
    }
    id
}
