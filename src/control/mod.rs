//! The hands that reach a session from outside: OSC over UDP and WebSocket, and OSCQuery, which tells what there is to play.
//!
//! All waiting is on threads of this room. The frame loop takes what came since its last tick from [`Control::received`] and
//! leaves what its addresses stand at in [`Control::tell`]; both are a copy in memory. It knows no show: a [`Space`] says what
//! can be sent to. Nothing that a stranger sends makes it grow: all sizes and counts have an end.

mod board;
mod counts;
mod encode;
mod error;
mod inbox;
mod mdns;
mod message;
mod outbox;
mod packet;
mod pattern;
mod peers;
mod post;
mod query;
mod reception;
mod space;
#[cfg(test)]
mod spoiled;
mod udp;
mod web;

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;

use crate::param::Standing;
use outbox::Outbox;
use post::Post;
use reception::Reception;

pub use counts::Counts;
pub use error::ControlError;
pub use space::{Event, Sent, Space, TextAddress};

/// What is to be opened.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ports {
    /// Where OSC is taken over UDP.
    pub udp: Vec<SocketAddr>,
    /// Where OSC is taken over WebSocket, and OSCQuery answered over HTTP.
    pub web: Option<SocketAddr>,
    /// Who is told of everything, over UDP.
    pub targets: Vec<SocketAddr>,
    /// Web pages that may connect, beside those of this machine and Hydra's.
    pub origins: Vec<String>,
}

impl Ports {
    /// Whether there is nothing to open.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.udp.is_empty() && self.web.is_none() && self.targets.is_empty()
    }
}

/// Open ports. Dropped, they are closed.
#[derive(Debug)]
pub struct Control {
    reception: Arc<Reception>,
    outbox: Arc<Outbox>,
    /// Where the ports really are, for one that was asked for as 0.
    udp: Vec<SocketAddr>,
    web: Option<SocketAddr>,
    over: Arc<AtomicBool>,
    threads: Vec<JoinHandle<()>>,
    /// Dropped, it takes back what it announced.
    _announcement: Option<mdns::Announcement>,
}

impl Control {
    /// Opens the ports.
    ///
    /// # Errors
    /// One is taken; the system gives no threads.
    pub fn open(ports: &Ports) -> Result<Self, ControlError> {
        let over = Arc::new(AtomicBool::new(false));
        let (reception, outbox) = (Arc::<Reception>::default(), Arc::<Outbox>::default());
        let sockets = ports.udp.iter().map(|address| udp::bind(*address));
        let sockets: Vec<_> = sockets.collect::<Result<_, _>>()?;
        let udp: Vec<_> = sockets.iter().map(|(_, address)| *address).collect();
        let mut control = Self {
            web: None,
            udp,
            reception,
            outbox,
            over,
            threads: Vec::new(),
            _announcement: None,
        };
        // From here on a failure drops it, and so ends the threads that have begun.
        control.begin(ports, sockets)?;
        control._announcement = mdns::announce(&control.udp, control.web);
        Ok(control)
    }

    fn begin(
        &mut self,
        ports: &Ports,
        sockets: Vec<(Arc<std::net::UdpSocket>, SocketAddr)>,
    ) -> Result<(), ControlError> {
        for (socket, _) in sockets {
            let reader = udp::Reader {
                socket,
                reception: Arc::clone(&self.reception),
                over: Arc::clone(&self.over),
            };
            self.spawn("osc.udp", move || reader.run())?;
        }
        if let Some(address) = ports.web {
            let server = web::Server::bind(
                address,
                ports.origins.clone(),
                self.udp.first().copied(),
                &self.reception,
                &self.over,
            )?;
            self.web = Some(server.address());
            self.spawn("osc.web", move || server.run())?;
        }
        let post = Post::new(&ports.targets, &self.reception, &self.outbox, &self.over);
        self.spawn("osc.out", move || post.run())
    }

    fn spawn(
        &mut self,
        name: &str,
        work: impl FnOnce() + Send + 'static,
    ) -> Result<(), ControlError> {
        let thread = std::thread::Builder::new().name(name.to_owned());
        let thread = thread.spawn(work).map_err(ControlError::Thread)?;
        self.threads.push(thread);
        Ok(())
    }

    /// Where OSC is taken over UDP.
    #[must_use]
    pub fn udp(&self) -> &[SocketAddr] {
        &self.udp
    }

    /// Where WebSockets and HTTP are answered.
    #[must_use]
    pub const fn web(&self) -> Option<SocketAddr> {
        self.web
    }

    /// What the hands did since it was last asked: for each address its last value and how many events there were, in the
    /// order in which they came last.
    #[must_use]
    pub fn received(&self) -> Vec<Event> {
        self.reception.take()
    }

    /// From now on another space counts. It is made on a thread of its own: what is sent before that is for the one before.
    pub fn describe(&self, space: impl FnOnce() -> Space + Send + 'static) {
        self.outbox.describe(Box::new(space));
    }

    /// Waits until the space of the last [`Self::describe`] counts: not for the frame loop.
    pub fn await_description(&self) {
        self.outbox.await_description();
    }

    /// Leaves what the addresses of the last [`Self::describe`] stand at after a tick, in their order.
    pub fn tell(&self, standings: impl Iterator<Item = Standing>) {
        self.outbox.tell(standings);
    }

    /// What has come in so far.
    #[must_use]
    pub fn counts(&self) -> Counts {
        self.reception.counts()
    }
}

impl Drop for Control {
    fn drop(&mut self) {
        self.over.store(true, Ordering::Relaxed);
        self.outbox.wake();
        for thread in self.threads.drain(..) {
            // One that has panicked has said so.
            let _ = thread.join();
        }
    }
}
