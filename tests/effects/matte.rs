//! What `matte` finds, and what becomes of it.

use afterimage::picture::{Picture, Size};

use crate::stage::{Stage, Texel, assert_near, assert_same, differ, parse};
use crate::{SIZE, grey, level, opaque, read};

/// A level of 255: what the readback rounds to.
const LEVEL: f32 = 1.0 / 255.0;

fn matte(keys: &str) -> String {
    format!("[[layers]]\neffect = 'matte'\n{keys}\n")
}

fn seen(keys: &str, picture: &Picture) -> Vec<Texel> {
    read(&matte(keys)).tick(&[Some(picture)])
}

fn white(share: f32) -> Texel {
    [share, share, share, 1.0]
}

/// The colours of a picture, 0 to 255.
fn colors(picture: &Picture) -> Vec<[f64; 3]> {
    let pixels = picture.planes[0].bytes.chunks_exact(4);
    pixels
        .map(|pixel| [0, 1, 2].map(|c| f64::from(pixel[c])))
        .collect()
}

/// ffmpeg's ramp (vf_colorkey.c, vf_chromakey.c): opacity by distance, similarity and blend.
fn opacity(distance: f64, similarity: f64, blend: f64) -> f32 {
    ((distance - similarity) / blend).clamp(0.0, 1.0) as f32
}

/// A colour that is keyed, 0 to 255.
const KEY: [f64; 3] = [51.0, 204.0, 102.0];
const RAMP: &str = "key = [0.2, 0.8, 0.4, 1]\nsimilarity = 0.1\nsoftness = 0.25";

#[test]
fn a_colour_is_keyed_as_colorkey_does() {
    let picture = opaque(1);
    let transcribed = colors(&picture).into_iter().map(|color| {
        let square: f64 = (0..3).map(|c| (color[c] - KEY[c]).powi(2)).sum();
        white(opacity((square / (255.0 * 255.0 * 3.0)).sqrt(), 0.1, 0.25))
    });
    let wanted: Vec<_> = transcribed.collect();
    let ours = seen(&format!("by = 'color'\n{RAMP}"), &picture);
    assert_near(&ours, &wanted, LEVEL, "colorkey");
}

/// Cb and Cr of BT.709, in levels.
fn chroma([r, g, b]: [f64; 3]) -> [f64; 2] {
    let y = 0.2126 * r + 0.7152 * g + 0.0722 * b;
    [(b - y) / 1.8556, (r - y) / 1.5748]
}

#[test]
fn a_screen_is_keyed_as_chromakey_does() {
    let picture = opaque(2);
    let planes: Vec<_> = colors(&picture).into_iter().map(chroma).collect();
    let (width, height) = (SIZE.width as i32, SIZE.height as i32);
    let key = chroma(KEY);
    let distance = |x: i32, y: i32| {
        let (x, y) = (x.clamp(0, width - 1), y.clamp(0, height - 1));
        let [u, v] = planes[(y * width + x) as usize];
        (((u - key[0]).powi(2) + (v - key[1]).powi(2)) / (255.0 * 255.0 * 2.0)).sqrt()
    };
    let mean = |x: i32, y: i32| {
        let around = (0..9).map(|n| distance(x + n % 3 - 1, y + n / 3 - 1));
        around.sum::<f64>() / 9.0
    };
    let places = (0..width * height).map(|n| (n % width, n / width));
    let wanted: Vec<_> = places
        .map(|(x, y)| white(opacity(mean(x, y), 0.1, 0.25)))
        .collect();
    let ours = seen(&format!("by = 'chroma'\n{RAMP}"), &picture);
    assert_near(&ours, &wanted, LEVEL, "chromakey");
}

#[test]
fn luma_is_keyed_as_lumakey_does() {
    // Black from 0.4 to 0.6, white from 0.1 beyond.
    let keys = "key = [0.5, 0.5, 0.5, 1]\nsimilarity = 0.1\nsoftness = 0.1";
    for grey_level in (0..=255).step_by(5) {
        let distance = (f64::from(grey_level) / 255.0 - 0.5).abs();
        let ours = seen(keys, &grey(grey_level));
        let wanted = white(opacity(distance, 0.1, 0.1));
        assert_near(&ours[..1], &[wanted], LEVEL, &grey_level.to_string());
    }
    let hard = |level| seen("similarity = 0.5\nsoftness = 0", &grey(level))[0][0];
    assert_eq!([hard(127), hard(128)], [0.0, 1.0]);
}

/// White where `inside` says so.
fn drawn(size: Size, inside: impl Fn(i32, i32) -> bool) -> Picture {
    let pixels = (0..size.area() as i32).flat_map(|index| {
        let (x, y) = (index % size.width as i32, index / size.width as i32);
        let level = 255 * u8::from(inside(x, y));
        [level, level, level, 255]
    });
    Picture::rgba8(size, pixels.collect())
}

const WIDE: Size = Size::new(41, 37);

/// A square of 9 pixels in the middle.
fn is_square(x: i32, y: i32) -> bool {
    (16..25).contains(&x) && (14..23).contains(&y)
}

/// Pixels of a picture that are white.
fn found(keys: &str, picture: &Picture) -> Vec<bool> {
    let text = format!("[sources]\ncam = 'cam.png'\n{}", matte(keys));
    let texels = Stage::new(&parse(&text, &[]), WIDE).tick(&[Some(picture)]);
    texels.iter().map(|texel| texel[0] > 0.5).collect()
}

/// Whether a step is within an octagon that reaches so far along the axes.
fn in_octagon(x: i32, y: i32, reach: i32) -> bool {
    let diagonal = (0.293 * f64::from(reach)) as i32;
    let slant = 2 * (reach - 2 * diagonal) + 2 * diagonal;
    x.abs().max(y.abs()) <= reach && x.abs() + y.abs() <= slant
}

