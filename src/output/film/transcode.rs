//! Decoding sound, and encoding it anew.

use std::collections::VecDeque;

use ffmpeg::codec::Id;
use ffmpeg::encoder::audio;
use ffmpeg::format::Sample;
use ffmpeg::format::sample::Type;
use ffmpeg::frame::Audio;
use ffmpeg::software::resampling;
use ffmpeg::{ChannelLayout, Packet, decoder};
use ffmpeg_next as ffmpeg;

use super::super::OutputError;
use super::muxer::Muxer;
use super::picture::is_starved;
use super::reader::Reader;
use super::sound_codec::{layout_of, open_decoder, open_encoder, padding_of};

/// Samples per packet where the encoder takes any number.
const PACKET_SAMPLES: usize = 1024;

/// A hole in the sound longer than this becomes silence; shorter ones are rounding of time stamps.
const HOLE_SECONDS: f64 = 0.05;

/// Decodes, resamples and encodes. Mono, stereo and 5.1 stay; everything else becomes stereo.
pub(super) struct Transcode {
    decoder: decoder::Audio,
    resampler: resampling::Context,
    /// What the decoder's sound is laid out as, where the file does not say.
    layout: ChannelLayout,
    encoder: audio::Encoder,
    name: &'static str,
    stream: usize,
    rate: u32,
    channels: usize,
    /// Interleaved samples that wait for a full packet.
    queue: VecDeque<f32>,
    /// Samples per channel decoded so far, counted from the film's beginning.
    decoded: i64,
    /// Samples per channel encoded so far.
    encoded: i64,
    /// The film's end so far, in samples.
    end: i64,
    flushed: bool,
}

impl Transcode {
    pub(super) fn create(
        muxer: &mut Muxer,
        reader: &Reader,
        name: &'static str,
    ) -> Result<Self, OutputError> {
        let decoder = open_decoder(reader).map_err(|error| reader.error(error))?;
        let layout = layout_of(&decoder);
        let codec = ffmpeg::encoder::find_by_name(name);
        let codec = codec.ok_or(ffmpeg::Error::EncoderNotFound);
        let codec = codec.map_err(|error| muxer.encode_error(name, error))?;
        let encoder = open_encoder(codec, &decoder, layout, muxer.global_header());
        let encoder = encoder.map_err(|error| muxer.encode_error(name, error))?;
        let rate = encoder.rate();
        let stream = muxer.add_encoder(&encoder)?;
        if codec.id() == Id::OPUS {
            let padding = padding_of(&encoder) / f64::from(rate);
            muxer.keep_opus_in_time(stream, -padding, padding);
        }
        let resampler = resampling::Context::get(
            decoder.format(),
            layout,
            decoder.rate(),
            Sample::F32(Type::Packed),
            encoder.channel_layout(),
            rate,
        );
        Ok(Self {
            resampler: resampler.map_err(|error| reader.error(error))?,
            layout,
            stream,
            name,
            rate,
            channels: encoder.channel_layout().channels() as usize,
            decoder,
            encoder,
            queue: VecDeque::new(),
            decoded: 0,
            encoded: 0,
            end: 0,
            flushed: false,
        })
    }

    /// Decodes up to a time of the film in seconds and encodes all full packets.
    pub(super) fn write_until(
        &mut self,
        reader: &mut Reader,
        muxer: &mut Muxer,
        end: f64,
    ) -> Result<(), OutputError> {
        self.end = (end * f64::from(self.rate)).round() as i64;
        while self.decoded < self.end {
            let Some(packet) = reader.next_before(end) else {
                break;
            };
            // One broken packet is a click, not the end of the film.
            if let Err(error) = self.decoder.send_packet(&packet) {
                log::warn!("a packet of sound is lost: {error}");
            }
            self.receive(reader);
        }
        if reader.is_ended() && !self.flushed {
            self.flush(reader);
        }
        let frame = match self.encoder.frame_size() {
            0 => PACKET_SAMPLES,
            size => size as usize,
        };
        while self.available() >= frame {
            self.encode(muxer, frame)?;
        }
        Ok(())
    }

    /// Encodes the rest, up to the film's end.
    pub(super) fn finish(&mut self, muxer: &mut Muxer) -> Result<(), OutputError> {
        let rest = self.available();
        if rest > 0 {
            self.encode(muxer, rest)?;
        }
        let sent = self.encoder.send_eof();
        sent.map_err(|error| muxer.encode_error(self.name, error))?;
        self.drain(muxer)
    }

    /// Samples per channel that wait and lie before the film's end.
    fn available(&self) -> usize {
        let until_end = usize::try_from(self.end - self.encoded).unwrap_or(0);
        until_end.min(self.queue.len() / self.channels)
    }

