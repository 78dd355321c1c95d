use std::fmt;
use std::sync::Arc;

use rustfft::num_complex::Complex;
use rustfft::{Fft, FftPlanner};

use super::spectrum::hann;

/// Edges of seven bands in Hz, each from and below: sub-bass to treble.
pub const FRAME_BANDS: [(f64, f64); 7] = [
    (20.0, 60.0),
    (60.0, 250.0),
    (250.0, 500.0),
    (500.0, 2000.0),
    (2000.0, 4000.0),
    (4000.0, 6000.0),
    (6000.0, 20_000.0),
];

/// Loudness and bands of a whole sound in librosa's frames: as exact as a reference, and not causal, since a frame looks
/// ahead by half its length.
///
/// A frame stands in the middle of its 2048 samples, 512 after the one before, with silence around the sound
/// (librosa's `center=True`, `pad_mode="constant"`).
pub struct Frames {
    /// Root mean square of each frame's samples.
    pub rms: Vec<f64>,
    /// Of each of [`FRAME_BANDS`] the sum of `|X|²` over its bins, a value for each frame; the transform has a periodic Hann
    /// window and no scale.
    pub bands: [Vec<f64>; 7],
    rate: u32,
    fft: Arc<dyn Fft<f64>>,
    window: Vec<f64>,
    waiting: Vec<f32>,
    buffer: Vec<Complex<f64>>,
}

impl Frames {
    /// Samples of a frame.
    pub const SIZE: usize = 2048;

    /// Samples from one frame to the next.
    pub const STEP: usize = 512;

    /// Of sound of `rate` samples a second.
    #[must_use]
    pub fn new(rate: u32) -> Self {
        Self {
            rms: Vec::new(),
            bands: Default::default(),
            rate: rate.max(1),
            fft: FftPlanner::new().plan_fft_forward(Self::SIZE),
            window: hann(Self::SIZE, Self::SIZE).collect(),
            waiting: vec![0.0; Self::SIZE / 2],
            buffer: Vec::new(),
        }
    }

    /// Hears more samples of one channel.
    pub fn hear(&mut self, samples: &[f32]) {
        self.waiting.extend_from_slice(samples);
        let mut begin = 0;
        while self.waiting.len() - begin >= Self::SIZE {
            self.frame(begin);
            begin += Self::STEP;
        }
        self.waiting.drain(..begin);
    }

    /// The last frames, which reach over the end.
    pub fn finish(&mut self) {
        self.hear(&[0.0; Self::SIZE / 2]);
    }

    fn frame(&mut self, begin: usize) {
        let samples = &self.waiting[begin..begin + Self::SIZE];
        let samples = samples.iter().map(|sample| f64::from(*sample));
        let squares: f64 = samples.clone().map(|sample| sample * sample).sum();
        self.rms.push((squares / Self::SIZE as f64).sqrt());
        let windowed = samples.zip(&self.window);
        self.buffer.clear();
        self.buffer
            .extend(windowed.map(|(sample, weight)| Complex::from(sample * weight)));
        self.fft.process(&mut self.buffer);
        let bin = f64::from(self.rate) / Self::SIZE as f64;
        for (values, (low, high)) in self.bands.iter_mut().zip(FRAME_BANDS) {
            let bins = self.buffer[..=Self::SIZE / 2].iter().enumerate();
            let inside = bins.filter(|(at, _)| (low..high).contains(&(*at as f64 * bin)));
            values.push(inside.map(|(_, bin)| bin.norm_sqr()).sum());
        }
    }
}

impl fmt::Debug for Frames {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Frames({})", self.rms.len())
    }
}
