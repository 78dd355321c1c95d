use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use super::board::Board;
use super::counts::{Counts, Tally};
use super::inbox::Inbox;
use super::message::{Message, messages};
use super::peers::{Peer, Peers};
use super::space::{Event, Meaning};

/// Locks what no thread keeps for longer than a copy takes.
pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Where all packets arrive, whatever way they came.
#[derive(Debug, Default)]
pub(super) struct Reception {
    pub(super) tally: Tally,
    pub(super) peers: Peers,
    board: Mutex<Board>,
    inbox: Mutex<Inbox>,
}

impl Reception {
    /// Takes a packet; each of its messages goes to the addresses that it means. `listen` is asked first.
    pub(super) fn receive(
        &self,
        packet: &[u8],
        sender: &Peer,
        mut listen: impl FnMut(&Message) -> bool,
    ) {
        let (now, space) = (Instant::now(), self.board().space);
        for message in messages(packet, now) {
            let Some(message) = message else {
                self.tally.malformed();
                continue;
            };
            if listen(&message) {
                continue;
            }
            match space.understand(&message) {
                Meaning::Events(events) => self.put(events, message.due, now),
                Meaning::Unknown => self.tally.unknown(&message.address),
            }
            self.peers.sent(sender);
        }
    }

    fn put(&self, events: Vec<Event>, due: Option<Instant>, now: Instant) {
        self.tally.message();
        let mut inbox = lock(&self.inbox);
        for event in events {
            if !inbox.put(event, due, now) {
                self.tally.dropped();
            }
        }
    }

    /// Everything that is due.
    pub(super) fn take(&self) -> Vec<Event> {
        lock(&self.inbox).take(Instant::now())
    }

    /// What there is now, and what it stands at.
    pub(super) fn board(&self) -> Board {
        lock(&self.board).clone()
    }

    /// From now on this counts.
    pub(super) fn show(&self, board: Board) {
        *lock(&self.board) = board;
    }

    pub(super) fn counts(&self) -> Counts {
        self.tally.counts()
    }
}
