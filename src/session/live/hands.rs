use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, TryRecvError, channel};
use std::thread;
use std::time::Duration;

use super::play::Live;
use super::request::Request;
use crate::control::{Control, Counts, Ports, Sent, Space, TextAddress};
use crate::engine::{Ahead, Command, addresses};
use crate::gpu::Pipelines;
use crate::param::{Access, Address, Param, Standing, Value};
use crate::session::{Failure, Stage};
use crate::show::Show;

/// How long the end of a session waits for the compiler.
const PATIENCE: Duration = Duration::from_secs(5);

/// The hands that reach the session over OSC and WebSocket, where ports are open.
#[derive(Debug, Default)]
pub(super) struct Hands {
    open: Option<Open>,
}

#[derive(Debug)]
struct Open {
    control: Control,
    forge: Forge,
    /// The names that `/show` knows.
    shows: Arc<Vec<String>>,
}

/// How the hands are, for the status.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct HandsStatus {
    /// The ports.
    pub(super) ports: String,
    pub(super) counts: Counts,
}

impl Hands {
    /// Opens the ports, if any are asked for.
    ///
    /// # Errors
    /// One is taken.
    pub(super) fn open(ports: &Ports, shows: &[String]) -> Result<Self, Failure> {
        if ports.is_empty() {
            return Ok(Self::default());
        }
        let open = Open {
            control: Control::open(ports).map_err(Failure::usage)?,
            forge: Forge::new().map_err(Failure::running)?,
            shows: Arc::new(shows.to_vec()),
        };
        Ok(Self { open: Some(open) })
    }

    /// Tells what there is to play from now on, under which of the shows' names, and makes ready for it to be moved.
    pub(super) fn announce(&self, stage: &Stage, name: Option<&str>, pipelines: &Pipelines) {
        let Some(open) = &self.open else {
            return;
        };
        let (show, shows) = (Arc::clone(stage.show()), Arc::clone(&open.shows));
        let name = name.map(ToOwned::to_owned);
        open.control.describe(move || space(&show, name, &shows));
        open.forge.begin(pipelines, stage.ahead());
    }

    /// Waits until what was announced can be sent to: not for the frame loop.
    pub(super) fn await_announcement(&self) {
        if let Some(open) = &self.open {
            open.control.await_description();
            log::info!("open for control: {}", open.ports());
        }
    }

    /// What they did since they were last asked.
    fn received(&self) -> Vec<Request> {
        let events = self.open.as_ref().map(|open| open.control.received());
        let request = |event: crate::control::Event| match event.sent {
            // The one text address that there is.
            Sent::Text(name) => Request::Show(name),
            Sent::Value(value) => Request::Command(Command {
                address: event.path,
                value,
                events: event.events,
            }),
        };
        events.into_iter().flatten().map(request).collect()
    }

    fn tell(&self, standings: impl Iterator<Item = Standing>) {
        if let Some(open) = &self.open {
            open.control.tell(standings);
        }
    }

    pub(super) fn status(&self) -> Option<HandsStatus> {
        let open = self.open.as_ref()?;
        Some(HandsStatus {
            ports: open.ports(),
            counts: open.control.counts(),
        })
    }
}

impl Open {
    fn ports(&self) -> String {
        let udp = self.control.udp().iter();
        let udp = udp.map(|address| format!("OSC on UDP {address}"));
        let web = self.control.web().into_iter();
        let web = web.map(|address| format!("OSC and OSCQuery on ws://{address}"));
        let ports: Vec<_> = udp.chain(web).collect();
        ports.join(", ")
    }
}

/// Everything that can be sent to while a show plays.
fn space(show: &Show, name: Option<String>, shows: &[String]) -> Space {
    let all = addresses(show).into_iter().chain(own()).collect();
    let text = TextAddress {
        path: "/show".to_owned(),
        description: "Plays another show: a preset by its name, or a file.".to_owned(),
        value: name,
        options: shows.to_vec(),
    };
    Space::new(&show.name(), all, vec![text])
}

/// What a session takes beside its show, in the order of [`Live::switches`].
fn own() -> Vec<Address> {
    let switch = |name: &str, does: &str| {
        let param = Param::bool(name, false).describe(does);
        Address::new(format!("/{name}"), param, Access::Both)
    };
    let tap = Param::event("tap").describe("A tap is a beat, and several are the tempo.");
    vec![
        switch("blackout", "The screen is black."),
        switch("freeze", "The picture stands."),
        switch("record", "What is played is recorded."),
        Address::new("/tap".to_owned(), tap, Access::Write),
    ]
}

impl Live {
    /// Tells the hands what there is to play now.
    pub(super) fn announce(&self) {
        let name = self.loader.playing();
        self.hands
            .announce(&self.stage, name, self.engine.pipelines());
    }

    /// What the hands ask for.
    pub(super) fn hands_requests(&self) -> Vec<Request> {
        self.hands.received()
    }

    /// Tells the hands where everything stands.
    pub(super) fn tell_hands(&mut self) {
        let switches = self.switches();
        self.hands.tell(self.stage.standings().chain(switches));
    }

    fn switches(&self) -> [Standing; 4] {
        let (black, recording) = (self.screen.is_black(), self.recorder.is_recording());
        [black, self.frozen, recording, false].map(|on| Standing::held(Value::from(on)))
    }
}

/// The thread that compiles what hands may need next; only the newest order counts.
#[derive(Debug)]
struct Forge {
    orders: Option<Sender<(Pipelines, Vec<Ahead>)>>,
    /// Says by its end that the thread is done with the GPU.
    done: Receiver<()>,
}

impl Forge {
    fn new() -> std::io::Result<Self> {
        let ((orders, ordered), (alive, done)) = (channel(), channel());
        let work = move || {
            let _alive: Sender<()> = alive;
            forge(&ordered);
        };
        thread::Builder::new()
            .name("compile ahead".to_owned())
            .spawn(work)?;
        Ok(Self {
            orders: Some(orders),
            done,
        })
    }

    fn begin(&self, pipelines: &Pipelines, ahead: Vec<Ahead>) {
        if let Some(orders) = &self.orders {
            // Without the thread, kernels are compiled when they are needed.
            let _ = orders.send((pipelines.clone(), ahead));
        }
    }
}

fn forge(orders: &Receiver<(Pipelines, Vec<Ahead>)>) {
    let mut next = orders.recv().ok();
    while let Some((pipelines, ahead)) = next.take() {
        for ahead in ahead {
            match orders.try_recv() {
                Ok(newer) => {
                    next = Some(newer);
                    break;
                }
                Err(TryRecvError::Empty) => ahead.compile(&pipelines),
                Err(TryRecvError::Disconnected) => return,
            }
        }
        next = next.or_else(|| orders.recv().ok());
    }
}

impl Drop for Forge {
    /// Waits for the other thread: drivers crash if they are at work while the program ends.
    fn drop(&mut self) {
        self.orders = None;
        let _ = self.done.recv_timeout(PATIENCE);
    }
}
