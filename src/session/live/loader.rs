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
    newest: u64,
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

    /// The preset that was asked for last, once it is ready.
    pub(super) fn ready(&self) -> Option<Stage> {
        let (ticket, stage) = self.receive.try_recv().ok()?;
        match stage {
            Ok(stage) if ticket == self.newest => Some(stage),
            Ok(_) => None,
            Err(error) => {
                log::error!("{error}");
                None
            }
        }
    }
}
