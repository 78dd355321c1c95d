//! Video encoders: finding one by name, its good defaults, opening it.

use std::collections::BTreeSet;
use std::ffi::{CStr, CString};
use std::num::NonZero;
use std::thread;

use ffmpeg::codec::Context;
use ffmpeg::encoder::video;
use ffmpeg::{Codec, Dictionary, Rational, ffi};
use ffmpeg_next as ffmpeg;

use super::super::{OutputError, Settings};
use super::container::Container;
use super::convert::Colors;
use super::pixel;
use super::tuning::TUNINGS;

/// Many encoders write other bytes with another number of threads, so it is the same everywhere.
const THREADS: usize = 8;

/// The most threads of an encoder that works while somebody plays: more slices cost quality.
const GROWING_THREADS: usize = 4;

/// Bits per pixel for encoders without constant quality: 12 Mbit/s at 1080p30.
const BITS_PER_PIXEL: f64 = 0.2;

/// The worst quality that any encoder knows, that of VP9 and AV1.
const WORST_CRF: u32 = 63;

/// The encoder that the settings name, else the container's own.
pub(super) fn find(container: &Container, settings: &Settings) -> Result<Codec, OutputError> {
    let name = match &settings.codec {
        Some(name) => name,
        None => default(container, settings.alpha)?,
    };
    let encoder = by_name(name).ok_or_else(|| unknown(name))?;
    container.check(encoder.id())?;
    if settings.alpha && !container.holds_alpha_of(encoder.id()) {
        return Err(OutputError::NoAlpha(format!(
            "{name} in .{}",
            container.extension
        )));
    }
    Ok(encoder)
}

/// The container's own encoder.
fn default(container: &Container, alpha: bool) -> Result<&'static str, OutputError> {
    if alpha {
        let no_alpha = || OutputError::NoAlpha(format!("a .{} film", container.extension));
        return container.alpha_codec.ok_or_else(no_alpha);
    }
    let names = container.codecs.iter().copied();
    let found = names.clone().find(|name| by_name(name).is_some());
    found.or(names.last()).ok_or_else(|| unknown("none"))
}

/// By the encoder's name (libx264) or its codec's (h264).
fn by_name(name: &str) -> Option<Codec> {
    let text = CString::new(name).ok()?;
    let by_codec = || {
        // SAFETY: the name ends with a zero byte, and a descriptor found is static.
        let id = unsafe {
            let descriptor = ffi::avcodec_descriptor_get_by_name(text.as_ptr());
            descriptor.as_ref()?.id
        };
        ffmpeg::encoder::find(id.into())
    };
    let found = ffmpeg::encoder::find_by_name(text.to_str().ok()?).or_else(by_codec);
    found.filter(Codec::is_video)
}

fn unknown(name: &str) -> OutputError {
    let names = names();
    let mut near: Vec<_> = names
        .iter()
        .map(|it| (strsim::damerau_levenshtein(it, name), it))
        .collect();
    near.sort();
    let near = near
        .iter()
        .take_while(|(distance, _)| *distance <= 2)
        .map(|(_, it)| it.as_str());
    let mut near: Vec<_> = near.take(3).collect();
    if near.is_empty() {
        let usual = ["h264", "hevc", "vp9", "av1", "prores_ks", "ffv1", "mpeg4"];
        near = usual
            .into_iter()
            .filter(|it| by_name(it).is_some())
            .collect();
    }
    OutputError::UnknownCodec {
        name: name.to_owned(),
        near: near.join(", "),
    }
}

/// The names of all video encoders and of their codecs.
fn names() -> BTreeSet<String> {
    let mut state = std::ptr::null_mut();
    // SAFETY: the state starts as null, and codecs are static.
    let codecs = std::iter::from_fn(|| unsafe {
        let codec = ffi::av_codec_iterate(&mut state);
        (!codec.is_null()).then(|| Codec::wrap(codec))
    });
    let encoders = codecs.filter(|codec| codec.is_encoder() && codec.is_video());
    encoders
        .flat_map(|codec| [codec.name().to_owned(), codec.id().name().to_owned()])
        .collect()
}

/// Opens an encoder for the settings; `global_header` where the container keeps the codec's header.
pub(super) fn open(
    codec: Codec,
    settings: &Settings,
    global_header: bool,
) -> Result<video::Encoder, OutputError> {
    let format = pixel::choose(codec, settings)?;
    let refused = |error: ffmpeg::Error| OutputError::Refused {
        encoder: codec.name().to_owned(),
        size: settings.size,
        pixel_format: pixel::name(format).to_owned(),
        reason: error.to_string(),
    };
    let mut context = Context::new_with_codec(codec);
    set_exactness(&mut context, global_header);
    if settings.growing {
        set_promptness(&mut context, settings.rate);
    }
    let mut encoder = context.encoder().video().map_err(refused)?;
    let (numerator, denominator) = (settings.rate.0 as i32, settings.rate.1 as i32);
    encoder.set_width(settings.size.width);
    encoder.set_height(settings.size.height);
    encoder.set_format(format);
    encoder.set_time_base(Rational::new(denominator, numerator));
    encoder.set_frame_rate(Some(Rational::new(numerator, denominator)));
    encoder.set_aspect_ratio(Rational::new(1, 1));
    Colors::of(format).tag_encoder(&mut encoder);
    let options = options(codec, settings, &mut encoder)?;
    encoder.open_with(options).map_err(refused)
}

