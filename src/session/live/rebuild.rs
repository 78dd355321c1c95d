use std::sync::mpsc::{Receiver, TryRecvError, channel};
use std::sync::{Arc, Weak};
use std::thread;
use std::time::Duration;

use super::Window;
use crate::engine::{Engine, Instance};
use crate::gpu::{Gpu, GpuError, Presenter, Readback};
use crate::session::{Failure, Score};

/// The pause after the first attempt that failed; each later one is twice as long, up to [`LONGEST`].
const SHORTEST: Duration = Duration::from_millis(250);

const LONGEST: Duration = Duration::from_secs(4);

/// What is to be made anew after a loss.
pub(super) struct Order {
    /// A part of the GPU's name.
    pub(super) choice: Option<String>,
    pub(super) window: Option<Arc<dyn Window>>,
    /// What is played.
    pub(super) score: Score,
}

/// Everything on a GPU that a session plays with.
pub(super) struct Built {
    pub(super) engine: Engine,
    pub(super) instance: Instance,
    pub(super) presenter: Option<Presenter>,
    pub(super) readback: Readback,
}

/// Opens a GPU, and the window on it.
pub(super) fn open(
    choice: Option<&str>,
    window: Option<&Arc<dyn Window>>,
) -> Result<(Gpu, Option<Presenter>), GpuError> {
    match window {
        Some(window) => {
            let (gpu, presenter) = window.surface()?.open(choice)?;
            Ok((gpu, Some(presenter)))
        }
        None => Ok((Gpu::open(choice, None)?, None)),
    }
}

impl Order {
    fn build(&self) -> Result<Built, Failure> {
        let opened = open(self.choice.as_deref(), self.window.as_ref());
        let (gpu, presenter) = opened.map_err(Failure::running)?;
        let engine = Engine::new(&gpu);
        Ok(Built {
            instance: self.score.instance(engine.pipelines())?,
            readback: Readback::new(&gpu),
            engine,
            presenter,
        })
    }
}

/// Builds on another thread what a lost GPU took with it, until it succeeds or nobody waits any more.
#[derive(Debug)]
pub(super) struct Rebuild {
    receive: Receiver<Built>,
    /// As long as it lives, somebody waits.
    _waiting: Arc<()>,
}

impl Rebuild {
    /// Begins after a pause. `gone` is what stands in the new things' way, and is dropped first.
    pub(super) fn begin(order: Order, pause: Duration, gone: impl Send + 'static) -> Self {
        let (send, receive) = channel();
        let waiting = Arc::new(());
        let awaited = Arc::downgrade(&waiting);
        thread::spawn(move || {
            drop(gone);
            thread::sleep(pause);
            if let Some(built) = at_last(|| order.build(), &awaited) {
                // The session may be over by now.
                let _ = send.send(built);
            }
        });
        Self {
            receive,
            _waiting: waiting,
        }
    }

    /// What was built, once it is; an error if nothing will be any more.
    pub(super) fn ready(&self) -> Result<Option<Built>, Failure> {
        match self.receive.try_recv() {
            Ok(built) => Ok(Some(built)),
            Err(TryRecvError::Empty) => Ok(None),
            Err(TryRecvError::Disconnected) => Err(Failure::running(
                "the GPU was lost and nothing could be built anew: start again",
            )),
        }
    }
}

/// Tries until it succeeds, with pauses that grow, or until nobody waits; each failure is told once.
fn at_last<T>(attempt: impl Fn() -> Result<T, Failure>, awaited: &Weak<()>) -> Option<T> {
    let (mut pauses, mut told) = (Pauses::default(), None);
    while awaited.strong_count() > 0 {
        let failure = match attempt() {
            Ok(built) => return Some(built),
            Err(failure) => failure.to_string(),
        };
        if told.as_ref() != Some(&failure) {
            log::error!("there is no GPU: {failure}; it is tried again");
            told = Some(failure);
        }
        thread::sleep(pauses.next());
    }
    None
}

/// Pauses that grow.
#[derive(Debug, Default)]
pub(super) struct Pauses(u32);

impl Pauses {
    pub(super) fn next(&mut self) -> Duration {
        let pause = SHORTEST.saturating_mul(1 << self.0.min(8)).min(LONGEST);
        self.0 += 1;
        pause
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::Cell;

    #[test]
    fn it_is_tried_until_it_succeeds_or_nobody_waits() {
        let (waiting, tries) = (Arc::new(()), Cell::new(0));
        let attempt = || {
            tries.set(tries.get() + 1);
            if tries.get() < 3 {
                return Err(Failure::running("no GPU"));
            }
            Ok(tries.get())
        };
        assert_eq!(at_last(attempt, &Arc::downgrade(&waiting)), Some(3));
        let nobody = Arc::downgrade(&waiting);
        drop(waiting);
        assert_eq!(at_last(attempt, &nobody), None);
    }
}
