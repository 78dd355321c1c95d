use std::fmt;
use std::path::{Path, PathBuf};

use ffmpeg_next::format::Sample;
use ffmpeg_next::format::context::Input;
use ffmpeg_next::format::sample::Type as Layout;
use ffmpeg_next::frame::Audio;
use ffmpeg_next::media::Type;
use ffmpeg_next::software::resampling;
use ffmpeg_next::{ChannelLayout, Error, Packet, codec, decoder};

use super::super::{SourceError, head};
use super::open;
use crate::frame_loop::may_block;

/// The sound of a film or an audio file at its own rate, from its first sample.
pub struct Sound {
    path: PathBuf,
    input: Input,
    stream: usize,
    decoder: decoder::Audio,
    /// Made of the first frame, which knows what the file may not say.
    converter: Option<resampling::Context>,
    frame: Audio,
    converted: Audio,
    damaged: bool,
}

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
            path: path.to_owned(),
            stream: stream.index(),
            decoder,
            input,
            converter: None,
            frame: Audio::empty(),
            converted: Audio::empty(),
            damaged: false,
        })
    }

    /// Samples a second.
    #[must_use]
    pub fn rate(&self) -> u32 {
        self.decoder.rate()
    }

    /// Channels that are interleaved.
    #[must_use]
    pub fn channels(&self) -> usize {
        usize::from(self.decoder.channels())
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
                Ok(()) => return true,
                Err(Error::Eof) => return false,
                Err(_) => self.feed(),
            }
        }
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
        let (layout, rate) = (self.frame.channel_layout(), self.decoder.rate());
        let converter = match &mut self.converter {
            Some(converter) => converter,
            none => {
                let (from, to) = (self.frame.format(), Sample::F32(Layout::Packed));
                none.insert(resampling::Context::get(
                    from, layout, rate, to, layout, rate,
                )?)
            }
        };
        let format = Sample::F32(Layout::Packed);
        self.converted = Audio::new(format, self.frame.samples(), layout);
        converter.run(&self.frame, &mut self.converted).map(drop)
    }

    fn warn(&mut self, cause: Error) {
        if !std::mem::replace(&mut self.damaged, true) {
            log::warn!("{}: its sound is damaged ({cause})", self.path.display());
        }
    }
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