/// The same bytes for the same pictures.
pub(super) fn set_exactness(context: &mut Context, global_header: bool) {
    let mut flags = ffi::AV_CODEC_FLAG_BITEXACT;
    if global_header {
        flags |= ffi::AV_CODEC_FLAG_GLOBAL_HEADER;
    }
    // SAFETY: the context lives; its other flags are the codec's own defaults.
    unsafe {
        let context = context.as_mut_ptr();
        (*context).flags |= flags as i32;
        (*context).thread_count = THREADS as i32;
    }
}

/// A packet for each picture at once, and a key picture each second. Half of the cores are left to the show.
fn set_promptness(context: &mut Context, (numerator, denominator): (u32, u32)) {
    let cores = thread::available_parallelism().map_or(1, NonZero::get);
    // SAFETY: the context lives.
    unsafe {
        let context = context.as_mut_ptr();
        (*context).thread_count = (cores / 2).clamp(1, GROWING_THREADS) as i32;
        // Threads that take a picture each give it back as many pictures later.
        (*context).thread_type = ffi::FF_THREAD_SLICE;
        (*context).max_b_frames = 0;
        (*context).gop_size = (numerator / denominator).max(1) as i32;
    }
}

fn options(
    codec: Codec,
    settings: &Settings,
    encoder: &mut video::Video,
) -> Result<Dictionary<'static>, OutputError> {
    let name = codec.name();
    let tuning = TUNINGS.iter().find(|tuning| tuning.encoder == name);
    let usual = tuning.map_or(&[][..], |tuning| tuning.options);
    let growing = tuning.map_or(&[][..], |tuning| tuning.growing);
    let growing = growing.iter().filter(|_| settings.growing);
    let mut options: Dictionary<'_> = usual.iter().chain(growing).collect();
    let Some(highest) = highest_crf(encoder) else {
        if settings.crf.is_some() {
            return Err(OutputError::NoCrf(name.to_owned()));
        }
        let rate = f64::from(settings.rate.0) / f64::from(settings.rate.1);
        let bits = settings.size.area() as f64 * rate * BITS_PER_PIXEL;
        encoder.set_bit_rate(bits.max(100_000.0) as usize);
        return Ok(options);
    };
    if let Some(crf) = settings.crf.or(tuning.map(|tuning| tuning.crf)) {
        if crf > highest {
            let encoder = name.to_owned();
            return Err(OutputError::CrfRange {
                crf,
                encoder,
                highest,
            });
        }
        options.set("crf", &crf.to_string());
    }
    Ok(options)
}

/// The worst constant quality, where the encoder has such an option.
fn highest_crf(encoder: &mut video::Video) -> Option<u32> {
    const CRF: &CStr = c"crf";
    // SAFETY: the context lives, and an option found is static.
    let option = unsafe {
        let context = encoder.as_mut_ptr();
        let children = ffi::AV_OPT_SEARCH_CHILDREN;
        ffi::av_opt_find(context.cast(), CRF.as_ptr(), std::ptr::null(), 0, children).as_ref()?
    };
    Some((option.max as u32).min(WORST_CRF))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::picture::Size;
    use std::path::Path;

    fn opened(path: &str, change: impl Fn(&mut Settings)) -> Result<String, OutputError> {
        let mut settings = Settings::new(Size::new(32, 18), (30, 1));
        change(&mut settings);
        let codec = find(Container::of(Path::new(path))?, &settings)?;
        open(codec, &settings, true)?;
        Ok(codec.name().to_owned())
    }

    #[test]
    fn names_of_encoders_and_of_codecs() {
        let with = |name: &'static str| move |it: &mut Settings| it.codec = Some(name.to_owned());
        assert_eq!(opened("a.mp4", |_| ()).unwrap(), "libx264");
        assert_eq!(opened("a.mp4", with("h264")).unwrap(), "libx264");
        assert_eq!(opened("a.webm", with("vp9")).unwrap(), "libvpx-vp9");
        assert_eq!(opened("a.mov", with("prores_ks")).unwrap(), "prores_ks");
        assert_eq!(opened("a.mp4", with("mpeg4")).unwrap(), "mpeg4");
        let error = opened("a.mp4", with("libx246")).unwrap_err().to_string();
        assert!(error.contains("this FFmpeg has libx264"), "{error}");
        let error = opened("a.mp4", with("divxdivxdivx"))
            .unwrap_err()
            .to_string();
        assert!(error.contains("h264, hevc"), "{error}");
        assert!(opened("a.mp4", with("aac")).is_err());
    }

    #[test]
    fn quality_only_where_there_is_one() {
        let crf = |name: &'static str, crf| {
            move |it: &mut Settings| (it.codec, it.crf) = (Some(name.to_owned()), Some(crf))
        };
        assert!(opened("a.mp4", crf("libx264", 0)).is_ok());
        let error = opened("a.mkv", crf("ffv1", 5)).unwrap_err().to_string();
        assert_eq!(error, "ffv1 has no crf: leave it out");
        let error = opened("a.webm", crf("vp9", 64)).unwrap_err().to_string();
        assert!(error.contains("0 (best) to 63"), "{error}");
    }

    #[test]
    fn alpha_chooses_a_codec_that_keeps_it() {
        let alpha = |it: &mut Settings| it.alpha = true;
        assert_eq!(opened("a.webm", alpha).unwrap(), "libvpx-vp9");
        assert_eq!(opened("a.mov", alpha).unwrap(), "prores_ks");
        assert_eq!(opened("a.mkv", alpha).unwrap(), "ffv1");
        assert!(matches!(
            opened("a.mp4", alpha),
            Err(OutputError::NoAlpha(_))
        ));
        let vp9 = |it: &mut Settings| (it.alpha, it.codec) = (true, Some("vp9".to_owned()));
        assert!(matches!(opened("a.mp4", vp9), Err(OutputError::NoAlpha(_))));
    }
}
