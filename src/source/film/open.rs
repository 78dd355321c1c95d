use std::path::Path;
use std::sync::Once;

use ffmpeg_next::ffi::{
    AV_CODEC_FLAG_LOW_DELAY, FF_THREAD_SLICE, av_guess_frame_rate, av_guess_sample_aspect_ratio,
};
use ffmpeg_next::format::context::Input;
use ffmpeg_next::format::stream::{Disposition, Stream};
use ffmpeg_next::media::Type;
use ffmpeg_next::{Codec, Dictionary, Error, Rational, codec, decoder, format, frame, log};

use super::super::{Rate, SourceError};

/// Demuxers that take any text for pictures.
const TEXT: [&str; 4] = ["tty", "bin", "xbin", "idf"];

/// Initialises FFmpeg's libraries, and silences their own messages: errors reach the user once, by us.
fn initialize() -> Result<(), Error> {
    static QUIET: Once = Once::new();
    ffmpeg_next::init()?;
    QUIET.call_once(|| log::set_level(log::Level::Quiet));
    Ok(())
}

/// Opens a file, whatever its name looks like to FFmpeg.
pub(super) fn input(path: &Path) -> Result<Input, SourceError> {
    let refuse = |problem: String| SourceError::contents(path.display(), problem);
    let name = path.to_str().filter(|name| !name.contains('\0'));
    let name = name.ok_or_else(|| refuse("its name is not UTF-8; rename it".into()))?;
    let unreadable = |cause: Error| {
        match cause {
        Error::InvalidData => refuse(
            "is no film that FFmpeg reads, or its index is cut off; copy it again whole, or test it \
             with 'ffmpeg -i'"
                .into(),
        ),
        cause => refuse(format!("cannot be opened as a film ({cause}); test it with 'ffmpeg -i'")),
    }
    };
    initialize().map_err(unreadable)?;
    let input = format::input(&format!("file:{name}")).map_err(unreadable)?;
    match TEXT.contains(&input.format().name()) {
        true => Err(refuse(
            "is text, not a film; name a film or an image".into(),
        )),
        false => Ok(input),
    }
}

/// What keeps FFmpeg from holding pictures of a network stream back (ffmpeg-formats(1), ffmpeg-protocols(1)).
/// What it reads to find out what comes stays: it may hold the only key frame.
const LEAST_DELAY: [(&str, &str); 3] = [
    ("analyzeduration", "1000000"),
    ("rtsp_transport", "tcp"),
    ("overrun_nonfatal", "1"),
];

/// Opens a network stream; FFmpeg gives up once `interrupt` says true.
pub(super) fn address(
    address: &str,
    interrupt: impl FnMut() -> bool + Send + 'static,
) -> Result<Input, SourceError> {
    let refuse = |cause: Error| {
        let problem = match cause {
            Error::Exit => "nothing comes; check the address and its sender".to_owned(),
            Error::ProtocolNotFound => {
                "FFmpeg here does not speak that protocol; use another".to_owned()
            }
            cause => format!("cannot be received ({cause}); test it with 'ffplay {address}'"),
        };
        SourceError::contents(address, problem)
    };
    initialize().map_err(refuse)?;
    let mut options = Dictionary::new();
    LEAST_DELAY
        .iter()
        .for_each(|(key, value)| options.set(key, value));
    format::input_with_interrupt_and_dictionary(address, interrupt, options).map_err(refuse)
}

/// The stream that holds the film; the cover of a song is none.
pub(super) fn video<'a>(path: &Path, input: &'a Input) -> Result<Stream<'a>, SourceError> {
    let is_film = |stream: &Stream<'_>| {
        let cover = stream.disposition().contains(Disposition::ATTACHED_PIC);
        stream.parameters().medium() == Type::Video && !cover
    };
    let best = input.streams().best(Type::Video).filter(is_film);
    best.or_else(|| input.streams().find(is_film))
        .ok_or_else(|| {
            let problem = "has no pictures, only sound or data; name a film or an image";
            SourceError::contents(path.display(), problem)
        })
}

