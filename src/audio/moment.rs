use std::sync::Arc;

use super::bands::Bank;
use super::{Beat, Look, Segment, Settings};

/// Silence, in dB of full scale: nothing is quieter.
pub(super) const FLOOR: f32 = -120.0;

/// What one hop of sound was like.
#[derive(Clone, Debug, PartialEq)]
pub struct Moment {
    /// Seconds from the first sample to the hop's end: nothing later was heard.
    pub time: f64,
    /// Mean square of the newest window.
    pub(super) mean_square: f32,
    /// Root mean square of the last 45 ms: -120 dB is silence, 0 dB a square wave of full scale.
    pub decibels: f32,
    /// Loudness: 0 is silence, 1 as loud as it was of late, or a sine of full scale without adaptive gain. It grows as
    /// loudness is felt, with the power 0.6 of the pressure (Stevens 1955).
    pub level: f32,
    /// The largest sample of the hop and of all channels; 1 is full scale.
    pub peak: f32,
    /// Loudness of bass (20 to 200 Hz), middle (200 to 3000 Hz) and treble (3 to 16 kHz), as [`Self::level`].
    pub groups: [f32; 3],
    /// Loudness of bands that are equally wide to the ear, from 30 Hz to 16 kHz, as [`Self::level`].
    pub bands: Vec<f32>,
    /// Centre of gravity of the power spectrum in Hz; 0 in silence.
    pub centroid: f32,
    /// Geometric by arithmetic mean of the power spectrum: 0 is a tone or silence, 1 is white noise.
    pub flatness: f32,
    /// By how much bands grew in 20 ms, in dB, on average; 0 and up.
    pub flux: f32,
    /// Whether something was struck.
    pub onset: bool,
    /// The same of bass, middle and treble.
    pub group_onsets: [bool; 3],
    /// The beat that was heard.
    pub beat: Beat,
    /// What kind of sound it is.
    pub segment: Segment,
    /// Hydra's `a.fft`: 0 and up.
    pub hydra: Vec<f32>,
    /// Hydra's `a.vol`: 0 and up.
    pub volume: f32,
    /// What it looks like, where [`Settings::looks`] asks for it.
    pub look: Option<Arc<Look>>,
}

impl Moment {
    pub(super) fn new(bands: usize, bins: usize) -> Self {
        Self {
            time: 0.0,
            mean_square: 0.0,
            decibels: FLOOR,
            level: 0.0,
            peak: 0.0,
            groups: [0.0; 3],
            bands: vec![0.0; bands.clamp(1, 64)],
            centroid: 0.0,
            flatness: 0.0,
            flux: 0.0,
            onset: false,
            group_onsets: [false; 3],
            beat: Beat::default(),
            segment: Segment::Silence,
            hydra: vec![0.0; bins.clamp(1, 24)],
            volume: 0.0,
            look: None,
        }
    }

    /// Whether anything was struck.
    #[must_use]
    pub fn fires(&self) -> bool {
        self.onset || self.group_onsets.contains(&true)
    }

    /// Silence, before anything was heard.
    #[must_use]
    pub fn silent(settings: &Settings) -> Self {
        Self::new(settings.bands, settings.hydra.bins)
    }

    /// Calls `say` with the name of each signal, the index of a family's member, and its number, always in one order.
    pub fn tell(&self, mut say: impl FnMut(&'static str, Option<i64>, f64)) {
        let heard = [
            ("tempo", self.beat.tempo),
            ("beat", self.beat.count),
            ("bar", self.beat.bars),
            ("beat.confidence", self.beat.confidence.into()),
            ("audio.decibels", self.decibels.into()),
            ("audio.level", self.level.into()),
            ("audio.peak", self.peak.into()),
            ("audio.low", self.groups[0].into()),
            ("audio.mid", self.groups[1].into()),
            ("audio.high", self.groups[2].into()),
            ("audio.centroid", self.centroid.into()),
            ("audio.flatness", self.flatness.into()),
            ("audio.flux", self.flux.into()),
            ("audio.onset", self.onset.into()),
            ("audio.onset.low", self.group_onsets[0].into()),
            ("audio.onset.mid", self.group_onsets[1].into()),
            ("audio.onset.high", self.group_onsets[2].into()),
            ("hydra.vol", self.volume.into()),
        ];
        for (name, number) in heard {
            say(name, None, number);
        }
        for segment in Segment::ALL {
            say(segment.signal(), None, (segment == self.segment).into());
        }
        for (name, family) in [("audio.band", &self.bands), ("hydra.fft", &self.hydra)] {
            for (index, number) in family.iter().enumerate() {
                say(name, Some(index as i64), (*number).into());
            }
        }
    }

    /// What the bare spectrum says: decibels, centroid and flatness.
    pub(super) fn shape(&mut self, bank: &Bank, spectrum: &[f32]) {
        self.decibels = decibels(self.mean_square).max(FLOOR);
        (self.centroid, self.flatness) = (0.0, 0.0);
        let bins = &spectrum[bank.audible.clone()];
        let (sum, count) = (bins.iter().sum::<f32>(), bins.len() as f32);
        if decibels(sum) <= FLOOR {
            return;
        }
        let frequencies = (bank.audible.clone()).map(|at| at as f32 * bank.bin);
        let moments = bins.iter().zip(frequencies).map(|(power, at)| power * at);
        self.centroid = moments.sum::<f32>() / sum;
        // One empty bin among many must not make a tone of a noise.
        let logarithms = bins.iter().map(|power| power.max(EMPTY).ln());
        let geometric = (logarithms.sum::<f32>() / count).exp();
        self.flatness = (geometric * count / sum).min(1.0);
    }
}

/// What an empty bin counts as: 180 dB below full scale.
const EMPTY: f32 = 1e-18;

/// A mean square as decibels of full scale.
pub(super) fn decibels(mean_square: f32) -> f32 {
    10.0 * mean_square.max(1e-30).log10()
}
