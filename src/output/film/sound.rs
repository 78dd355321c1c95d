//! The sound of a film: packets of another file, as they are or encoded anew.

use std::path::{Path, PathBuf};

use ffmpeg::codec::{Id, Parameters};
use ffmpeg::format::context::Input;
use ffmpeg::media::Type;
use ffmpeg::{Packet, Rational, ffi};
use ffmpeg_next as ffmpeg;

use super::super::{OutputError, Sound};
use super::muxer::Muxer;
use super::transcode::Transcode;

/// Before the first picture a copy keeps this much: what decoders swallow to get going.
const PRIMING_SECONDS: f64 = 0.1;

/// Takes as much of the sound as there is picture.
pub(super) struct SoundTrack {
    reader: Reader,
    way: Way,
}

enum Way {
    Copy(Copy),
    Encode(Box<Transcode>),
}

impl SoundTrack {
    /// Adds the sound of a file to the film; none where the file has none.
    pub(super) fn create(muxer: &mut Muxer, sound: &Sound) -> Result<Option<Self>, OutputError> {
        let Some(reader) = Reader::open(sound)? else {
            log::info!("'{}' has no sound", sound.path.display());
            return Ok(None);
        };
        let parameters = reader.parameters();
        let container = muxer.container();
        let cut = sound.start > 0.0;
        let way = if container.holds(parameters.id()) && (!cut || is_intra(parameters.id())) {
            Way::Copy(Copy::create(muxer, parameters, reader.time_base, cut)?)
        } else {
            let (from, to) = (parameters.id().name(), container.sound_codec);
            log::info!(
                "the sound is encoded anew for .{}: {from} to {to}",
                container.extension
            );
            Way::Encode(Box::new(Transcode::create(
                muxer,
                &reader,
                container.sound_codec,
            )?))
        };
        Ok(Some(Self { reader, way }))
    }

    /// Writes the sound up to a time of the film in seconds.
    pub(super) fn write_until(&mut self, muxer: &mut Muxer, end: f64) -> Result<(), OutputError> {
        match &mut self.way {
            Way::Copy(copy) => copy.write_until(&mut self.reader, muxer, end),
            Way::Encode(transcode) => transcode.write_until(&mut self.reader, muxer, end),
        }
    }

    /// Writes what the encoder still holds.
    pub(super) fn finish(&mut self, muxer: &mut Muxer) -> Result<(), OutputError> {
        match &mut self.way {
            Way::Copy(_) => Ok(()),
            Way::Encode(transcode) => transcode.finish(muxer),
        }
    }
}

/// Whether every packet can be decoded alone, so that a cut between two does no harm.
fn is_intra(codec: Id) -> bool {
    // SAFETY: a descriptor found is static.
    let descriptor = unsafe { ffi::avcodec_descriptor_get(codec.into()).as_ref() };
    descriptor.is_some_and(|it| it.props & ffi::AV_CODEC_PROP_INTRA_ONLY as i32 != 0)
}

/// Reads the packets of one audio stream.
pub(super) struct Reader {
    input: Input,
    path: PathBuf,
    stream: usize,
    pub(super) time_base: Rational,
    /// The film's time 0 in the file's own seconds.
    origin: f64,
    pending: Option<Packet>,
    ended: bool,
}

impl Reader {
    /// Opens the best audio stream of a file; none where it has none.
    fn open(sound: &Sound) -> Result<Option<Self>, OutputError> {
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

/// Writes packets as they are.
struct Copy {
    stream: usize,
    parameters: Parameters,
    /// Whether the sound begins inside the file, at a packet that reaches over the cut.
    cut: bool,
    /// The unit of the decoded sound, in which packets follow each other without gaps.
    sample: Rational,
    /// `av_rescale_delta`'s memory.
    last: i64,
}

impl Copy {
    fn create(
        muxer: &mut Muxer,
        parameters: Parameters,
        time_base: Rational,
        cut: bool,
    ) -> Result<Self, OutputError> {
        let stream = muxer.add_copy(parameters.clone(), time_base)?;
        // SAFETY: the parameters live.
        let rate = unsafe { (*parameters.as_ptr()).sample_rate };
        Ok(Self {
            stream,
            parameters,
            cut,
            sample: Rational::new(1, rate.max(1)),
            last: ffi::AV_NOPTS_VALUE,
        })
    }

    fn write_until(
        &mut self,
        reader: &mut Reader,
        muxer: &mut Muxer,
        end: f64,
    ) -> Result<(), OutputError> {
        while let Some(packet) = reader.next_before(end) {
            if self.is_wanted(reader, &packet) {
                let packet = self.retimed(reader, muxer, packet);
                muxer.write(packet, self.stream)?;
            }
        }
        Ok(())
    }

    /// Whether a packet reaches into the film, or primes the decoder for its first sound.
    fn is_wanted(&self, reader: &Reader, packet: &Packet) -> bool {
        let Some(stamp) = packet.pts().or(packet.dts()) else {
            return true;
        };
        let earliest = if self.cut { 0.0 } else { -PRIMING_SECONDS };
        reader.seconds(stamp + packet.duration()) > earliest
    }

    /// Stamps in the film's time. They are rounded in samples, not in the file's perhaps coarser
    /// unit, so that packets stay end to end, as FFmpeg's own stream copy does it.
    fn retimed(&mut self, reader: &Reader, muxer: &Muxer, mut packet: Packet) -> Packet {
        let to = muxer.time_base(self.stream);
        let Some(stamp) = packet.pts().or(packet.dts()) else {
            packet.rescale_ts(reader.time_base, to);
            return packet;
        };
        let origin = (reader.origin / f64::from(reader.time_base)).round() as i64;
        // SAFETY: the parameters live, and `last` keeps its place during the call.
        let stamp = unsafe {
            let samples = ffi::av_get_audio_frame_duration2(
                self.parameters.as_mut_ptr(),
                packet.size() as i32,
            );
            ffi::av_rescale_delta(
                reader.time_base.into(),
                stamp - origin,
                self.sample.into(),
                samples,
                &mut self.last,
                to.into(),
            )
        };
        packet.rescale_ts(reader.time_base, to);
        packet.set_pts(Some(stamp));
        packet.set_dts(Some(stamp));
        packet
    }
}
