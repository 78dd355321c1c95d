use std::collections::VecDeque;
use std::fmt;
use std::time::{Duration, Instant};

/// The time over which it is measured.
const WINDOW: Duration = Duration::from_secs(5);

/// How old a live picture, or a stroke, is when the GPU has finished the tick that first shows it: from the camera's
/// own stamp, or the arrival from the network, to the picture that goes to the screen. What the screen
/// adds is not in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Latency {
    /// Half of the pictures of the last seconds took no longer.
    pub median: Duration,
    /// 95 of 100 took no longer.
    pub most: Duration,
    /// None took longer.
    pub longest: Duration,
}

impl fmt::Display for Latency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ms = |duration: Duration| duration.as_secs_f64() * 1000.0;
        let (median, most, longest) = (ms(self.median), ms(self.most), ms(self.longest));
        write!(
            f,
            "{median:.0} ms (95 % below {most:.0}, longest {longest:.0})"
        )
    }
}

/// Measures it.
#[derive(Debug, Default)]
pub(super) struct LatencyMeter {
    /// Captures on their way, each with the number of submissions up to its own.
    under_way: VecDeque<(u64, Instant)>,
    /// Times of the last seconds, each with when it was known.
    recent: VecDeque<(Instant, Duration)>,
}

impl LatencyMeter {
    /// A picture captured at `captured` went to the GPU with submission `number`, counted from 1.
    pub(super) fn sent(&mut self, number: u64, captured: Instant) {
        self.under_way.push_back((number, captured));
    }

    /// The GPU has finished `count` submissions, as of `now`.
    pub(super) fn finished(&mut self, count: u64, now: Instant) {
        let done = self
            .under_way
            .partition_point(|(number, _)| *number <= count);
        for (_, captured) in self.under_way.drain(..done) {
            let time = now.saturating_duration_since(captured);
            self.recent.push_back((now, time));
        }
        self.recent
            .retain(|(known, _)| now.duration_since(*known) <= WINDOW);
    }

    /// What it was over the last seconds; none without live pictures.
    pub(super) fn latency(&self) -> Option<Latency> {
        let mut times: Vec<_> = self.recent.iter().map(|(_, time)| *time).collect();
        times.sort_unstable();
        let share = |percent: usize| times.get((times.len().max(1) - 1) * percent / 100).copied();
        Some(Latency {
            median: share(50)?,
            most: share(95)?,
            longest: share(100)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MS: Duration = Duration::from_millis(1);

    #[test]
    fn a_picture_counts_when_the_gpu_has_finished_with_it() {
        let begun = Instant::now();
        let mut meter = LatencyMeter::default();
        for number in 1..=100 {
            meter.sent(number, begun);
        }
        assert_eq!(meter.latency(), None);
        for number in 1..=100_u32 {
            meter.finished(u64::from(number), begun + MS * number);
        }
        let latency = meter.latency().unwrap();
        assert_eq!(latency.median, MS * 50);
        assert_eq!(latency.most, MS * 95);
        assert_eq!(latency.longest, MS * 100);
        assert_eq!(latency.to_string(), "50 ms (95 % below 95, longest 100)");
    }

    #[test]
    fn only_the_last_seconds_count() {
        let begun = Instant::now();
        let mut meter = LatencyMeter::default();
        meter.sent(1, begun);
        meter.finished(1, begun + MS * 900);
        meter.sent(2, begun + MS * 10_000);
        meter.finished(2, begun + MS * 10_020);
        assert_eq!(meter.latency().unwrap().longest, MS * 20);
        meter.finished(2, begun + MS * 20_000);
        assert_eq!(meter.latency(), None);
    }
}
