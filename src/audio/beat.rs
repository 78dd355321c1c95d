use super::HOPS_PER_SECOND;
use super::tempo::TempoFinder;

/// The beat that was heard.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Beat {
    /// Beats a minute, 60 to 200; 0 while none is known.
    pub tempo: f64,
    /// Beats so far, with a fraction; it never goes back, and goes on through silence.
    pub count: f64,
    /// Bars of four beats so far, with a fraction, which begin where the bass is strongest.
    pub bars: f64,
    /// How sure the tempo is: 0 knows nothing, 1 has no doubt.
    pub confidence: f32,
}

/// Below this confidence there is no beat yet.
const LEAST_CONFIDENCE: f32 = 0.2;

/// Beats that are looked back upon, and what each earlier one counts against the next.
const BEATS: usize = 8;
const FADE: f32 = 0.85;

/// Hops from a stroke to the peak of its novelty.
const LATENCY: f64 = 2.0;

/// Hops between two looks.
const PERIOD: u64 = 5;

/// The share of what the clock is off that is made up for in a hop.
const PULL: f64 = 0.04;

/// It never runs faster or slower than by this share.
const MOST_PULL: f64 = 0.4;

/// Further off than this share of a beat is another beat, not a late one.
const OTHER: f64 = 0.2;

/// A change of tempo by more than this share is another tempo.
const OTHER_TEMPO: f64 = 0.1;

/// How much better another beat must be before the clock leaps: as a share of it, added up over looks.
const DOUBTS: f32 = 5.0;

/// What a beat far from the clock's counts less.
const STUBBORN: f64 = 0.15;

/// What a bar's beginning keeps from one beat to the next, and by how much another must be better.
const BAR_FADE: f32 = 0.93;
const BAR_MARGIN: f32 = 1.25;

/// A clock that is locked to the beats it hears.
#[derive(Debug)]
pub(super) struct BeatClock {
    beat: Beat,
    hops: u64,
    past: Vec<f32>,
    /// Beats that it is late, to be made up for.
    late: f64,
    doubts: f32,
    bar: Bar,
}

impl BeatClock {
    pub(super) fn new() -> Self {
        Self {
            beat: Beat::default(),
            hops: 0,
            past: vec![0.0; BEATS * HOPS_PER_SECOND as usize + 2],
            late: 0.0,
            doubts: 0.0,
            bar: Bar::default(),
        }
    }

    /// Hears how much is new in bass, middle and treble.
    pub(super) fn hop(&mut self, tempo: &TempoFinder, [bass, middle, _treble]: [f32; 3]) -> Beat {
        let newest = (self.hops % self.past.len() as u64) as usize;
        self.past[newest] = bass + middle;
        self.hops += 1;
        self.beat.confidence = tempo.confidence();
        let Some(period) = tempo.period() else {
            return self.beat;
        };
        if self.beat.tempo == 0.0 && self.beat.confidence < LEAST_CONFIDENCE {
            return self.beat;
        }
        let tempo = 60.0 * f64::from(HOPS_PER_SECOND) / period;
        // What was known of the beats of another tempo is of no use.
        let begins = (self.beat.tempo / tempo - 1.0).abs() > OTHER_TEMPO;
        self.beat.tempo = tempo;
        if begins || self.hops.is_multiple_of(PERIOD) {
            self.look(period, begins);
        }
        self.advance(period, bass);
        self.beat
    }

    fn advance(&mut self, period: f64, bass: f32) {
        let most = MOST_PULL / period;
        let pull = (self.late * PULL).clamp(-most, most);
        self.late -= pull;
        self.move_by(1.0 / period + pull, bass);
    }

    fn move_by(&mut self, beats: f64, bass: f32) {
        let before = self.beat.count;
        self.beat.count += beats;
        self.beat.bars += beats / 4.0 + self.bar.hop(before, self.beat.count, bass);
    }

    /// Compares the clock with where beats were.
    fn look(&mut self, period: f64, begins: bool) {
        let phase = self.beat.count.fract();
        let ago = |offset: usize| (offset as f64 + LATENCY) / period;
        let wrap = |beats: f64| beats - beats.round();
        let score = |offset: usize| {
            let off = wrap(ago(offset) - phase);
            let near = 1.0 - STUBBORN * (1.0 - (std::f64::consts::TAU * off).cos());
            self.comb(offset, period) * if begins { 1.0 } else { near as f32 }
        };
        let offsets = 0..period.ceil() as usize;
        let Some(best) = offsets.max_by(|a, b| score(*a).total_cmp(&score(*b))) else {
            return;
        };
        let off = wrap(ago(best) - phase);
        if begins {
            self.leap(off);
        } else if off.abs() < OTHER {
            (self.late, self.doubts) = (off, 0.0);
        } else {
            let own = self.comb(offset(phase, period), period);
            self.doubts += (1.0 - own / self.comb(best, period).max(1e-6)).max(0.0);
        }
        if self.doubts > DOUBTS {
            self.leap(off);
        }
    }

    /// Goes on at another part of the beat, without going back.
    fn leap(&mut self, off: f64) {
        (self.late, self.doubts) = (0.0, 0.0);
        self.move_by(off.rem_euclid(1.0), 0.0);
    }

    /// What was new so many hops ago, and whole beats before.
    fn comb(&self, offset: usize, period: f64) -> f32 {
        let teeth = (0..BEATS).map(|beat| {
            let ago = offset as f64 + beat as f64 * period;
            (ago.round() as usize, FADE.powi(beat as i32))
        });
        let around = |ago: usize| {
            self.ago(ago) + 0.5 * (self.ago(ago.saturating_sub(1)) + self.ago(ago + 1))
        };
        teeth.map(|(ago, weight)| weight * around(ago)).sum()
    }

    fn ago(&self, hops: usize) -> f32 {
        let size = self.past.len();
        let newest = ((self.hops - 1) % size as u64) as usize;
        self.past[(newest + size - hops % size) % size]
    }
}

/// How many hops ago the novelty of the clock's own last beat was.
fn offset(phase: f64, period: f64) -> usize {
    (phase * period - LATENCY).rem_euclid(period).round() as usize
}

/// Finds the beat on which bars begin.
#[derive(Debug, Default)]
struct Bar {
    /// How strong the bass was at each of four beats of late.
    strengths: [f32; 4],
    loudest: f32,
    first: usize,
}

impl Bar {
    /// Hears the bass while beats pass; gives the bars by which the count is to leap.
    fn hop(&mut self, before: f64, after: f64, bass: f32) -> f64 {
        self.loudest = self.loudest.max(bass);
        // Halfway between two beats all is heard that belongs to the first.
        if (before + 0.5).floor() == (after + 0.5).floor() {
            return 0.0;
        }
        let beat = before.floor().rem_euclid(4.0) as usize;
        self.strengths
            .iter_mut()
            .for_each(|strength| *strength *= BAR_FADE);
        self.strengths[beat] += std::mem::take(&mut self.loudest);
        let best = (0..4).max_by(|a, b| self.strengths[*a].total_cmp(&self.strengths[*b]));
        match best {
            Some(best) if self.strengths[best] > BAR_MARGIN * self.strengths[self.first] => {
                let leap = (self.first + 4 - best) % 4;
                self.first = best;
                leap as f64 / 4.0
            }
            _ => 0.0,
        }
    }
}
