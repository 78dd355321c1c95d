use std::collections::{BTreeMap, HashMap};
use std::time::Instant;

use super::space::{Event, Sent};

/// Messages that wait for their time; more are dropped.
const MOST_LATER: usize = 4096;

/// Addresses that wait for a tick; a show has fewer.
const MOST_WAITING: usize = 16_384;

/// What waits for the next tick: for each address the last value and how many events there were, so that ten thousand
/// messages cost a tick no more than one.
#[derive(Debug, Default)]
pub(super) struct Inbox {
    waiting: HashMap<String, Waiting>,
    later: BTreeMap<(Instant, u64), Event>,
    /// Counts what has come in.
    count: u64,
}

#[derive(Debug)]
struct Waiting {
    sent: Sent,
    events: u32,
    /// When it came last: the order among addresses.
    at: u64,
}

impl Inbox {
    /// Takes an event, for now or for later; whether there was room for it.
    pub(super) fn put(&mut self, event: Event, due: Option<Instant>, now: Instant) -> bool {
        self.count += 1;
        match due {
            Some(due) if due > now => {
                let has_room = self.later.len() < MOST_LATER;
                if has_room {
                    self.later.insert((due, self.count), event);
                }
                has_room
            }
            _ => self.wait(event),
        }
    }

    fn wait(&mut self, event: Event) -> bool {
        let (sent, at) = (event.sent, self.count);
        if let Some(waiting) = self.waiting.get_mut(&event.path) {
            let events = waiting.events.saturating_add(event.events);
            *waiting = Waiting { sent, events, at };
            return true;
        }
        let has_room = self.waiting.len() < MOST_WAITING;
        if has_room {
            let events = event.events;
            self.waiting
                .insert(event.path, Waiting { sent, events, at });
        }
        has_room
    }

    /// Everything that is due, in the order in which it came last.
    pub(super) fn take(&mut self, now: Instant) -> Vec<Event> {
        while let Some(first) = self.later.first_entry() {
            if first.key().0 > now {
                break;
            }
            let event = first.remove();
            self.count += 1;
            self.wait(event);
        }
        let mut due: Vec<_> = self.waiting.drain().collect();
        due.sort_unstable_by_key(|(_, waiting)| waiting.at);
        let event = |(path, waiting): (String, Waiting)| Event {
            path,
            sent: waiting.sent,
            events: waiting.events,
        };
        due.into_iter().map(event).collect()
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::param::Value;

    fn event(path: &str, number: f64) -> Event {
        Event {
            path: path.to_owned(),
            sent: Sent::Value(Value::number(number)),
            events: u32::from(number != 0.0),
        }
    }

    #[test]
    fn the_last_value_wins_every_event_counts_and_the_last_to_come_is_the_last() {
        let (mut inbox, now) = (Inbox::default(), Instant::now());
        for number in 0..10_000 {
            assert!(inbox.put(event("/a", f64::from(number)), None, now));
            assert!(inbox.put(event("/b", f64::from(number % 2)), None, now));
        }
        inbox.put(event("/a", 0.5), None, now);
        let mut b = event("/b", 1.0);
        b.events = 5000;
        let mut a = event("/a", 0.5);
        a.events = 10_000;
        assert_eq!(inbox.take(now), [b, a]);
        assert_eq!(inbox.take(now), []);
    }

    #[test]
    fn what_is_for_later_comes_then_and_not_without_end() {
        let (mut inbox, now) = (Inbox::default(), Instant::now());
        let after = |millis| now + Duration::from_millis(millis);
        inbox.put(event("/a", 2.0), Some(after(20)), now);
        inbox.put(event("/a", 1.0), Some(after(10)), now);
        inbox.put(event("/a", 3.0), Some(now), now);
        assert_eq!(inbox.take(now), [event("/a", 3.0)]);
        assert_eq!(inbox.take(after(10)), [event("/a", 1.0)]);
        assert_eq!(inbox.take(after(19)), []);
        assert_eq!(inbox.take(after(20)), [event("/a", 2.0)]);
        let taken = (0..10_000).filter(|_| inbox.put(event("/a", 1.0), Some(after(10)), now));
        assert_eq!(taken.count(), MOST_LATER);
        let flood =
            (0..20_000).filter(|index| inbox.put(event(&format!("/{index}"), 1.0), None, now));
        assert_eq!(flood.count(), MOST_WAITING);
    }
}
