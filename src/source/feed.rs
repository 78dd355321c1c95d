use std::fmt;
use std::sync::{Arc, PoisonError};
use std::thread;
use std::time::Duration;

use self::queue::{Shared, State, wait_for};
use self::reader::Reader;
use self::relay::Relay;
use super::playhead::Playhead;
use super::timeline::{Given, Timeline};
use super::{Info, Location, Options, Playing, Source, SourceError, Timekeeper, open};
use crate::frame_loop::may_block;
use crate::health::Health;
use crate::picture::Picture;

mod queue;
mod reader;
mod relay;

/// How long a reader may take to end; one that is stuck in a device is left behind.
const FAREWELL: Duration = Duration::from_millis(500);

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
    playhead: Playhead,
    /// What was due when the source took another way, and is shown until that has a picture.
    due: Option<Given>,
    /// Says how far it is played in the ticks' place.
    keeper: Option<Box<dyn Timekeeper>>,
    /// Keeps a source running that keeps its own time.
    relay: Option<Arc<Relay>>,
}

impl Feed {
    /// Opens a source and starts to read it. Blocks while it is opened: never call it on the loop.
    ///
    /// # Errors
    /// As [`open`].
    pub fn open(location: &Location, options: Options) -> Result<Self, SourceError> {
        if location.is_live() {
            let (relay, shared) = relay::watch(location, &options)?;
            let mut feed = Self::new(relay.info.clone(), shared, 0.0);
            feed.relay = Some(relay);
            return Ok(feed);
        }
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
        Ok(Self::new(info, shared, options.start))
    }

    fn new(info: Info, shared: Arc<Shared>, start: f64) -> Self {
        Self {
            info,
            shared,
            asked: f64::NEG_INFINITY,
            playhead: Playhead::new(start),
            due: None,
            keeper: None,
            relay: None,
        }
    }

    /// What the source is.
    #[must_use]
    pub fn info(&self) -> &Info {
        &self.info
    }

    /// Plays on for so many seconds, and says until when pictures are due, on the source's running count: up to
    /// the middle of that time. Where the source is to be played otherwise than before, its reader is told; until
    /// that has found its picture, the last one stands.
    pub fn play(&mut self, playing: &Playing, seconds: f64) -> f64 {
        let playing = match self.is_instrument() {
            true => *playing,
            false => Playing {
                speed: self.speed(playing.speed),
                ..Playing::default()
            },
        };
        if let Some(turn) = self.playhead.turn(&playing) {
            let mut state = self.shared.lock();
            state.take_until(self.asked, &mut self.due);
            state.ask(turn);
            self.shared.taken.notify_one();
        }
        let place = self.playhead.place(playing.speed, seconds);
        let heard = self.keeper.as_mut().and_then(|keeper| keeper.heard(&place));
        self.playhead.advance(playing.speed, seconds, heard)
    }

    /// Lets a keeper say from now on how far the source is played; none gives that back to the ticks.
    pub fn keep_time(&mut self, keeper: Option<Box<dyn Timekeeper>>) {
        self.keeper = keeper;
    }

    /// Whether a keeper says how far it is played.
    #[must_use]
    pub fn is_kept(&self) -> bool {
        self.keeper.is_some()
    }

    /// Leaves out so many seconds of playing at `speed`.
    pub fn skip(&mut self, speed: f64, seconds: f64) {
        self.playhead.skip(self.speed(speed), seconds);
    }

    /// What is no instrument plays as it comes, or stands.
    fn speed(&self, speed: f64) -> f64 {
        match self.is_instrument() || speed == 0.0 {
            true => speed,
            false => 1.0,
        }
    }

    /// Whether it can be played from any place, at any speed and backward: a film or a sequence, no pipe, no
    /// device and no still.
    #[must_use]
    pub fn is_instrument(&self) -> bool {
        self.info.rewinds && !self.info.still
    }

    /// The newest picture whose time is not later than `until` (seconds since the source's first picture,
    /// running on over loops), passing over all older ones; none if that is the one given last, which the
    /// caller holds.
    ///
    /// With [`Wait::Block`] it waits until a later picture, or the end, is known, so that what it gives
    /// depends on `until` alone. Ask for the middle between two ticks: stamps in whole milliseconds then
    /// neither repeat nor skip a picture.
    ///
    /// A source that keeps its own time gives its newest picture, whenever that was; while `until` stands, so does
    /// the picture.
    pub fn take(&mut self, until: f64, wait: Wait) -> Option<Picture> {
        let moves = until > self.asked;
        self.asked = until;
        if self.relay.is_some() {
            let mut state = self.shared.lock();
            let newest = moves.then(|| state.queue.pop_front()).flatten();
            return newest.map(|given| given.picture);
        }
        let mut state = self.shared.lock();
        state.taker = Some(wait);
        let mut newest = self.due.take();
        loop {
            state.take_until(until, &mut newest);
            self.shared.taken.notify_one();
            if wait == Wait::Never {
                state.due = Some(until);
                break;
            }
            if !state.queue.is_empty() || state.end.is_some() {
                break;
            }
            may_block("wait for a picture");
            state = wait_for(&self.shared.came, state);
        }
        drop(state);
        newest.map(|given| {
            self.playhead.show(&given);
            given.picture
        })
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
        state.queue.front().map(|given| look(&given.picture))
    }

    /// Has the reader call this with the first picture of each kind that is not that of the picture before it, ahead
    /// of the queue.
    pub fn on_another_kind(&self, rehearse: Box<dyn FnMut(&Picture) + Send>) {
        self.shared.lock().rehearse = Some(rehearse);
    }

    /// Gives a picture back when its samples were copied, so that its buffers are filled again.
    pub fn recycle(&self, picture: Picture) {
        self.shared.lock().spare(picture);
    }

    /// Lets the reader go and waits a while for it: libraries must not be at work when a program ends. Not for the
    /// frame loop.
    pub fn close(&mut self) {
        may_block("wait for a reader");
        let mut state = self.shared.lock();
        state.closed = true;
        self.shared.taken.notify_one();
        let waited = self
            .shared
            .came
            .wait_timeout_while(state, FAREWELL, |state| !state.gone);
        drop(waited.unwrap_or_else(PoisonError::into_inner));
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
mod tests;
