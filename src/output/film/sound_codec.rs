//! Opening decoders and encoders of sound.

use ffmpeg::codec::Context;
use ffmpeg::encoder::audio;
use ffmpeg::format::Sample;
use ffmpeg::{ChannelLayout, Codec, Rational, decoder};
use ffmpeg_next as ffmpeg;

use super::encoder::set_exactness;
use super::reader::Reader;

/// Sound for one channel: transparent with AAC as with Opus.
const BITS_PER_CHANNEL: usize = 96_000;

/// The decoder of a file's sound.
pub(super) fn open_decoder(reader: &Reader) -> Result<decoder::Audio, ffmpeg::Error> {
    let mut decoder = Context::from_parameters(reader.parameters())?.decoder();
    decoder.set_packet_time_base(reader.time_base);
    decoder.audio()
}

/// The channels of a decoder, the usual ones of their number where the file does not say.
pub(super) fn layout_of(decoder: &decoder::Audio) -> ChannelLayout {
    let layout = decoder.channel_layout();
    if layout.is_empty() {
        return ChannelLayout::default(i32::from(decoder.channels()));
    }
    layout
}

/// An encoder for what a decoder gives, as near as it can.
pub(super) fn open_encoder(
    codec: Codec,
    decoder: &decoder::Audio,
    layout: ChannelLayout,
    global_header: bool,
) -> Result<audio::Encoder, ffmpeg::Error> {
    let layout = match layout.channels() {
        1 => ChannelLayout::MONO,
        6 => ChannelLayout::_5POINT1_BACK,
        _ => ChannelLayout::STEREO,
    };
    let rate = rate_for(codec, decoder.rate() as i32);
    let format = codec
        .audio()?
        .formats()
        .into_iter()
        .flatten()
        .find(|format| is_float(*format));
    let mut context = Context::new_with_codec(codec);
    set_exactness(&mut context, global_header);
    let mut encoder = context.encoder().audio()?;
    encoder.set_rate(rate);
    encoder.set_channel_layout(layout);
    encoder.set_format(format.ok_or(ffmpeg::Error::InvalidData)?);
    encoder.set_time_base(Rational::new(1, rate));
    encoder.set_bit_rate(BITS_PER_CHANNEL * layout.channels() as usize);
    encoder.open()
}

/// Samples that an encoder puts before the first one it was given.
pub(super) fn padding_of(encoder: &audio::Encoder) -> f64 {
    // SAFETY: the context lives.
    unsafe { f64::from((*encoder.as_ptr()).initial_padding) }
}

fn is_float(format: Sample) -> bool {
    matches!(format, Sample::F32(_))
}

/// The sound's own rate where the encoder has it, else 48 kHz, which all have.
fn rate_for(codec: Codec, rate: i32) -> i32 {
    let rates = codec.audio().ok().and_then(|audio| audio.rates());
    match rates.map(|mut rates| rates.any(|known| known == rate)) {
        Some(false) => 48_000,
        _ => rate,
    }
}
