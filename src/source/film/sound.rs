use std::fmt;
use std::path::{Path, PathBuf};

use ffmpeg_next::ffi::AV_NOPTS_VALUE;
use ffmpeg_next::format::Sample;
use ffmpeg_next::format::context::Input;
use ffmpeg_next::format::sample::Type as Layout;
use ffmpeg_next::frame::Audio;
use ffmpeg_next::media::Type;
use ffmpeg_next::software::resampling;
use ffmpeg_next::{ChannelLayout, Error, Packet, codec, decoder};

use super::super::{SourceError, head};
use super::clock::Clock;
use super::open;
use crate::frame_loop::may_block;

/// The sound of a film or an audio file, from its first sample, at its own rate unless another is asked for.
pub struct Sound {
    path: PathBuf,
    input: Input,
    stream: usize,
    decoder: decoder::Audio,
    /// Made of the first frame, which knows what the file may not say.
    converter: Option<resampling::Context>,
    /// The rate and channels that are asked for instead of its own.
    wanted: Option<(u32, usize)>,
    frame: Audio,
    converted: Audio,
    damaged: bool,
    /// When the file's first picture begins, by its own stamps in seconds: 0 where there are none.
    origin: f64,
    /// When the first sample begins, by the same stamps, once it was decoded.
    first: Option<f64>,
}

/// What is sought lies so many seconds before what is wanted: decoders need some time to get going.
const RUN_UP: f64 = 0.5;

/// Room for what a change of rate held back of the frames before.
const HELD_BACK: usize = 256;

/// Where the last pictures of a film are looked for, in seconds before its end.
const ENDING: f64 = 10.0;

impl Sound {
    /// Opens the best sound of a file.
    ///
    /// # Errors
    /// No file that FFmpeg reads, no sound in it, or no decoder for it.
    pub fn open(path: &Path) -> Result<Self, SourceError> {
        may_block("open a sound");
        head(path)?;
        let input = open::input(path)?;
        let refuse = |problem: &str| SourceError::contents(path.display(), problem);
        let Some(stream) = input.streams().best(Type::Audio) else {
            return Err(refuse(
                "has no sound; name an audio file or a film with sound",
            ));
        };
        let unknown = |cause: Error| {
            refuse(&format!(
                "FFmpeg cannot decode its sound ({cause}); convert it to WAV"
            ))
        };
        let context = codec::Context::from_parameters(stream.parameters()).map_err(unknown)?;
        let mut decoder = context.decoder();
        decoder.set_packet_time_base(stream.time_base());
        let decoder = decoder.audio().map_err(unknown)?;
        if decoder.rate() == 0 || decoder.channels() == 0 {
            return Err(refuse(
                "does not say its sound's rate and channels; convert it to WAV",
            ));
        }
        Ok(Self {
            origin: origin(path, &input),
            first: None,
            path: path.to_owned(),
            stream: stream.index(),
            decoder,
            input,
            converter: None,
            wanted: None,
            frame: Audio::empty(),
            converted: Audio::empty(),
            damaged: false,
        })
    }

    /// The same with so many samples a second and channels; only before anything is read.
    #[must_use]
    pub fn given_as(mut self, rate: u32, channels: usize) -> Self {
        self.wanted = None;
        self.wanted =
            ((self.rate(), self.channels()) != (rate, channels)).then_some((rate, channels));
        self
    }

    /// Samples a second.
    #[must_use]
    pub fn rate(&self) -> u32 {
        self.wanted.map_or(self.decoder.rate(), |(rate, _)| rate)
    }

    /// Channels that are interleaved.
    #[must_use]
    pub fn channels(&self) -> usize {
        let own = usize::from(self.decoder.channels());
        self.wanted.map_or(own, |(_, channels)| channels)
    }

    /// Goes on near a place before `seconds` since the first picture, if the file can; only before anything is read.
    pub fn seek(&mut self, seconds: f64) {
        let target = ((self.origin + seconds - RUN_UP) * 1e6) as i64;
        if let Err(cause) = self.input.seek(target, ..target) {
            log::debug!("{}: no seeking in its sound ({cause})", self.path.display());
        }
    }

    /// When the first sample that was read begins, in seconds since the file's first picture, or by its own stamps where it
    /// has no pictures; 0 where it has no stamps, or nothing was read.
    #[must_use]
    pub fn begins(&self) -> f64 {
        self.first.map_or(0.0, |first| first - self.origin)
    }

