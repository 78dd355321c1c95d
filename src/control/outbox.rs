use std::fmt;
use std::sync::{Condvar, Mutex, PoisonError};
use std::time::Duration;

use super::reception::lock;
use super::space::Space;
use crate::param::Standing;

/// How often whoever waits looks whether all is over.
const NAP: Duration = Duration::from_millis(100);

/// What makes a space.
pub(super) type Describe = Box<dyn FnOnce() -> Space + Send>;

/// What the loop leaves to be sent: the newest standings, with the events of all ticks since they were taken.
#[derive(Default)]
pub(super) struct Outbox {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    describe: Option<Describe>,
    /// Whether a space is being made that does not count yet.
    is_describing: bool,
    standings: Vec<Standing>,
    is_fresh: bool,
}

/// What was left since it was taken last.
#[derive(Default)]
pub(super) struct Left {
    pub(super) describe: Option<Describe>,
    pub(super) is_fresh: bool,
}

impl fmt::Debug for Outbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Outbox").finish_non_exhaustive()
    }
}

impl Outbox {
    /// Standings of the space before mean nothing any more.
    pub(super) fn describe(&self, describe: Describe) {
        let mut state = lock(&self.state);
        state.describe = Some(describe);
        state.is_describing = true;
        state.standings.clear();
        state.is_fresh = false;
        self.changed.notify_all();
    }

    pub(super) fn tell(&self, standings: impl Iterator<Item = Standing>) {
        let mut state = lock(&self.state);
        for (index, standing) in standings.enumerate() {
            let before = state.standings.get(index).filter(|_| state.is_fresh);
            let events = before.map_or(0, |before| before.events);
            let events = standing.events.saturating_add(events);
            let standing = Standing { events, ..standing };
            match state.standings.get_mut(index) {
                Some(slot) => *slot = standing,
                None => state.standings.push(standing),
            }
        }
        state.is_fresh = true;
        self.changed.notify_all();
    }

    /// Waits a little until something is left, and copies standings into `standings`.
    pub(super) fn take(&self, standings: &mut Vec<Standing>) -> Left {
        let state = lock(&self.state);
        let nothing = |state: &mut State| state.describe.is_none() && !state.is_fresh;
        let waited = self.changed.wait_timeout_while(state, NAP, nothing);
        let (mut state, _) = waited.unwrap_or_else(PoisonError::into_inner);
        let left = Left {
            describe: state.describe.take(),
            is_fresh: std::mem::take(&mut state.is_fresh),
        };
        if left.is_fresh {
            standings.clone_from(&state.standings);
        }
        left
    }

    /// The space that was made last counts now.
    pub(super) fn described(&self) {
        let mut state = lock(&self.state);
        state.is_describing = state.describe.is_some();
        self.changed.notify_all();
    }

    pub(super) fn await_description(&self) {
        let mut state = lock(&self.state);
        while state.is_describing {
            let waited = self.changed.wait(state);
            state = waited.unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Whoever waits is to look again.
    pub(super) fn wake(&self) {
        self.changed.notify_all();
    }
}
