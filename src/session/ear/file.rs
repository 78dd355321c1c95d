//! The sound of a film or an audio file, decoded and heard ahead on a thread of its own.

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
    send: SyncSender<Moment>,
}

impl Hearer {
    /// Hears all passes, and then silence, until nobody listens.
    fn run(mut self, first: Sound) {
        // That nobody listens is how it ends.
        let Err(Deserted) = self.passes(first);
    }

    fn passes(&mut self, first: Sound) -> Result<std::convert::Infallible, Deserted> {
        let ends = (self.part.looping).then(|| Sound::end_of_pictures(&self.part.path));
        let end = ends.flatten();
        let (mut sound, mut from) = (Some(first), self.part.start);
        // Passes lie at rounded times of one count, so that no error grows.
        let mut over = 0.0;
        while let Some(mut playing) = sound.take() {
            let begun = self.samples(over);
            over += end.unwrap_or(f64::INFINITY) - from;
            let last = end.map(|_| self.samples(over).saturating_sub(begun));
            let heard = self.pass(&mut playing, from, last)?;
            if end.is_none() {
                over = (begun + heard) as f64 / f64::from(self.rate);
            }
            from = 0.0;
            let again = self.part.looping && heard > 0;
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

    /// Hears the sound from a place on, `length` samples where that is known, and says how many there were.
    fn pass(&mut self, sound: &mut Sound, from: f64, length: Option<u64>) -> Result<u64, Deserted> {
        if from > FAR {
            sound.seek(from);
        }
        let (mut at, mut skipped, mut is_first) = (0, 0, true);
        let most = length.unwrap_or(u64::MAX);
        while at < most {
            let Some(piece) = sound.read().map(<[f32]>::to_vec) else {
                break;
            };
            if std::mem::take(&mut is_first) {
                let begins = sound.begins() - from;
                (at, skipped) = (self.samples(begins).min(most), self.samples(-begins));
                self.silence(at)?;
            }
            let frames = (piece.len() / self.channels) as u64;
            let leave = skipped.min(frames);
            let keep = (frames - leave).min(most - at);
            (skipped, at) = (skipped - leave, at + keep);
            let range = leave as usize * self.channels..(leave + keep) as usize * self.channels;
            self.hear(&piece[range])?;
        }
        let rest = length.map_or(0, |length| length - at);
        self.silence(rest)?;
        Ok(at + rest)
    }

    fn silence(&mut self, samples: u64) -> Result<(), Deserted> {
        let piece = vec![0.0; PIECE * self.channels];
        let mut left = samples;
        while left > 0 {
            let count = left.min(PIECE as u64);
            self.hear(&piece[..count as usize * self.channels])?;
            left -= count;
        }
        Ok(())
    }

    fn hear(&mut self, samples: &[f32]) -> Result<(), Deserted> {
        let (send, mut is_heard) = (&self.send, true);
        self.analysis.hear(samples, |moment| {
            is_heard = is_heard && send.send(moment.clone()).is_ok();
        });
        if is_heard { Ok(()) } else { Err(Deserted) }
    }
}
