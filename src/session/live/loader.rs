use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;

use super::{USUAL_FPS, show};
use crate::gpu::Pipelines;
use crate::session::{Failure, Options, Stage};
use crate::show::presets;

/// Makes presets ready on another thread; the show that plays goes on meanwhile.
pub(super) struct Loader {
    pipelines: Pipelines,
    options: Options,
    /// Counts what was asked for.
    newest: u64,
    /// What was asked for last, until it is there.
    awaited: Option<usize>,
    send: Sender<(u64, Result<Stage, Failure>)>,
    receive: Receiver<(u64, Result<Stage, Failure>)>,
}

impl Loader {
    pub(super) fn new(pipelines: &Pipelines, options: &Options) -> Self {
        let (send, receive) = channel();
        Self {
            pipelines: pipelines.clone(),
            options: options.clone(),
            newest: 0,
            awaited: None,
            send,
            receive,
        }
    }

    pub(super) fn begin(&mut self, number: usize) {
        let Some(name) = presets().nth(number) else {
            log::warn!(
                "there is no preset {}: there are {}",
                number + 1,
                presets().count()
            );
            return;
        };
        self.newest += 1;
        self.awaited = Some(number);
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
            let _ = send.send((ticket, stage));
        });
    }

    /// From now on for another GPU; what was under way is begun anew.
    pub(super) fn move_to(&mut self, pipelines: &Pipelines) {
        self.pipelines = pipelines.clone();
        if let Some(number) = self.awaited {
            self.begin(number);
        }
    }

    /// The preset that was asked for last, once it is ready.
    pub(super) fn ready(&mut self) -> Option<Stage> {
        let (ticket, stage) = self.receive.try_recv().ok()?;
        if ticket != self.newest {
            return None;
        }
        self.awaited = None;
        match stage {
            Ok(stage) => Some(stage),
            Err(error) => {
                log::error!("{error}");
                None
            }
        }
    }
}
