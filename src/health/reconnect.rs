use std::fmt::Display;
use std::time::{Duration, Instant};

/// What plays for so long has recovered: the next fault is a new one.
const RECOVERED: Duration = Duration::from_secs(10);

/// When a source that failed is opened again: after a quarter of a second, then after twice as long each
/// time, at most two seconds, so that what returns is on screen within that time.
#[derive(Debug)]
pub struct Reconnect {
    delay: Duration,
    last: Option<Instant>,
    told: Option<String>,
}

impl Default for Reconnect {
    fn default() -> Self {
        Self::new()
    }
}

impl Reconnect {
    const FIRST: Duration = Duration::from_millis(250);
    const LONGEST: Duration = Duration::from_millis(1750);

    /// Before the first fault.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            delay: Self::FIRST,
            last: None,
            told: None,
        }
    }

    /// Notes a fault; whether the user is to be told of it. A source that fails again and again in the same
    /// way says so once.
    pub fn note(&mut self, fault: &impl Display) -> bool {
        if self.last.is_some_and(|last| last.elapsed() > RECOVERED) {
            *self = Self::new();
        }
        self.last = Some(Instant::now());
        let text = fault.to_string();
        let is_news = self.told.as_ref() != Some(&text);
        self.told = Some(text);
        is_news
    }

    /// How long to wait before it is tried again.
    pub fn delay(&mut self) -> Duration {
        self.last = Some(Instant::now());
        let next = (self.delay * 2).min(Self::LONGEST);
        std::mem::replace(&mut self.delay, next)
    }
}
