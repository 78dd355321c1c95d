use std::time::{Duration, Instant};

/// Which tick is due.
pub(super) struct WallClock {
    begun: Instant,
}

impl WallClock {
    pub(super) fn new() -> Self {
        Self {
            begun: Instant::now(),
        }
    }

    /// The number of the tick that is due, and how long it is until tick `next`.
    pub(super) fn due(&self, next: u64, rate: f64) -> (u64, Duration) {
        let elapsed = self.begun.elapsed().as_secs_f64();
        // Before the first tick, tick 0 is due; a number below `next` says that nothing is.
        let due = (elapsed * rate).floor() as u64;
        let wait = (next as f64 / rate - elapsed).max(0.0);
        (due, Duration::from_secs_f64(wait))
    }
}
