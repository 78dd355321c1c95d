use std::time::{Duration, Instant};

/// How long a pointer is seen that nobody moves.
const SEEN: Duration = Duration::from_secs(2);

/// When the mouse pointer is seen: over a window while somebody moves it, never over a full screen.
#[derive(Debug)]
pub(super) struct Pointer {
    moved: Instant,
    is_seen: bool,
}

impl Pointer {
    pub(super) const fn new(now: Instant) -> Self {
        Self {
            moved: now,
            is_seen: true,
        }
    }

    pub(super) const fn moved(&mut self, now: Instant) {
        self.moved = now;
    }

    /// Whether it is to be seen from now on, where that changes.
    pub(super) fn change(&mut self, is_full: bool, now: Instant) -> Option<bool> {
        let seen = !is_full && now - self.moved < SEEN;
        let changes = seen != self.is_seen;
        self.is_seen = seen;
        changes.then_some(seen)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_seen_while_it_moves_over_a_window() {
        let begun = Instant::now();
        let mut pointer = Pointer::new(begun);
        let after = |seconds| begun + Duration::from_secs(seconds);
        assert_eq!(pointer.change(false, after(1)), None);
        assert_eq!(pointer.change(false, after(3)), Some(false));
        assert_eq!(pointer.change(false, after(4)), None);
        pointer.moved(after(5));
        assert_eq!(pointer.change(false, after(5)), Some(true));
        assert_eq!(pointer.change(true, after(5)), Some(false));
        pointer.moved(after(6));
        assert_eq!(pointer.change(true, after(6)), None);
    }
}
