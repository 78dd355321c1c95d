//! Tempo by the correlation of novelty, octave included.
//!
//! A candidate is judged by how alike what is struck is after parts and multiples of its beat (the metre), by how many
//! onsets a beat would have (Elowsson and Friberg 2015: felt tempo follows their density) and by how natural it is (Parncutt 1994). The
//! weights were fitted by softmax regression to synthetic loops of 13 drum styles, 70 to 180 BPM; no recording had a part in them.

use super::HOPS_PER_SECOND;
use super::correlation::Correlation;
use super::leaky::LeakyMean;

/// BPM that are looked for.
const RANGE: (f64, f64) = (60.0, 200.0);

/// From one candidate to the next, as a ratio.
const STEP: f64 = 1.005;

/// Lags as beats, and how much likeness after each speaks for a beat: of kicks and snares, and of hats.
const METRE: [(f64, f32, f32); 7] = [
    (0.5, -1.0, 1.5),
    (0.75, 1.0, 0.0),
    (1.0, 1.0, 1.0),
    (1.5, -1.0, 1.0),
    (2.0, 2.5, 3.5),
    (3.0, 1.5, 2.5),
    (4.0, 4.0, 2.0),
];

/// The tempo that is felt as natural, and what an octave away from it costs.
const NATURAL: (f64, f64) = (120.0, 2.0);

/// Onsets that a beat usually has, and what twice as many cost.
const EVENTS: (f64, f64) = (2.3, 4.0);

/// With fewer onsets than this in half a beat, all of which are more alike than that, half a beat is the beat; and what it costs not
/// to be.
const TWIN_EVENTS: f64 = 1.3;
const TWIN_LIKENESS: f32 = 0.4;
const TWIN_COST: f32 = 12.0;

/// Hops between two looks.
const PERIOD: u64 = 10;

/// What earlier looks count against the newest one.
const INERTIA: f32 = 0.8;

/// Candidates around the best that mean the same tempo: 2 %.
const SAME: usize = 4;

/// Finds how long a beat is.
#[derive(Debug)]
pub(super) struct TempoFinder {
    hops: u64,
    struck: Correlation,
    treble: Correlation,
    density: LeakyMean,
    candidates: Vec<Candidate>,
    best: Option<(f64, f32)>,
}

/// A tempo that might be.
#[derive(Clone, Copy, Debug)]
struct Candidate {
    /// Hops of a beat.
    period: f64,
    /// The logarithm of its odds before anything is heard.
    prior: f32,
    /// The same after what was heard.
    odds: f32,
}

impl TempoFinder {
    pub(super) fn new() -> Self {
        let count = ((RANGE.1 / RANGE.0).ln() / STEP.ln()) as i32;
        let candidates = (0..=count).map(|at| Candidate::new(RANGE.0 * STEP.powi(at)));
        let candidates: Vec<_> = candidates.collect();
        let longest = candidates.iter().map(|it| it.period).fold(0.0, f64::max);
        let lags = (METRE[METRE.len() - 1].0 * longest) as usize + 1;
        Self {
            hops: 0,
            struck: Correlation::new(lags),
            treble: Correlation::new(lags),
            density: LeakyMean::new(4.0),
            candidates,
            best: None,
        }
    }

    /// Hops of a beat, with a fraction; none before the first onset.
    pub(super) fn period(&self) -> Option<f64> {
        self.best.map(|(period, _)| period)
    }

    /// The odds of that tempo against all others: 0 knows nothing, 1 is sure.
    pub(super) fn confidence(&self) -> f32 {
        self.best.map_or(0.0, |(_, confidence)| confidence)
    }

    /// Hears how much is new in bass, middle and treble, and whether that is an onset.
    pub(super) fn hop(&mut self, [bass, middle, treble]: [f32; 3], onset: bool) {
        self.struck.add(bass + middle);
        self.treble.add(treble);
        self.density
            .add(if onset { HOPS_PER_SECOND as f32 } else { 0.0 });
        self.hops += 1;
        if self.hops.is_multiple_of(PERIOD) && self.density.get() > 0.0 {
            self.look();
        }
    }

    fn look(&mut self) {
        let rhythm = Rhythm {
            struck: &self.struck,
            treble: &self.treble,
            density: f64::from(self.density.get()) / f64::from(HOPS_PER_SECOND),
        };
        for candidate in &mut self.candidates {
            let odds = candidate.prior + rhythm.odds(candidate.period);
            candidate.odds = INERTIA * candidate.odds + (1.0 - INERTIA) * odds;
        }
        self.choose();
    }

    fn choose(&mut self) {
        let odds = |at: usize| self.candidates[at].odds;
        let all = 0..self.candidates.len();
        let Some(best) = all.clone().max_by(|a, b| odds(*a).total_cmp(&odds(*b))) else {
            return;
        };
        let share = |at: usize| (odds(at) - odds(best)).exp();
        let same = best.saturating_sub(SAME)..(best + SAME + 1).min(all.end);
        let confidence = same.map(share).sum::<f32>() / all.map(share).sum::<f32>();
        self.best = Some((self.between(best), confidence));
    }

    /// The top of the parabola through a candidate and its neighbours.
    fn between(&self, best: usize) -> f64 {
        let period = self.candidates[best].period;
        let neighbours = (best.checked_sub(1)).zip(self.candidates.get(best + 1));
        let Some((before, after)) = neighbours else {
            return period;
        };
        let (before, top) = (self.candidates[before].odds, self.candidates[best].odds);
        let curve = before - 2.0 * top + after.odds;
        let shift = if curve < 0.0 {
            0.5 * (before - after.odds) / curve
        } else {
            0.0
        };
        period * STEP.powf(-f64::from(shift))
    }
}

/// What tempos are judged by.
struct Rhythm<'a> {
    struck: &'a Correlation,
    treble: &'a Correlation,
    /// Onsets a hop.
    density: f64,
}

impl Rhythm<'_> {
    /// What speaks for a beat of so many hops, as a logarithm.
    fn odds(&self, period: f64) -> f32 {
        let metre = METRE.iter().map(|(beats, struck, treble)| {
            let lag = beats * period;
            struck * self.struck.at(lag) + treble * self.treble.at(lag)
        });
        let many = (self.density * period / EVENTS.0).log2().max(0.0);
        metre.sum::<f32>() - (EVENTS.1 * many * many) as f32 - self.twin(period / 2.0)
    }

    /// What speaks against a beat, half of which is one too.
    fn twin(&self, half: f64) -> f32 {
        let fastest = 60.0 * f64::from(HOPS_PER_SECOND) / RANGE.1;
        if half < fastest || self.density * half > TWIN_EVENTS {
            return 0.0;
        }
        let alike = self.struck.at(half).min(self.treble.at(half));
        TWIN_COST * (alike - TWIN_LIKENESS).max(0.0)
    }
}

impl Candidate {
    fn new(tempo: f64) -> Self {
        let octaves = (tempo / NATURAL.0).log2();
        let prior = (-NATURAL.1 * octaves * octaves) as f32;
        Self {
            period: 60.0 * f64::from(HOPS_PER_SECOND) / tempo,
            prior,
            odds: prior,
        }
    }
}