/// What lies within an octagon of some pixel that is like this.
fn near(x: i32, y: i32, reach: i32, is: impl Fn(i32, i32) -> bool) -> bool {
    let steps = (-reach..=reach).flat_map(|dy| (-reach..=reach).map(move |dx| (dx, dy)));
    steps
        .filter(|(dx, dy)| in_octagon(*dx, *dy, reach))
        .any(|(dx, dy)| is(x + dx, y + dy))
}

#[track_caller]
fn assert_shape(found: &[bool], wanted: impl Fn(i32, i32) -> bool, what: &str) {
    for (index, white) in (0..).zip(found) {
        let (x, y) = (index % WIDE.width as i32, index / WIDE.width as i32);
        assert_eq!(*white, wanted(x, y), "{what} at {x}, {y}");
    }
}

#[test]
fn a_square_grows_and_shrinks() {
    let square = drawn(WIDE, is_square);
    for reach in [0, 1, 2, 3, 4, 7, 12] {
        let grown = found(&format!("grow = {reach}"), &square);
        let wanted = |x, y| near(x, y, reach, is_square);
        assert_shape(&grown, wanted, &format!("grown by {reach}"));
        let shrunk = found(&format!("grow = -{reach}"), &square);
        let wanted = |x, y| !near(x, y, reach, |x, y| !is_square(x, y));
        assert_shape(&shrunk, wanted, &format!("shrunk by {reach}"));
        let rim = found(&format!("part = 'rim'\ngrow = {reach}"), &square);
        let wanted =
            |x, y| near(x, y, reach, is_square) && near(x, y, reach, |x, y| !is_square(x, y));
        assert_shape(&rim, wanted, &format!("a rim of {reach}"));
    }
    let inverted = found("invert = true\ngrow = 3", &square);
    let wanted = |x, y| near(x, y, 3, |x, y| !is_square(x, y));
    assert_shape(&inverted, wanted, "what is around it grows");
}

#[test]
fn a_feathered_rim_falls_evenly() {
    let half = drawn(WIDE, |x, _| x >= 20);
    let text = format!("[sources]\ncam = 'cam.png'\n{}", matte("feather = 12"));
    let texels = Stage::new(&parse(&text, &[]), WIDE).tick(&[Some(&half)]);
    let row: Vec<f32> = texels[18 * 41..19 * 41].iter().map(|t| t[0]).collect();
    assert!(
        row.windows(2).all(|pair| pair[0] <= pair[1] + 1e-3),
        "{row:?}"
    );
    let steepest = row
        .windows(2)
        .map(|pair| pair[1] - pair[0])
        .fold(0.0, f32::max);
    // A normal distribution with a deviation of 6 pixels.
    assert!(steepest < 1.5 / (6.0 * 2.5066), "a step of {steepest}");
    assert!((row[19] + row[20] - 1.0).abs() < 0.05, "{row:?}");
    assert!(row[2] < 0.02 && row[38] > 0.98, "{row:?}");
}

#[test]
fn a_trail_halves_in_its_half_life() {
    // White once, and then black; a fourth part of a half in each picture.
    let keys = "similarity = 0\nsoftness = 1\ndecay = '0.5 ^ 0.25'";
    let mut stage = read(&matte(keys));
    let levels = [255, 0, 0, 0, 0, 0, 0, 0, 0].map(|l| stage.tick(&[Some(&grey(l))])[0][0]);
    for (age, wanted) in [(0, 1.0), (4, 0.5), (8, 0.25)] {
        assert!((levels[age] - wanted).abs() < 1e-3, "{levels:?}");
    }
}

#[test]
fn changes_are_found_and_trail_off() {
    let keys = "by = 'difference'\nsimilarity = 0.1\nsoftness = 0\ndecay = 0.5";
    let mut stage = read(&matte(keys));
    let levels = [10, 30, 60, 60, 60, 62].map(|l| level(&stage.tick(&[Some(&grey(l))])));
    assert_eq!(levels, [0.0, 0.0, 255.0, 128.0, 64.0, 32.0]);
}

#[test]
fn a_plate_is_the_first_picture_until_one_is_taken() {
    let keys = "by = 'plate'\nsimilarity = 0.1\nsoftness = 0\ntake = 'tick == 3'";
    let mut stage = read(&matte(keys));
    let levels = [100, 200, 100, 200, 200, 100].map(|l| level(&stage.tick(&[Some(&grey(l))])));
    assert_eq!(levels, [0.0, 255.0, 0.0, 0.0, 0.0, 255.0]);
}

#[test]
fn an_effect_stays_within_its_matte() {
    let picture = opaque(3);
    let inside = |index: usize| index % 8 >= 4;
    let shape = "[[layers]]\neffect = 'polygon'\nname = 'shape'\nsides = 2\nangle = 90\nradius = 2\ncentre = [1.5, 0.5]\nthrough = false\n";
    let key = matte("image = 'shape'\nsimilarity = 0.5\nsoftness = 0\nthrough = false");
    let within = "[[layers]]\neffect = 'color'\ninvert = 1\nmatte = 'matte'";
    let input = read("").tick(&[Some(&picture)]);
    let seen = read(&format!("{shape}{key}{within}")).tick(&[Some(&picture)]);
    for (index, (texel, input)) in seen.iter().zip(&input).enumerate() {
        if inside(index) {
            assert!(differ(&[*texel], &[*input]), "nothing at {index}");
        } else {
            assert_same(&[*texel], &[*input], "outside");
        }
    }
}
