//! The sound of a film: packets of another file, as they are or encoded anew.

use ffmpeg::codec::{Id, Parameters};
use ffmpeg::{Packet, Rational, ffi};
use ffmpeg_next as ffmpeg;

use super::super::{OutputError, Sound};
use super::muxer::Muxer;
use super::reader::Reader;
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
        let Some(mut reader) = Reader::open(sound)? else {
            log::info!("'{}' has no sound", sound.path.display());
            return Ok(None);
        };
        let parameters = reader.parameters();
        let container = muxer.container();
        let cut = sound.start > 0.0;
        let way = if container.holds(parameters.id()) && (!cut || is_intra(parameters.id())) {
            Way::Copy(Copy::create(muxer, &mut reader, parameters, cut)?)
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
    descriptor.is_some_and(|it| it.props & ffi::AV_CODEC_PROP_INTRA_ONLY != 0)
}

/// Writes packets as they are.
struct Copy {
    stream: usize,
    parameters: Parameters,
    /// The unit of the decoded sound, in which packets follow each other without gaps.
    sample: Rational,
    /// `av_rescale_delta`'s memory.
    last: i64,
}

impl Copy {
    /// `cut` where the sound begins inside the file, at a packet that reaches over the cut.
    fn create(
        muxer: &mut Muxer,
        reader: &mut Reader,
        parameters: Parameters,
        cut: bool,
    ) -> Result<Self, OutputError> {
        let stream = muxer.add_copy(parameters.clone(), reader.time_base)?;
        // SAFETY: the parameters live.
        let (rate, padding) = unsafe {
            let parameters = parameters.as_ptr();
            (
                (*parameters).sample_rate.max(1),
                (*parameters).initial_padding,
            )
        };
        let first = reader.skip_until(if cut { 0.0 } else { -PRIMING_SECONDS });
        if parameters.id() == Id::OPUS {
            let padding = f64::from(padding) / f64::from(rate);
            muxer.keep_opus_in_time(stream, first.unwrap_or(0.0), padding);
        }
        Ok(Self {
            stream,
            parameters,
            sample: Rational::new(1, rate),
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
            let packet = self.retimed(reader, muxer, packet);
            muxer.write(packet, self.stream)?;
        }
        Ok(())
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
