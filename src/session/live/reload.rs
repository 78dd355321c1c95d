use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;
use std::time::Duration;

use super::reread::{News, Reread};
use crate::gpu::Pipelines;
use crate::session::{Failure, Options, Score, Stage, Successor};

/// How long the end of a session waits for the other thread: longer than it compiles, but not for a dead disk.
const PATIENCE: Duration = Duration::from_secs(5);

/// What is played, and what it was made from.
#[derive(Clone, Debug)]
pub(super) struct Playing {
    pub(super) pipelines: Pipelines,
    pub(super) options: Options,
    pub(super) score: Score,
}

/// The loop's side of hot reload: another thread watches the files of the show that plays, and makes it ready
/// anew when they change.
#[derive(Debug)]
pub(super) struct Reloader {
    playing: Arc<Playing>,
    tell: Sender<Arc<Playing>>,
    news: Receiver<(Arc<Playing>, News)>,
    coming: Option<Successor>,
    fault: Option<Failure>,
}

impl Reloader {
    /// Begins to watch.
    ///
    /// # Errors
    /// The system gives no thread.
    pub(super) fn new(
        pipelines: &Pipelines,
        options: &Options,
        score: Score,
    ) -> Result<Self, Failure> {
        let playing = Arc::new(Playing {
            pipelines: pipelines.clone(),
            options: options.clone(),
            score,
        });
        let ((tell, told), (send, news)) = (channel(), channel());
        let reread = Reread::new(Arc::clone(&playing), told, send);
        thread::Builder::new()
            .name("reload".to_owned())
            .spawn(move || reread.run())
            .map_err(Failure::running)?;
        Ok(Self {
            playing,
            tell,
            news,
            coming: None,
            fault: None,
        })
    }

    /// What is wrong with the show as it was saved last, until that is repaired; the last good one plays on.
    pub(super) const fn fault(&self) -> Option<&Failure> {
        self.fault.as_ref()
    }

    /// The show as it was saved, once it can take the place of the one that plays.
    pub(super) fn ready(&mut self, stage: &Stage, pipelines: &Pipelines) -> Option<Successor> {
        while let Ok((playing, news)) = self.news.try_recv() {
            // What was made to follow another show than this is made anew.
            if Arc::ptr_eq(&playing, &self.playing) {
                self.hear(news);
            }
        }
        let is_ready = |successor: &mut Successor| stage.is_ready_for(successor, pipelines);
        self.coming.take_if(is_ready)
    }

    fn hear(&mut self, news: News) {
        self.fault = None;
        self.coming = None;
        match news {
            News::Same => {}
            News::Ready(successor) => self.coming = Some(*successor),
            News::Broken(failure) => self.fault = Some(failure),
        }
    }

    /// Another show plays now.
    pub(super) fn play(&mut self, options: Options, score: Score) {
        self.fault = None;
        self.follow(Playing {
            options,
            score,
            ..(*self.playing).clone()
        });
    }

    /// The show plays as it was saved.
    pub(super) fn go_on(&mut self, score: Score) {
        self.follow(Playing {
            score,
            ..(*self.playing).clone()
        });
    }

    /// It plays on another GPU.
    pub(super) fn move_to(&mut self, pipelines: &Pipelines) {
        self.follow(Playing {
            pipelines: pipelines.clone(),
            ..(*self.playing).clone()
        });
    }

    fn follow(&mut self, playing: Playing) {
        self.coming = None;
        self.playing = Arc::new(playing);
        // That the watching thread is gone shows as files that are not read again.
        let _ = self.tell.send(Arc::clone(&self.playing));
    }
}

impl Drop for Reloader {
    /// Waits for the other thread: drivers crash if they are at work, or let go of, while the program ends.
    fn drop(&mut self) {
        // What it is told by, and waits for, goes.
        self.tell = channel().0;
        while self.news.recv_timeout(PATIENCE).is_ok() {}
    }
}
