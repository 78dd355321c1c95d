use super::HOP;

/// The share of a value that is left after one hop, where `seconds` leave 1/e of it.
pub(super) fn leak(seconds: f64) -> f32 {
    (-HOP / seconds).exp() as f32
}

/// A mean that forgets.
#[derive(Clone, Copy, Debug)]
pub(super) struct LeakyMean {
    keep: f32,
    sum: f32,
    weight: f32,
}

impl LeakyMean {
    /// Over about the last `seconds`.
    pub(super) fn new(seconds: f64) -> Self {
        Self {
            keep: leak(seconds),
            sum: 0.0,
            weight: 0.0,
        }
    }

    /// The mean with one more value.
    pub(super) fn add(&mut self, value: f32) -> f32 {
        self.sum = self.sum * self.keep + value;
        self.weight = self.weight * self.keep + 1.0;
        self.get()
    }

    /// The mean; 0 of nothing.
    pub(super) fn get(&self) -> f32 {
        self.sum / self.weight.max(1.0)
    }
}

/// The largest of late: it falls by so many dB a second from a power that it saw.
#[derive(Clone, Copy, Debug)]
pub(super) struct LeakyPeak {
    keep: f32,
    floor: f32,
    peak: f32,
}

impl LeakyPeak {
    /// Never below `floor`.
    pub(super) fn new(decibels_per_second: f64, floor: f32) -> Self {
        let keep = 10f64.powf(-decibels_per_second * HOP / 10.0);
        Self {
            keep: keep as f32,
            floor,
            peak: floor,
        }
    }

    /// The peak with one more power.
    pub(super) fn add(&mut self, power: f32) -> f32 {
        self.peak = (self.peak * self.keep).max(power).max(self.floor);
        self.peak
    }
}

/// The median of the last values, on a grid of classes, each of which forgets.
#[derive(Clone, Debug)]
pub(super) struct LeakyMedian {
    keep: f32,
    low: f32,
    step: f32,
    classes: Vec<f32>,
}

impl LeakyMedian {
    /// Over about the last `seconds` of values from `low` on, in `classes` that are `step` wide.
    pub(super) fn new(seconds: f64, low: f32, step: f32, classes: usize) -> Self {
        Self {
            keep: leak(seconds),
            low,
            step,
            classes: vec![0.0; classes],
        }
    }

    /// The median with one more value.
    pub(super) fn add(&mut self, value: f32) {
        let last = self.classes.len() - 1;
        let class = ((value - self.low) / self.step).clamp(0.0, last as f32) as usize;
        self.classes
            .iter_mut()
            .for_each(|count| *count *= self.keep);
        self.classes[class] += 1.0;
    }

    /// The middle of the class that holds it; nothing before the first value.
    pub(super) fn get(&self) -> Option<f32> {
        let half = self.classes.iter().sum::<f32>() / 2.0;
        let mut sum = 0.0;
        let class = self.classes.iter().position(|count| {
            sum += count;
            sum >= half && half > 0.0
        })?;
        Some(self.low + (class as f32 + 0.5) * self.step)
    }
}
