//! The fit of a picture to a canvas of another size.

mod gpu;

use afterimage::picture::{Fit, Format, Picture, Rotation, Size};

/// Half a unit in the last place of a half float below 1.
const ROUNDING: f64 = 0.000_25;

/// A picture of grey columns, `level(x)` for each.
fn columns(size: Size, level: impl Fn(u32) -> u8) -> Picture {
    let row: Vec<u8> = (0..size.width).map(level).collect();
    Picture::packed(Format::gray8(), size, row.repeat(size.height as usize))
}

fn turned(mut picture: Picture) -> Picture {
    picture.rotation = Rotation::Clockwise90;
    picture
}

#[test]
fn a_ramp_stays_a_ramp() {
    let size = Size::new(200, 8);
    for width in [67, 100, 150, 201, 333, 800] {
        let canvas = Size::new(width, 8);
        let colors = gpu::take_in(&columns(size, |x| x as u8), Fit::Stretch, false, canvas);
        let scale = 200.0 / f64::from(width);
        // Near the edges the ramp ends.
        let edge = (2.0 * scale.max(1.0) / scale).ceil() as u32 + 1;
        for x in edge..width - edge {
            let expected = ((f64::from(x) + 0.5) * scale - 0.5) / 255.0;
            let error = (f64::from(colors[x as usize][0]) - expected).abs();
            assert!(error < 3.0 * ROUNDING, "{width} at {x}: {error}");
        }
    }
}

#[test]
fn both_axes_are_filtered_alike() {
    let picture = columns(Size::new(50, 20), |x| (x * 5) as u8 ^ 0x1f);
    let across = gpu::take_in(&picture, Fit::Stretch, false, Size::new(37, 11));
    let down = gpu::take_in(&turned(picture), Fit::Stretch, false, Size::new(11, 37));
    for y in 0..37 {
        assert_eq!(across[y], down[y * 11]);
    }
}

#[test]
fn a_fine_pattern_reduced_is_grey() {
    let checker = |size: Size| {
        let bytes =
            (0..size.height).flat_map(|y| (0..size.width).map(move |x| ((x + y) % 2 * 255) as u8));
        Picture::packed(Format::gray8(), size, bytes.collect())
    };
    for (side, canvas) in [(64, 32), (64, 16), (63, 21)] {
        let picture = checker(Size::new(side, side));
        let colors = gpu::take_in(&picture, Fit::Cover, false, Size::new(canvas, canvas));
        for y in 4..canvas - 4 {
            for x in 4..canvas - 4 {
                let value = colors[(y * canvas + x) as usize][0];
                assert!(
                    (value - 0.5).abs() < 0.02,
                    "{side} to {canvas} at {x}, {y}: {value}"
                );
            }
        }
    }
}

#[test]
fn the_centre_of_mass_stays() {
    let size = Size::new(81, 41);
    // Soft spots: the clipped overshoot around hard ones would add mass.
    let spots = [(30.0, 14.0), (33.0, 15.0), (55.0, 20.0), (50.0, 27.0)];
    let level = |x: u32, y: u32| {
        let distance = |(a, b): (f64, f64)| (a - f64::from(x)).powi(2) + (b - f64::from(y)).powi(2);
        spots
            .map(|spot| 60.0 * (-distance(spot) / 18.0).exp())
            .iter()
            .sum::<f64>() as u8
    };
    let bytes: Vec<u8> = (0..41)
        .flat_map(|y| (0..81).map(move |x| (x, y)))
        .map(|(x, y)| level(x, y))
        .collect();
    let picture = Picture::packed(Format::gray8(), size, bytes);
    let centre = |colors: &[[f32; 4]], canvas: Size| {
        let mut sums = [0.0; 3];
        for (index, color) in (0u32..).zip(colors) {
            let mass = f64::from(color[0]);
            let x = (f64::from(index % canvas.width) + 0.5) / f64::from(canvas.width);
            let y = (f64::from(index / canvas.width) + 0.5) / f64::from(canvas.height);
            sums = [sums[0] + mass, sums[1] + mass * x, sums[2] + mass * y];
        }
        [sums[1] / sums[0] * 81.0, sums[2] / sums[0] * 41.0]
    };
    let before = centre(&gpu::take_in(&picture, Fit::Cover, false, size), size);
    for canvas in [
        Size::new(162, 82),
        Size::new(120, 60),
        Size::new(60, 35),
        Size::new(27, 13),
    ] {
        let after = centre(&gpu::take_in(&picture, Fit::Stretch, false, canvas), canvas);
        for (before, after) in before.into_iter().zip(after) {
            assert!(
                (before - after).abs() < 0.05,
                "{canvas}: {before} became {after}"
            );
        }
    }
}

#[test]
fn contain_leaves_transparent_bars_and_cover_cuts() {
    let picture = columns(Size::new(40, 20), |_| 255);
    let canvas = Size::new(20, 20);
    let contained = gpu::take_in(&picture, Fit::Contain, false, canvas);
    for (y, row) in contained.chunks_exact(20).enumerate() {
        let expected = if (5..15).contains(&y) {
            [1.0; 4]
        } else {
            [0.0; 4]
        };
        assert!(
            row.iter().all(|color| *color == expected),
            "row {y}: {row:?}"
        );
    }
    let covered = gpu::take_in(&picture, Fit::Cover, false, canvas);
    assert!(covered.iter().all(|color| *color == [1.0; 4]));
}

#[test]
fn native_keeps_every_pixel() {
    let size = Size::new(9, 4);
    let picture = columns(size, |x| x as u8 * 20);
    let canvas = Size::new(12, 3);
    let colors = gpu::take_in(&picture, Fit::Native, false, canvas);
    for (x, color) in colors[..12].iter().enumerate() {
        let expected = match x {
            1..10 => [[gpu::level((x - 1) as u8 * 20); 3].as_slice(), &[1.0]].concat(),
            _ => vec![0.0; 4],
        };
        assert_eq!(color.as_slice(), expected, "column {x}");
    }
}

#[test]
fn wide_pixels_fill_the_display_size() {
    let mut picture = columns(Size::new(90, 10), |x| x as u8);
    picture.pixel_aspect = 2.0;
    let canvas = picture.display_size();
    assert_eq!(canvas, Size::new(180, 10));
    let colors = gpu::take_in(&picture, Fit::Cover, false, canvas);
    for (x, color) in colors.iter().enumerate().take(176).skip(4) {
        let expected = ((x as f32 + 0.5) / 2.0 - 0.5) / 255.0;
        assert!((color[0] - expected).abs() < 0.001, "column {x}");
    }
}

#[test]
fn transparent_pixels_do_not_bleed() {
    let pixel = |x: u32| {
        if x < 8 {
            [255, 0, 0, 255]
        } else {
            [0, 255, 0, 0]
        }
    };
    let row: Vec<u8> = (0..16).flat_map(pixel).collect();
    let picture = Picture::rgba8(Size::new(16, 2), row.repeat(2));
    for width in [8, 11, 40] {
        for color in gpu::take_in(&picture, Fit::Stretch, false, Size::new(width, 2)) {
            assert_eq!(color[1], 0.0, "green came from transparent pixels");
            assert!(color[3] == 0.0 || color[0] > 0.99, "{color:?}");
        }
    }
}
