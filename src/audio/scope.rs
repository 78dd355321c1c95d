use super::spectrum::{Spectrum, Window, power_of_two};

/// Samples of each channel that can be looked at.
const WAVE: usize = 4096;

/// The window of what is looked at lasts about so long: tones 12 Hz apart are told apart.
const SECONDS: f64 = 0.085;

/// Channels beyond these are not looked at.
const MOST_CHANNELS: usize = 8;

/// What sound looks like: its newest samples and their spectra, for each of its first eight channels.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Look {
    /// The newest 4096 samples of each channel, the oldest first: full scale is ±1.
    pub waves: Vec<Vec<f32>>,
    /// How strong each frequency is in each channel, from 0 Hz to half the rate: silence is 0, a sine of full scale 1.
    pub spectra: Vec<Vec<f32>>,
    /// From one frequency to the next, in Hz.
    pub spacing: f32,
}

/// Keeps the newest samples of every channel.
#[derive(Debug)]
pub(super) struct Scope {
    channels: Vec<Window>,
    spectrum: Spectrum,
    spacing: f32,
}

impl Scope {
    pub(super) fn new(rate: u32, channels: usize) -> Self {
        let size = power_of_two(rate, SECONDS);
        let window = || Window::new(size.max(WAVE));
        Self {
            channels: (0..channels.min(MOST_CHANNELS)).map(|_| window()).collect(),
            spectrum: Spectrum::of_tones(size),
            spacing: rate as f32 / size as f32,
        }
    }

    pub(super) fn push(&mut self, channel: usize, sample: f32) {
        if let Some(window) = self.channels.get_mut(channel) {
            window.push(sample);
        }
    }

    /// What there is to see.
    pub(super) fn look(&mut self) -> Look {
        let waves = self.channels.iter();
        let waves = waves.map(|window| window.newest(WAVE).collect());
        let mut magnitudes = |window| {
            let power = self.spectrum.of(window).iter();
            power.map(|power| power.sqrt()).collect()
        };
        Look {
            waves: waves.collect(),
            spectra: self.channels.iter().map(&mut magnitudes).collect(),
            spacing: self.spacing,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::f32::consts::TAU;

    use super::*;
    use crate::audio::{Analysis, Settings};

    fn look(rate: u32, samples: &[Vec<f32>]) -> Look {
        let mut scope = Scope::new(rate, samples.len());
        for (channel, samples) in samples.iter().enumerate() {
            samples
                .iter()
                .for_each(|sample| scope.push(channel, *sample));
        }
        scope.look()
    }

    fn sine(rate: u32, frequency: f32, amplitude: f32) -> Vec<f32> {
        let phase = |at: u32| TAU * frequency * at as f32 / rate as f32;
        (0..2 * rate)
            .map(|at| amplitude * phase(at).sin())
            .collect()
    }

    #[test]
    fn a_sine_is_as_high_as_it_is_loud_where_its_frequency_is() {
        for rate in [44_100, 48_000, 96_000] {
            let spacing = rate as f32 / if rate == 96_000 { 8192.0 } else { 4096.0 };
            let [low, high] = [20.0 * spacing, 200.0 * spacing];
            let look = look(rate, &[sine(rate, low, 1.0), sine(rate, high, 0.25)]);
            assert_eq!(look.spacing, spacing, "{rate}");
            let [left, right] = [&look.spectra[0], &look.spectra[1]];
            assert!(
                (left[20] - 1.0).abs() < 1e-3 && left[200] < 1e-3,
                "{rate}: {}",
                left[20]
            );
            assert!(
                (right[200] - 0.25).abs() < 1e-3 && right[20] < 1e-3,
                "{rate}"
            );
        }
    }

    #[test]
    fn the_newest_samples_are_seen_oldest_first() {
        let ramp: Vec<f32> = (0..5000).map(|at| at as f32).collect();
        let seen = look(48_000, &[ramp.clone(), vec![7.0]]);
        assert_eq!(seen.waves[0], ramp[5000 - WAVE..]);
        assert_eq!(seen.waves[1][WAVE - 2..], [0.0, 7.0]);
    }

    #[test]
    fn moments_have_what_they_are_asked_for() {
        for looks in [false, true] {
            let settings = Settings {
                looks,
                ..Settings::default()
            };
            let mut analysis = Analysis::new(48_000, 2, &settings);
            let mut seen = Vec::new();
            let samples: Vec<f32> = (0..960u16).map(f32::from).collect();
            analysis.hear(&samples, |moment| seen.push(moment.look.clone()));
            let [look] = seen.as_slice() else {
                panic!("{} hops", seen.len());
            };
            let newest = look.as_ref().map(|look| look.waves.clone());
            let newest = newest.map(|waves| [waves[0][WAVE - 1], waves[1][WAVE - 1]]);
            assert_eq!(newest, looks.then_some([958.0, 959.0]));
        }
    }

    #[test]
    fn silence_is_flat_and_channels_are_eight_at_most() {
        let look = look(48_000, &vec![vec![0.0; 100]; 12]);
        assert_eq!((look.waves.len(), look.spectra.len()), (8, 8));
        assert!(
            look.spectra
                .iter()
                .flatten()
                .all(|magnitude| *magnitude == 0.0)
        );
    }
}
