use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use super::Wanted;
use super::heartbeat::Heartbeat;

/// A stream whose device has taken nothing for so long has no time to tell.
const LATEST: Duration = Duration::from_millis(500);

/// No report has come yet.
const UNKNOWN: i64 = i64::MIN;

/// How far a stream is heard, by its device's clock: reported by its threads, read by the frame loop, without a lock.
#[derive(Debug)]
pub(super) struct Played {
    pub(super) wanted: Arc<Wanted>,
    pub(super) heartbeat: Arc<Heartbeat>,
    /// What the stream, in what is heard of it, is ahead of the time, in nanoseconds.
    stream: AtomicI64,
    /// What the film's count is ahead of the stream, in nanoseconds, while the cue's sound goes on without a gap.
    film: AtomicI64,
    /// The cue that this is true of; 0 in silence.
    cue: AtomicU64,
}

impl Played {
    pub(super) fn new(wanted: &Arc<Wanted>) -> Self {
        Self {
            wanted: Arc::clone(wanted),
            heartbeat: Arc::new(Heartbeat::new()),
            stream: AtomicI64::new(UNKNOWN),
            film: AtomicI64::new(0),
            cue: AtomicU64::new(0),
        }
    }

    /// At `at`, what is so many seconds from the stream's beginning is heard.
    pub(super) fn report(&self, seconds: f64, at: Instant) {
        let ahead = nanos(seconds) - self.wanted.nanos(at);
        self.stream.store(ahead, Ordering::Release);
    }

    /// From so many seconds of the stream on, a cue's sound is heard that has this count.
    pub(super) fn join(&self, cue: u64, count: f64, seconds: f64) {
        self.film
            .store(nanos(count) - nanos(seconds), Ordering::Release);
        self.cue.store(cue, Ordering::Release);
    }

    /// The sound has a gap, or is another.
    pub(super) fn part(&self) {
        self.cue.store(0, Ordering::Release);
    }

    /// What the film is wanted to have played when what is so many seconds from the stream's beginning is heard.
    pub(super) fn wanted_at(&self, seconds: f64) -> Option<f64> {
        let heard = nanos(seconds) - self.stream()?;
        Some(self.wanted.count_at(heard))
    }

    /// The count of what is heard at a time, if it is the wanted cue's.
    pub(super) fn heard(&self, at: Instant) -> Option<f64> {
        let (cue, wanted) = (self.cue.load(Ordering::Acquire), self.wanted.cue());
        if cue == 0 || cue != wanted || self.heartbeat.age() > LATEST {
            return None;
        }
        let film = self.film.load(Ordering::Acquire);
        Some((self.wanted.nanos(at) + self.stream()? + film) as f64 * 1e-9)
    }

    fn stream(&self) -> Option<i64> {
        let stream = self.stream.load(Ordering::Acquire);
        (stream != UNKNOWN).then_some(stream)
    }
}

fn nanos(seconds: f64) -> i64 {
    (seconds * 1e9).round() as i64
}
