use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::super::SourceError;
use super::super::timeline::{Given, Turn};
use super::Wait;
use crate::health::{Fault, Health};
use crate::picture::Picture;

/// The most pictures that wait to be taken.
const MOST_PICTURES: usize = 8;

/// The same of a source that is played backward.
const MOST_BACKWARD: usize = 256;

/// The most bytes that wait to be taken, as far as two pictures allow it.
const MOST_BYTES: usize = 128 << 20;

/// A picture that is due exactly at the time asked for must not depend on the last bit of either.
const TIE: f64 = 1e-6;

#[derive(Default)]
pub(super) struct Shared {
    pub(super) state: Mutex<State>,
    /// A picture came, or the end.
    pub(super) came: Condvar,
    /// A picture was taken, or nobody wants any more.
    pub(super) taken: Condvar,
}

pub(super) type Rehearse = Box<dyn FnMut(&Picture) + Send>;

#[derive(Default)]
pub(super) struct State {
    pub(super) queue: VecDeque<Given>,
    /// The way that is to be taken next, and what was in the queue when that was asked for.
    pub(super) turn: Option<Turn>,
    pub(super) returned: Vec<Given>,
    /// Pictures to be filled again.
    pub(super) spares: Vec<Picture>,
    /// When the last picture is over, once the reader has stopped.
    pub(super) end: Option<f64>,
    pub(super) error: Option<SourceError>,
    pub(super) health: Health,
    /// How the pictures are taken, once one was asked for.
    pub(super) taker: Option<Wait>,
    /// To be called with pictures of another kind.
    pub(super) rehearse: Option<Rehearse>,
    /// Whether the reader has stopped for good.
    pub(super) failed: bool,
    pub(super) closed: bool,
    /// Whether the reader has let go of its source.
    pub(super) gone: bool,
    pub(super) passed_over: u64,
    pub(super) late: u64,
    /// The latest time that a caller who does not wait has asked for.
    pub(super) due: Option<f64>,
}

impl Shared {
    /// A panic elsewhere leaves the state whole: nothing in it is changed half.
    pub(super) fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits for room and queues a picture; gives pictures to be filled again, or none when nobody wants
    /// any more.
    pub(super) fn push(&self, given: Given) -> Option<Vec<Picture>> {
        let room = capacity(&given);
        let mut state = self.lock();
        while state.queue.len() >= room && !state.closed && state.turn.is_none() {
            state = wait_for(&self.taken, state);
        }
        if state.closed {
            return None;
        }
        let is_late = state.due.is_some_and(|due| given.picture.time <= due);
        // While one turn follows another, what was found is shown all the same, or there would be nothing to see.
        if state.turn.is_some() && !is_late {
            state.returned.push(given);
            return Some(std::mem::take(&mut state.spares));
        }
        state.late += u64::from(is_late);
        state.queue.push_back(given);
        state.health = Health::Playing;
        state.end = None;
        self.came.notify_one();
        Some(std::mem::take(&mut state.spares))
    }

    /// Lets the taker make ready for pictures of another kind.
    pub(super) fn rehearse(&self, picture: &Picture) {
        // The lock is not held meanwhile: the loop takes pictures while this compiles.
        let rehearse = self.lock().rehearse.take();
        if let Some(mut rehearse) = rehearse {
            rehearse(picture);
            self.lock().rehearse.get_or_insert(rehearse);
        }
    }

    /// Puts a picture in the place of one that nobody took; gives pictures to be filled again.
    pub(super) fn replace(&self, picture: Picture) -> Vec<Picture> {
        let mut state = self.lock();
        if let Some(passed) = state.queue.pop_front() {
            state.passed_over += 1;
            state.spare(passed.picture);
        }
        state.queue.push_back(Given::once(picture));
        state.health = Health::Playing;
        self.came.notify_one();
        std::mem::take(&mut state.spares)
    }

    /// There are no more pictures than those that wait.
    pub(super) fn finish(&self, end: f64) {
        let mut state = self.lock();
        if state.turn.is_none() {
            state.end.get_or_insert(end);
        }
        self.came.notify_one();
    }

