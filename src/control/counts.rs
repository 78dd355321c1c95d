use std::collections::BTreeSet;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use super::reception::lock;

/// Unknown addresses that are remembered, so that each is told of once.
const MOST_UNKNOWN: usize = 256;

/// What has come in since the ports were opened.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Messages that meant something.
    pub messages: u64,
    /// Messages and packets that were no OSC.
    pub malformed: u64,
    /// Messages to addresses that the show does not have, or that do not take what they brought.
    pub unknown: u64,
    /// Messages for which there was no room, coming or going.
    pub dropped: u64,
    /// Callers that were turned away.
    pub refused: u64,
}

/// Counts, from any thread.
#[derive(Debug, Default)]
pub(super) struct Tally {
    messages: AtomicU64,
    malformed: AtomicU64,
    unknown: AtomicU64,
    dropped: AtomicU64,
    refused: AtomicU64,
    told: Mutex<BTreeSet<String>>,
}

impl Tally {
    pub(super) fn counts(&self) -> Counts {
        let read = |count: &AtomicU64| count.load(Ordering::Relaxed);
        Counts {
            messages: read(&self.messages),
            malformed: read(&self.malformed),
            unknown: read(&self.unknown),
            dropped: read(&self.dropped),
            refused: read(&self.refused),
        }
    }

    pub(super) fn message(&self) {
        self.messages.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn malformed(&self) {
        if self.malformed.fetch_add(1, Ordering::Relaxed) == 0 {
            log::warn!(
                "something came in that is no OSC message: it is left out, like all that follow"
            );
        }
    }

    /// Each is told of once; a flood of them is not remembered without end.
    pub(super) fn unknown(&self, address: &str) {
        self.unknown.fetch_add(1, Ordering::Relaxed);
        let mut told = lock(&self.told);
        if told.len() < MOST_UNKNOWN && told.insert(address.to_owned()) {
            log::warn!(
                "unknown address {address}: nothing in this show listens to it, or not to what was sent"
            );
        }
    }

    pub(super) fn dropped(&self) {
        self.dropped.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn refused(&self, why: &str) {
        if self.refused.fetch_add(1, Ordering::Relaxed) == 0 {
            log::warn!("a caller was turned away: {why}");
        }
    }
}
