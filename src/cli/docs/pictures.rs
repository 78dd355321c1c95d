//! A picture of each effect and preset, and all presets on one sheet.

use std::fs;
use std::path::{Path, PathBuf};

use image::codecs::jpeg::JpegEncoder;
use image::imageops::{FilterType, overlay, resize};
use image::{RgbImage, RgbaImage};

use super::effects::example;
use super::refused;
use crate::cli::arguments::Docs;
use crate::effect::Library;
use crate::engine::Engine;
use crate::gpu::{Frame, Gpu};
use crate::picture::Size;
use crate::session::snapshot::snapshots;
use crate::session::{Failure, Options};
use crate::show::presets;

/// The height of a picture beside its text, in pixels.
const HEIGHT: u32 = 270;
/// A cell of the sheet.
const CELL: (u32, u32) = (200, 134);
/// When a picture is taken: in the midst of a beat at 120 BPM and 30 ticks a second, after feedback has grown.
const TICK: u64 = 68;
/// When those of the sheet are taken.
const SHEET_TICKS: [u64; 2] = [24, 90];
/// JPEG's quality, 1 to 100.
const QUALITY: u8 = 82;

/// Writes all pictures below the folder, or those that are asked for alone. The sheet shows the presets over the bundled clip
/// and others.
pub(super) fn write(arguments: &Docs, library: &mut Library) -> Result<(), Failure> {
    let gpu = Gpu::open(None, None).map_err(Failure::running)?;
    let mut engine = Engine::new(&gpu);
    let folder = arguments.folder.join("pictures");
    let only = &arguments.only;
    let is_asked_for = |name: &str| only.is_empty() || only.iter().any(|asked| asked == name);
    for name in library.names() {
        if is_asked_for(&name) {
            let effect = library.get(&name).map_err(Failure::usage)?;
            let options = heard(example(&effect), arguments);
            let path = folder.join(format!("effects/{name}.jpg"));
            one(&mut engine, &options, path)?;
        }
    }
    for name in presets().filter(|name| is_asked_for(name)) {
        let options = of_preset(name, None, arguments);
        let path = folder.join(format!("presets/{name}.jpg"));
        one(&mut engine, &options, path)?;
    }
    if only.is_empty() {
        save(&sheet(&mut engine, arguments)?, &folder.join("presets.jpg"))?;
    }
    Ok(())
}

/// With what is heard.
fn heard(options: Options, arguments: &Docs) -> Options {
    Options {
        audio: arguments.sound.clone(),
        ..options
    }
}

fn of_preset(name: &str, clip: Option<&String>, arguments: &Docs) -> Options {
    let options = Options {
        preset: Some(name.to_owned()),
        source: clip.cloned(),
        ..Options::default()
    };
    heard(options, arguments)
}

fn one(engine: &mut Engine, options: &Options, path: PathBuf) -> Result<(), Failure> {
    let frames = snapshots(engine, options, &[TICK])?;
    let Some(frame) = frames.into_iter().next() else {
        return Err(Failure::running(
            "the show ended before its picture was taken",
        ));
    };
    let picture = picture(frame);
    let width = picture.width() * HEIGHT / picture.height();
    save(
        &resize(&picture, width, HEIGHT, FilterType::Lanczos3),
        &path,
    )
}

/// Rows of presets; columns of clips, each at two moments.
fn sheet(engine: &mut Engine, arguments: &Docs) -> Result<RgbImage, Failure> {
    let columns: Vec<_> = [None]
        .into_iter()
        .chain(arguments.clips.iter().map(Some))
        .collect();
    let (width, height) = CELL;
    let across = (columns.len() * SHEET_TICKS.len()) as u32;
    let mut sheet = RgbImage::new(width * across, height * presets().count() as u32);
    for (row, name) in presets().enumerate() {
        for (column, clip) in columns.iter().enumerate() {
            // As on a stage, whatever the clip: px values then mean the same share of the picture.
            let options = Options {
                size: Some(Size::new(width * 2, height * 2)),
                fps: Some((30, 1)),
                ..of_preset(name, *clip, arguments)
            };
            for (moment, frame) in snapshots(engine, &options, &SHEET_TICKS)?
                .into_iter()
                .enumerate()
            {
                let small = resize(&picture(frame), width, height, FilterType::Lanczos3);
                let x = (column * SHEET_TICKS.len() + moment) as u32 * width;
                overlay(
                    &mut sheet,
                    &small,
                    i64::from(x),
                    i64::from(row as u32 * height),
                );
            }
        }
    }
    Ok(sheet)
}

/// What a screen shows: alpha over black.
fn picture(frame: Frame) -> RgbImage {
    let Frame { bytes, size, .. } = frame;
    let picture = RgbaImage::from_raw(size.width, size.height, bytes).unwrap_or_default();
    RgbImage::from_fn(picture.width(), picture.height(), |x, y| {
        let [red, green, blue, alpha] = picture.get_pixel(x, y).0;
        let over = |level: u8| (u16::from(level) * u16::from(alpha) / 255) as u8;
        image::Rgb([red, green, blue].map(over))
    })
}

fn save(picture: &RgbImage, path: &Path) -> Result<(), Failure> {
    let mut bytes = Vec::new();
    let encoded = picture.write_with_encoder(JpegEncoder::new_with_quality(&mut bytes, QUALITY));
    encoded.map_err(|error| refused(path, error))?;
    let folder = path.parent().unwrap_or(path);
    let written = fs::create_dir_all(folder).and_then(|()| fs::write(path, bytes));
    written.map_err(|error| refused(path, error))
}
