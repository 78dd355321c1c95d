use std::fs::File;
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::Duration;

/// A power cut costs what was written in this time.
const PERIOD: Duration = Duration::from_millis(500);

/// Brings a growing file from the system's memory to the disk, again and again, on a thread of its own: its
/// writer need not wait. The thread ends with this value.
#[derive(Debug)]
pub(super) struct Synchronizer {
    _alive: Sender<()>,
}

impl Synchronizer {
    pub(super) fn begin(file: File) -> Self {
        let (alive, ended) = channel();
        thread::spawn(move || {
            while ended.recv_timeout(PERIOD) == Err(RecvTimeoutError::Timeout) {
                if let Err(error) = file.sync_data() {
                    // What matters of it is told by the next write.
                    log::debug!("a film does not reach the disk: {error}");
                }
            }
        });
        Self { _alive: alive }
    }
}
