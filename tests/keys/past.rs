//! What reaches back or aside: `tap`, histories, `@prev`, side branches; and what goes on: `on`, state.

use afterimage::effect::Library;
use afterimage::show::Show;

use crate::stage::{flat, set};
use crate::{SIZE, level, levels, read, series};

#[test]
fn tap_reaches_back_and_before_the_first_picture_is_the_first() {
    let of_source = series("[[layers]]\neffect = 'copy'\ntap = 2", 5);
    assert_eq!(of_source, [10.0, 10.0, 10.0, 20.0, 30.0]);
    let of_layer = series(
        "[[layers]]\neffect = 'invert'\n[[layers]]\neffect = 'invert'\ntap = 1",
        4,
    );
    assert_eq!(of_layer, [10.0, 10.0, 20.0, 30.0]);
    let moving = series("[[layers]]\neffect = 'copy'\ntap = 'tick - 1'", 5);
    assert_eq!(moving, [10.0, 20.0, 20.0, 20.0, 20.0]);
}

#[test]
fn a_tap_is_composed_with_the_present() {
    let mixed = series("[[layers]]\neffect = 'copy'\ntap = 2\nmix = 0.5", 4);
    assert_eq!(mixed, [10.0, 15.0, 20.0, 30.0]);
    let green = series("[[layers]]\neffect = 'copy'\ntap = 1\nchannels = 'g'", 3);
    assert_eq!(green, [10.0, 20.0, 30.0], "red stays in the present");
}

#[test]
fn a_ring_goes_on_through_a_layer_that_is_off() {
    let text = "[[layers]]\nname = 'under'\neffect = 'invert'\non = 'tick < 2 or tick > 2'\n[[layers]]\neffect = 'copy'\ntap = 1";
    assert_eq!(series(text, 5), [245.0, 245.0, 235.0, 30.0, 215.0]);
}

#[test]
fn prev_is_the_last_ticks_picture_and_first_nothing() {
    let text = "[[layers]]\nname = 'echo'\neffect = 'add'\nother = 'echo@prev'";
    let mut expected = vec![10.0];
    for tick in 1..5 {
        let last = expected.last().copied().unwrap_or(0.0);
        expected.push(10.0 + 10.0 * tick as f32 + 0.5 * last);
    }
    for (level, wanted) in series(text, 5).into_iter().zip(expected) {
        assert!((level - wanted).abs() <= 0.5, "{level} instead of {wanted}");
    }
    let mut first = read(text, 16);
    let output = first.tick(&[Some(&flat(SIZE, [0, 0, 0, 0])), None]);
    assert_eq!(output[0], [0.0; 4], "transparent black");
}

#[test]
fn prev_of_a_later_layer_is_there_too() {
    let text = "[[layers]]\neffect = 'add'\nother = 'last@prev'\n[[layers]]\nname = 'last'\neffect = 'invert'";
    // 255 - (level + previous / 2)
    assert_eq!(series(text, 3)[0], 245.0);
    let second = series(text, 2)[1];
    assert!((second - (235.0 - 122.5)).abs() <= 1.0, "{second}");
}

#[test]
fn a_history_of_a_last_ticks_picture_is_refused() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let mut library = Library::new(vec![folder.path().to_owned()]);
    let text = "sources = { cam = 'cam.png' }\n[[layers]]\neffect = 'tblend'\nname = 'a'\nbefore = 'a@prev'";
    let error = Show::parse(text, None, &mut library).expect_err("no ring of it is kept");
    assert_eq!((error.line, error.column), (5, 11), "{error}");
    assert!(error.message.contains("no past"), "{error}");
}

#[test]
fn history_reaches_back_and_before_the_first_picture_is_the_first() {
    for (pictures, expected) in [
        (0, [10.0, 20.0, 30.0, 40.0, 50.0]),
        (1, [10.0, 10.0, 20.0, 30.0, 40.0]),
        (3, [10.0, 10.0, 10.0, 10.0, 20.0]),
    ] {
        let text = format!("[[layers]]\neffect = 'back'\npictures = {pictures}");
        assert_eq!(series(&text, 5), expected, "{text}");
    }
    for (pictures, expected) in [(0, [10.0, 10.0, 20.0, 30.0]), (2, [10.0, 10.0, 10.0, 10.0])] {
        let text = format!("[[layers]]\neffect = 'back'\ntap = 1\npictures = {pictures}");
        assert_eq!(
            series(&text, 4),
            expected,
            "the past of what is tapped: {text}"
        );
    }
    let layer = "[[layers]]\neffect = 'invert'\n[[layers]]\neffect = 'back'\npictures = 2";
    assert_eq!(series(layer, 4), [245.0, 245.0, 245.0, 235.0]);
}

#[test]
fn a_side_branch_is_seen_only_where_it_is_named() {
    let side = "[[layers]]\nname = 'side'\neffect = 'invert'\nthrough = false\n";
    assert_eq!(series(side, 2), [10.0, 20.0], "it is not the output");
    let next = format!("{side}[[layers]]\neffect = 'copy'");
    assert_eq!(
        series(&next, 2),
        [10.0, 20.0],
        "it is not the next layer's picture"
    );
    let copied = side.replace("'invert'", "'copy'");
    let named = format!("{copied}[[layers]]\neffect = 'add'\nother = 'side'");
    assert_eq!(series(&named, 2), [15.0, 30.0], "and half of it");
}

#[test]
fn state_goes_on_at_mix_0_and_stands_still_when_off() {
    let hidden = series("[[layers]]\neffect = 'sum'\nmix = 'tick > 1'", 3);
    assert_eq!(hidden, [10.0, 20.0, 60.0], "10 + 20 + 30");
    let off = series("[[layers]]\neffect = 'sum'\non = 'tick < 2 or tick > 2'", 4);
    assert_eq!(off, [10.0, 30.0, 30.0, 70.0], "10 + 20 + 40");
}

#[test]
fn a_control_takes_a_key_over_until_it_is_released() {
    let mut stage = read(
        "[[layers]]\nname = 'neg'\neffect = 'invert'\nmix = '0 * time'",
        16,
    );
    let cam = levels(10);
    let mut tick = |commands: &[_]| level(&stage.tick_with(commands, &[Some(&cam), None]));
    assert_eq!(tick(&[]), 10.0);
    assert_eq!(tick(&[set("/layers/neg/mix", 1.0)]), 245.0);
    assert_eq!(tick(&[]), 245.0);
    assert_eq!(tick(&[set("/layers/neg/mix/release", 1.0)]), 10.0);
}
