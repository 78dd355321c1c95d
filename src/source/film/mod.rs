mod clock;
mod layout;
mod open;
mod planes;
mod sound;
mod tags;

use std::fmt;
use std::path::{Path, PathBuf};

use ffmpeg_next::error::EAGAIN;
use ffmpeg_next::format::context::Input;
use ffmpeg_next::media::Type;
use ffmpeg_next::{Error, Packet, decoder, frame};

use self::clock::Clock;
use self::planes::Converter;
pub use self::sound::Sound;
use super::planes::{Spares, extents};
use super::timeline::ROUNDING;
use super::{Info, Rate, Source, SourceError};
use crate::picture::{Picture, Rotation, Size};

/// So many damaged packets or pictures without a good one between them end a film.
const MOST_DAMAGED: u32 = 1000;

/// Some formats land behind the picture that is sought: by so many seconds more they are asked to go back.
const EARLIER: [f64; 3] = [0.0, 2.0, 10.0];

/// A film, decoded with FFmpeg's libraries. Its planes go out as the decoder made them.
pub struct Film {
    path: PathBuf,
    input: Input,
    decoder: decoder::Video,
    index: usize,
    info: Info,
    clock: Clock,
    rotation: Rotation,
    /// Decoded while opening or rewinding, and not given yet.
    ready: Option<Picture>,
    frame: frame::Video,
    converter: Option<Converter>,
    spares: Spares,
    damaged: u32,
    /// Whether the user was told of damage; a loop would tell again in every pass.
    warned: bool,
    /// A read that failed for good, told after the pictures before it.
    failure: Option<SourceError>,
}

impl fmt::Debug for Film {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "Film({}, {})",
            self.path.display(),
            self.info.description
        )
    }
}

impl Film {
    /// Opens a film and decodes its first picture.
    ///
    /// # Errors
    /// No film that FFmpeg reads, no pictures in it, no decoder for them, none that decodes, or pictures
    /// larger than a GPU can hold.
    pub fn open(path: &Path) -> Result<Self, SourceError> {
        Self::over(path, open::input(path)?, open::Delay::Any)
    }

    /// Reads a network stream. FFmpeg gives up what it waits for once `interrupt` says true.
    ///
    /// # Errors
    /// As [`Self::open`], and nobody who answers.
    pub(super) fn receive(
        address: &str,
        interrupt: impl FnMut() -> bool + Send + 'static,
    ) -> Result<Self, SourceError> {
        let input = open::address(address, interrupt)?;
        Self::over(Path::new(address), input, open::Delay::Least)
    }

    fn over(path: &Path, mut input: Input, delay: open::Delay) -> Result<Self, SourceError> {
        let stream = open::video(path, &input)?;
        let (index, unit) = (stream.index(), f64::from(stream.time_base()));
        let rotation = tags::rotation(&stream);
        let decoder = open::decoder(path, &stream, delay)?;
        let rate = open::rate(&mut input, index);
        let mut film = Self {
            path: path.to_owned(),
            info: unread(rate),
            input,
            decoder,
            index,
            clock: Clock::new(unit, rate),
            rotation,
            ready: None,
            frame: frame::Video::empty(),
            converter: None,
            spares: Spares::default(),
            damaged: 0,
            warned: false,
            failure: None,
        };
        film.read_first()?;
        Ok(film)
    }

    /// Decodes the first picture, which tells what the film is.
    fn read_first(&mut self) -> Result<(), SourceError> {
        if !self.decode() {
            let problem = "none of its pictures can be decoded; test it with 'ffmpeg -i'";
            return Err(self.failure.take().unwrap_or_else(|| self.error(problem)));
        }
        self.clock.start(self.frame.timestamp());
        let picture = self.picture()?;
        self.info = self.describe(&picture);
        self.ready = Some(picture);
        Ok(())
    }