    /// When the last picture of a film is over, in seconds since its first: there a loop begins again. None where there are no
    /// pictures, or they have no stamps.
    #[must_use]
    pub fn end_of_pictures(path: &Path) -> Option<f64> {
        may_block("open a sound");
        let mut input = open::input(path).ok()?;
        let stream = open::video(path, &input).ok()?;
        let (index, unit) = (stream.index(), f64::from(stream.time_base()));
        let mut clock = Clock::new(unit, open::rate(&mut input, index));
        clock.start(first_stamp(&input, index));
        let ending = input.duration() - (ENDING * 1e6) as i64;
        if ending > 0 && input.seek(ending, ..ending).is_err() {
            input = open::input(path).ok()?;
        }
        let last = input
            .packets()
            .filter_map(|(stream, packet)| (stream.index() == index).then_some(packet))
            .max_by_key(stamp)?;
        clock.next(Some(stamp(&last)?), last.duration());
        Some(clock.end())
    }

    /// The next samples, full scale ±1; none at the end. What is damaged is left out.
    pub fn read(&mut self) -> Option<&[f32]> {
        may_block("read a sound");
        while self.decode() {
            match self.convert() {
                Ok(()) => {
                    let count = self.converted.samples() * self.channels();
                    let samples: &[f32] = bytemuck::cast_slice(self.converted.data(0));
                    return Some(&samples[..count]);
                }
                Err(cause) => self.warn(cause),
            }
        }
        None
    }

    /// Decodes a frame, if there is one more.
    fn decode(&mut self) -> bool {
        loop {
            match self.decoder.receive_frame(&mut self.frame) {
                Ok(()) => {
                    self.first = self.first.or_else(|| self.stamp());
                    return true;
                }
                Err(Error::Eof) => return false,
                Err(_) => self.feed(),
            }
        }
    }

    /// When the frame begins, by the file's stamps in seconds.
    fn stamp(&self) -> Option<f64> {
        let unit = f64::from(self.input.stream(self.stream)?.time_base());
        Some(self.frame.timestamp()? as f64 * unit)
    }

    /// Gives the decoder a packet, or the end.
    fn feed(&mut self) {
        let mut packet = Packet::empty();
        loop {
            match packet.read(&mut self.input) {
                Ok(()) if packet.stream() != self.stream => {}
                Ok(()) => {
                    if let Err(cause) = self.decoder.send_packet(&packet) {
                        self.warn(cause);
                    }
                    return;
                }
                Err(cause) => {
                    if cause != Error::Eof {
                        self.warn(cause);
                    }
                    // Whoever has had the end already only says so again.
                    let _ = self.decoder.send_eof();
                    return;
                }
            }
        }
    }

    fn convert(&mut self) -> Result<(), Error> {
        if self.frame.channel_layout().is_empty() {
            let channels = i32::from(self.decoder.channels());
            self.frame
                .set_channel_layout(ChannelLayout::default(channels));
        }
        let (own, own_rate) = (self.frame.channel_layout(), self.decoder.rate());
        let (layout, rate) = match self.wanted {
            Some((rate, channels)) => (ChannelLayout::default(channels as i32), rate),
            None => (own, own_rate),
        };
        let format = Sample::F32(Layout::Packed);
        let converter = match &mut self.converter {
            Some(converter) => converter,
            none => none.insert(resampling::Context::get(
                self.frame.format(),
                own,
                own_rate,
                format,
                layout,
                rate,
            )?),
        };
        let most = match self.wanted {
            Some(_) => self.frame.samples() * rate as usize / own_rate as usize + HELD_BACK,
            None => self.frame.samples(),
        };
        self.converted = Audio::new(format, most, layout);
        converter.run(&self.frame, &mut self.converted).map(drop)
    }

    fn warn(&mut self, cause: Error) {
        if !std::mem::replace(&mut self.damaged, true) {
            log::warn!("{}: its sound is damaged ({cause})", self.path.display());
        }
    }
}

/// When a packet is due, in units of its stream; some containers say only when it is decoded.
fn stamp(packet: &Packet) -> Option<i64> {
    packet.pts().or_else(|| packet.dts())
}

/// When a file's first picture begins, by its own stamps in seconds.
fn origin(path: &Path, input: &Input) -> f64 {
    let stream = open::video(path, input).ok();
    let stamp = stream.and_then(|stream| {
        let unit = f64::from(stream.time_base());
        Some(first_stamp(input, stream.index())? as f64 * unit)
    });
    stamp.unwrap_or(0.0)
}

fn first_stamp(input: &Input, index: usize) -> Option<i64> {
    let start = input.stream(index)?.start_time();
    (start != AV_NOPTS_VALUE).then_some(start)
}

impl fmt::Debug for Sound {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "Sound({}, {} Hz)",
            self.path.display(),
            self.rate()
        )
    }
}
