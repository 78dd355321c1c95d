//! The patterns, against the formulas that they mirror.

use std::f32::consts::TAU;

use afterimage::picture::Size;

use crate::stage::{FPS, assert_near, assert_same};
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
fn a_hard_checker_is_black_and_white_to_the_pixel() {
    let size = Size::new(24, 16);
    let colors = "first = '#000000'\nsecond = '#ffffff'";
    let settings = format!("effect = 'checker'\ncell = [4, 2]\nsoftness = 0\n{colors}");
    // The centre, where four fields meet, is at 12, 8; to its upper left it is black.
    let texel = |index: u32| {
        let (x, y) = (index % 24, index / 24);
        let white = f32::from((x / 4 + y / 2) % 2 == 0);
        [white, white, white, 1.0]
    };
    let expected: Vec<_> = (0..24 * 16).map(texel).collect();
    assert_same(&once(&settings, size), &expected, "checker");
    let turned = once(&format!("{settings}\nangle = 180\noffset = [4, 0]"), size);
    assert_same(
        &turned,
        &expected
            .iter()
            .map(|t| [1.0 - t[0], 1.0 - t[1], 1.0 - t[2], 1.0])
            .collect::<Vec<_>>(),
        "checker, moved by a field",
    );
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

#[test]
fn solid_is_its_colour_and_alpha() {
    let picture = once(
        "effect = 'solid'\ncolor = [1, 0.5, 0.25, 0.75]",
        Size::new(5, 3),
    );
    assert_same(&picture, &[[1.0, 0.5, 0.25, 0.75]; 15], "solid");
}
