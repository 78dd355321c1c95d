//! Reading the sound of another file.

use std::path::{Path, PathBuf};

use ffmpeg::codec::Parameters;
use ffmpeg::format::context::Input;
use ffmpeg::media::Type;
use ffmpeg::{Packet, Rational, ffi};
use ffmpeg_next as ffmpeg;

use super::super::{OutputError, Sound};

/// Reads the packets of one audio stream.
pub(super) struct Reader {
    input: Input,
    path: PathBuf,
    stream: usize,
    pub(super) time_base: Rational,
    /// The film's time 0 in the file's own seconds.
    pub(super) origin: f64,
    pending: Option<Packet>,
    ended: bool,
}

impl Reader {
    /// Opens the best audio stream of a file; none where it has none.
    pub(super) fn open(sound: &Sound) -> Result<Option<Self>, OutputError> {
        let path = &sound.path;
        // FFmpeg's wrapper takes nothing else.
        if path.to_str().is_none() {
            return Err(OutputError::NotUtf8(path.clone()));
        }
        let mut input =
            ffmpeg::format::input(path).map_err(|error| sound_error(path, &error.to_string()))?;
        let Some(audio) = input.streams().best(Type::Audio) else {
            return Ok(None);
        };
        let (stream, time_base) = (audio.index(), audio.time_base());
        let origin = picture_start(&input) + sound.start;
        read_only(&mut input, stream);
        if sound.start > 0.0 {
            let target = (origin * f64::from(ffi::AV_TIME_BASE)) as i64;
            // Only to get there sooner: without, everything before is read and left out.
            if let Err(error) = input.seek(target, ..target) {
                log::debug!("no seeking in '{}': {error}", path.display());
            }
        }
        Ok(Some(Self {
            input,
            path: path.clone(),
            stream,
            time_base,
            origin,
            pending: None,
            ended: false,
        }))
    }

    /// The stream's codec parameters.
    pub(super) fn parameters(&self) -> Parameters {
        let stream = self
            .input
            .stream(self.stream)
            .expect("streams of a file are never removed");
        stream.parameters()
    }

    /// An error of this file.
    pub(super) fn error(&self, error: ffmpeg::Error) -> OutputError {
        sound_error(&self.path, &error.to_string())
    }

    /// The film's time of a stamp of the stream, in seconds.
    pub(super) fn seconds(&self, stamp: i64) -> f64 {
        stamp as f64 * f64::from(self.time_base) - self.origin
    }

    /// The next packet, if it starts before `end` in seconds of the film.
    pub(super) fn next_before(&mut self, end: f64) -> Option<Packet> {
        let packet = self.pending.take().or_else(|| self.read())?;
        let stamp = packet.pts().or(packet.dts());
        if stamp.is_some_and(|stamp| self.seconds(stamp) >= end) {
            self.pending = Some(packet);
            return None;
        }
        Some(packet)
    }

    /// Leaves out the packets that end before `earliest`, and gives the start of the next one; both
    /// in seconds of the film.
    pub(super) fn skip_until(&mut self, earliest: f64) -> Option<f64> {
        loop {
            let packet = self.pending.take().or_else(|| self.read())?;
            let stamp = packet.pts().or(packet.dts());
            let end = stamp.map(|stamp| self.seconds(stamp + packet.duration()));
            if end.is_none_or(|end| end > earliest) {
                self.pending = Some(packet);
                return stamp.map(|stamp| self.seconds(stamp));
            }
        }
    }

    /// Whether the file is at its end.
    pub(super) fn is_ended(&self) -> bool {
        self.ended && self.pending.is_none()
    }

    /// A broken file ends where it breaks: the pictures go on.
    fn read(&mut self) -> Option<Packet> {
        while !self.ended {
            let mut packet = Packet::empty();
            match packet.read(&mut self.input) {
                Ok(()) if packet.stream() == self.stream => return Some(packet),
                Ok(()) => {}
                Err(error) => {
                    self.ended = true;
                    if error != ffmpeg::Error::Eof {
                        log::warn!("the sound of '{}' breaks off: {error}", self.path.display());
                    }
                }
            }
        }
        None
    }
}

fn sound_error(path: &Path, reason: &str) -> OutputError {
    OutputError::Sound {
        path: path.to_owned(),
        reason: reason.to_owned(),
    }
}

/// The time of the first picture in the file's own seconds, where films have their beginning; 0
/// where there is none.
fn picture_start(input: &Input) -> f64 {
    let Some(video) = input.streams().best(Type::Video) else {
        return 0.0;
    };
    match video.start_time() {
        ffi::AV_NOPTS_VALUE => 0.0,
        start => start as f64 * f64::from(video.time_base()),
    }
}

/// Lets the demuxer skip all other streams.
fn read_only(input: &mut Input, wanted: usize) {
    for mut stream in input.streams_mut() {
        if stream.index() != wanted {
            // SAFETY: the stream lives.
            unsafe { (*stream.as_mut_ptr()).discard = ffi::AVDiscard::AVDISCARD_ALL };
        }
    }
}