    fn describe(&mut self, picture: &Picture) -> Info {
        let streams = || self.input.streams();
        let has_sound = streams().any(|stream| stream.parameters().medium() == Type::Audio);
        let stream = streams().nth(self.index);
        let length = stream.as_ref().map_or(0, |stream| stream.duration());
        let length = match length > 0 {
            true => self.clock.length(length),
            false => self.input.duration() as f64 / 1e6,
        };
        let frames = stream.as_ref().map_or(0, |stream| stream.frames());
        let codec = self.decoder.id().name();
        let layout = self
            .frame
            .format()
            .descriptor()
            .map_or("", |layout| layout.name());
        let colors = tags::describe(&self.frame, &picture.format, picture.encoding);
        let speed = self
            .info
            .rate
            .map_or(String::new(), |rate| format!(", {}", super::fps(rate)));
        let size = picture.size;
        let description = format!("{codec}, {layout}, {size}{speed}, {colors}");
        let demuxer = self.input.format();
        let is_image = demuxer.name() == "image2" || demuxer.name().ends_with("_pipe");
        Info {
            rate: self.info.rate,
            duration: (length > 0.0).then_some(length),
            frames: u64::try_from(frames).ok().filter(|&frames| frames > 0),
            has_sound,
            start: self.clock.first_stamp(),
            still: is_image,
            ..Info::of(picture, description)
        }
    }

    fn error(&self, problem: impl Into<String>) -> SourceError {
        SourceError::contents(self.path.display(), problem)
    }

    /// Decodes into `self.frame`; false at the end.
    fn decode(&mut self) -> bool {
        loop {
            match self.decoder.receive_frame(&mut self.frame) {
                Ok(()) => {
                    self.damaged = 0;
                    return true;
                }
                Err(Error::Eof) => return false,
                Err(Error::Other { errno: EAGAIN }) => self.send_packet(),
                Err(cause) => self.note_damage(cause),
            }
            if self.damaged > MOST_DAMAGED {
                return false;
            }
        }
    }

    /// Gives the decoder its next packet, or tells it that there are no more.
    fn send_packet(&mut self) {
        let mut packet = Packet::empty();
        let sent = match packet.read(&mut self.input) {
            Ok(()) if packet.stream() == self.index => self.decoder.send_packet(&packet),
            Ok(()) => Ok(()),
            Err(cause @ (Error::InvalidData | Error::Other { errno: EAGAIN })) => Err(cause),
            Err(Error::Eof) => self.decoder.send_eof(),
            Err(cause) => {
                let problem = format!("reading stopped ({cause}); check the file and its disk");
                self.failure = Some(self.error(problem));
                self.decoder.send_eof()
            }
        };
        if let Err(cause) = sent {
            self.note_damage(cause);
        }
    }

    fn note_damage(&mut self, cause: Error) {
        self.damaged += 1;
        let time = self.clock.end();
        self.warn(&format!("damaged near {time:.2} s ({cause}), skipped"));
    }

    /// Logs what is wrong with the film, the first time as a warning.
    fn warn(&mut self, problem: &str) {
        let level = match std::mem::replace(&mut self.warned, true) {
            false => log::Level::Warn,
            true => log::Level::Debug,
        };
        log::log!(level, "{}: {problem}", self.path.display());
    }

    /// The picture in `self.frame`.
    fn picture(&mut self) -> Result<Picture, SourceError> {
        let size = Size::new(self.frame.width(), self.frame.height());
        SourceError::check_size(self.path.display(), size)?;
        let pixel_aspect = open::pixel_aspect(&mut self.input, self.index, &mut self.frame);
        let refuse = |problem: String| SourceError::contents(self.path.display(), problem);
        let direct = layout::format(self.frame.format());
        let (frame, format) = match direct {
            Some(format) => (&self.frame, format),
            None => {
                let frame = convert(&mut self.converter, &self.frame)
                    .map_err(|cause| refuse(format!("its pixels cannot be converted ({cause})")))?;
                let format = layout::format(frame.format())
                    .expect("conversions lead to formats that pictures hold");
                (frame, format)
            }
        };
        let planes = planes::copy(frame, &extents(&format, size), &mut self.spares)
            .ok_or_else(|| refuse("a decoded picture is incomplete; convert it to H.264".into()))?;
        let (time, sequence) = self
            .clock
            .next(self.frame.timestamp(), self.frame.packet().duration);
        Ok(Picture {
            encoding: tags::encoding(&self.frame, &format),
            format,
            size,
            pixel_aspect,
            rotation: self.rotation,
            planes,
            time,
            sequence,
            captured: None,
        })
    }

