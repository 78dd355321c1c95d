use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// When a device last gave anything: an open one that is silent gives zeros.
#[derive(Debug)]
pub(super) struct Heartbeat {
    begun: Instant,
    /// Microseconds from then to the last call, and 1; 0 before the first.
    last: AtomicU64,
}

impl Heartbeat {
    pub(super) fn new() -> Self {
        Self {
            begun: Instant::now(),
            last: AtomicU64::new(0),
        }
    }

    /// The device gives something now.
    pub(super) fn beat(&self, now: Instant) {
        let since = now.saturating_duration_since(self.begun).as_micros();
        self.last.store(since as u64 + 1, Ordering::Relaxed);
    }

    /// Whether it has given anything yet.
    pub(super) fn has_begun(&self) -> bool {
        self.last.load(Ordering::Relaxed) != 0
    }

    /// How long ago that was, or where there was nothing yet, how long it has been waited for.
    pub(super) fn age(&self) -> Duration {
        let last = Duration::from_micros(self.last.load(Ordering::Relaxed).saturating_sub(1));
        self.begun.elapsed().saturating_sub(last)
    }
}
