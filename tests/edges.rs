//! The effect `edges` against what OpenCV makes of the same pictures: see tests/reference/make_opencv.py.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "gpu/mod.rs"]
mod gpu;
#[path = "stage/mod.rs"]
mod stage;

use std::path::Path;

use afterimage::picture::{Picture, Size};
use image::{GrayImage, RgbaImage};
use serde_json::Value as Json;
use stage::{Stage, Texel};

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/reference/opencv");

/// What OpenCV made by one filter: the case, and its picture.
fn cases(filter: &str) -> Vec<(Json, GrayImage)> {
    let text = std::fs::read_to_string(format!("{FOLDER}/cases.json")).unwrap();
    let all: Vec<Json> = serde_json::from_str(&text).unwrap();
    let mut cases = all;
    cases.retain(|case| case["filter"] == filter);
    let with_picture = |case: Json| {
        let path = format!("{filter}/{}.png", case["name"].as_str().unwrap());
        (case, open(&path).into_luma8())
    };
    let cases: Vec<_> = cases.into_iter().map(with_picture).collect();
    assert!(cases.len() >= 5, "{} cases of {filter}", cases.len());
    cases
}

fn open(path: &str) -> image::DynamicImage {
    let path = Path::new(FOLDER).join(path);
    image::open(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// What the effect makes of a case's picture, as levels of red.
fn edges(case: &Json, keys: &str, bits: u32) -> Vec<u8> {
    let name = case["picture"].as_str().unwrap();
    let picture: RgbaImage = open(&format!("inputs/{name}.png")).into_rgba8();
    let size = Size::new(picture.width(), picture.height());
    let text = format!(
        "canvas = {{ bits = {bits} }}\n[sources]\ncam = 'cam.png'\n[[layers]]\neffect = 'edges'\n{keys}"
    );
    let picture = Picture::rgba8(size, picture.into_raw());
    let texels = Stage::read(&text, &[], size).tick(&[Some(&picture)]);
    let level = |texel: &Texel| (texel[0] * 255.0).round() as u8;
    texels.iter().map(level).collect()
}

/// In 8-bit shows to the level; in float ones a length lies between two.
#[test]
fn gradients_are_opencvs() {
    for filter in ["sobel", "scharr"] {
        for (case, theirs) in cases(filter) {
            let norm = match case["part"].as_str().unwrap() {
                "x" => "across",
                "y" => "down",
                part => part,
            };
            let keys = format!("kind = '{filter}'\nnorm = '{norm}'");
            for (bits, most) in [(8, 0), (16, 1)] {
                let ours = edges(&case, &keys, bits);
                assert_within(&ours, theirs.as_raw(), most, &format!("{case} in {bits}"));
            }
        }
    }
}

#[test]
fn the_laplacian_is_opencvs() {
    for (case, theirs) in cases("laplacian") {
        for bits in [8, 16] {
            let ours = edges(&case, "kind = 'laplacian'", bits);
            assert_within(&ours, theirs.as_raw(), 0, &format!("{case} in {bits}"));
        }
    }
}

#[track_caller]
fn assert_within(ours: &[u8], theirs: &[u8], most: u8, what: &str) {
    assert_eq!(ours.len(), theirs.len(), "{what}: another size");
    let far = |(a, b): (&u8, &u8)| a.abs_diff(*b) > most;
    let count = ours.iter().zip(theirs).filter(|pair| far(*pair)).count();
    assert_eq!(count, 0, "{what}: so many of {} differ", ours.len());
}

/// The harmonic mean of how many found lines are right and how many right ones are found.
fn likeness(ours: &[u8], theirs: &[u8]) -> f64 {
    let count = |lines: &[u8]| lines.iter().filter(|level| **level > 0).count();
    let pairs = ours.iter().zip(theirs);
    let both = pairs.filter(|(a, b)| **a > 0 && **b > 0).count();
    let all = count(ours) + count(theirs);
    if all == 0 {
        return 1.0;
    }
    2.0 * both as f64 / all as f64
}

fn keys_of_canny(case: &Json, reach: u32) -> String {
    let norm = match case["norm"].as_str().unwrap() {
        "l1" => "sum",
        _ => "length",
    };
    format!(
        "low = {}\nhigh = {}\nnorm = '{norm}'\nreach = {reach}",
        case["low"], case["high"]
    )
}

#[test]
fn lines_are_those_of_opencvs_canny() {
    let mut lines = 0;
    for (case, theirs) in cases("canny") {
        // Far enough to follow every line to its end: what is left is OpenCV's to the pixel.
        let whole = edges(&case, &keys_of_canny(&case, 255), 16);
        assert_within(&whole, theirs.as_raw(), 0, &case.to_string());
        let near = likeness(
            &edges(&case, &keys_of_canny(&case, 12), 16),
            theirs.as_raw(),
        );
        assert!(near >= 0.98, "{case} with a reach of 12: {near}");
        lines += whole.iter().filter(|level| **level > 0).count();
    }
    assert!(lines > 1000, "{lines} pixels of lines");
}

#[test]
fn lines_that_are_only_nearly_right_are_rejected() {
    let (_, right) = cases("canny").swap_remove(0);
    let shifted: Vec<u8> = right.as_raw().iter().skip(1).copied().chain([0]).collect();
    assert_eq!(likeness(right.as_raw(), right.as_raw()), 1.0);
    assert!(likeness(&shifted, right.as_raw()) < 0.9);
}

#[test]
fn a_line_ends_where_its_reach_does() {
    let (case, theirs) = cases("canny").swap_remove(0);
    let strong = edges(&case, &keys_of_canny(&case, 0), 16);
    let some = edges(&case, &keys_of_canny(&case, 1), 16);
    let count = |lines: &[u8]| lines.iter().filter(|level| **level > 0).count();
    assert!(count(&strong) < count(&some), "one block further");
    assert!(count(&some) < count(theirs.as_raw()), "and not to the end");
}

#[test]
fn edges_lie_over_paper_or_the_picture() {
    let (case, theirs) = cases("canny").swap_remove(0);
    let seen = |keys: &str| edges(&case, &format!("reach = 255\n{keys}"), 16);
    let red = seen("ink = [0.4, 0, 0, 1]\npaper = [1, 1, 1, 1]");
    let wanted = theirs
        .as_raw()
        .iter()
        .map(|line| if *line > 0 { 102 } else { 255 });
    assert_eq!(red, wanted.collect::<Vec<u8>>());
    let name = case["picture"].as_str().unwrap();
    let picture = open(&format!("inputs/{name}.png")).into_rgb8();
    let over = seen("backdrop = 1");
    for ((pixel, line), level) in picture.pixels().zip(theirs.as_raw()).zip(over) {
        assert_eq!(level, if *line > 0 { 255 } else { pixel.0[0] });
    }
}