    /// Jumps to the picture shown at `seconds`, or to one before it; opens the file anew where its
    /// format cannot do that exactly.
    fn jump(&mut self, seconds: f64) -> Result<(), SourceError> {
        for earlier in EARLIER {
            if self.try_jump((seconds - earlier).max(0.0))? {
                return Ok(());
            }
        }
        let (spares, warned) = (std::mem::take(&mut self.spares), self.warned);
        *self = Self {
            spares,
            warned,
            ..Self::open(&self.path)?
        };
        Ok(())
    }

    fn try_jump(&mut self, seconds: f64) -> Result<bool, SourceError> {
        let target = ((self.info.start + seconds) * 1e6).floor() as i64;
        if !self.clock.is_stamped() || self.input.seek(target, ..target + 1).is_err() {
            return Ok(false);
        }
        self.decoder.flush();
        self.clock.reset();
        (self.ready, self.failure, self.damaged) = (None, None, 0);
        if !self.decode() {
            return Ok(false);
        }
        let landed = self
            .frame
            .timestamp()
            .and_then(|stamp| self.clock.seconds(stamp));
        let exact = landed.is_some_and(|time| (0.0..=seconds + ROUNDING).contains(&time));
        if exact {
            self.ready = Some(self.picture()?);
        }
        Ok(exact)
    }

    /// Says when a film stops long before its header says it should.
    fn warn_short(&mut self) {
        let Some(duration) = self.info.duration.filter(|_| !self.info.has_sound) else {
            return;
        };
        let end = self.clock.end();
        if end + 2.0 * self.clock.period().max(0.1) < duration {
            self.warn(&format!(
                "ends at {end:.2} s of {duration:.2} s, it is cut off"
            ));
        }
    }
}

impl Source for Film {
    fn info(&self) -> &Info {
        &self.info
    }

    fn next(&mut self) -> Result<Option<Picture>, SourceError> {
        if let Some(picture) = self.ready.take() {
            return Ok(Some(picture));
        }
        if self.decode() {
            return self.picture().map(Some);
        }
        match self.failure.take() {
            Some(failure) => Err(failure),
            None => {
                self.warn_short();
                Ok(None)
            }
        }
    }

    fn rewind(&mut self) -> Result<(), SourceError> {
        self.jump(0.0)
    }

    fn seek(&mut self, seconds: f64) -> Result<(), SourceError> {
        self.jump(seconds)
    }

    fn end(&self) -> f64 {
        if self.info.still {
            f64::INFINITY
        } else {
            self.clock.end()
        }
    }

    fn recycle(&mut self, picture: Picture) {
        self.spares.give(picture.planes);
    }
}

/// What is known before the first picture.
fn unread(rate: Option<Rate>) -> Info {
    let picture = Picture::rgba8(Size::new(1, 1), Vec::new());
    Info {
        rate,
        ..Info::of(&picture, String::new())
    }
}

/// The picture in a layout that the GPU reads.
fn convert<'a>(
    converter: &'a mut Option<Converter>,
    frame: &frame::Video,
) -> Result<&'a frame::Video, Error> {
    let converter = match converter.take().filter(|converter| converter.fits(frame)) {
        Some(same) => converter.insert(same),
        None => converter.insert(Converter::new(frame, layout::nearest(frame.format()))?),
    };
    converter.run(frame)
}