    fn receive(&mut self, reader: &Reader) {
        let mut frame = Audio::empty();
        while self.decoder.receive_frame(&mut frame).is_ok() {
            if let Err(error) = self.queue_frame(reader, &mut frame) {
                log::warn!("a piece of sound is lost: {error}");
            }
        }
    }

    fn queue_frame(&mut self, reader: &Reader, frame: &mut Audio) -> Result<(), ffmpeg::Error> {
        let delay = self.resampler.delay().map_or(0, |delay| delay.output);
        if let Some(stamp) = frame.timestamp() {
            let at = (reader.seconds(stamp) * f64::from(self.rate)).round() as i64 - delay;
            self.place(at);
        }
        if frame.channel_layout() != self.layout {
            frame.set_channel_layout(self.layout);
        }
        let samples =
            frame.samples() as u64 * u64::from(self.rate) / u64::from(frame.rate().max(1));
        let mut output = self.output_frame(samples as usize + delay.max(0) as usize + 64);
        self.resampler.run(frame, &mut output)?;
        self.queue_samples(&output);
        Ok(())
    }

    /// Makes the next sample be that of the time `at`: silence up to it, or, at the film's
    /// beginning, as many samples to be left out.
    fn place(&mut self, at: i64) {
        if self.decoded <= 0 && at < 0 {
            self.decoded = at;
        }
        let hole = at - self.decoded;
        if hole as f64 > HOLE_SECONDS * f64::from(self.rate) || (self.decoded == 0 && hole > 0) {
            let silence = hole as usize * self.channels;
            self.queue.extend(std::iter::repeat_n(0.0, silence));
            self.decoded = at;
        }
    }

    fn output_frame(&self, capacity: usize) -> Audio {
        let layout = self.encoder.channel_layout();
        Audio::new(Sample::F32(Type::Packed), capacity, layout)
    }

    fn queue_samples(&mut self, frame: &Audio) {
        let count = frame.samples();
        if count == 0 {
            return;
        }
        let early = usize::try_from(-self.decoded).unwrap_or(0).min(count);
        let samples: &[f32] = bytemuck::cast_slice(frame.data(0));
        let wanted = &samples[early * self.channels..count * self.channels];
        self.queue.extend(wanted);
        self.decoded += count as i64;
    }

    /// Takes what decoder and resampler still hold at the file's end.
    fn flush(&mut self, reader: &Reader) {
        self.flushed = true;
        if self.decoder.send_eof().is_ok() {
            self.receive(reader);
        }
        let held = self
            .resampler
            .delay()
            .map_or(0, |delay| delay.output.max(0) as usize);
        if held > 0 {
            let mut output = self.output_frame(held + 64);
            if self.resampler.flush(&mut output).is_ok() {
                self.queue_samples(&output);
            }
        }
    }

    fn encode(&mut self, muxer: &mut Muxer, count: usize) -> Result<(), OutputError> {
        let format = self.encoder.format();
        let mut frame = Audio::new(format, count, self.encoder.channel_layout());
        frame.set_rate(self.rate);
        frame.set_pts(Some(self.encoded));
        let samples: Vec<f32> = self.queue.drain(..count * self.channels).collect();
        fill(&mut frame, &samples, self.channels);
        self.encoded += count as i64;
        let sent = self.encoder.send_frame(&frame);
        sent.map_err(|error| muxer.encode_error(self.name, error))?;
        self.drain(muxer)
    }

    fn drain(&mut self, muxer: &mut Muxer) -> Result<(), OutputError> {
        let time_base = muxer.time_base(self.stream);
        loop {
            let mut packet = Packet::empty();
            match self.encoder.receive_packet(&mut packet) {
                Ok(()) => {
                    packet.rescale_ts(self.encoder.time_base(), time_base);
                    muxer.write(packet, self.stream)?;
                }
                Err(error) if is_starved(error) => return Ok(()),
                Err(error) => return Err(muxer.encode_error(self.name, error)),
            }
        }
    }
}

/// Interleaved samples into a frame of floats, planar or not.
fn fill(frame: &mut Audio, samples: &[f32], channels: usize) {
    if frame.is_packed() {
        let target: &mut [f32] = bytemuck::cast_slice_mut(frame.data_mut(0));
        target[..samples.len()].copy_from_slice(samples);
        return;
    }
    for channel in 0..channels {
        let source = samples.iter().skip(channel).step_by(channels);
        for (target, sample) in frame.plane_mut::<f32>(channel).iter_mut().zip(source) {
            *target = *sample;
        }
    }
}
