//! Noise: Perlin's is the package's, and all kinds come back in time and in space without a seam.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::{Path, PathBuf};

use afterimage::picture::Size;
use serde_json::Value as Json;

use crate::stage::{FPS, Stage, Texel, assert_near, assert_same, differ};
use crate::{SLACK, once, play, step};

fn file(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// The effect with a pass that parts its number into two half floats, so that no digit is lost.
fn exact_noise() -> String {
    let text = fs::read_to_string(file("shaders/noise.wgsl")).unwrap();
    let passes = r#""PASSES": [{"ENTRY": "parts"}], "CATEGORIES""#;
    let text = text.replacen(r#""CATEGORIES""#, passes, 1);
    text + "fn parts(at: vec2i) -> vec4f {
        let number = effect(at).r;
        let coarse = round(number * 1024.0) / 1024.0;
        return vec4f(coarse, (number - coarse) * 1024.0, 0.0, 0.0);
    }"
}

/// What the effect looks up with the settings of a case, as exactly as the GPU calculates.
fn looked_up(case: &Json) -> Vec<f64> {
    let keys = case["keys"].as_object().unwrap().iter();
    let keys: Vec<_> = keys
        .map(|(key, value)| format!("{key} = {value}"))
        .collect();
    let fixed = "effect = 'exact'\nkind = 'perlin'\noutput = 'signed'";
    let show = format!("[[layers]]\n{fixed}\n{}", keys.join("\n"));
    let mut stage = Stage::read(&show, &[("exact", &exact_noise())], Size::new(40, 25));
    let number = |texel: &Texel| f64::from(texel[0]) + f64::from(texel[1]) / 1024.0;
    stage.tick(&[]).iter().map(number).collect()
}

#[test]
fn perlin_is_that_of_the_package() {
    let text = fs::read_to_string(file("tests/reference/noise/perlin.json")).unwrap();
    let cases: Vec<Json> = serde_json::from_str(&text).unwrap();
    assert_eq!(cases.len(), 5);
    for case in &cases {
        let expected = case["values"].as_array().unwrap();
        let actual = looked_up(case);
        assert_eq!(actual.len(), expected.len());
        for (index, (actual, expected)) in actual.iter().zip(expected).enumerate() {
            let expected = expected.as_f64().unwrap();
            let near = (actual - expected).abs() <= 1e-5;
            let keys = &case["keys"];
            assert!(near, "{keys}: {actual} instead of {expected} at {index}");
        }
    }
}

const KINDS: [&str; 7] = [
    "white", "value", "perlin", "simplex", "worley", "edges", "cells",
];

fn noise(kind: &str, settings: &str) -> String {
    let levels = "low = 0\nhigh = 1\noutput = 'color'";
    format!("effect = 'noise'\nkind = '{kind}'\n{levels}\n{settings}")
}

#[test]
fn every_noise_comes_back_after_its_period_without_a_seam() {
    let ticks = 20;
    let period = ticks as f64 / FPS;
    let settings = format!("cell = 8\noctaves = 3\nwarp = 0.5\nspeed = -5\nperiod = {period}");
    for kind in KINDS {
        let pictures = play(&noise(kind, &settings), Size::new(24, 17), 2 * ticks);
        let (first, second) = pictures.split_at(ticks);
        for (tick, (first, second)) in first.iter().zip(second).enumerate() {
            assert_near(second, first, 2.0 * SLACK, &format!("{kind}, tick {tick}"));
        }
        assert!(differ(&first[0], &first[ticks / 2]), "{kind} stands still");
        let pairs = pictures.windows(2);
        let steps: Vec<_> = pairs.map(|pair| step(&pair[0], &pair[1])).collect();
        let elsewhere = steps[..ticks - 1].iter().copied().fold(0.0, f32::max);
        let seam = steps[ticks - 1];
        let message = format!("{kind} jumps by {seam}, elsewhere by {elsewhere} at most");
        assert!(seam <= 1.5 * elsewhere, "{message}");
    }
}

const WIDTH: usize = 30;
const HEIGHT: usize = 22;

/// The pixel of a picture that lies there when it is laid side by side.
fn tiled(picture: &[Texel], x: usize, y: usize) -> &Texel {
    &picture[y % HEIGHT * WIDTH + x % WIDTH]
}

/// The largest steps from pixel to pixel: within the picture, and over its borders to the next tile.
fn steps_within_and_over(picture: &[Texel]) -> (f32, f32) {
    let column = |x| (0..HEIGHT).map(move |y| tiled(picture, x, y));
    let row = |y| (0..WIDTH).map(move |x| tiled(picture, x, y));
    let across = |x| step(column(x), column(x + 1));
    let down = |y| step(row(y), row(y + 1));
    let within = (0..WIDTH - 1).map(across).chain((0..HEIGHT - 1).map(down));
    let over = across(WIDTH - 1).max(down(HEIGHT - 1));
    (within.fold(0.0, f32::max), over)
}

#[test]
fn every_noise_that_tiles_meets_itself_at_the_borders() {
    let settings = "cell = 9\noctaves = 3\nlacunarity = 1.7\nwarp = 0.3\ntile = true\nspeed = 0\noffset = 'tick * (15, 11)'";
    for kind in KINDS.into_iter().filter(|kind| *kind != "white") {
        let size = Size::new(WIDTH as u32, HEIGHT as u32);
        let pictures = play(&noise(kind, settings), size, 2);
        let (within, over) = steps_within_and_over(&pictures[0]);
        let message = format!("{kind}: {over} over the border, {within} within");
        assert!(over <= 1.5 * within, "{message}");
        let places = (0..HEIGHT).flat_map(|y| (0..WIDTH).map(move |x| (x, y)));
        let rolled = places.map(|(x, y)| tiled(&pictures[0], x + WIDTH - 15, y + HEIGHT - 11));
        let pairs = pictures[1].iter().zip(rolled);
        let far = pairs
            .filter(|(a, b)| step([*a], [*b]) > 4.0 * SLACK)
            .count();
        // The border of a flat cell may fall on the other side of a pixel's centre.
        let allowed = if kind == "cells" { 6 } else { 0 };
        assert!(far <= allowed, "{kind} does not come back: {far} pixels");
    }
}

#[test]
fn seeds_and_kinds_differ_and_repeat() {
    let size = Size::new(24, 17);
    let seeds = |kind| {
        play(
            &noise(kind, "cell = 6\nspeed = 0\nseed = 'tick % 2'"),
            size,
            4,
        )
    };
    let mut pictures: Vec<Vec<Texel>> = Vec::new();
    for kind in KINDS {
        let four = seeds(kind);
        assert_same(&four[2], &four[0], kind);
        assert_same(&four[3], &four[1], kind);
        pictures.extend(four.into_iter().take(2));
    }
    for (index, picture) in pictures.iter().enumerate() {
        let unlike = pictures[..index].iter().all(|other| differ(picture, other));
        assert!(unlike, "{} is another noise", KINDS[index / 2]);
    }
}

const WORLEY: &str = "effect = 'noise'\nkind = 'worley'\noctaves = 1\ncell = 12\noutput = 'signed'";

/// A distance grows no faster than its way; one that missed a nearer point would jump.
#[test]
fn worley_is_a_distance() {
    let (width, height) = (96, 64);
    let settings = format!("{WORLEY}\ndepth = 'tick / 5'");
    for picture in play(&settings, Size::new(width, height), 5) {
        let width = width as usize;
        let across = picture.chunks(width).flat_map(|row| row.windows(2));
        let across = across.map(|pair| step([&pair[0]], [&pair[1]]));
        let down = picture.iter().zip(&picture[width..]);
        let down = down.map(|(upper, lower)| step([upper], [lower]));
        let most = across.chain(down).fold(0.0, f32::max);
        assert!(most <= 2.0 / 12.0 + 2.0 * SLACK, "{most} to the next pixel");
    }
}

#[test]
fn worley_without_jitter_has_its_points_in_the_middles_of_squares() {
    let (width, height) = (96, 72);
    let squares = once(&format!("{WORLEY}\njitter = 0"), Size::new(width, height));
    let away = |at: u32| ((at % 12) as f32 + 0.5) / 12.0 - 0.5;
    let number = |index: u32| 2.0 * away(index % width).hypot(away(index / width)) - 1.0;
    let expected = (0..width * height).map(number);
    let expected: Vec<_> = expected
        .map(|number| [number, number, number, 1.0])
        .collect();
    assert_near(&squares, &expected, SLACK, "a board of squares");
}