/// How long a decoder may keep pictures to itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Delay {
    /// As long as is good for speed: a film's pictures wait anyway.
    Any,
    /// Not at all.
    Least,
}

/// A decoder for `stream` that uses all cores.
pub(super) fn decoder(
    path: &Path,
    stream: &Stream<'_>,
    delay: Delay,
) -> Result<decoder::Video, SourceError> {
    let parameters = stream.parameters();
    let name = parameters.id().name();
    let refuse = |cause: Error| {
        let problem = format!("FFmpeg cannot decode its {name} ({cause}); convert it to H.264");
        SourceError::contents(path.display(), problem)
    };
    let mut context = codec::Context::from_parameters(parameters).map_err(refuse)?;
    // SAFETY: the context is ours alone and not yet open. 0 is one thread for each core, by frames or
    // slices as the codec can; the safe setter would allow one of the two only. Threads for whole frames each
    // keep one back.
    unsafe {
        let context = context.as_mut_ptr();
        (*context).thread_count = 0;
        if delay == Delay::Least {
            (*context).thread_type = FF_THREAD_SLICE;
            (*context).flags |= AV_CODEC_FLAG_LOW_DELAY as i32;
        }
    };
    let mut decoder = context.decoder();
    decoder.set_packet_time_base(stream.time_base());
    let opened = match with_alpha(stream) {
        Some(codec) => decoder.open_as(codec).and_then(decoder::Opened::video),
        None => decoder.video(),
    };
    opened.map_err(refuse)
}

/// The decoder for a stream that says it has alpha where FFmpeg's own would leave that out: WebM carries it beside
/// the pictures (WebM Container Guidelines, AlphaMode), and only libvpx puts the two together.
fn with_alpha(stream: &Stream<'_>) -> Option<Codec> {
    let name = match stream.parameters().id() {
        codec::Id::VP8 => "libvpx",
        codec::Id::VP9 => "libvpx-vp9",
        _ => return None,
    };
    let is_said = stream.metadata().get("alpha_mode") == Some("1");
    let found = is_said.then(|| decoder::find_by_name(name))?;
    if found.is_none() {
        ::log::warn!("its alpha is left out: this FFmpeg has no decoder {name}");
    }
    found
}

/// Pictures a second: the nominal rate, or the mean where the stamps are far from it.
pub(super) fn rate(input: &mut Input, index: usize) -> Option<Rate> {
    let stream = input.stream(index)?;
    let mean = stream.avg_frame_rate();
    // SAFETY: both pointers are valid, and the frame may be null (libavformat/avformat.h).
    let nominal = unsafe {
        let stream = stream.as_ptr().cast_mut();
        Rational::from(av_guess_frame_rate(
            input.as_mut_ptr(),
            stream,
            std::ptr::null_mut(),
        ))
    };
    let close = (f64::from(nominal) / f64::from(mean) - 1.0).abs() < 0.01;
    let chosen = if close || positive(mean).is_none() {
        nominal
    } else {
        mean
    };
    positive(chosen).filter(|&(numerator, denominator)| numerator / denominator <= 1000)
}

/// Width over height of one pixel, by the container or the codec; 1 where neither says.
pub(super) fn pixel_aspect(input: &mut Input, index: usize, frame: &mut frame::Video) -> f64 {
    let Some(stream) = input.stream(index) else {
        return 1.0;
    };
    // SAFETY: all three pointers are valid; the function only reads.
    let aspect = unsafe {
        let stream = stream.as_ptr().cast_mut();
        Rational::from(av_guess_sample_aspect_ratio(
            input.as_mut_ptr(),
            stream,
            frame.as_mut_ptr(),
        ))
    };
    positive(aspect).map_or(1.0, |(width, height)| f64::from(width) / f64::from(height))
}

fn positive(ratio: Rational) -> Option<Rate> {
    let numerator = u32::try_from(ratio.numerator()).ok()?;
    let denominator = u32::try_from(ratio.denominator()).ok()?;
    (numerator > 0 && denominator > 0).then_some((numerator, denominator))
}
