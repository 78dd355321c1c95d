use std::collections::VecDeque;
use std::time::Instant;

use rtrb::{Consumer, Producer, RingBuffer};

use crate::audio::{HOPS_PER_SECOND, Moment};

/// Moments that wait at most, and with triggers as many again: ten seconds.
const MOST: usize = 10 * HOPS_PER_SECOND as usize;

/// A moment, and when it was.
#[derive(Clone, Debug, PartialEq)]
pub struct Heard {
    /// When its hop ended before the microphone, as nearly as the system tells. It never goes back.
    pub at: Instant,
    /// What the hop was like. Its own time counts from the last change of the device.
    pub moment: Moment,
}

/// The hearing thread's side: it never waits for the other.
#[derive(Debug)]
pub(super) struct Giver {
    queue: Producer<Heard>,
    /// What finds no room: the newest moment, and those before it that fire.
    waiting: VecDeque<Heard>,
}

/// The listener's side: it never waits for the other.
#[derive(Debug)]
pub(super) struct Taker(Consumer<Heard>);

pub(super) fn queue() -> (Giver, Taker) {
    let (give, take) = RingBuffer::new(MOST);
    let giver = Giver {
        queue: give,
        waiting: VecDeque::new(),
    };
    (giver, Taker(take))
}

impl Giver {
    /// Gives a moment. If nobody takes any, older numbers make room for newer ones; what fires stays.
    pub(super) fn give(&mut self, heard: Heard) {
        while let Some(first) = self.waiting.pop_front() {
            if let Err(rtrb::PushError::Full(first)) = self.queue.push(first) {
                self.waiting.push_front(first);
                return self.wait(heard);
            }
        }
        if let Err(rtrb::PushError::Full(heard)) = self.queue.push(heard) {
            self.wait(heard);
        }
    }

    fn wait(&mut self, heard: Heard) {
        if (self.waiting.back()).is_some_and(|last| !last.moment.fires()) {
            self.waiting.pop_back();
        }
        if self.waiting.len() == MOST {
            self.waiting.pop_front();
        }
        self.waiting.push_back(heard);
    }
}

impl Taker {
    /// The oldest moment that waits.
    pub(super) fn take(&mut self) -> Option<Heard> {
        self.0.pop().ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audio::{Analysis, Settings};

    #[test]
    fn who_takes_late_gets_the_newest_numbers_and_every_trigger() {
        let (mut giver, mut taker) = queue();
        let mut analysis = Analysis::new(1000, 1, &Settings::default());
        let (count, mut fired) = (3 * MOST, 0);
        for hop in 0..count {
            analysis.hear(&[0.0; 10], |moment| {
                let mut moment = moment.clone();
                moment.onset = hop % 100 == 7;
                fired += usize::from(moment.onset);
                let at = Instant::now();
                giver.give(Heard { at, moment });
            });
        }
        let mut seen = Vec::new();
        // What waited comes in with the next moments that are given.
        for _ in 0..2 {
            seen.extend(std::iter::from_fn(|| taker.take()));
            analysis.hear(&[0.0; 10], |moment| {
                let (at, moment) = (Instant::now(), moment.clone());
                giver.give(Heard { at, moment });
            });
        }
        seen.extend(std::iter::from_fn(|| taker.take()));
        assert!(seen.len() < count);
        let times: Vec<_> = seen.iter().map(|heard| heard.moment.time).collect();
        assert!(times.is_sorted());
        assert!((times[times.len() - 1] - (count + 2) as f64 * 0.01).abs() < 1e-6);
        assert!(
            times
                .iter()
                .any(|time| (time - count as f64 * 0.01).abs() < 1e-6)
        );
        let onsets = seen.iter().filter(|heard| heard.moment.onset).count();
        assert_eq!(onsets, fired);
    }
}
