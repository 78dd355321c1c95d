//! The file of a film.

use std::path::{Path, PathBuf};

use ffmpeg::format::context::{Output as Context, StreamIo};
use ffmpeg::format::{Flags, output_to_stream};
use ffmpeg::{Dictionary, Packet, Rational, ffi};
use ffmpeg_next as ffmpeg;

use super::super::partial::Partial;
use super::super::{OutputError, Settings};
use super::container::Container;
use super::synchronizer::Synchronizer;

/// Interleaves packets into a file, under a temporary name until it is whole, or until it has pictures and grows on.
pub(super) struct Muxer {
    context: Context,
    container: &'static Container,
    /// Of a film that grows.
    synchronizer: Option<Synchronizer>,
    /// Bytes of the file before the first packet.
    header: i64,
    replace: bool,
    partial: Partial,
    /// A stream whose stamps are moved, and by how many seconds.
    delay: Option<(usize, f64)>,
}

impl Muxer {
    pub(super) fn create(
        path: &Path,
        container: &'static Container,
        settings: &Settings,
    ) -> Result<Self, OutputError> {
        let partial = Partial::begin(path)?;
        let file = partial.file().try_clone();
        let file = file.map_err(|source| partial.write_error(source))?;
        let synchronizer = settings.growing.then(|| file.try_clone());
        let synchronizer = synchronizer.transpose();
        let synchronizer = synchronizer.map_err(|source| partial.write_error(source))?;
        // Muxers that move the index to the front read the file once more, by this name; the scheme
        // keeps colons in it from being taken for another one.
        let name = partial.present_path().to_str();
        let name = name.ok_or_else(|| OutputError::NotUtf8(path.to_owned()))?;
        let url = format!("file:{name}");
        let io = StreamIo::from_write_seek_with_capacity(file, 1 << 18);
        let context = io.and_then(|io| output_to_stream(io, Some(&url), Some(container.muxer)));
        let mut context = context.map_err(|error| partial.write_error(into_io(error)))?;
        // SAFETY: the context lives.
        unsafe {
            let context = context.as_mut_ptr();
            (*context).flags |= ffi::AVFMT_FLAG_BITEXACT;
            // What is done reaches the system at once.
            (*context).flush_packets = if settings.growing { 1 } else { -1 };
        }
        Ok(Self {
            context,
            container,
            synchronizer: synchronizer.map(Synchronizer::begin),
            header: 0,
            replace: settings.replace,
            partial,
            delay: None,
        })
    }

