//! What kind of sound it is, by the rules of sync-break-ultimate: loud is 1.2 times the usual level, silent half of it,
//! noisy 1.5 times the usual flatness, short less than 0.3 s, struck a rise by half the usual level within five frames;
//! a build or a drop is a slope of more than 7 % a segment over the last five.

use super::Moment;
use super::leaky::LeakyMedian;
use super::moment::FLOOR;

/// What kind of sound it is. Where several would do, the first of them is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Segment {
    /// Half the usual level or less.
    Silence,
    /// Within 0.3 s after a loud stroke.
    Impact,
    /// The last segments grew louder.
    Build,
    /// The last segments grew quieter.
    Drop,
    /// More like noise than usual.
    Noise,
    /// A sound that is held.
    Sustain,
}

impl Segment {
    /// Every kind.
    pub const ALL: [Self; 6] = [
        Self::Silence,
        Self::Impact,
        Self::Build,
        Self::Drop,
        Self::Noise,
        Self::Sustain,
    ];

    /// The signal that is 1 meanwhile.
    #[must_use]
    pub const fn signal(self) -> &'static str {
        match self {
            Self::Silence => "audio.segment.silence",
            Self::Impact => "audio.segment.impact",
            Self::Build => "audio.segment.build",
            Self::Drop => "audio.segment.drop",
            Self::Noise => "audio.segment.noise",
            Self::Sustain => "audio.segment.sustain",
        }
    }
}

const LOUD: f32 = 1.2;
const SILENT: f32 = 0.5;
const NOISY: f32 = 1.5;
const STRUCK: f32 = 0.5;
/// What is not flatter than this is a tone, however pure tones usually are.
const TONE: f32 = 0.02;
const SLOPE: f32 = 0.07;

/// Hops of five frames of 512 samples.
const RISE: usize = 6;

/// Hops of what is short.
const SHORT: u32 = 30;

/// Hops after which a segment ends without an onset.
const LONGEST: u32 = 50;

/// Segments over which a slope is taken.
const SEGMENTS: usize = 5;

/// What is quieter is silence always, in dB.
const QUIETEST: f32 = -60.0;

/// Seconds over which the usual is taken.
const USUAL: f64 = 10.0;

/// Tells segments from each other.
#[derive(Debug)]
pub(super) struct Segments {
    /// The usual level in dB, and the usual logarithm of the flatness.
    level: LeakyMedian,
    flatness: LeakyMedian,
    /// The last levels, newest last.
    levels: [f32; RISE],
    hops: u32,
    squares: f32,
    struck: bool,
    /// The levels of the last segments, newest last.
    past: [f32; SEGMENTS],
    ended: usize,
}

impl Segments {
    pub(super) fn new() -> Self {
        Self {
            level: LeakyMedian::new(USUAL, FLOOR, 0.5, 260),
            flatness: LeakyMedian::new(USUAL, -12.0, 0.1, 120),
            levels: [0.0; RISE],
            hops: 0,
            squares: 0.0,
            struck: false,
            past: [0.0; SEGMENTS],
            ended: 0,
        }
    }

    pub(super) fn hop(&mut self, moment: &Moment) -> Segment {
        if moment.onset || self.hops >= LONGEST {
            self.end();
        }
        self.hops += 1;
        self.squares += moment.mean_square;
        let level = moment.mean_square.sqrt();
        let rise = level - self.levels[0];
        self.levels.rotate_left(1);
        self.levels[RISE - 1] = level;
        let heard = moment.decibels > QUIETEST;
        if heard {
            self.level.add(moment.decibels);
            self.flatness.add(moment.flatness.max(1e-6).ln());
        }
        let usual = self.level.get().map(|decibels| 10f32.powf(decibels / 20.0));
        let Some(usual) = usual.filter(|_| heard) else {
            return Segment::Silence;
        };
        self.struck |= rise > STRUCK * usual;
        self.class(level, moment.flatness, usual)
    }

    fn class(&self, level: f32, flatness: f32, usual: f32) -> Segment {
        let slope = self.slope();
        let usual_flatness = self.flatness.get().map_or(TONE, f32::exp).max(TONE);
        match () {
            () if level < SILENT * usual => Segment::Silence,
            () if self.struck && self.hops < SHORT && self.mean() > LOUD * usual => Segment::Impact,
            () if slope > SLOPE => Segment::Build,
            () if slope < -SLOPE => Segment::Drop,
            () if flatness > NOISY * usual_flatness => Segment::Noise,
            () => Segment::Sustain,
        }
    }

    fn end(&mut self) {
        // What lies between an onset and another just after it is a part of the stroke.
        if self.hops as usize > RISE {
            self.past.rotate_left(1);
            self.past[SEGMENTS - 1] = self.mean();
            self.ended += 1;
        }
        (self.hops, self.squares, self.struck) = (0, 0.0, false);
    }

    /// The level of the segment so far.
    fn mean(&self) -> f32 {
        (self.squares / self.hops.max(1) as f32).sqrt()
    }

    /// By what share of their mean the last segments grew, each against the one before: the line of least squares.
    fn slope(&self) -> f32 {
        let mean = self.past.iter().sum::<f32>() / SEGMENTS as f32;
        if self.ended < SEGMENTS || mean == 0.0 {
            return 0.0;
        }
        let from_middle = |at: usize| at as f32 - (SEGMENTS - 1) as f32 / 2.0;
        let products = self
            .past
            .iter()
            .enumerate()
            .map(|(at, level)| from_middle(at) * level);
        let squares = (0..SEGMENTS).map(|at| from_middle(at) * from_middle(at));
        products.sum::<f32>() / squares.sum::<f32>() / mean
    }
}
