//! Films of a pattern that moves as a whole, drawn from a formula: its motion is known exactly.
#![allow(
    dead_code,
    clippy::allow_attributes,
    reason = "every test program uses its own part, so that no expectation holds for all"
)]

use afterimage::picture::{Picture, Size};

/// What happens to a film from one picture to the next, around its middle.
#[derive(Clone, Copy)]
pub(crate) struct Warp {
    /// Pixels, to the right and down.
    pub(crate) pan: [f64; 2],
    /// How many times as large it becomes.
    pub(crate) zoom: f64,
    /// Degrees, counter-clockwise.
    pub(crate) turn: f64,
}

impl Default for Warp {
    fn default() -> Self {
        Self {
            pan: [0.0; 2],
            zoom: 1.0,
            turn: 0.0,
        }
    }
}

/// Pictures of a film.
pub(crate) fn film(size: Size, warp: Warp, pictures: u32) -> Vec<Picture> {
    (0..pictures)
        .map(|number| picture(size, warp, number))
        .collect()
}

fn picture(size: Size, warp: Warp, number: u32) -> Picture {
    let times = f64::from(number);
    let (zoom, angle) = (warp.zoom.powf(-times), (warp.turn * times).to_radians());
    let (sin, cos) = angle.sin_cos();
    let middle = [size.width, size.height].map(|side| f64::from(side) / 2.0);
    let mut bytes = Vec::new();
    for y in 0..size.height {
        for x in 0..size.width {
            let x = f64::from(x) + 0.5 - middle[0] - times * warp.pan[0];
            let y = f64::from(y) + 0.5 - middle[1] - times * warp.pan[1];
            // Where in the pattern it was: y is down.
            let (x, y) = (zoom * (x * cos - y * sin), zoom * (x * sin + y * cos));
            let level = (255.0 * pattern(x, y)).round() as u8;
            bytes.extend([level, level, level, 255]);
        }
    }
    Picture::rgba8(size, bytes)
}

/// 0 to 1, with detail of every size from some pixels to many.
fn pattern(x: f64, y: f64) -> f64 {
    let wave = |(index, length): (usize, f64)| {
        let (sin, cos) = (2.4 * index as f64).sin_cos();
        let phase = std::f64::consts::TAU * (x * cos + y * sin) / length;
        (phase + 1.7 * index as f64).sin()
    };
    let lengths = [
        7.0, 9.0, 11.0, 14.0, 17.0, 23.0, 29.0, 37.0, 53.0, 71.0, 97.0, 131.0,
    ];
    let sum: f64 = lengths.into_iter().enumerate().map(wave).sum();
    (0.5 + sum / 16.0).clamp(0.0, 1.0)
}

/// How far the pixels of a picture are from its middle, on average.
pub(crate) fn mean_radius(size: Size) -> f64 {
    let radii = radii(size);
    radii.iter().sum::<f64>() / radii.len() as f64
}

/// How far from its middle a share of its pixels at least are.
pub(crate) fn far_radius(size: Size, share: f64) -> f64 {
    let mut radii = radii(size);
    radii.sort_by(|a, b| b.total_cmp(a));
    radii[(radii.len() as f64 * share) as usize]
}

fn radii(size: Size) -> Vec<f64> {
    let (width, height) = (f64::from(size.width), f64::from(size.height));
    let places = (0..size.height).flat_map(|y| (0..size.width).map(move |x| (x, y)));
    let radius = |(x, y): (u32, u32)| {
        let x = f64::from(x) + 0.5 - width / 2.0;
        x.hypot(f64::from(y) + 0.5 - height / 2.0)
    };
    places.map(radius).collect()
}
