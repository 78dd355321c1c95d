//! Echo, stutter and freeze: which pictures are seen when.

use crate::{grey, level, read, series};

#[test]
fn echoes_are_what_their_mode_says() {
    let show = |mode: &str| {
        format!("[[layers]]\neffect = 'echo'\ntaps = 2\nspacing = 2\ndecay = 0.5\nmode = '{mode}'")
    };
    // The level 8, with those of 6 at a half and of 4 at a quarter of their strength.
    let last = |mode: &str| series(&show(mode), 9)[8];
    assert_eq!(last("mean"), ((8.0f32 + 3.0 + 1.0) / 1.75).round());
    assert_eq!(last("lighten"), 8.0);
    assert_eq!(last("difference"), 4.0);
    assert_eq!(last("screen"), 12.0);
    assert_eq!(last("darken"), 8.0);
    let bright_past = |mode: &str| {
        let mut stage = read(&show(mode));
        let pictures = [200, 200, 200, 0, 0].map(grey);
        pictures.map(|picture| level(&stage.tick(&[Some(&picture)])))
    };
    assert_eq!(bright_past("lighten"), [200.0, 200.0, 200.0, 100.0, 100.0]);
    assert_eq!(bright_past("darken")[4], 0.0);
}

#[test]
fn stutter_plays_again_and_catches_up() {
    let show = "[[layers]]\neffect = 'stutter'\nlength = 2\nplays = 3\nbeats = 0\ngo = 'every(tick, 100) or tick == 3'";
    let seen = series(show, 12);
    assert_eq!(
        seen,
        [0.0, 1.0, 2.0, 3.0, 4.0, 3.0, 4.0, 3.0, 4.0, 9.0, 10.0, 11.0]
    );
    let bounced = series(&format!("{show}\nbounce = true"), 10);
    assert_eq!(bounced, [0.0, 1.0, 2.0, 3.0, 4.0, 4.0, 3.0, 3.0, 4.0, 9.0]);
}

#[test]
fn stutter_begins_by_chance_and_the_same_way_each_time() {
    let show = |chance: f64| {
        format!(
            "[[layers]]\neffect = 'stutter'\nlength = 1\nplays = 2\nbeats = 0.1\nchance = {chance}"
        )
    };
    // At 120 BPM and 60 ticks a second a tenth of a beat is three ticks.
    let repeats = |chance| {
        let seen = series(&show(chance), 120);
        seen.windows(2).filter(|pair| pair[0] == pair[1]).count()
    };
    assert_eq!(repeats(0.0), 0);
    assert_eq!(repeats(1.0), 40);
    let some = repeats(0.5);
    assert!((8..=32).contains(&some), "{some} of 40");
    assert_eq!(series(&show(0.5), 60), series(&show(0.5), 60));
}

#[test]
fn freeze_holds_what_was_there() {
    let show = "[[layers]]\neffect = 'freeze'\nlength = 0\nbeats = 0\nhold = 'tick >= 3 and tick < 8'\ntake = 'tick == 6'";
    assert_eq!(
        series(show, 10),
        [0.0, 1.0, 2.0, 3.0, 3.0, 3.0, 6.0, 6.0, 8.0, 9.0]
    );
    let beaten = series("[[layers]]\neffect = 'freeze'\nlength = 20\nbeats = 1", 62);
    assert_eq!(
        (beaten[19], beaten[20], beaten[49], beaten[61]),
        (0.0, 20.0, 30.0, 60.0)
    );
}

#[test]
fn freeze_holds_as_long_as_told_even_where_pictures_are_late() {
    let mut stage =
        read("[[layers]]\neffect = 'freeze'\nlength = 3\nbeats = 0\ntake = 'tick == 3'");
    let mut seen = Vec::new();
    for tick in 0u8..14 {
        let picture = grey(tick / 2);
        // Every other tick brings no new picture; the trigger falls on one of those.
        let new = (tick % 2 == 0).then_some(&picture);
        seen.push(level(&stage.tick(&[new])));
    }
    let expected = [0, 0, 1, 1, 1, 1, 1, 1, 4, 4, 5, 5, 6, 6].map(|level| level as f32);
    assert_eq!(seen, expected);
}
