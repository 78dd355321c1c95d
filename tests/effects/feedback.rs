//! Video feedback that stands still for ever, moves exactly and never runs away.

use crate::stage::{Texel, assert_same};
use crate::{SIZE, grey, opaque, read};

const STILL: &str = "[[layers]]\neffect = 'feedback'\npersistence = 1\nkey = 0\nzoom = 1\nrotate = 0\nhue = 0\ntint = [1, 1, 1]";

/// What a flash leaves behind: noise once, then black.
fn after_a_flash(layers: &str, ticks: usize) -> Vec<Vec<Texel>> {
    let (flash, black) = (opaque(1), grey(0));
    let mut stage = read(layers);
    let mut shown = vec![stage.tick(&[Some(&flash)])];
    shown.extend((1..ticks).map(|_| stage.tick(&[Some(&black)])));
    shown
}

#[test]
fn a_picture_that_does_not_move_is_the_same_after_ten_thousand_rounds() {
    // The first layer keeps the flash, which the other two then see as a still.
    let layer = |mode: &str, key: &str| format!("{STILL}\nmode = '{mode}'").replace("key = 0", key);
    let layers = [
        layer("lighten", "key = 0"),
        layer("over", "key = 0.5"),
        layer("darken", "key = 0.3"),
    ];
    let (flash, black) = (opaque(1), grey(0));
    let mut stage = read(&layers.join("\n"));
    let first = stage.tick(&[Some(&flash)]);
    for _ in 0..100 {
        (0..100).for_each(|_| stage.pass(&[Some(&black)]));
        assert_same(&stage.tick(&[Some(&black)]), &first, "after many rounds");
    }
}

#[test]
fn a_slow_fade_goes_on_to_the_end() {
    // In half floats 0.9999 of a number is the number again.
    let slow =
        format!("{STILL}\nmode = 'lighten'").replace("persistence = 1", "persistence = 0.9999");
    let (white, black) = (grey(255), grey(0));
    let mut stage = read(&slow);
    stage.tick(&[Some(&white)]);
    (0..1999).for_each(|_| stage.pass(&[Some(&black)]));
    let left = stage.tick(&[Some(&black)])[0][0];
    let wanted = 0.9999f32.powi(2000);
    assert!((left - wanted).abs() < 1e-3, "{left} instead of {wanted}");
}

#[test]
fn whole_pixels_and_quarter_turns_do_not_blur() {
    let row = SIZE.width as usize;
    let moved = after_a_flash(
        &format!("{STILL}\nmode = 'lighten'\ntranslate = [3, 0]\nedge = 'wrap'"),
        30,
    );
    for (tick, texels) in moved.iter().enumerate() {
        let shifted = |index: usize| moved[0][index / row * row + (index + 5 * tick) % row];
        let expected: Vec<_> = (0..texels.len()).map(shifted).collect();
        assert_same(texels, &expected, &format!("moved {tick} times"));
    }
    let quarters = format!("{STILL}\nmode = 'lighten'").replace("rotate = 0", "rotate = 90");
    let turned = after_a_flash(&quarters, 9);
    // Counter-clockwise: the upper right corner comes to the upper left.
    assert_eq!(turned[1][0], turned[0][row - 1]);
    assert_same(&turned[8], &turned[0], "turned twice around");
}

#[test]
fn it_fades_as_told_and_stays_within_white() {
    let faded = after_a_flash(
        &format!("{STILL}\nmode = 'lighten'").replace("persistence = 1", "persistence = 0.5"),
        3,
    );
    assert!((faded[2][0][0] - faded[0][0][0] / 4.0).abs() < 1e-3);
    for mode in ["lighten", "darken", "screen", "add", "difference", "over"] {
        let mut stage = read(&format!(
            "[[layers]]\neffect = 'feedback'\nmode = '{mode}'\npersistence = 1\nkey = 0.2"
        ));
        for tick in 0..60 {
            let texels = stage.tick(&[Some(&opaque(tick))]);
            let mut numbers = texels.iter().flatten();
            assert!(
                numbers.all(|number| (0.0..=1.0).contains(number)),
                "{mode} {tick}"
            );
        }
    }
}
