use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use crate::gpu::PassTime;

/// Seconds over which measurements are smoothed: what is read must not flicker.
const WINDOW: f64 = 1.0;

/// The share by which a pass's mean goes to its newest time: they are looked at a few times a second.
const SHARE: f64 = 0.3;

/// How fast the session is.
#[derive(Debug, Default)]
pub(super) struct Meter {
    last: Option<Instant>,
    interval: f64,
    cpu: f64,
    /// Milliseconds of each pass.
    passes: BTreeMap<String, f64>,
}

impl Meter {
    /// A tick was shown at `now` that took the CPU so long.
    pub(super) fn tick(&mut self, now: Instant, cpu: Duration) {
        let Some(last) = self.last.replace(now) else {
            return;
        };
        let interval = (now - last).as_secs_f64();
        let share = 1.0 - (-interval / WINDOW).exp();
        approach(&mut self.interval, interval, share);
        approach(&mut self.cpu, cpu.as_secs_f64() * 1e3, share);
    }

    /// The passes of a tick were measured.
    pub(super) fn passes(&mut self, times: &[PassTime]) {
        self.passes
            .retain(|label, _| times.iter().any(|time| time.label == *label));
        for time in times {
            let mean = self.passes.entry(time.label.clone()).or_default();
            approach(mean, time.milliseconds, SHARE);
        }
    }

    /// Ticks shown in a second; 0 before the second one.
    pub(super) fn fps(&self) -> f64 {
        if self.interval > 0.0 {
            1.0 / self.interval
        } else {
            0.0
        }
    }

    /// Milliseconds that the CPU takes for a tick.
    pub(super) const fn cpu(&self) -> f64 {
        self.cpu
    }

    /// Milliseconds that the GPU takes for a tick; none where it has no clock.
    pub(super) fn gpu(&self) -> Option<f64> {
        (!self.passes.is_empty()).then(|| self.passes.values().sum())
    }

    /// The passes that take longest, with their milliseconds.
    pub(super) fn longest(&self, count: usize) -> Vec<(String, f64)> {
        let mut passes: Vec<_> = self.passes.clone().into_iter().collect();
        passes.sort_by(|a, b| b.1.total_cmp(&a.1));
        passes.truncate(count);
        passes
    }
}

fn approach(mean: &mut f64, value: f64, share: f64) {
    let start = if *mean == 0.0 { 1.0 } else { share };
    *mean += (value - *mean) * start;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_steady_rate_is_read_at_once_and_one_late_tick_hardly_moves_it() {
        let (mut meter, mut now) = (Meter::default(), Instant::now());
        let cpu = Duration::from_millis(2);
        for _ in 0..5 {
            now += Duration::from_millis(20);
            meter.tick(now, cpu);
        }
        assert!((meter.fps() - 50.0).abs() < 1e-6 && (meter.cpu() - 2.0).abs() < 1e-6);
        now += Duration::from_millis(40);
        meter.tick(now, cpu);
        assert!((45.0..50.0).contains(&meter.fps()), "{}", meter.fps());
    }

    #[test]
    fn passes_are_summed_sorted_and_forgotten() {
        let time = |label: &str, milliseconds| PassTime {
            label: label.to_owned(),
            milliseconds,
            bytes: 0,
        };
        let mut meter = Meter::default();
        assert_eq!(meter.gpu(), None);
        meter.passes(&[time("a", 1.0), time("b", 3.0), time("c", 2.0)]);
        assert_eq!(meter.gpu(), Some(6.0));
        let longest: Vec<_> = meter
            .longest(2)
            .into_iter()
            .map(|(label, _)| label)
            .collect();
        assert_eq!(longest, ["b", "c"]);
        meter.passes(&[time("a", 2.0)]);
        assert_eq!(meter.longest(9), [("a".to_owned(), 1.3)]);
    }
}
