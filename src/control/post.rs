use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr, UdpSocket};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::board::Board;
use super::encode::encode;
use super::outbox::{Left, Outbox};
use super::peers::{Caller, Letter, Peer};
use super::query::news;
use super::reception::Reception;
use crate::param::{Access, Address, Standing};

/// The thread that sends: what a hand changed back to the hands, what the show hears and measures to the targets, and to each
/// WebSocket what it listens to.
pub(super) struct Post {
    targets: Vec<Peer>,
    reception: Arc<Reception>,
    outbox: Arc<Outbox>,
    over: Arc<AtomicBool>,
    /// What was sent last, for each address.
    sent: Vec<Standing>,
}

impl Post {
    pub(super) fn new(
        targets: &[SocketAddr],
        reception: &Arc<Reception>,
        outbox: &Arc<Outbox>,
        over: &Arc<AtomicBool>,
    ) -> Self {
        Self {
            targets: targets.iter().filter_map(|target| reach(*target)).collect(),
            reception: Arc::clone(reception),
            outbox: Arc::clone(outbox),
            over: Arc::clone(over),
            sent: Vec::new(),
        }
    }

    pub(super) fn run(mut self) {
        let mut standings = Vec::new();
        while !self.over.load(Ordering::Relaxed) {
            let Left { describe, is_fresh } = self.outbox.take(&mut standings);
            if let Some(describe) = describe {
                self.describe(Board::new(describe()));
                self.outbox.described();
            }
            if is_fresh {
                self.send(&standings);
            }
        }
    }

    /// Another space counts from now on: WebSockets are told what is new in it.
    fn describe(&mut self, board: Board) {
        let before = self.reception.board();
        self.sent.clone_from(&board.standings);
        let news = news(&before.space, &board.space);
        self.reception.show(board);
        for caller in self.reception.peers.callers() {
            for text in &news {
                self.hand(&caller, Letter::Json(text.clone()));
            }
        }
    }

    fn send(&mut self, standings: &[Standing]) {
        let space = self.reception.board().space;
        if standings.len() != space.addresses().len() {
            // They are those of the space before.
            return;
        }
        let (callers, last) = (self.reception.peers.callers(), self.reception.peers.last());
        let pairs = space.addresses().iter().zip(standings);
        for (index, (address, standing)) in pairs.enumerate() {
            let before = std::mem::replace(&mut self.sent[index], *standing);
            if standing.events == 0 && before.value == standing.value {
                continue;
            }
            self.spread(address, standing, &callers, last.as_ref());
        }
        let standings = Arc::new(standings.to_vec());
        self.reception.show(Board { space, standings });
    }

    fn spread(
        &self,
        address: &Address,
        standing: &Standing,
        callers: &[Arc<Caller>],
        last: Option<&Peer>,
    ) {
        let packet = encode(address, standing);
        let is_told = address.access == Access::Read;
        let targets = self.targets.iter().filter(|_| is_told || standing.held);
        // Without targets, the hand that played last sees what it and the others do.
        let is_echo = self.targets.is_empty() && standing.held && !is_told;
        for peer in targets.chain(last.filter(|_| is_echo)) {
            if !peer.send(&packet) {
                self.reception.tally.dropped();
            }
        }
        let listeners = callers.iter().filter(|caller| caller.hears(&address.path));
        for caller in listeners {
            self.hand(caller, Letter::Osc(packet.clone()));
        }
    }

    fn hand(&self, caller: &Arc<Caller>, letter: Letter) {
        if !caller.send(letter) {
            self.reception.tally.dropped();
        }
    }
}

/// A target, over a socket of its own that never waits.
fn reach(target: SocketAddr) -> Option<Peer> {
    let any = match target {
        SocketAddr::V4(_) => SocketAddr::from((Ipv4Addr::UNSPECIFIED, 0)),
        SocketAddr::V6(_) => SocketAddr::from((Ipv6Addr::UNSPECIFIED, 0)),
    };
    let socket = UdpSocket::bind(any).and_then(|socket| {
        socket.set_nonblocking(true)?;
        socket.set_broadcast(true)?;
        Ok(socket)
    });
    match socket {
        Ok(socket) => Some(Peer::Udp(Arc::new(socket), target)),
        Err(error) => {
            log::warn!("nothing can be sent to {target}: {error}");
            None
        }
    }
}
