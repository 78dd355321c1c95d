//! The pictures of a film.

use ffmpeg::codec::Id;
use ffmpeg::encoder::video;
use ffmpeg::{Packet, Rational};
use ffmpeg_next as ffmpeg;

use super::super::{OutputError, Settings};
use super::convert::Converter;
use super::encoder;
use super::muxer::Muxer;

/// Apple's players take H.265 under this tag only.
const HVC1: u32 = u32::from_le_bytes(*b"hvc1");

/// Converts, encodes and numbers pictures.
pub(super) struct PictureTrack {
    name: String,
    encoder: video::Encoder,
    converter: Converter,
    stream: usize,
    time_base: Rational,
    next: i64,
}

impl PictureTrack {
    pub(super) fn create(muxer: &mut Muxer, settings: &Settings) -> Result<Self, OutputError> {
        let codec = encoder::find(muxer.container(), settings)?;
        let name = codec.name().to_owned();
        let encoder = encoder::open(codec, settings, muxer.global_header())?;
        let converter = Converter::new(settings.size, encoder.format());
        let converter = converter.map_err(|error| muxer.encode_error("swscale", error))?;
        let stream = muxer.add_encoder(&encoder)?;
        set_up_stream(muxer, stream, codec.id(), settings);
        let (numerator, denominator) = (settings.rate.0 as i32, settings.rate.1 as i32);
        Ok(Self {
            name,
            encoder,
            converter,
            stream,
            time_base: Rational::new(denominator, numerator),
            next: 0,
        })
    }

    /// Writes a picture so many times.
    pub(super) fn write(
        &mut self,
        muxer: &mut Muxer,
        rgba: &[u8],
        times: u64,
    ) -> Result<(), OutputError> {
        let converted = self.converter.convert(rgba);
        converted.map_err(|error| muxer.encode_error("swscale", error))?;
        for _ in 0..times {
            let frame = self.converter.output();
            frame.set_pts(Some(self.next));
            self.next += 1;
            let sent = self.encoder.send_frame(frame);
            sent.map_err(|error| muxer.encode_error(&self.name, error))?;
            self.drain(muxer)?;
        }
        Ok(())
    }

    pub(super) fn finish(&mut self, muxer: &mut Muxer) -> Result<(), OutputError> {
        let sent = self.encoder.send_eof();
        sent.map_err(|error| muxer.encode_error(&self.name, error))?;
        self.drain(muxer)
    }

    fn drain(&mut self, muxer: &mut Muxer) -> Result<(), OutputError> {
        let time_base = muxer.time_base(self.stream);
        loop {
            let mut packet = Packet::empty();
            match self.encoder.receive_packet(&mut packet) {
                Ok(()) => {
                    // Not every encoder says so, and the last picture would have no end.
                    packet.set_duration(1);
                    packet.rescale_ts(self.time_base, time_base);
                    muxer.write(packet, self.stream)?;
                }
                Err(error) if is_starved(error) => return Ok(()),
                Err(error) => return Err(muxer.encode_error(&self.name, error)),
            }
        }
    }
}

/// Whether a codec only wants more input, or has given everything.
pub(super) fn is_starved(error: ffmpeg::Error) -> bool {
    let again = ffmpeg::Error::Other {
        errno: ffmpeg::error::EAGAIN,
    };
    error == again || error == ffmpeg::Error::Eof
}

fn set_up_stream(muxer: &mut Muxer, index: usize, codec: Id, settings: &Settings) {
    let quicktime = matches!(muxer.container().muxer, "mp4" | "mov");
    let Some(mut stream) = muxer.stream_mut(index) else {
        return;
    };
    let rate = Rational::new(settings.rate.0 as i32, settings.rate.1 as i32);
    stream.set_rate(rate);
    stream.set_avg_frame_rate(rate);
    // SAFETY: the stream lives.
    unsafe {
        let stream = stream.as_mut_ptr();
        (*stream).sample_aspect_ratio = Rational::new(1, 1).into();
        if quicktime && codec == Id::HEVC {
            (*(*stream).codecpar).codec_tag = HVC1;
        }
    }
}
