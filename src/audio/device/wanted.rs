use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// What is to be heard when: the frame loop says it, a device's thread looks at it, and none of them locks.
///
/// Sound that goes out is counted as its film is: in seconds that were played in all. What is heard at speed 1 has a count that
/// is the time and something that stays, which is one number.
#[derive(Debug)]
pub struct Wanted {
    begun: Instant,
    /// The number of the cue that counts; 0 is silence.
    cue: AtomicU64,
    /// The last number that was given.
    last: AtomicU64,
    /// What the count is ahead of the time, in nanoseconds.
    ahead: AtomicI64,
}

impl Default for Wanted {
    fn default() -> Self {
        Self {
            begun: Instant::now(),
            cue: AtomicU64::new(0),
            last: AtomicU64::new(0),
            ahead: AtomicI64::new(0),
        }
    }
}

impl Wanted {
    /// Begins a cue, and gives its number: sound of any other is not heard any more.
    pub fn begin(&self) -> u64 {
        let cue = self.last.fetch_add(1, Ordering::Relaxed) + 1;
        self.cue.store(cue, Ordering::Release);
        cue
    }

    /// Falls silent, if this cue is still the one that counts.
    pub fn end(&self, cue: u64) {
        let ordering = (Ordering::Release, Ordering::Relaxed);
        // Another cue has begun since.
        let _ = self.cue.compare_exchange(cue, 0, ordering.0, ordering.1);
    }

    /// Says how far the film has been played at a time, in seconds in all.
    pub fn set(&self, count: f64, at: Instant) {
        let ahead = (count * 1e9) as i64 - self.nanos(at);
        self.ahead.store(ahead, Ordering::Release);
    }

    /// How far the film has been played, or will have been, at a time.
    #[must_use]
    pub fn count(&self, at: Instant) -> f64 {
        self.count_at(self.nanos(at))
    }

    pub(super) fn count_at(&self, nanos: i64) -> f64 {
        (nanos + self.ahead.load(Ordering::Acquire)) as f64 * 1e-9
    }

    /// Whether this is the cue that counts.
    #[must_use]
    pub fn is(&self, cue: u64) -> bool {
        self.cue() == cue
    }

    /// The cue that counts; 0 is silence.
    pub(super) fn cue(&self) -> u64 {
        self.cue.load(Ordering::Acquire)
    }

    /// Nanoseconds of a time, counted as they all are here.
    pub(super) fn nanos(&self, at: Instant) -> i64 {
        match at.checked_duration_since(self.begun) {
            Some(since) => since.as_nanos() as i64,
            None => -(Duration::as_nanos(&(self.begun - at)) as i64),
        }
    }
}
