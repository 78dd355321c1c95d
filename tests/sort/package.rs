//! satyarth/pixelsort's own pictures: see tests/reference/README.md.

use std::path::{Path, PathBuf};

use afterimage::picture::Size;

use crate::{Image, METHODS, Method, Sort};

const KEYS: [&str; 5] = ["lightness", "hue", "saturation", "intensity", "minimum"];

fn reference(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/reference")
        .join(name)
}

fn read(name: &str) -> Image {
    let path = reference(name);
    let image = image::open(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let image = image.to_rgba8();
    Image {
        size: Size::new(image.width(), image.height()),
        pixels: image.pixels().map(|pixel| pixel.0).collect(),
    }
}

fn source() -> Image {
    read("inputs/hd_240x135.png")
}

#[track_caller]
fn assert_package(method: Method, interval: &str, angle: u32) {
    for key in KEYS {
        let settings = format!("interval='{interval}':key='{key}':rotation={angle}");
        let sorted = Sort::new(&settings).of(method, &source());
        let name = format!("pixelsort/{interval}/{key}_{angle}.png");
        sorted.assert_is(&read(&name), &format!("{name} {method:?}"));
    }
}

#[test]
fn whole_lines_are_the_packages() {
    for (method, angle) in METHODS
        .into_iter()
        .flat_map(|method| [0, 45, 90].map(|angle| (method, angle)))
    {
        assert_package(method, "none", angle);
    }
}

#[test]
fn thresholds_are_the_packages() {
    for (method, angle) in METHODS
        .into_iter()
        .flat_map(|method| [0, 45, 90].map(|angle| (method, angle)))
    {
        assert_package(method, "threshold", angle);
    }
}
