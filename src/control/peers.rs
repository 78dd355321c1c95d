use std::collections::BTreeSet;
use std::net::{SocketAddr, UdpSocket};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex};

use super::pattern::{Pattern, is_pattern};
use super::reception::lock;

/// The most WebSockets and requests at once.
pub(super) const MOST_CALLERS: usize = 32;

/// Messages that wait to be sent to one caller; one that takes them too slowly loses some.
const MOST_UNSENT: usize = 1024;

/// Addresses and patterns that one caller may listen to.
const MOST_HEARD: usize = 4096;

/// Someone who sends, and to whom can be sent.
#[derive(Clone, Debug)]
pub(super) enum Peer {
    Udp(Arc<UdpSocket>, SocketAddr),
    Web(Arc<Caller>),
}

impl Peer {
    /// Sends a packet without waiting; whether it could be.
    pub(super) fn send(&self, packet: &[u8]) -> bool {
        match self {
            // What waits there is the system's: a full buffer is an error at once.
            Self::Udp(socket, address) => socket.send_to(packet, address).is_ok(),
            Self::Web(caller) => caller.send(Letter::Osc(packet.to_vec())),
        }
    }

    fn is(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Udp(_, one), Self::Udp(_, other)) => one == other,
            (Self::Web(one), Self::Web(other)) => Arc::ptr_eq(one, other),
            _ => false,
        }
    }
}

/// What goes out over a WebSocket.
#[derive(Debug)]
pub(super) enum Letter {
    Osc(Vec<u8>),
    Json(String),
}

/// An open WebSocket.
#[derive(Debug)]
pub(super) struct Caller {
    letters: SyncSender<Letter>,
    heard: Mutex<Heard>,
}

#[derive(Debug, Default)]
struct Heard {
    paths: BTreeSet<String>,
    patterns: Vec<(String, Pattern)>,
}

impl Caller {
    /// One that listens to nothing yet, and the letters to it.
    pub(super) fn new() -> (Arc<Self>, Receiver<Letter>) {
        let (letters, received) = sync_channel(MOST_UNSENT);
        let caller = Self {
            letters,
            heard: Mutex::default(),
        };
        (Arc::new(caller), received)
    }

    /// Whether there was room for it.
    pub(super) fn send(&self, letter: Letter) -> bool {
        self.letters.try_send(letter).is_ok()
    }

    /// Begins to listen to a path, or to all that a pattern matches.
    pub(super) fn listen(&self, path: &str) {
        let mut heard = lock(&self.heard);
        if heard.paths.len() + heard.patterns.len() >= MOST_HEARD {
            return;
        }
        if !is_pattern(path) {
            heard.paths.insert(path.to_owned());
        } else if let Some(pattern) = Pattern::read(path) {
            heard.patterns.retain(|(text, _)| text != path);
            heard.patterns.push((path.to_owned(), pattern));
        }
    }

    /// Ends what [`Self::listen`] began.
    pub(super) fn ignore(&self, path: &str) {
        let mut heard = lock(&self.heard);
        heard.paths.remove(path);
        heard.patterns.retain(|(text, _)| text != path);
    }

    pub(super) fn hears(&self, path: &str) -> bool {
        let heard = lock(&self.heard);
        let mut patterns = heard.patterns.iter();
        heard.paths.contains(path) || patterns.any(|(_, pattern)| pattern.matches(path))
    }
}

/// Everyone who is there.
#[derive(Debug, Default)]
pub(super) struct Peers {
    callers: Mutex<Vec<Arc<Caller>>>,
    last: Mutex<Option<Peer>>,
}

impl Peers {
    pub(super) fn come(&self, caller: &Arc<Caller>) {
        lock(&self.callers).push(Arc::clone(caller));
    }

    pub(super) fn go(&self, caller: &Arc<Caller>) {
        let gone = Peer::Web(Arc::clone(caller));
        lock(&self.callers).retain(|other| !Arc::ptr_eq(other, caller));
        lock(&self.last).take_if(|last| last.is(&gone));
    }

    pub(super) fn callers(&self) -> Vec<Arc<Caller>> {
        lock(&self.callers).clone()
    }

    /// Someone has sent a message.
    pub(super) fn sent(&self, peer: &Peer) {
        let mut last = lock(&self.last);
        if !last.as_ref().is_some_and(|last| last.is(peer)) {
            *last = Some(peer.clone());
        }
    }

    /// Who sent the last message.
    pub(super) fn last(&self) -> Option<Peer> {
        lock(&self.last).clone()
    }
}
