use std::fmt;
use std::sync::{Arc, PoisonError};
use std::thread;
use std::time::Duration;

use self::queue::{Shared, State, wait_for};
use self::reader::Reader;
use super::timeline::Timeline;
use super::{Health, Info, Location, Options, Source, SourceError, open};
use crate::frame_loop::may_block;
use crate::picture::Picture;

mod queue;
mod reader;

/// What [`Feed::take`] does while the picture asked for is not there yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wait {
    /// Waits until it is: `render`, which drops nothing. A source that fails ends.
    Block,
    /// Goes on with what there is: `live`, whose loop never waits. A source that fails is opened again and
    /// again, while its last picture stands.
    Never,
}

/// A source that is read on a thread of its own, into a queue of a few pictures.
pub struct Feed {
    info: Info,
    shared: Arc<Shared>,
    asked: f64,
}

impl Feed {
    /// Opens a source and starts to read it. Blocks while it is opened: never call it on the loop.
    ///
    /// # Errors
    /// As [`open`].
    pub fn open(location: &Location, options: Options) -> Result<Self, SourceError> {
        let source = open(location, &options)?;
        Self::over(source, options, &location.to_string())
    }

    /// Starts to read `source`, called `name` where threads are listed.
    ///
    /// # Errors
    /// The system gives no thread.
    pub fn over(
        source: Box<dyn Source>,
        options: Options,
        name: &str,
    ) -> Result<Self, SourceError> {
        let info = source.info().clone();
        let shared = Arc::new(Shared::default());
        let reader = Reader::new(&shared, name);
        let timeline = Timeline::new(source, &options, name);
        thread::Builder::new()
            .name(format!("source {name}").replace('\0', ""))
            .spawn(move || reader.run(timeline))
            .map_err(|cause| SourceError::read(name, cause))?;
        let asked = f64::NEG_INFINITY;
        Ok(Self {
            info,
            shared,
            asked,
        })
    }

    /// What the source is.
    #[must_use]
    pub fn info(&self) -> &Info {
        &self.info
    }

    /// The newest picture whose time is not later than `until` (seconds since the source's first picture,
    /// running on over loops), passing over all older ones; none if that is the one given last, which the
    /// caller holds.
    ///
    /// With [`Wait::Block`] it waits until a later picture, or the end, is known, so that what it gives
    /// depends on `until` alone. Ask for the middle between two ticks: stamps in whole milliseconds then
    /// neither repeat nor skip a picture.
    pub fn take(&mut self, until: f64, wait: Wait) -> Option<Picture> {
        self.asked = until;
        let mut state = self.shared.lock();
        state.taker = Some(wait);
        let mut newest = None;
        loop {
            state.take_until(until, &mut newest);
            self.shared.taken.notify_one();
            if wait == Wait::Never {
                state.due = Some(until);
                return newest;
            }
            if !state.queue.is_empty() || state.end.is_some() {
                return newest;
            }
            may_block("wait for a picture");
            state = wait_for(&self.shared.came, state);
        }
    }

    /// Looks at the picture that will be taken next, waiting a while for it; none of a source that has
    /// ended or is slow.
    pub fn peek<R>(&self, patience: Duration, look: impl FnOnce(&Picture) -> R) -> Option<R> {
        may_block("wait for a picture");
        let state = self.shared.lock();
        let coming = |state: &mut State| {
            state.queue.is_empty() && state.end.is_none() && state.error.is_none()
        };
        let waited = self.shared.came.wait_timeout_while(state, patience, coming);
        let (state, _) = waited.unwrap_or_else(PoisonError::into_inner);
        state.queue.front().map(look)
    }

    /// Gives a picture back when its samples were copied, so that its buffers are filled again.
    pub fn recycle(&self, picture: Picture) {
        self.shared.lock().spare(picture);
    }

    /// Whether the last `take` asked for a time after the source's end. A still, and a source that
    /// loops, never end.
    #[must_use]
    pub fn ended(&self) -> bool {
        self.end().is_some_and(|end| self.asked > end)
    }

    /// When the last picture is over, in seconds since the first one, once that is known.
    #[must_use]
    pub fn end(&self) -> Option<f64> {
        self.shared.lock().end
    }

    /// What the source says of itself.
    #[must_use]
    pub fn health(&self) -> Health {
        self.shared.lock().health.clone()
    }

    /// Why the source failed; told once. The caller holds the last picture. One who waits for every picture
    /// is told when all before the fault were taken.
    pub fn error(&mut self) -> Option<SourceError> {
        let mut state = self.shared.lock();
        let is_early = state.end.is_none_or(|end| self.asked <= end);
        if state.taker == Some(Wait::Block) && is_early {
            return None;
        }
        state.error.take()
    }

    /// How many pictures were passed over for a newer one.
    #[must_use]
    pub fn passed_over(&self) -> u64 {
        self.shared.lock().passed_over
    }

    /// How many pictures were read only after a `take` that did not wait had wanted them.
    #[must_use]
    pub fn late(&self) -> u64 {
        self.shared.lock().late
    }
}

impl fmt::Debug for Feed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Feed({})", self.info.description)
    }
}

