//! The effect `edges` against OpenCV's Sobel, Scharr, Laplacian and Canny.

use image::RgbImage;

use super::opencv::{Case, cases, compare, pictures_of};
use super::{picture, reference};

type Settings = Vec<(&'static str, String)>;

fn of_gradient(case: &Case, kind: &str) -> Settings {
    let norm = match case.text("part").as_str() {
        "x" => "across".to_owned(),
        "y" => "down".to_owned(),
        part => part.to_owned(),
    };
    vec![("kind", kind.to_owned()), ("norm", norm)]
}

#[test]
fn gradients_are_opencvs() {
    compare("sobel", "edges", 1, |case| of_gradient(case, "sobel"));
    compare("scharr", "edges", 1, |case| of_gradient(case, "scharr"));
}

#[test]
fn the_laplacian_is_opencvs() {
    compare("laplacian", "edges", 0, |_| {
        vec![("kind", "laplacian".to_owned())]
    });
}

fn of_canny(case: &Case, reach: u32) -> Settings {
    let norm = match case.text("norm").as_str() {
        "l1" => "sum",
        _ => "length",
    };
    vec![
        ("low", case.text("low")),
        ("high", case.text("high")),
        ("norm", norm.to_owned()),
        ("reach", reach.to_string()),
    ]
}

/// Lines that are followed to their ends are OpenCV's to the pixel.
#[test]
fn lines_are_those_of_opencvs_canny() {
    compare("canny", "edges", 0, |case| of_canny(case, 255));
}

fn count(lines: &RgbImage) -> usize {
    lines.pixels().filter(|pixel| pixel.0[0] > 0).count()
}

/// The harmonic mean of how many lines that are found are right and how many right ones are found.
fn likeness(ours: &RgbImage, theirs: &RgbImage) -> f64 {
    let pairs = ours.pixels().zip(theirs.pixels());
    let both = pairs.filter(|(a, b)| a.0[0] > 0 && b.0[0] > 0).count();
    let all = count(ours) + count(theirs);
    if all == 0 {
        return 1.0;
    }
    2.0 * both as f64 / all as f64
}

/// What the effect makes of the cases of a picture, if lines go on so far.
fn followed(cases: &[Case], reach: u32) -> Vec<RgbImage> {
    let input = reference(&format!("opencv/inputs/{}", cases[0].picture));
    let settings = |case: &Case| of_canny(case, reach);
    let ticks: Vec<_> = cases.iter().map(settings).collect();
    pictures_of(&input, "edges", &ticks, "16")
}

#[test]
fn lines_hardly_miss_anything_after_a_few_passes() {
    for cases in cases("canny") {
        for (case, ours) in cases.iter().zip(followed(&cases, 12)) {
            let near = likeness(&ours, &case.expected());
            assert!(near >= 0.98, "{}: {near}", case.name);
        }
    }
}

#[test]
fn lines_that_are_only_nearly_right_are_told_apart() {
    let right = cases("canny")[0][0].expected();
    let shifted = RgbImage::from_fn(right.width(), right.height(), |x, y| {
        *right.get_pixel((x + 1).min(right.width() - 1), y)
    });
    assert_eq!(likeness(&right, &right), 1.0);
    assert!(likeness(&shifted, &right) < 0.9);
}

#[test]
fn a_line_goes_on_as_far_as_its_reach() {
    let cases = &cases("canny")[0][..1];
    let [begun, next] = [0, 1].map(|reach| count(&followed(cases, reach)[0]));
    assert!(begun < next, "{begun}, then {next}: one block further");
    assert!(next < count(&cases[0].expected()), "not yet to the end");
}

#[test]
fn lines_lie_over_paper_or_the_picture() {
    let case = &cases("canny")[0][0];
    let input = reference(&format!("opencv/inputs/{}", case.picture));
    let with = |drawn: Settings| -> Settings { [of_canny(case, 255), drawn].concat() };
    let settings = |backdrop: u8, gain: &str| {
        vec![
            ("backdrop", backdrop.to_string()),
            ("gain", gain.to_owned()),
        ]
    };
    let ticks = [settings(1, "1"), settings(1, "0.5"), settings(0, "0.4")].map(with);
    let made = pictures_of(&input, "edges", &ticks, "16");
    let places = case.expected();
    for (x, y, below) in picture(&input).enumerate_pixels() {
        let is_line = places.get_pixel(x, y).0[0] > 0;
        let seen = |tick: usize| made[tick].get_pixel(x, y).0;
        let half = below.0.map(|level| (f32::from(level) + 255.0) / 2.0);
        let near = |a: u8, b: f32| (f32::from(a) - b).abs() <= 0.6;
        if is_line {
            assert_eq!(seen(0), [255; 3]);
            assert!((0..3).all(|c| near(seen(1)[c], half[c])), "{x}, {y}");
        } else {
            assert_eq!((seen(0), seen(1)), (below.0, below.0));
        }
        assert_eq!(seen(2), [102 * u8::from(is_line); 3]);
    }
}
