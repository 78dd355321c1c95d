//! Pixel formats: which one an encoder gets.

use ffmpeg::codec::Id;
use ffmpeg::format::Pixel;
use ffmpeg::{Codec, ffi};
use ffmpeg_next as ffmpeg;

use super::super::{OutputError, Settings};

/// With alpha, the first that the encoder has: exact ones before subsampled ones.
const ALPHA: [&str; 5] = ["bgra", "rgba", "yuva444p10le", "yuva444p", "yuva420p"];

/// Without alpha: what plays everywhere, then what loses least.
const OPAQUE: [&str; 4] = ["yuv420p", "yuv444p", "yuv422p10le", "yuv444p10le"];

/// The format that the settings ask for, else the best of the encoder for most players.
pub(super) fn choose(encoder: Codec, settings: &Settings) -> Result<Pixel, OutputError> {
    let formats = formats(encoder);
    if let Some(name) = &settings.pixel_format {
        let found = formats.iter().find(|format| self::name(**format) == name);
        let format = found
            .copied()
            .ok_or_else(|| unknown(encoder, name, &formats))?;
        if settings.alpha && !has_alpha(format) {
            return Err(OutputError::NoAlpha(name.clone()));
        }
        return Ok(format);
    }
    let found = if settings.alpha {
        first_of(&ALPHA, &formats).or_else(|| formats.iter().copied().find(|it| has_alpha(*it)))
    } else {
        opaque(encoder, settings, &formats)
    };
    found.ok_or_else(|| OutputError::NoAlpha(encoder.name().to_owned()))
}

fn opaque(encoder: Codec, settings: &Settings, formats: &[Pixel]) -> Option<Pixel> {
    let preferred = match encoder.id() {
        // Who asks for a lossless codec wants the pictures' own values.
        Id::FFV1 => Some("bgr0"),
        Id::H264 | Id::HEVC if is_odd(settings) => Some("yuv444p"),
        _ => None,
    };
    let format = preferred
        .and_then(|name| first_of(&[name], formats))
        .or_else(|| first_of(&OPAQUE, formats))
        .or_else(|| formats.first().copied())?;
    if is_odd(settings) && preferred == Some("yuv444p") {
        let (name, size) = (encoder.name(), settings.size);
        log::info!(
            "{name} halves no odd size: {size} is written as {}",
            self::name(format)
        );
    }
    Some(format)
}

fn is_odd(settings: &Settings) -> bool {
    settings.size.width % 2 == 1 || settings.size.height % 2 == 1
}

fn first_of(names: &[&str], formats: &[Pixel]) -> Option<Pixel> {
    let find = |wanted: &&str| {
        formats
            .iter()
            .copied()
            .find(|format| name(*format) == *wanted)
    };
    names.iter().find_map(find)
}

fn unknown(encoder: Codec, name: &str, formats: &[Pixel]) -> OutputError {
    let allowed: Vec<_> = formats.iter().map(|format| self::name(*format)).collect();
    OutputError::PixelFormat {
        encoder: encoder.name().to_owned(),
        name: name.to_owned(),
        allowed: allowed.join(" "),
    }
}

/// The encoder's formats in memory; those of graphics cards are not for us.
fn formats(encoder: Codec) -> Vec<Pixel> {
    let video = encoder.video().ok();
    let formats = video.iter().filter_map(|video| video.formats()).flatten();
    formats
        .filter(|format| flags(*format) & ffi::AV_PIX_FMT_FLAG_HWACCEL as u64 == 0)
        .collect()
}

/// FFmpeg's name of a format.
pub(super) fn name(format: Pixel) -> &'static str {
    format
        .descriptor()
        .map_or("none", |descriptor| descriptor.name())
}

/// Whether a format has an alpha component.
pub(super) fn has_alpha(format: Pixel) -> bool {
    flags(format) & ffi::AV_PIX_FMT_FLAG_ALPHA as u64 != 0
}

/// Whether its components are red, green and blue.
pub(super) fn is_rgb(format: Pixel) -> bool {
    flags(format) & ffi::AV_PIX_FMT_FLAG_RGB as u64 != 0
}

/// Whether all codes are used, 0 to 255, instead of studio range.
pub(super) fn is_full_range(format: Pixel) -> bool {
    is_rgb(format) || name(format).starts_with("yuvj")
}

fn flags(format: Pixel) -> u64 {
    // SAFETY: a descriptor is static.
    format
        .descriptor()
        .map_or(0, |descriptor| unsafe { (*descriptor.as_ptr()).flags })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::picture::Size;

    fn chosen(encoder: &str, change: impl Fn(&mut Settings)) -> Result<&'static str, OutputError> {
        let mut settings = Settings::new(Size::new(4, 4), (30, 1));
        change(&mut settings);
        choose(ffmpeg::encoder::find_by_name(encoder).unwrap(), &settings).map(name)
    }

    #[test]
    fn players_know_the_defaults() {
        assert_eq!(chosen("libx264", |_| ()).unwrap(), "yuv420p");
        assert_eq!(chosen("ffv1", |_| ()).unwrap(), "bgr0");
        let odd = |settings: &mut Settings| settings.size = Size::new(7, 4);
        assert_eq!(chosen("libx264", odd).unwrap(), "yuv444p");
        assert_eq!(chosen("libvpx-vp9", odd).unwrap(), "yuv420p");
    }

    #[test]
    fn alpha_needs_a_format_that_has_it() {
        let alpha = |settings: &mut Settings| settings.alpha = true;
        assert_eq!(chosen("libvpx-vp9", alpha).unwrap(), "yuva420p");
        assert_eq!(chosen("prores_ks", alpha).unwrap(), "yuva444p10le");
        assert_eq!(chosen("ffv1", alpha).unwrap(), "bgra");
        let error = chosen("libx264", alpha).unwrap_err().to_string();
        assert!(
            error.starts_with("libx264 keeps no alpha") && error.contains(".webm"),
            "{error}"
        );
    }

    #[test]
    fn an_unknown_format_lists_the_known() {
        let wrong = |settings: &mut Settings| settings.pixel_format = Some("yuv421p".into());
        let error = chosen("libx264", wrong).unwrap_err().to_string();
        assert!(
            error.contains("'yuv421p'") && error.contains("yuv422p10le"),
            "{error}"
        );
    }
}
