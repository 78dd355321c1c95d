//! One port for WebSockets, which carry OSC, and HTTP, by which OSCQuery answers.

mod connection;
mod head;
mod origin;
mod socket;

use std::io;
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use super::ControlError;
use super::peers::MOST_CALLERS;
use super::reception::Reception;
use super::udp::is_wait;
use connection::Connection;

/// How often the thread looks for a caller.
const NAP: Duration = Duration::from_millis(10);

/// How long the end of a session waits for its connections.
const PATIENCE: Duration = Duration::from_secs(2);

/// The thread that lets callers in.
pub(super) struct Server {
    listener: TcpListener,
    address: SocketAddr,
    house: Arc<House>,
}

/// What all connections share.
pub(super) struct House {
    pub(super) reception: Arc<Reception>,
    pub(super) origins: Vec<String>,
    /// Where OSC is taken over UDP.
    pub(super) udp: Option<SocketAddr>,
    pub(super) web: SocketAddr,
    pub(super) over: Arc<AtomicBool>,
    callers: AtomicUsize,
}

impl Server {
    /// Opens the port.
    pub(super) fn bind(
        address: SocketAddr,
        origins: Vec<String>,
        udp: Option<SocketAddr>,
        reception: &Arc<Reception>,
        over: &Arc<AtomicBool>,
    ) -> Result<Self, ControlError> {
        let taken = |error: io::Error| ControlError::Taken {
            protocol: "TCP",
            address,
            error,
        };
        let listener = TcpListener::bind(address).map_err(taken)?;
        listener.set_nonblocking(true).map_err(taken)?;
        let address = listener.local_addr().map_err(taken)?;
        let house = House {
            reception: Arc::clone(reception),
            origins,
            udp,
            web: address,
            over: Arc::clone(over),
            callers: AtomicUsize::new(0),
        };
        Ok(Self {
            listener,
            address,
            house: Arc::new(house),
        })
    }

    /// Where it really is.
    pub(super) const fn address(&self) -> SocketAddr {
        self.address
    }

    pub(super) fn run(self) {
        while !self.house.over.load(Ordering::Relaxed) {
            match self.listener.accept() {
                Ok((stream, _)) => self.let_in(stream),
                Err(error) if is_wait(error.kind()) => thread::sleep(NAP),
                // Out of descriptors, or the caller is gone already.
                Err(_) => thread::sleep(NAP),
            }
        }
        let begun = Instant::now();
        while self.house.callers.load(Ordering::Acquire) > 0 && begun.elapsed() < PATIENCE {
            thread::sleep(NAP);
        }
    }

    /// Each caller has a thread, up to a number; further ones find a closed connection.
    fn let_in(&self, stream: TcpStream) {
        let house = Arc::clone(&self.house);
        if house.callers.fetch_add(1, Ordering::AcqRel) >= MOST_CALLERS {
            house.callers.fetch_sub(1, Ordering::AcqRel);
            house.reception.tally.refused("too many are connected");
            return;
        }
        let visit = move || {
            let _guest = Guest(&house);
            // A connection that breaks is no news: callers come and go.
            let _ = Connection::new(&house, stream).and_then(Connection::serve);
        };
        let thread = thread::Builder::new().name("osc.caller".to_owned());
        if thread.spawn(visit).is_err() {
            self.house.callers.fetch_sub(1, Ordering::AcqRel);
        }
    }
}

/// A caller who is let in; dropped, the place is free.
struct Guest<'a>(&'a House);

impl Drop for Guest<'_> {
    fn drop(&mut self) {
        self.0.callers.fetch_sub(1, Ordering::AcqRel);
    }
}
