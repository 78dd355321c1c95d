use std::f64::consts::TAU;
use std::fmt;
use std::sync::Arc;

use rustfft::num_complex::Complex;
use rustfft::{Fft, FftPlanner};

/// The newest samples, in a ring.
#[derive(Debug)]
pub(super) struct Window {
    samples: Vec<f32>,
    oldest: usize,
}

impl Window {
    /// Keeps `size` samples, silence at first.
    pub(super) fn new(size: usize) -> Self {
        Self {
            samples: vec![0.0; size],
            oldest: 0,
        }
    }

    pub(super) fn push(&mut self, sample: f32) {
        self.samples[self.oldest] = sample;
        self.oldest = (self.oldest + 1) % self.samples.len();
    }

    /// The newest `count` samples, oldest first.
    pub(super) fn newest(&self, count: usize) -> impl Iterator<Item = f32> {
        let (new, old) = self.samples.split_at(self.oldest);
        let all = old.iter().chain(new).copied();
        all.skip(self.samples.len() - count)
    }

    /// The mean square of the newest `count` samples.
    pub(super) fn mean_square(&self, count: usize) -> f32 {
        let sum: f32 = self.newest(count).map(|sample| sample * sample).sum();
        sum / count as f32
    }
}

/// The short-time Fourier transform with a Hann window.
pub(super) struct Spectrum {
    fft: Arc<dyn Fft<f32>>,
    hann: Vec<f32>,
    /// What makes a sine's squared magnitudes add up to its mean square.
    scale: f32,
    buffer: Vec<Complex<f32>>,
    scratch: Vec<Complex<f32>>,
    power: Vec<f32>,
}

impl Spectrum {
    /// With a window that repeats after `size` samples, as suits spectra; bins add up to the mean square.
    pub(super) fn periodic(size: usize) -> Self {
        let mut spectrum = Self::new(size, size);
        let energy: f32 = spectrum.hann.iter().map(|weight| weight * weight).sum();
        spectrum.scale = 2.0 / (size as f32 * energy);
        spectrum
    }

    /// With a window that repeats after `size` samples; a sine of full scale is 1 in its bin.
    pub(super) fn of_tones(size: usize) -> Self {
        let mut spectrum = Self::new(size, size);
        let sum: f32 = spectrum.hann.iter().sum();
        spectrum.scale = 4.0 / (sum * sum);
        spectrum
    }

    /// With a window that is 0 at both ends; bins are bare squared magnitudes.
    pub(super) fn symmetric(size: usize) -> Self {
        Self::new(size, size - 1)
    }

    fn new(size: usize, period: usize) -> Self {
        let fft = FftPlanner::new().plan_fft_forward(size);
        Self {
            hann: hann(size, period).map(|weight| weight as f32).collect(),
            scale: 1.0,
            buffer: vec![Complex::default(); size],
            scratch: vec![Complex::default(); fft.get_inplace_scratch_len()],
            power: vec![0.0; size / 2 + 1],
            fft,
        }
    }

    /// Samples that are transformed.
    pub(super) fn size(&self) -> usize {
        self.hann.len()
    }

    /// The power of every bin from 0 Hz to half the rate, of the newest samples.
    pub(super) fn of(&mut self, window: &Window) -> &[f32] {
        let samples = window.newest(self.size()).zip(&self.hann);
        for (bin, (sample, weight)) in self.buffer.iter_mut().zip(samples) {
            *bin = Complex::new(sample * weight, 0.0);
        }
        self.fft
            .process_with_scratch(&mut self.buffer, &mut self.scratch);
        for (power, bin) in self.power.iter_mut().zip(&self.buffer) {
            *power = bin.norm_sqr() * self.scale;
        }
        &self.power
    }
}

impl fmt::Debug for Spectrum {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Spectrum({})", self.size())
    }
}

/// The power of two whose samples last nearest to so many seconds, as a ratio.
pub(super) fn power_of_two(rate: u32, seconds: f64) -> usize {
    let exponent = (f64::from(rate) * seconds).log2().round();
    1 << exponent.clamp(5.0, 15.0) as u32
}

/// Hann's window: `size` weights of a cosine that repeats after `period` samples.
pub(super) fn hann(size: usize, period: usize) -> impl Iterator<Item = f64> {
    (0..size).map(move |at| 0.5 - 0.5 * (TAU * at as f64 / period as f64).cos())
}
