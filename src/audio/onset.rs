//! Onsets by the growth of the spectrum on a logarithmic scale (Böck and Widmer 2013, "Maximum filter vibrato suppression for
//! onset detection"), made causal and independent of the gain.

use std::ops::Range;

use super::Moment;
use super::bands::{Band, GROUPS, logarithmic};
use super::leaky::LeakyMean;
use super::moment::decibels;

/// Bands an octave.
const PER_OCTAVE: f64 = 6.0;

/// Growth is counted from so many hops ago.
const LAG: usize = 2;

/// What is so far below the whole's loudest does not count: 50 dB.
const SOFT_FLOOR: f32 = 1e-5;

/// Listens for what is struck.
#[derive(Debug)]
pub(super) struct Onsets {
    bands: Vec<Band>,
    /// Which bands are bass, middle and treble: up to where.
    ends: [usize; 3],
    /// Decibels of the bands, in a ring of hops; the newest is at `now`.
    past: [Vec<f32>; LAG + 1],
    now: usize,
    whole: Picker,
    groups: [Picker; 3],
    novelty: [f32; 3],
}

impl Onsets {
    pub(super) fn new(rate: u32, size: usize) -> Self {
        let span = (GROUPS[0].0, GROUPS[2].1);
        let count = |edge: f64| ((edge / span.0).log2() * PER_OCTAVE).round() as usize;
        let bands = logarithmic(count(span.1), span, rate, size);
        Self {
            ends: GROUPS.map(|(_, high)| count(high)),
            past: std::array::from_fn(|_| vec![f32::MIN; bands.len()]),
            now: 0,
            whole: Picker::new(1.5),
            groups: [Picker::new(3.0), Picker::new(2.5), Picker::new(2.5)],
            bands,
            novelty: [0.0; 3],
        }
    }

    /// By how many dB bass, middle and treble grew.
    pub(super) const fn novelty(&self) -> [f32; 3] {
        self.novelty
    }

    /// Hears a hop's spectrum, where `loudest` is the mean square of what was loudest of late.
    pub(super) fn hop(&mut self, moment: &mut Moment, spectrum: &[f32], loudest: f32) {
        let floor = loudest * SOFT_FLOOR;
        self.now = (self.now + 1) % self.past.len();
        for (band, level) in self.bands.iter().zip(&mut self.past[self.now]) {
            *level = decibels(band.power(spectrum) + floor);
        }
        let mut begin = 0;
        let groups = self.ends.map(|end| std::mem::replace(&mut begin, end)..end);
        self.novelty = groups.map(|bands| self.growth(bands, floor));
        moment.flux = self.growth(0..self.bands.len(), floor);
        moment.onset = self.whole.hop(moment.flux);
        let pickers = moment.group_onsets.iter_mut().zip(&mut self.groups);
        for ((onset, picker), growth) in pickers.zip(self.novelty) {
            *onset = picker.hop(growth);
        }
    }

    /// By how many dB some bands grew on average, each against the loudest of its neighbours before: a tone that
    /// slides from one to the next is nothing new.
    fn growth(&self, bands: Range<usize>, floor: f32) -> f32 {
        let now = &self.past[self.now];
        let before = &self.past[(self.now + 1) % self.past.len()];
        let count = bands.len() as f32;
        let growths = bands.map(|at| {
            let neighbours = &before[at.saturating_sub(1)..(at + 2).min(before.len())];
            let loudest = neighbours
                .iter()
                .fold(decibels(floor), |loudest, it| loudest.max(*it));
            (now[at] - loudest).max(0.0)
        });
        growths.sum::<f32>() / count
    }
}

/// Hops in which no second onset comes: 60 ms.
const REST: usize = 6;

/// Says when growth is an onset.
#[derive(Debug)]
struct Picker {
    /// dB above the usual growth that an onset has at least.
    least: f32,
    usual: LeakyMean,
    recent: [f32; REST],
    since: usize,
}

impl Picker {
    fn new(least: f32) -> Self {
        Self {
            least,
            usual: LeakyMean::new(0.15),
            recent: [0.0; REST],
            since: REST,
        }
    }

    fn hop(&mut self, growth: f32) -> bool {
        self.since += 1;
        let largest = self
            .recent
            .iter()
            .fold(0.0f32, |largest, it| largest.max(*it));
        let fires = self.since > REST && growth > largest && growth > self.usual.get() + self.least;
        self.recent.rotate_left(1);
        self.recent[REST - 1] = growth;
        self.usual.add(growth);
        if fires {
            self.since = 0;
        }
        fires
    }
}
