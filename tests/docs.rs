//! The pages that the program writes about its effects and presets are those in `docs/`.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod program;

use std::fs;
use std::path::{Path, PathBuf};

use program::run;

const DOCS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/docs");

/// The pages, made anew without anybody's own effects.
fn made() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    run(folder.path(), "docs --text .").well();
    folder
}

#[test]
fn the_pages_are_current() {
    let folder = made();
    for name in ["effects.md", "presets.md"] {
        let made = fs::read_to_string(folder.path().join(name)).unwrap();
        let kept = fs::read_to_string(Path::new(DOCS).join(name)).unwrap_or_default();
        assert!(made == kept, "docs/{name} is not current: call ./x docs");
    }
}

/// The pictures that a page shows.
fn pictures(page: &str) -> Vec<PathBuf> {
    let text = fs::read_to_string(Path::new(DOCS).join(page)).unwrap();
    let shown = text
        .split("](")
        .skip(1)
        .filter_map(|rest| rest.split(')').next());
    let pictures = shown.filter(|link| link.ends_with(".jpg"));
    pictures.map(|link| Path::new(DOCS).join(link)).collect()
}

#[test]
fn every_effect_and_preset_has_a_picture_that_shows_something() {
    let all: Vec<_> = ["effects.md", "presets.md"]
        .into_iter()
        .flat_map(pictures)
        .collect();
    assert!(all.len() > 8, "{} pictures", all.len());
    for path in all {
        let name = path.display();
        let picture = image::open(&path)
            .unwrap_or_else(|error| panic!("{name}: {error}; call ./x docs"))
            .to_luma8();
        let brightest = picture.pixels().map(|pixel| pixel.0[0]).max().unwrap();
        assert!(brightest > 40, "{name} is black");
    }
}

/// A picture of the sheet: a preset over a clip at one of two moments.
fn cell(sheet: &image::GrayImage, (row, rows): (u32, u32), column: u32) -> Vec<u8> {
    let (width, height) = (sheet.width() / COLUMNS, sheet.height() / rows);
    let cell = image::imageops::crop_imm(sheet, column * width, row * height, width, height);
    cell.to_image().into_raw()
}

/// Four clips, two moments each.
const COLUMNS: u32 = 8;

fn mean(levels: impl ExactSizeIterator<Item = u8>) -> f64 {
    let count = levels.len() as f64;
    levels.map(f64::from).sum::<f64>() / count
}

#[test]
fn no_preset_on_the_sheet_is_dead_black_or_stands_still() {
    let path = Path::new(DOCS).join("pictures/presets.jpg");
    let sheet = image::open(&path).unwrap_or_else(|error| panic!("{error}; call ./x docs"));
    let sheet = sheet.to_luma8();
    let presets: Vec<_> = afterimage::show::presets().collect();
    let rows = presets.len() as u32;
    assert_eq!(
        sheet.height() % rows,
        0,
        "the sheet is not current: call ./x docs"
    );
    for (row, name) in (0..).zip(presets) {
        for column in (0..COLUMNS).step_by(2) {
            let [early, late] = [0, 1].map(|moment| cell(&sheet, (row, rows), column + moment));
            let brightness = mean(late.iter().copied());
            assert!(
                brightness > 8.0,
                "{name}, column {column}: black, mean {brightness}"
            );
            let change = mean(early.iter().zip(&late).map(|(a, b)| a.abs_diff(*b)));
            assert!(
                change > 2.0,
                "{name}, column {column}: stands still, {change}"
            );
        }
    }
}
