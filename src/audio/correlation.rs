use super::HOP;
use super::leaky::{LeakyMean, leak};

/// Seconds that are remembered.
const MEMORY: f64 = 6.0;

/// How alike a number is to itself some hops later: an autocorrelation that forgets.
#[derive(Debug)]
pub(super) struct Correlation {
    mean: LeakyMean,
    /// The number around its mean, newest first from `newest` on.
    past: Vec<f32>,
    newest: usize,
    sums: Vec<f32>,
    hops: u64,
    keep: f32,
}

impl Correlation {
    /// Compares with up to `lags` hops ago.
    pub(super) fn new(lags: usize) -> Self {
        Self {
            mean: LeakyMean::new(2.0),
            past: vec![0.0; lags + 1],
            newest: 0,
            sums: vec![0.0; lags + 1],
            hops: 0,
            keep: leak(MEMORY),
        }
    }

    pub(super) fn add(&mut self, number: f32) {
        let number = number - self.mean.add(number);
        self.newest = self.newest.checked_sub(1).unwrap_or(self.past.len() - 1);
        self.past[self.newest] = number;
        let (end, begin) = self.past.split_at(self.newest);
        for (sum, past) in self.sums.iter_mut().zip(begin.iter().chain(end)) {
            *sum = *sum * self.keep + number * past;
        }
        self.hops += 1;
    }

    /// The correlation with so many hops ago, between hops too: 1 is alike, 0 has nothing to do with it, -1 is opposite.
    pub(super) fn at(&self, lag: f64) -> f32 {
        let (index, fraction) = (lag as usize, (lag - lag.floor()) as f32);
        let sum = self.sums[index] * (1.0 - fraction) + self.sums[index + 1] * fraction;
        sum * self.complete(lag) / self.sums[0].max(LEAST)
    }

    /// A long lag has seen fewer pairs; this makes up for them.
    fn complete(&self, lag: f64) -> f32 {
        let share = |hops: f64| 1.0 - (-hops * HOP / MEMORY).exp();
        let all = share(self.hops as f64);
        (all / share((self.hops as f64 - lag).max(0.0)).max(0.05 * all)) as f32
    }
}

/// Less than this is no rhythm, in dB squared.
const LEAST: f32 = 1.0;