    /// There are no more pictures, whatever is asked for.
    pub(super) fn fail(&self, end: f64) {
        let mut state = self.lock();
        state.end.get_or_insert(end);
        (state.turn, state.failed) = (None, true);
        self.came.notify_one();
    }

    /// The reader has let go of its source.
    pub(super) fn go(&self) {
        self.lock().gone = true;
        self.came.notify_all();
    }

    /// The way that is to be taken next, and the pictures that come back because of it.
    pub(super) fn turn(&self) -> Option<(Turn, Vec<Given>)> {
        let mut state = self.lock();
        let turn = state.turn.take()?;
        state.end = None;
        Some((turn, std::mem::take(&mut state.returned)))
    }

    /// Waits for a turn; false when nobody wants any more.
    pub(super) fn wait_for_turn(&self) -> bool {
        let mut state = self.lock();
        while state.turn.is_none() && !state.closed {
            state = wait_for(&self.taken, state);
        }
        !state.closed
    }

    /// Tells of a fault.
    pub(super) fn tell(&self, error: SourceError) {
        self.lock().error = Some(error);
        self.came.notify_one();
    }

    /// Sets what the source says of itself; it has said so since its pictures stopped.
    pub(super) fn mark(&self, health: impl Fn(Fault) -> Health, why: &SourceError) {
        let mut state = self.lock();
        let since = state
            .health
            .fault()
            .map_or_else(Instant::now, |fault| fault.since);
        let why = why.to_string().into();
        state.health = health(Fault { why, since });
    }

    /// Whether pictures are taken by one who never waits: a live session, which goes on whatever happens.
    /// Waits until that is known; false when nobody wants any more.
    pub(super) fn is_live(&self) -> bool {
        let mut state = self.lock();
        while state.taker.is_none() && !state.closed {
            state = wait_for(&self.taken, state);
        }
        state.taker == Some(Wait::Never) && !state.closed
    }

    /// Whether it is known that pictures are taken by one who never waits.
    pub(super) fn never_waits(&self) -> bool {
        self.lock().taker == Some(Wait::Never)
    }

    /// The latest time that was asked for.
    pub(super) fn due(&self) -> f64 {
        self.lock().due.unwrap_or_default()
    }

    /// Waits for so long; false as soon as nobody wants any more.
    pub(super) fn rest(&self, duration: Duration) -> bool {
        let until = Instant::now() + duration;
        let mut state = self.lock();
        loop {
            let left = until.saturating_duration_since(Instant::now());
            if state.closed || left.is_zero() {
                return !state.closed;
            }
            let woken = self.taken.wait_timeout(state, left);
            (state, _) = woken.unwrap_or_else(PoisonError::into_inner);
        }
    }
}

impl State {
    pub(super) fn take_until(&mut self, until: f64, newest: &mut Option<Given>) {
        let is_due = |given: &Given| given.picture.time <= until + TIE;
        while self.queue.front().is_some_and(is_due) {
            if let Some(passed) = std::mem::replace(newest, self.queue.pop_front()) {
                self.passed_over += 1;
                self.spare(passed.picture);
            }
        }
    }

    /// Asks for another way: what waits goes back.
    pub(super) fn ask(&mut self, turn: Turn) {
        if !self.failed {
            self.returned.extend(self.queue.drain(..));
            (self.turn, self.end) = (Some(turn), None);
        }
    }

    pub(super) fn spare(&mut self, picture: Picture) {
        if self.spares.len() < MOST_PICTURES {
            self.spares.push(picture);
        }
    }
}

/// How many pictures like this one may wait. Backward they come a stretch at a time, and while one is shown
/// the next is read.
fn capacity(given: &Given) -> usize {
    let most = if given.backward {
        MOST_BACKWARD
    } else {
        MOST_PICTURES
    };
    (MOST_BYTES / given.picture.bytes().max(1)).clamp(2, most)
}

pub(super) fn wait_for<'a>(
    condition: &Condvar,
    state: MutexGuard<'a, State>,
) -> MutexGuard<'a, State> {
    condition
        .wait(state)
        .unwrap_or_else(PoisonError::into_inner)
}
