use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;

use super::repertoire::Repertoire;
use super::{USUAL_FPS, show};
use crate::gpu::Pipelines;
use crate::session::{Failure, Options, Stage};

/// Makes presets ready on another thread; the show that plays goes on meanwhile.
pub(super) struct Loader {
    pipelines: Pipelines,
    options: Options,
    repertoire: Repertoire,
    /// Counts what was asked for.
    newest: u64,
    /// What was asked for last, until it is there.
    awaited: Option<String>,
    send: Sender<(u64, Loaded)>,
    receive: Receiver<(u64, Loaded)>,
}

/// A show that is ready, with the options that ask for it.
type Loaded = Result<(Options, Stage), Failure>;

impl Loader {
    pub(super) fn new(pipelines: &Pipelines, options: &Options, repertoire: Repertoire) -> Self {
        let (send, receive) = channel();
        Self {
            pipelines: pipelines.clone(),
            options: options.clone(),
            repertoire,
            newest: 0,
            awaited: None,
            send,
            receive,
        }
    }

    /// The show that was asked for last, if it is one of the repertoire.
    pub(super) fn playing(&self) -> Option<&str> {
        self.repertoire.current()
    }

    /// The show of this number, from 0.
    ///
    /// # Errors
    /// There are fewer.
    pub(super) fn begin_number(&mut self, number: usize) -> Result<(), Failure> {
        let Some(name) = self.repertoire.number(number).map(ToOwned::to_owned) else {
            let (number, count) = (number + 1, self.repertoire.count());
            let advice = format!("there is no preset {number}: there are {count}");
            return Err(Failure::usage(advice));
        };
        self.begin(&name);
        Ok(())
    }

    /// The show so many places on.
    pub(super) fn step(&mut self, by: isize) {
        if let Some(name) = self.repertoire.step(by).map(ToOwned::to_owned) {
            self.begin(&name);
        }
    }

    /// A preset by its name, or a show file.
    pub(super) fn begin(&mut self, name: &str) {
        self.repertoire.turn_to(name);
        self.newest += 1;
        self.awaited = Some(name.to_owned());
        let options = Options {
            preset: Some(name.to_owned()),
            effects: Vec::new(),
            set: Vec::new(),
            ..self.options.clone()
        };
        let pipelines = self.pipelines.clone();
        let (send, ticket) = (self.send.clone(), self.newest);
        thread::spawn(move || {
            let stage = show(&options)
                .and_then(|show| Stage::new(&pipelines, &Arc::new(show), options.size, USUAL_FPS));
            // The session may be over by now.
            let _ = send.send((ticket, stage.map(|stage| (options, stage))));
        });
    }

    /// From now on for another GPU; what was under way is begun anew.
    pub(super) fn move_to(&mut self, pipelines: &Pipelines) {
        self.pipelines = pipelines.clone();
        if let Some(name) = self.awaited.take() {
            self.begin(&name);
        }
    }

    /// The show that was asked for last, or what is wrong with it, once that is known.
    pub(super) fn ready(&mut self) -> Option<Loaded> {
        let (ticket, loaded) = self.receive.try_recv().ok()?;
        if ticket != self.newest {
            return None;
        }
        self.awaited = None;
        Some(loaded)
    }
}