impl Drop for Feed {
    /// Lets the reader go without waiting for it: it may be blocked in a read that never returns.
    fn drop(&mut self) {
        self.shared.lock().closed = true;
        self.shared.taken.notify_one();
    }
}

#[cfg(test)]
mod tests {
    use super::super::timeline::tests::Counter;
    use super::*;
    use std::sync::mpsc;
    use std::time::{Duration, Instant};

    const LOOPING: Options = Options {
        looping: true,
        start: 0.0,
        rate: None,
    };

    fn feed(source: Box<dyn Source>, options: Options) -> Feed {
        Feed::over(source, options, "test").unwrap()
    }

    fn number(picture: Option<Picture>) -> Option<u8> {
        picture.map(|picture| picture.planes[0].bytes[0])
    }

    #[test]
    fn a_faster_canvas_holds_and_a_slower_one_passes_over() {
        let mut fast = feed(Counter::new(3), Options::default());
        let half = 0.5 / 25.0;
        let taken: Vec<_> = (0..10)
            .map(|tick| number(fast.take(f64::from(tick) / 25.0 + half, Wait::Block)))
            .collect();
        let new = |tick: usize| taken[tick];
        assert_eq!([new(0), new(2), new(5)], [Some(0), Some(1), Some(2)]);
        assert_eq!(taken.iter().flatten().count(), 3);
        assert!(fast.ended());

        let mut slow = feed(Counter::new(100), Options::default());
        let half = 0.5 / 2.0;
        let taken: Vec<_> = (0..4)
            .map(|tick| number(slow.take(f64::from(tick) / 2.0 + half, Wait::Block)))
            .collect();
        assert_eq!(taken, [Some(2), Some(7), Some(12), Some(17)]);
        assert_eq!(slow.passed_over(), 14);
    }

    #[test]
    fn the_end_comes_after_the_last_picture_is_over() {
        let mut feed = feed(Counter::new(3), Options::default());
        assert_eq!(number(feed.take(0.29, Wait::Block)), Some(2));
        assert!(!feed.ended());
        assert_eq!(feed.take(0.31, Wait::Block), None);
        assert!(feed.ended());
        assert_eq!(feed.end(), Some(0.3));
    }

    #[test]
    fn a_loop_never_ends() {
        let mut feed = feed(Counter::new(3), LOOPING);
        for tick in 0..1000_u32 {
            let picture = feed
                .take(f64::from(tick) / 10.0 + 0.05, Wait::Block)
                .unwrap();
            assert_eq!(picture.sequence, u64::from(tick));
            assert_eq!(picture.planes[0].bytes[0], (tick % 3) as u8);
            feed.recycle(picture);
        }
        assert!(!feed.ended());
    }

    #[test]
    fn an_error_ends_the_feed_and_is_told_once() {
        let mut counter = Counter::new(9);
        counter.fails_at = Some(2);
        let mut feed = feed(counter, LOOPING);
        assert_eq!(number(feed.take(5.0, Wait::Block)), Some(1));
        assert!(feed.ended());
        assert!(feed.error().unwrap().to_string().contains("on purpose"));
        assert!(feed.error().is_none());
    }

    /// A source whose read returns only when it is let go.
    struct Stuck(Box<Counter>, mpsc::Receiver<()>);

    impl Source for Stuck {
        fn info(&self) -> &Info {
            self.0.info()
        }

        fn next(&mut self) -> Result<Option<Picture>, SourceError> {
            let _ = self.1.recv();
            self.0.next()
        }

        fn rewind(&mut self) -> Result<(), SourceError> {
            self.0.rewind()
        }

        fn end(&self) -> f64 {
            self.0.end()
        }
    }

    #[test]
    fn a_stuck_source_hangs_neither_the_loop_nor_the_end() {
        let (go, gate) = mpsc::channel();
        let mut feed = feed(Box::new(Stuck(Counter::new(3), gate)), Options::default());
        assert_eq!(feed.take(1.0, Wait::Never), None);
        assert!(!feed.ended());
        go.send(()).unwrap();
        let deadline = Instant::now() + Duration::from_secs(60);
        let late = loop {
            if let Some(picture) = feed.take(1.0, Wait::Never) {
                break picture;
            }
            assert!(Instant::now() < deadline, "the picture never came");
            thread::yield_now();
        };
        assert_eq!(late.sequence, 0);
        assert_eq!(feed.late(), 1);
        drop(feed);
    }

    /// A source whose reader panics.
    struct Panics(Info);

    impl Source for Panics {
        fn info(&self) -> &Info {
            &self.0
        }

        fn next(&mut self) -> Result<Option<Picture>, SourceError> {
            panic!("on purpose")
        }

        fn rewind(&mut self) -> Result<(), SourceError> {
            Ok(())
        }

        fn end(&self) -> f64 {
            0.0
        }
    }

    #[test]
    fn a_panic_in_the_reader_is_an_error_like_others() {
        let info = Counter::new(1).info;
        let mut feed = feed(Box::new(Panics(info)), Options::default());
        assert_eq!(feed.take(1.0, Wait::Block), None);
        assert!(feed.error().is_some());
    }
}
