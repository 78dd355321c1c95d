//! The patterns, against the formulas that they mirror.

use std::f32::consts::TAU;

use afterimage::picture::Size;

use crate::stage::{FPS, Texel, assert_near, assert_same};
use crate::{SLACK, once, play, step};

/// hydra's osc: sin((x - offset / frequency + time * sync) * frequency) for red, and so on.
#[test]
fn oscillator_is_hydras() {
    let size = Size::new(320, 4);
    for (frequency, sync, offset) in [(60.0, 0.1, 0.0), (21.0, -0.4, 1.3), (5.0, 2.0, -0.5f32)] {
        let settings = format!(
            "effect = 'oscillator'\ncentre = [0, 0.5]\nphase = -0.25\nfrequency = {}\nspeed = {}\noffset = {}",
            frequency / TAU,
            -sync,
            offset / TAU
        );
        for (tick, picture) in play(&settings, size, 3).iter().enumerate() {
            let time = tick as f32 / FPS as f32;
            let hydra = |x: f32, shift: f32| {
                0.5 + 0.5 * ((x + shift / frequency + time * sync) * frequency).sin()
            };
            let texel = |index: u32| {
                let x = ((index % 320) as f32 + 0.5) / 320.0;
                [hydra(x, -offset), hydra(x, 0.0), hydra(x, offset), 1.0]
            };
            let expected: Vec<_> = (0..1280).map(texel).collect();
            // A pixel is the mean of what it covers, hydra's a point: off by sinc(frequency / 640).
            assert_near(
                picture,
                &expected,
                2.0 * SLACK,
                &format!("{frequency}, tick {tick}"),
            );
        }
    }
}

#[test]
fn square_waves_keep_their_duty_at_any_frequency() {
    let size = Size::new(256, 1);
    for (frequency, duty) in [
        (4.0, 0.25),
        (37.0, 0.5),
        (101.0, 0.1),
        (256.0, 0.7),
        (900.0, 0.3),
    ] {
        let settings = format!(
            "effect = 'oscillator'\nshape = 'square'\noffset = 0\nfrequency = {frequency}\nduty = {duty}"
        );
        let picture = once(&settings, size);
        let mean = picture.iter().map(|texel| texel[1]).sum::<f32>() / 256.0;
        assert!(
            (mean - duty).abs() < 2.0 * SLACK,
            "{frequency}: {mean} instead of {duty}"
        );
    }
}

#[test]
fn a_slow_square_wave_has_hard_edges() {
    let keys = "shape = 'square'\noffset = 0\nfrequency = 4\nduty = 0.25\ncentre = [0, 0]";
    let picture = once(&format!("effect = 'oscillator'\n{keys}"), Size::new(256, 1));
    let lit = |x: u32| f32::from(x % 64 < 16);
    let expected: Vec<_> = (0..256).map(lit).map(|n| [n, n, n, 1.0]).collect();
    assert_near(&picture, &expected, SLACK, "four waves");
}

#[test]
fn a_hard_checker_is_black_and_white_to_the_pixel() {
    let colors = "first = '#000000'\nsecond = '#ffffff'";
    let settings = format!("effect = 'checker'\ncell = [4, 2]\nsoftness = 0\n{colors}");
    // The centre, where four fields meet, is at 12, 8; to its upper left it is black.
    let board = |right: u32, down: u32| -> Vec<_> {
        let places = (0..24 * 16).map(|index| (index % 24 + 24 - right, index / 24 + 16 - down));
        let white = places.map(|(x, y)| f32::from((x / 4 + y / 2) % 2 == 0));
        white.map(|white| [white, white, white, 1.0]).collect()
    };
    for (offset, angle, right, down) in [
        ([0, 0], 0, 0, 0),
        ([3, 1], 0, 3, 1),
        ([-2, 5], 0, 22, 5),
        ([1, 0], 180, 1, 0),
    ] {
        let moved = format!("{settings}\noffset = {offset:?}\nangle = {angle}");
        let picture = once(&moved, Size::new(24, 16));
        assert_same(&picture, &board(right, down), &moved);
    }
}

