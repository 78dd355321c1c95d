use super::Moment;
use super::bands::Bank;
use super::leaky::LeakyPeak;

/// What is loudest of late is forgotten by so many dB a second: quiet passages come up, single hits don't pump.
const FALL: f64 = 1.5;

/// What is quieter than -60 dB of full scale is never made loud: it is the noise of the room.
const QUIETEST: f32 = 1e-6;

/// A band counts from its own loudest, but not if that is 30 dB below the whole.
const BAND_RANGE: f32 = 1e-3;

/// The mean square of a sine of full scale.
const FULL_SCALE: f32 = 0.5;

/// Loudness is felt as the power 0.6 of the pressure, and so 0.3 of its square (Stevens 1955).
const STEVENS: f32 = 0.3;

/// Makes powers into loudness.
#[derive(Debug)]
pub(super) struct Gain {
    adaptive: bool,
    whole: LeakyPeak,
    groups: [LeakyPeak; 3],
    bands: Vec<LeakyPeak>,
    reference: f32,
}

impl Gain {
    pub(super) fn new(adaptive: bool, bands: usize) -> Self {
        let peak = LeakyPeak::new(FALL, QUIETEST);
        Self {
            adaptive,
            whole: peak,
            groups: [peak; 3],
            bands: vec![peak; bands.clamp(1, 64)],
            reference: QUIETEST,
        }
    }

    /// The mean square that was loudest of late, whether or not loudness counts from it.
    pub(super) const fn reference(&self) -> f32 {
        self.reference
    }

    /// Hears the hop's loudness.
    pub(super) fn apply(&mut self, moment: &mut Moment, bank: &Bank, spectrum: &[f32]) {
        self.reference = self.whole.add(moment.mean_square);
        let (adaptive, least) = (self.adaptive, self.reference * BAND_RANGE);
        let loudness = |power: f32, loudest: f32| {
            let reference = if adaptive { loudest } else { FULL_SCALE };
            (power / reference).powf(STEVENS).min(1.0)
        };
        moment.level = loudness(moment.mean_square, self.reference);
        let groups = moment
            .groups
            .iter_mut()
            .zip(&bank.groups)
            .zip(&mut self.groups);
        let bands = moment
            .bands
            .iter_mut()
            .zip(&bank.bands)
            .zip(&mut self.bands);
        for ((level, band), peak) in groups.chain(bands) {
            let power = band.power(spectrum);
            *level = loudness(power, peak.add(power).max(least));
        }
    }
}
