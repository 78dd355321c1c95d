//! satyarth/pixelsort's own pictures: see tests/reference/README.md.

use std::path::{Path, PathBuf};

use afterimage::picture::Size;

use crate::{Image, METHODS, Pixel, Sort};

const KEYS: [&str; 5] = ["lightness", "hue", "saturation", "intensity", "minimum"];
const ANGLES: [u32; 3] = [0, 45, 90];
/// Of 45 degrees.
const SINE: f64 = std::f64::consts::FRAC_1_SQRT_2;
const BORDER: Pixel = [0, 0, 0, 255];
const NO_BORDER: Pixel = [128, 128, 128, 255];

fn reference(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/reference")
        .join(name)
}

pub(crate) fn read(name: &str) -> Image {
    let path = reference(name);
    let image = image::open(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let image = image.to_rgba8();
    Image {
        size: Size::new(image.width(), image.height()),
        pixels: image.pixels().map(|pixel| pixel.0).collect(),
    }
}

pub(crate) fn source() -> Image {
    read("inputs/hd_240x135.png")
}

/// What the package drew: where runs begin in each row.
fn drawn(interval: &str, angle: u32) -> Vec<Vec<u32>> {
    let path = reference(&format!("pixelsort/{interval}/intervals_{angle}.json"));
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

/// By every key, which is played.
#[track_caller]
fn assert_keys(sort: &Sort<'_>, image: &Image, case: &str, finish: impl Fn(Image) -> Image) {
    for method in METHODS {
        let numbers = (0..KEYS.len()).map(|number| number as f64);
        let sorted = sort.played(method, image, "key", numbers);
        for (sorted, key) in sorted.into_iter().zip(KEYS) {
            let name = format!("pixelsort/{}.png", case.replace("KEY", key));
            finish(sorted).assert_is(&read(&name), &format!("{name} {method:?}"));
        }
    }
}

#[track_caller]
fn assert_package(interval: &str, angle: u32) {
    let settings = format!("interval='{interval}':rotation={angle}");
    let case = format!("{interval}/KEY_{angle}");
    assert_keys(&Sort::new(&settings), &source(), &case, |sorted| sorted);
}

#[test]
fn whole_lines_are_the_packages() {
    for angle in ANGLES {
        assert_package("none", angle);
    }
}

#[test]
fn thresholds_are_the_packages() {
    for angle in ANGLES {
        assert_package("threshold", angle);
    }
}

#[test]
fn edges_are_the_packages() {
    for angle in ANGLES {
        assert_package("edges", angle);
    }
}

/// Lines at an angle of quarter turns go the way of the turned picture's rows, without turning.
#[test]
fn angles_of_quarter_turns_are_the_packages() {
    for (interval, angle) in [("threshold", 0), ("threshold", 90), ("edges", 90)] {
        let settings = format!("interval='{interval}':angle={angle}");
        for method in METHODS {
            let sorted = Sort::new(&settings).of(method, &source());
            let name = format!("pixelsort/{interval}/lightness_{angle}.png");
            sorted.assert_is(&read(&name), &name);
        }
    }
}

#[test]
fn a_mask_is_the_packages() {
    let mask = read("inputs/pixelsort_mask.png");
    for method in METHODS {
        let sort = Sort {
            mask: Some(&mask),
            ..Sort::new("mask_level=0.5")
        };
        let sorted = sort.of(method, &source());
        sorted.assert_is(&read("pixelsort/mask/lightness_0.png"), "mask");
    }
}

/// Runs that begin where the package drew them; a threshold finds them in a picture of borders.
#[track_caller]
fn assert_drawn(interval: &str, angle: u32, borders: &Image) {
    let settings = format!("angle={angle}");
    let sort = Sort {
        borders: Some(borders),
        ..Sort::new(&settings)
    };
    let case = format!("{interval}/KEY_{angle}");
    assert_keys(&sort, &source(), &case, |sorted| sorted);
}

fn border(is_border: bool) -> Pixel {
    if is_border { BORDER } else { NO_BORDER }
}

#[test]
fn drawn_runs_are_the_packages() {
    let image = source();
    for interval in ["random", "waves"] {
        let drawn = drawn(interval, 0);
        let borders = Image::new(image.size, |x, y| border(drawn[y as usize].contains(&x)));
        assert_drawn(interval, 0, &borders);
    }
    let drawn = drawn("waves", 90);
    let right = image.size.width - 1;
    let borders = Image::new(image.size, |x, y| {
        border(drawn[(right - x) as usize].contains(&y))
    });
    assert_drawn("waves", 90, &borders);
}

/// The pixel of an 'expanded' turn by 45 degrees that Pillow fetches (16.16 fixed point).
fn fetched(at: [i64; 2], turned: [f64; 2], original: [f64; 2], sine: f64) -> [i64; 2] {
    let cosine = SINE;
    let fixed = |number: f64| (number * 65536.0 + 0.5).floor() as i64;
    let half = turned.map(|side| side / 2.0 - 0.5);
    let left = original[0] / 2.0 - cosine * half[0] - sine * half[1];
    let top = original[1] / 2.0 + sine * half[0] - cosine * half[1];
    [
        (fixed(left) + at[0] * fixed(cosine) + at[1] * fixed(sine)) >> 16,
        (fixed(top) - at[0] * fixed(sine) + at[1] * fixed(cosine)) >> 16,
    ]
}

fn at(image: &Image, [x, y]: [i64; 2]) -> Pixel {
    let (x, y) = (u32::try_from(x), u32::try_from(y));
    let (Ok(x), Ok(y)) = (x, y) else {
        return [0; 4];
    };
    if x >= image.size.width || y >= image.size.height {
        return [0; 4];
    }
    image.row(y)[x as usize]
}

fn turned(image: &Image, size: Size, sine: f64) -> Image {
    let sides = |size: Size| [f64::from(size.width), f64::from(size.height)];
    Image::new(size, |x, y| {
        let place = [i64::from(x), i64::from(y)];
        at(image, fetched(place, sides(size), sides(image.size), sine))
    })
}

/// The package draws in the turned picture's rows, and so the turned picture is what is given here.
#[test]
fn drawn_runs_of_a_turned_picture_are_the_packages() {
    let image = source();
    let large = turned(&image, Size::new(266, 267), -SINE);
    let drawn = drawn("waves", 45);
    assert_eq!(drawn.len(), 267);
    let borders = Image::new(large.size, |x, y| border(drawn[y as usize].contains(&x)));
    let mask = Image::new(large.size, |x, y| [large.row(y)[x as usize][3]; 4]);
    let sort = Sort {
        borders: Some(&borders),
        mask: Some(&mask),
        settings: "mask_level=0.5",
    };
    assert_keys(&sort, &large, "waves/KEY_45", |sorted| {
        let back = turned(&sorted, Size::new(378, 377), SINE);
        let (left, top) = ((378 - 240) / 2, (377 - 135) / 2);
        Image::new(image.size, |x, y| back.row(y + top)[(x + left) as usize])
    });
}
