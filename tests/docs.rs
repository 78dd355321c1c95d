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
