//! Sound as numbers: what the signals `audio.*` and `hydra.*` say, a hundred times a second.
//!
//! All of it is causal: a number depends on what was heard before its time, and not on how the sound was cut into blocks.

mod bands;
mod beat;
mod correlation;
#[cfg(feature = "audio")]
pub mod device;
mod frames;
mod gain;
mod hydra;
mod leaky;
mod moment;
mod onset;
mod scope;
mod segment;
mod settings;
mod spectrum;
mod tempo;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use bands::Bank;
use beat::BeatClock;
use gain::Gain;
use hydra::Loudness;
use onset::Onsets;
use scope::Scope;
use segment::Segments;
use spectrum::{Spectrum, Window, power_of_two};
use tempo::TempoFinder;

pub use beat::Beat;
pub use frames::{FRAME_BANDS, Frames};
pub use moment::Moment;
pub use scope::Look;
pub use segment::Segment;
pub use settings::{Hydra, Settings};

/// Hops a second: how often sound becomes numbers.
pub const HOPS_PER_SECOND: u32 = 100;

/// An onset is heard so many seconds after it, on average.
pub const ONSET_LATENCY: f64 = 0.015;

/// Seconds of one hop.
const HOP: f64 = 1.0 / HOPS_PER_SECOND as f64;

/// The window that is transformed lasts about so long: bass needs it, and onsets want no longer one.
const WINDOW_SECONDS: f64 = 0.045;

/// Hears sound and says what it is like.
#[derive(Debug)]
pub struct Analysis {
    rate: u32,
    channels: usize,
    /// The channels of the sample that is not whole yet: their sum and number.
    partial: (f32, usize),
    heard: u64,
    hops: u64,
    window: Window,
    spectrum: Spectrum,
    bank: Bank,
    gain: Gain,
    onsets: Onsets,
    tempo: TempoFinder,
    beat: BeatClock,
    segments: Segments,
    loudness: Loudness,
    scope: Option<Scope>,
    moment: Moment,
}

impl Analysis {
    /// For sound of `rate` samples a second and so many interleaved channels, both at least 1.
    #[must_use]
    pub fn new(rate: u32, channels: usize, settings: &Settings) -> Self {
        let rate = rate.max(1);
        let size = power_of_two(rate, WINDOW_SECONDS);
        Self {
            rate,
            channels: channels.max(1),
            partial: (0.0, 0),
            heard: 0,
            hops: 0,
            window: Window::new(size.max(hydra::SIZE)),
            spectrum: Spectrum::periodic(size),
            bank: Bank::new(settings.bands, rate, size),
            gain: Gain::new(settings.adaptive_gain, settings.bands),
            onsets: Onsets::new(rate, size),
            tempo: TempoFinder::new(),
            beat: BeatClock::new(),
            segments: Segments::new(),
            loudness: Loudness::new(rate, settings.hydra),
            scope: (settings.looks).then(|| Scope::new(rate, channels.max(1))),
            moment: Moment::new(settings.bands, settings.hydra.bins),
        }
    }

    /// Hears interleaved samples, full scale ±1, and calls `each` for every hop that they complete. What is no
    /// number is silence.
    pub fn hear(&mut self, samples: &[f32], mut each: impl FnMut(&Moment)) {
        for &sample in samples {
            let sample = if sample.is_finite() { sample } else { 0.0 };
            self.moment.peak = self.moment.peak.max(sample.abs());
            if let Some(scope) = &mut self.scope {
                scope.push(self.partial.1, sample);
            }
            self.partial = (self.partial.0 + sample, self.partial.1 + 1);
            if self.partial.1 < self.channels {
                continue;
            }
            self.window.push(self.partial.0 / self.channels as f32);
            self.partial = (0.0, 0);
            self.heard += 1;
            if self.heard == self.end_of_hop() {
                self.hop();
                each(&self.moment);
                self.moment.peak = 0.0;
            }
        }
    }

    /// Samples up to the end of the hop that is under way: hops lie on one grid whatever the rate.
    fn end_of_hop(&self) -> u64 {
        ((self.hops + 1) * u64::from(self.rate)).div_ceil(u64::from(HOPS_PER_SECOND))
    }

    fn hop(&mut self) {
        self.hops += 1;
        let moment = &mut self.moment;
        moment.time = self.hops as f64 * HOP;
        moment.mean_square = self.window.mean_square(self.spectrum.size());
        let power = self.spectrum.of(&self.window);
        moment.shape(&self.bank, power);
        self.gain.apply(moment, &self.bank, power);
        self.onsets.hop(moment, power, self.gain.reference());
        self.tempo.hop(self.onsets.novelty(), moment.onset);
        moment.beat = self.beat.hop(&self.tempo, self.onsets.novelty());
        moment.segment = self.segments.hop(moment);
        self.loudness.hop(&self.window, moment);
        moment.look = self.scope.as_mut().map(|scope| Arc::new(scope.look()));
    }
}
