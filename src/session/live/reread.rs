use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender};
use std::time::{Duration, Instant};

use super::USUAL_FPS;
use super::begin::read;
use super::reload::Playing;
use super::watch::Watch;
use crate::effect::Effect;
use crate::session::{Failure, Successor, library};
use crate::show::Show;

/// How often the files are looked at.
const POLL: Duration = Duration::from_millis(50);

/// How long the files must have been the same before they are read: an editor may be writing them.
const SETTLED: Duration = Duration::from_millis(100);

/// The same where one is gone or empty: some editors, and slow disks, leave it so for a while.
const MISSED: Duration = Duration::from_secs(1);

/// How long they must have been the same before a fault in them is told.
const TOLD: Duration = Duration::from_millis(300);

/// What has become of the files of the show that plays.
#[derive(Debug)]
pub(super) enum News {
    /// They say what plays.
    Same,
    /// They say something else, and that is ready.
    Ready(Box<Successor>),
    /// They are broken.
    Broken(Failure),
}

/// The thread that reads a show again when its files change.
pub(super) struct Reread {
    playing: Arc<Playing>,
    told: Receiver<Arc<Playing>>,
    watch: Watch,
    /// A fault that is not told yet, and when it was found.
    fault: Option<(Failure, Instant)>,
    /// The last fault that was told.
    last: Option<String>,
    /// Dropped last: that it is gone says that this thread is done with the GPU.
    news: Sender<(Arc<Playing>, News)>,
}

impl Reread {
    pub(super) fn new(
        playing: Arc<Playing>,
        told: Receiver<Arc<Playing>>,
        news: Sender<(Arc<Playing>, News)>,
    ) -> Self {
        Self {
            playing,
            told,
            news,
            watch: Watch::default(),
            fault: None,
            last: None,
        }
    }

    /// Watches until the session is over.
    pub(super) fn run(mut self) {
        // The files may have changed since the show was read: it is read once more.
        self.reread();
        loop {
            match self.told.recv_timeout(POLL) {
                Ok(playing) => {
                    self.forget(&playing);
                    self.playing = playing;
                    self.reread();
                }
                Err(RecvTimeoutError::Timeout) => self.look(),
                Err(RecvTimeoutError::Disconnected) => return,
            }
        }
    }

    /// Forgets the kernels of effects that are played in another version from now on.
    fn forget(&self, playing: &Playing) {
        let effects = |playing: &Playing| {
            let layers = playing.score.show().layers.iter();
            layers
                .map(|layer| Arc::clone(&layer.effect))
                .collect::<Vec<_>>()
        };
        let now = effects(playing);
        for before in effects(&self.playing) {
            let is_newer =
                |effect: &Arc<Effect>| effect.name == before.name && effect.text != before.text;
            if now.iter().any(is_newer) {
                self.playing.pipelines.forget(&before);
            }
        }
    }

    fn look(&mut self) {
        match self.watch.look() {
            Some(quiet) => {
                self.fault = None;
                let settled = if self.watch.lacks_a_file() {
                    MISSED
                } else {
                    SETTLED
                };
                if quiet >= settled {
                    self.reread();
                }
            }
            None => {
                let is_old = |fault: &mut (Failure, Instant)| fault.1.elapsed() >= TOLD - SETTLED;
                if let Some((failure, _)) = self.fault.take_if(is_old) {
                    self.tell_fault(failure);
                }
            }
        }
    }

    fn reread(&mut self) {
        let mut library = library();
        let show = guarded(|| read(&self.playing.options, &mut library));
        let file = self.playing.options.show_file();
        let files = library.files().iter().cloned().chain(file);
        self.watch.follow(files);
        match show.and_then(|show| self.prepare(show)) {
            Ok(news) => {
                self.fault = None;
                self.last = None;
                self.tell(news);
            }
            Err(failure) => self.fault = Some((failure, Instant::now())),
        }
    }

    fn prepare(&self, show: Show) -> Result<News, Failure> {
        let Playing {
            pipelines,
            options,
            score,
        } = &*self.playing;
        if show == **score.show() {
            return Ok(News::Same);
        }
        let show = Arc::new(show);
        let made = || Successor::new(pipelines, &show, options.size, USUAL_FPS, Some(score));
        let successor = guarded(made)?;
        log::info!("'{}' is taken over as it was saved", show.name());
        Ok(News::Ready(Box::new(successor)))
    }

    fn tell_fault(&mut self, failure: Failure) {
        let text = failure.to_string();
        if self.last.as_ref() != Some(&text) {
            log::warn!("{text}; the last good one plays on");
            self.last = Some(text);
            self.tell(News::Broken(failure));
        }
    }

    fn tell(&self, news: News) {
        // The session may be over by now.
        let _ = self.news.send((Arc::clone(&self.playing), news));
    }
}

/// A fault of the program in here must not end the watching.
fn guarded<T>(work: impl FnOnce() -> Result<T, Failure>) -> Result<T, Failure> {
    catch_unwind(AssertUnwindSafe(work))
        .unwrap_or_else(|_| Err(Failure::running("a fault in the program")))
}