    pub(super) fn container(&self) -> &'static Container {
        self.container
    }

    const fn is_growing(&self) -> bool {
        self.synchronizer.is_some()
    }

    /// Where the film will be.
    pub(super) fn path(&self) -> &Path {
        self.partial.path()
    }

    /// Where it is, if it has its name already.
    pub(super) fn file(&self) -> Option<&Path> {
        self.partial.is_placed().then(|| self.path())
    }

    /// Whether codecs leave their header to the container.
    pub(super) fn global_header(&self) -> bool {
        self.context.format().flags().contains(Flags::GLOBAL_HEADER)
    }

    /// Adds a stream with an open encoder's parameters and gives its index.
    pub(super) fn add_encoder(
        &mut self,
        encoder: &ffmpeg::codec::Context,
    ) -> Result<usize, OutputError> {
        let stream = self.context.add_stream_with(encoder);
        let mut stream = stream.map_err(|error| self.partial.write_error(into_io(error)))?;
        stream.set_time_base(encoder.time_base());
        Ok(stream.index())
    }

    /// Adds a stream whose packets come as they are from another file, and gives its index.
    pub(super) fn add_copy(
        &mut self,
        parameters: ffmpeg::codec::Parameters,
        time_base: Rational,
    ) -> Result<usize, OutputError> {
        let stream = self.context.add_stream(None::<ffmpeg::Codec>);
        let mut stream = stream.map_err(|error| self.partial.write_error(into_io(error)))?;
        stream.set_parameters(parameters);
        stream.set_time_base(time_base);
        // SAFETY: the stream lives. The tag is the other container's; zero lets this one choose.
        unsafe { (*(*stream.as_mut_ptr()).codecpar).codec_tag = 0 };
        Ok(stream.index())
    }

    /// The stream, to set what only some need.
    pub(super) fn stream_mut(&mut self, index: usize) -> Option<ffmpeg::StreamMut<'_>> {
        self.context.stream_mut(index)
    }

    /// Keeps Opus in time, whose first packets, `padding` seconds, only prime the decoder. Matroska
    /// stores packets later by that delay and players take it off again. FFmpeg before 6.0 writes
    /// the delay without storing them later, and moves all streams above 0 instead: the sound would
    /// be early. `first` is the sound's first stamp in seconds.
    pub(super) fn keep_opus_in_time(&mut self, stream: usize, first: f64, padding: f64) {
        let matroska = matches!(self.container.muxer, "matroska" | "webm");
        if !matroska || ffmpeg::format::version() >> 16 >= 60 {
            return;
        }
        let earlier = (-first - padding).max(0.0);
        self.delay = Some((stream, padding));
        // SAFETY: the context lives.
        unsafe {
            let context = self.context.as_mut_ptr();
            (*context).avoid_negative_ts = 0;
            (*context).output_ts_offset = (earlier * f64::from(ffi::AV_TIME_BASE)).round() as i64;
        }
    }

    /// Begins the file, once all streams are there.
    pub(super) fn write_header(&mut self) -> Result<(), OutputError> {
        let options = if self.is_growing() {
            self.container.growing
        } else {
            self.container.whole
        };
        let options: Dictionary<'_> = options.iter().collect();
        let written = self.context.write_header_with(options);
        written.map_err(|error| self.partial.write_error(into_io(error)))?;
        self.header = self.length();
        Ok(())
    }

    /// Bytes of the file so far.
    fn length(&mut self) -> i64 {
        // SAFETY: the context lives, and has been given a file.
        unsafe { ffi::avio_seek((*self.context.as_mut_ptr()).pb, 0, ffi::SEEK_CUR) }
    }

    /// The unit of a stream's time stamps, known once the header is written.
    pub(super) fn time_base(&self, stream: usize) -> Rational {
        let stream = self
            .context
            .stream(stream)
            .expect("streams are never removed");
        stream.time_base()
    }

    /// Writes a packet whose time stamps count in the stream's unit.
    pub(super) fn write(&mut self, mut packet: Packet, stream: usize) -> Result<(), OutputError> {
        packet.set_stream(stream);
        packet.set_position(-1);
        if let Some((_, delay)) = self.delay.filter(|(delayed, _)| *delayed == stream) {
            let delay = (delay / f64::from(self.time_base(stream))).round() as i64;
            packet.set_pts(packet.pts().map(|stamp| stamp + delay));
            packet.set_dts(packet.dts().map(|stamp| stamp + delay));
        }
        let written = packet.write_interleaved(&mut self.context);
        written.map_err(|error| self.partial.write_error(into_io(error)))?;
        if self.is_growing() && self.length() > self.header {
            self.partial.take_place(self.replace)?;
        }
        Ok(())
    }

    /// Completes the file, gives it its name, and tells its place and its size in bytes.
    pub(super) fn finish(self) -> Result<(PathBuf, u64), OutputError> {
        let Self {
            mut context,
            partial,
            replace,
            ..
        } = self;
        let written = context.write_trailer();
        drop(context);
        written.map_err(|error| partial.write_error(into_io(error)))?;
        partial.synchronize()?;
        partial.commit(replace)
    }

    /// The error of an encoder of this film.
    pub(super) fn encode_error(&self, encoder: &str, error: ffmpeg::Error) -> OutputError {
        OutputError::Encode {
            encoder: encoder.to_owned(),
            path: PathBuf::from(self.path()),
            reason: error.to_string(),
        }
    }
}

/// The system's error that FFmpeg passes on, or FFmpeg's own.
fn into_io(error: ffmpeg::Error) -> std::io::Error {
    match error {
        ffmpeg::Error::Other { errno } => std::io::Error::from_raw_os_error(errno),
        other => std::io::Error::other(other),
    }
}
