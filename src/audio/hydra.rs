//! Hydra's numbers: the loudness of 24 Bark bands as Meyda has it, in bins.
//!
//! Meyda (docs/audio-features.md, `loudness`) takes 512 samples under a symmetric Hann window, adds the bare magnitudes of the
//! bins of each band and raises the sum to 0.23; hydra-synth (src/lib/audio.js) adds neighbouring bands to a bin, smooths,
//! takes the cutoff away and divides by the scale.

use super::settings::Hydra;
use super::spectrum::{Spectrum, Window};
use super::{HOP, Moment};

/// Samples that Meyda looks at.
pub(super) const SIZE: usize = 512;

/// Bark bands.
const BANDS: usize = 24;

/// Pictures a second of a browser, in each of which Hydra smooths once.
const BROWSER: f64 = 60.0;

/// Hydra's ear.
#[derive(Debug)]
pub(super) struct Loudness {
    settings: Hydra,
    /// What a bin keeps in one hop.
    keep: f32,
    spectrum: Spectrum,
    /// Where each band begins, and the last one ends.
    limits: [usize; BANDS + 1],
    bins: Vec<f32>,
}

impl Loudness {
    pub(super) fn new(rate: u32, settings: Hydra) -> Self {
        let smooth = f64::from(settings.smooth.clamp(0.0, 1.0));
        Self {
            keep: smooth.powf(BROWSER * HOP) as f32,
            spectrum: Spectrum::symmetric(SIZE),
            limits: limits(rate),
            bins: vec![0.0; settings.bins.clamp(1, BANDS)],
            settings,
        }
    }

    pub(super) fn hop(&mut self, window: &Window, moment: &mut Moment) {
        let specific = specific(self.spectrum.of(window), &self.limits);
        moment.volume = specific.iter().sum();
        let per_bin = BANDS / self.bins.len();
        let bins = self.bins.iter_mut().zip(specific.chunks_exact(per_bin));
        for ((bin, bands), fft) in bins.zip(&mut moment.hydra) {
            *bin = bands.iter().sum::<f32>() * (1.0 - self.keep) + *bin * self.keep;
            *fft = ((*bin - self.settings.cutoff) / self.settings.scale).max(0.0);
        }
    }
}

/// The loudness of each band.
fn specific(power: &[f32], limits: &[usize; BANDS + 1]) -> [f32; BANDS] {
    std::array::from_fn(|band| {
        let bins = &power[limits[band]..limits[band + 1]];
        bins.iter()
            .map(|power| power.sqrt())
            .sum::<f32>()
            .powf(0.23)
    })
}

/// The Bark scale of Zwicker and Terhardt (1980), cut into equal parts. Meyda leaves its last bin out.
fn limits(rate: u32) -> [usize; BANDS + 1] {
    let last = SIZE / 2 - 1;
    let bark = |bin: usize| {
        let frequency = bin as f64 * f64::from(rate) / SIZE as f64;
        13.0 * (frequency / 1315.8).atan() + 3.5 * (frequency / 7518.0).powi(2).atan()
    };
    std::array::from_fn(|band| {
        let edge = bark(last) * band as f64 / BANDS as f64;
        let inside = (0..=last).find(|bin| bark(*bin) > edge);
        if band == 0 { 0 } else { inside.unwrap_or(last) }
    })
}
