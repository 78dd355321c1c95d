//! The sound of a film or an audio file, decoded and heard ahead on a thread of its own.

use std::convert::Infallible;
use std::path::PathBuf;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;

use super::Ear;
use crate::audio::{Analysis, HOPS_PER_SECOND, Moment, Settings};
use crate::frame_loop::may_block;
use crate::session::Failure;
use crate::source::{Sound, Wait};

/// Moments that are heard ahead of the show: two seconds of them.
const AHEAD: usize = 2 * HOPS_PER_SECOND as usize;

/// A start later than this, in seconds, is sought instead of read up to.
const FAR: f64 = 5.0;

/// Samples of silence that are heard at once.
const PIECE: usize = 1024;

/// What is heard of a file.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Part {
    /// The film or audio file.
    pub(super) path: PathBuf,
    /// Where the first pass begins, in seconds since the first picture; later ones begin at 0.
    pub(super) start: f64,
    /// Whether it begins again: a film's sound where its pictures do, another at its own end.
    pub(super) looping: bool,
}

/// Hears a file.
#[derive(Debug)]
pub(super) struct FileEar {
    moments: Receiver<Moment>,
}

impl FileEar {
    /// Opens the file and begins to hear it. Blocks while it is opened.
    ///
    /// # Errors
    /// No such file, or no sound in it that can be decoded.
    pub(super) fn open(part: &Part, settings: &Settings) -> Result<Self, Failure> {
        let sound = Sound::open(&part.path).map_err(Failure::usage)?;
        log::info!("{}: its sound is heard", part.path.display());
        let (send, moments) = sync_channel(AHEAD);
        let hearer = Hearer {
            analysis: Analysis::new(sound.rate(), sound.channels(), settings),
            rate: sound.rate(),
            channels: sound.channels(),
            part: part.clone(),
            heard: 0,
            send,
        };
        thread::Builder::new()
            .name("sound".to_owned())
            .spawn(move || hearer.run(sound))
            .map_err(Failure::running)?;
        Ok(Self { moments })
    }
}

impl Ear for FileEar {
    fn next(&mut self, _: f64, wait: Wait) -> Option<Moment> {
        match wait {
            Wait::Never => self.moments.try_recv().ok(),
            Wait::Block => {
                may_block("wait for sound");
                self.moments.recv().ok()
            }
        }
    }
}

/// Nobody listens any more.
struct Deserted;

/// The thread's side.
struct Hearer {
    analysis: Analysis,
    rate: u32,
    channels: usize,
    part: Part,
    /// Samples that were heard in all, silence too.
    heard: u64,
    send: SyncSender<Moment>,
}

impl Hearer {
    /// Hears all passes, and then silence, until nobody listens.
    fn run(mut self, first: Sound) {
        // That nobody listens is how it ends.
        let Err(Deserted) = self.passes(first);
    }

    fn passes(&mut self, first: Sound) -> Result<Infallible, Deserted> {
        let ends = (self.part.looping).then(|| Sound::end_of_pictures(&self.part.path));
        let end = ends.flatten();
        let (mut sound, mut from, mut over) = (Some(first), self.part.start, 0.0);
        while let Some(playing) = sound {
            let begun = self.heard;
            // Passes end at rounded times of one count, so that no error grows.
            over += end.unwrap_or_default() - from;
            self.pass(playing, from, end.map(|_| self.samples(over)))?;
            from = 0.0;
            let again = self.part.looping && self.heard > begun;
            sound = again.then(|| self.reopen()).flatten();
        }
        loop {
            self.silence(PIECE as u64)?;
        }
    }

    /// The file once more; one that is gone, or another by now, is silent.
    fn reopen(&self) -> Option<Sound> {
        let problem = match Sound::open(&self.part.path) {
            Ok(sound) if (sound.rate(), sound.channels()) == (self.rate, self.channels) => {
                return Some(sound);
            }
            Ok(_) => format!("{}: its sound is another by now", self.part.path.display()),
            Err(cause) => cause.to_string(),
        };
        log::warn!("{problem}; it is not heard any more");
        None
    }

    /// The sample that is nearest to a time in seconds.
    fn samples(&self, seconds: f64) -> u64 {
        (seconds * f64::from(self.rate)).round().max(0.0) as u64
    }

    /// Hears the sound from a place on: to its end, or where that is said, until so many samples were heard in all.
    fn pass(&mut self, mut sound: Sound, from: f64, until: Option<u64>) -> Result<(), Deserted> {
        if from > FAR {
            sound.seek(from);
        }
        let last = until.unwrap_or(u64::MAX);
        let mut early = None;
        while self.heard < last
            && let Some(piece) = sound.read().map(<[f32]>::to_vec)
        {
            let early = match &mut early {
                Some(early) => early,
                unknown => {
                    let late = sound.begins() - from;
                    self.silence(self.samples(late).min(last - self.heard))?;
                    unknown.insert(self.samples(-late))
                }
            };
            let count = (piece.len() / self.channels) as u64;
            let skipped = count.min(*early);
            *early -= skipped;
            let end = count.min(skipped.saturating_add(last - self.heard));
            self.hear(&piece[self.index(skipped)..self.index(end)])?;
        }
        self.silence(until.map_or(0, |until| until.saturating_sub(self.heard)))
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
            self.hear(&piece[..self.index(count)])?;
            left -= count;
        }
        Ok(())
    }

    fn hear(&mut self, samples: &[f32]) -> Result<(), Deserted> {
        self.heard += (samples.len() / self.channels) as u64;
        let (send, mut is_heard) = (&self.send, true);
        self.analysis.hear(samples, |moment| {
            is_heard = is_heard && send.send(moment.clone()).is_ok();
        });
        if is_heard { Ok(()) } else { Err(Deserted) }
    }
}
