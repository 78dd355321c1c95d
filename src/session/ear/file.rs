//! The sound of a film or an audio file, decoded and heard ahead on a thread of its own.

use std::sync::mpsc::{Receiver, sync_channel};
use std::thread;

use super::Ear;
use crate::audio::{Analysis, HOPS_PER_SECOND, Moment, Settings};
use crate::frame_loop::may_block;
use crate::session::Failure;
use crate::session::part::Part;
use crate::session::track::{Deserted, Track};
use crate::source::{Sound, Wait};

/// Moments that are heard ahead of the show: two seconds of them.
const AHEAD: usize = 2 * HOPS_PER_SECOND as usize;

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
        let (rate, channels) = (sound.rate(), sound.channels());
        let mut analysis = Analysis::new(rate, channels, settings);
        let hear = move |samples: &[f32]| {
            let mut is_heard = true;
            analysis.hear(samples, |moment| {
                is_heard = is_heard && send.send(moment.clone()).is_ok();
            });
            if is_heard { Ok(()) } else { Err(Deserted) }
        };
        let track = Track::new(part.clone(), rate, channels, hear);
        thread::Builder::new()
            .name("sound".to_owned())
            .spawn(move || track.play(sound))
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
