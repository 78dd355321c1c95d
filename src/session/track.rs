//! The sound of a film or an audio file, pass after pass, as its pictures are looped.

use std::convert::Infallible;

use super::part::Part;
use crate::source::Sound;

/// A start later than this, in seconds, is sought instead of read up to.
const FAR: f64 = 5.0;

/// Samples of silence that are given at once.
const PIECE: usize = 1024;

/// Nobody wants more.
pub(super) struct Deserted;

/// A part of a file on its way to somebody.
pub(super) struct Track<Take> {
    part: Part,
    rate: u32,
    channels: usize,
    /// Samples that were given in all, silence too.
    given: u64,
    take: Take,
}

impl<Take: FnMut(&[f32]) -> Result<(), Deserted>> Track<Take> {
    /// For sound of a rate and channels, and who takes its interleaved samples.
    pub(super) const fn new(part: Part, rate: u32, channels: usize, take: Take) -> Self {
        Self {
            part,
            rate,
            channels,
            given: 0,
            take,
        }
    }

    /// Gives all passes, and then silence, until nobody wants more. Blocks.
    pub(super) fn play(mut self, first: Sound) {
        // That nobody wants more is how it ends.
        let Err(Deserted) = self.passes(first);
    }

    fn passes(&mut self, first: Sound) -> Result<Infallible, Deserted> {
        let is_timed = self.part.looping || self.part.end.is_finite();
        let end = is_timed.then(|| Sound::end_of_pictures(&self.part.path));
        let end = end.flatten();
        let (mut sound, mut over) = (Some(first), 0.0);
        let mut from = self.first(end);
        while let Some(playing) = sound {
            let begun = self.given;
            // Passes end at rounded times of one count, so that no error grows.
            let length = length(&self.part, from, end);
            over += length.unwrap_or_default();
            self.pass(playing, from, length.map(|_| self.samples(over)))?;
            from = self.part.again;
            let again = self.part.looping && self.given > begun;
            sound = again.then(|| self.reopen()).flatten();
        }
        loop {
            self.silence(PIECE as u64)?;
        }
    }

    /// Where the first pass begins: round again, where that is past the end.
    fn first(&self, end: Option<f64>) -> f64 {
        let (start, again) = (self.part.start, self.part.again);
        match length(&self.part, again, end) {
            Some(length) if self.part.looping && length > 0.0 && start >= again + length => {
                again + (start - again).rem_euclid(length)
            }
            _ => start,
        }
    }

    /// The file once more; one that is gone is silent.
    fn reopen(&self) -> Option<Sound> {
        let opened = Sound::open(&self.part.path);
        let opened = opened.inspect_err(|cause| log::warn!("{cause}; it is not heard any more"));
        Some(opened.ok()?.given_as(self.rate, self.channels))
    }

    /// The sample that is nearest to a time in seconds.
    fn samples(&self, seconds: f64) -> u64 {
        (seconds * f64::from(self.rate)).round().max(0.0) as u64
    }

    /// Gives the sound from a place on: to its end, or where that is said, until so many samples were given in all.
    fn pass(&mut self, mut sound: Sound, from: f64, until: Option<u64>) -> Result<(), Deserted> {
        if from > FAR {
            sound.seek(from);
        }
        let last = until.unwrap_or(u64::MAX);
        let mut early = None;
        while self.given < last
            && let Some(piece) = sound.read().map(<[f32]>::to_vec)
        {
            let early = match &mut early {
                Some(early) => early,
                unknown => {
                    let late = sound.begins() - from;
                    self.silence(self.samples(late).min(last - self.given))?;
                    unknown.insert(self.samples(-late))
                }
            };
            let count = (piece.len() / self.channels) as u64;
            let skipped = count.min(*early);
            *early -= skipped;
            let end = count.min(skipped.saturating_add(last - self.given));
            self.give(&piece[self.index(skipped)..self.index(end)])?;
        }
        self.silence(until.map_or(0, |until| until.saturating_sub(self.given)))
    }

    /// Where a sample is among those of all channels.
    const fn index(&self, sample: u64) -> usize {
        sample as usize * self.channels
    }

    fn silence(&mut self, samples: u64) -> Result<(), Deserted> {
        let piece = vec![0.0; PIECE * self.channels];
        let mut left = samples;
        while left > 0 {
            let count = left.min(PIECE as u64);
            self.give(&piece[..self.index(count)])?;
            left -= count;
        }
        Ok(())
    }

    fn give(&mut self, samples: &[f32]) -> Result<(), Deserted> {
        self.given += (samples.len() / self.channels) as u64;
        (self.take)(samples)
    }
}

/// How long a pass is that begins at `from`, if that is said by something else than the sound.
fn length(part: &Part, from: f64, end: Option<f64>) -> Option<f64> {
    let end = end.map_or(part.end, |end| end.min(part.end));
    end.is_finite().then(|| (end - from).max(0.0))
}