#[test]
fn plasma_runs_through_its_palette_once_a_phase() {
    let size = Size::new(48, 27);
    for palette in ["rainbow", "fire", "ocean", "candy", "grey"] {
        for kind in ["classic", "interference"] {
            let of = |phase: f32| {
                let settings = format!("kind = '{kind}'\npalette = '{palette}'\nphase = {phase}");
                once(&format!("effect = 'plasma'\ncell = 20\n{settings}"), size)
            };
            let (picture, half) = (of(0.0), of(0.5));
            assert_near(&of(1.0), &picture, 2.0 * SLACK, palette);
            assert!(
                step(&picture, &half) > 0.5,
                "{palette}, {kind}: the colours stand"
            );
            let flat = picture
                .iter()
                .all(|texel| step([texel], [&picture[0]]) < 0.3);
            assert!(!flat, "{palette}, {kind}: one colour");
        }
    }
}

/// hydra's shape, whose radius and smoothing are ours where the picture is square and it looks up, not down.
#[test]
fn polygon_is_hydras() {
    let size = Size::new(64, 64);
    for (sides, radius, smoothing) in [(3, 0.3, 0.2), (5, 0.6, 0.5), (4, 0.1, 0.9)] {
        let settings = format!("sides = {sides}\nradius = {radius}\nsoftness = {smoothing}");
        let picture = once(&format!("effect = 'polygon'\n{settings}"), size);
        let hydra = |index: u32| {
            let place = |at: u32| (at as f32 + 0.5) / 32.0 - 1.0;
            let (x, y) = (place(index % 64), -place(index / 64));
            let (angle, side) = (x.atan2(y) + TAU / 2.0, TAU / sides as f32);
            let distance = ((0.5 + angle / side).floor() * side - angle).cos() * x.hypot(y);
            let part = ((distance - radius) / smoothing).clamp(0.0, 1.0);
            let number = 1.0 - part * part * (3.0 - 2.0 * part);
            [number, number, number, 1.0]
        };
        let expected: Vec<_> = (0..64 * 64).map(hydra).collect();
        // Its foot begins half a pixel further in, so that softness 0 is smooth: at most that times the slope.
        assert_near(
            &picture,
            &expected,
            1.5 / smoothing / 64.0 + SLACK,
            "polygon",
        );
    }
}

#[test]
fn a_polygon_with_a_hole_keeps_its_rim() {
    let settings = "effect = 'polygon'\nsides = 4\nradius = 0.5\nhole = 0.5";
    let picture = once(settings, Size::new(32, 32));
    let lit = |index: usize| {
        let away = |at: usize| (at as f32 - 15.5).abs();
        let distance = away(index % 32).max(away(index / 32));
        f32::from(u8::from((4.0..8.0).contains(&distance)))
    };
    let expected: Vec<_> = (0..1024).map(lit).map(|n| [n, n, n, 1.0]).collect();
    assert_near(&picture, &expected, SLACK, "a square ring");
}

#[test]
fn a_stretched_square_is_a_box_whose_rims_are_sharp() {
    let keys = "effect = 'polygon'\nsides = 4\nradius = 0.5\nstretch = [1.5, 0.25]";
    let box_of = |width: f32, height: f32| -> Vec<Texel> {
        let lit = |index: usize| {
            let away = |at: usize| (at as f32 - 15.5).abs();
            let inside = away(index % 32) < width && away(index / 32) < height;
            let n = f32::from(u8::from(inside));
            [n, n, n, 1.0]
        };
        (0..1024).map(lit).collect()
    };
    let size = Size::new(32, 32);
    assert_near(&once(keys, size), &box_of(12.0, 2.0), SLACK, "it lies");
    let turned = once(&format!("{keys}\nangle = 90"), size);
    assert_near(&turned, &box_of(2.0, 12.0), SLACK, "it stands");
}

#[test]
fn solid_is_its_colour_and_alpha() {
    let picture = once(
        "effect = 'solid'\ncolor = [1, 0.5, 0.25, 0.75]",
        Size::new(5, 3),
    );
    assert_same(&picture, &[[1.0, 0.5, 0.25, 0.75]; 15], "solid");
}
