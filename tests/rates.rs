//! Sources and canvas have rates of their own: state and history count a source's pictures, not ticks.

mod gpu;
mod stage;

use afterimage::engine::Command;
use afterimage::picture::{Picture, Size};
use stage::{Stage, Texel, assert_same, flat, noise, set};

const SIZE: Size = Size::new(9, 6);

const EFFECTS: &[(&str, &str)] = &[
    (
        "count",
        r#"/*{"DESCRIPTION": "Counts events and pictures in its state.", "NO_IDENTITY": "it shows numbers",
        "INPUTS": [{"NAME": "inputImage", "TYPE": "image"}, {"NAME": "kick", "TYPE": "event"}],
        "PASSES": [{"ENTRY": "count", "TARGET": "total", "PERSISTENT": true, "FLOAT": true}]}*/
        fn count(at: vec2i) -> vec4f { return load(total, at, SMEAR) + vec4f(1.0, f32(params.kick), 0.0, 0.0); }"#,
    ),
    (
        "clocked",
        r#"/*{"DESCRIPTION": "Counts ticks in its state.", "NO_IDENTITY": "it shows numbers", "CLOCK": "canvas",
        "INPUTS": [{"NAME": "inputImage", "TYPE": "image"}, {"NAME": "kick", "TYPE": "event"}],
        "PASSES": [{"ENTRY": "count", "TARGET": "total", "PERSISTENT": true, "FLOAT": true}]}*/
        fn count(at: vec2i) -> vec4f { return load(total, at, SMEAR) + vec4f(1.0, f32(params.kick), 0.0, 0.0); }"#,
    ),
    (
        "back",
        r#"/*{"DESCRIPTION": "A picture of the past.", "INPUTS": [{"NAME": "inputImage", "TYPE": "image"}, {"NAME": "before", "TYPE": "history", "MAX": 3},
        {"NAME": "pictures", "TYPE": "long", "DEFAULT": 2, "MIN": 0, "MAX": 3, "IDENTITY": 0}]}*/
        fn effect(at: vec2i) -> vec4f { return past(before, params.pictures, at, SMEAR); }"#,
    ),
    (
        "copy",
        r#"/*{"DESCRIPTION": "The picture.", "NO_IDENTITY": "nothing to set", "INPUTS": [{"NAME": "inputImage", "TYPE": "image"}]}*/
        fn effect(at: vec2i) -> vec4f { return load(inputImage, at, SMEAR); }"#,
    ),
];

/// The number of the picture that a 24 fps source shows at a tick of a 60 fps canvas.
const fn film(tick: usize) -> usize {
    tick * 24 / 60
}

/// The picture that is new at a tick, if there is one.
fn due(tick: usize, rate: fn(usize) -> usize) -> Option<usize> {
    (tick == 0 || rate(tick) != rate(tick - 1)).then(|| rate(tick))
}

fn read(layers: &str) -> Stage {
    let text = format!("[sources]\ncam = 'cam.png'\nb = 'b.png'\n{layers}");
    Stage::read(&text, EFFECTS, SIZE)
}

fn pictures() -> Vec<Picture> {
    (0..20).map(|number| noise(SIZE, number)).collect()
}

/// Every tick's picture, with the number of the source's picture that it belongs to.
fn play(layers: &str, ticks: usize, rate: fn(usize) -> usize) -> Vec<(usize, Vec<Texel>)> {
    let (mut stage, pictures) = (read(layers), pictures());
    let tick = |tick| {
        let picture = due(tick, rate).map(|number| &pictures[number]);
        (rate(tick), stage.tick(&[picture, None]))
    };
    (0..ticks).map(tick).collect()
}

/// A film of 24 fps in a canvas of 60 gives, tick by tick, what it gives in a canvas of its own rate.
#[track_caller]
fn assert_counts_pictures(layers: &str) {
    let own: Vec<_> = play(layers, 10, |tick| tick);
    for (tick, (number, texels)) in play(layers, 25, film).iter().enumerate() {
        assert_same(
            texels,
            &own[*number].1,
            &format!("{layers}: tick {tick}, picture {number}"),
        );
    }
}

#[test]
fn a_film_in_a_faster_canvas_has_held_ticks() {
    let fresh: Vec<_> = (0..10).filter_map(|tick| due(tick, film)).collect();
    assert_eq!(fresh, [0, 1, 2, 3]);
}

#[test]
fn a_difference_of_pictures_is_held_and_never_black() {
    let layers = "[[layers]]\neffect = 'tblend'\nmode = 'difference'";
    assert_counts_pictures(layers);
    for (number, texels) in play(layers, 25, film) {
        let bright = texels
            .iter()
            .any(|texel| texel[..3].iter().any(|number| *number > 0.1));
        assert_eq!(bright, number > 0, "picture {number}");
    }
}

#[test]
fn a_trail_fades_once_for_each_picture() {
    assert_counts_pictures("[[layers]]\neffect = 'lagfun'\ndecay = 0.8");
}

#[test]
fn state_history_and_tap_count_pictures() {
    assert_counts_pictures("[[layers]]\neffect = 'count'");
    assert_counts_pictures("[[layers]]\neffect = 'back'\npictures = 3");
    assert_counts_pictures("[[layers]]\neffect = 'copy'\ntap = 2");
    let behind = "[[layers]]\neffect = 'lagfun'\n[[layers]]\neffect = 'back'\n[[layers]]\neffect = 'copy'\ntap = 1";
    assert_counts_pictures(behind);
}

#[test]
fn a_layer_follows_its_own_source() {
    // The other source has a new picture at each tick, the layer's own at every fourth.
    let mut stage = read("[[layers]]\neffect = 'count'\nimage = 'b'");
    let (cam, b) = (noise(SIZE, 1), noise(SIZE, 2));
    let mut counts = Vec::new();
    for tick in 0..9 {
        let own = (tick % 4 == 0).then_some(&b);
        counts.push(stage.tick(&[Some(&cam), own])[0][0]);
    }
    assert_eq!(counts, [1.0, 1.0, 1.0, 1.0, 2.0, 2.0, 2.0, 2.0, 3.0]);
}

#[test]
fn the_canvas_clock_advances_at_each_tick() {
    let counts: Vec<_> = play("[[layers]]\neffect = 'clocked'", 8, film)
        .iter()
        .map(|(_, texels)| texels[0][0])
        .collect();
    assert_eq!(counts, [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0]);
}

/// How many events are in the state after each tick, where `sent(tick)` come.
fn kicks(effect: &str, ticks: usize, sent: fn(usize) -> usize) -> Vec<f32> {
    let mut stage = read(&format!("[[layers]]\nname = 'law'\neffect = '{effect}'"));
    let pictures = pictures();
    let tick = |tick| {
        let commands = vec![Command::event("/layers/law/kick"); sent(tick)];
        let picture = due(tick, film).map(|number| &pictures[number]);
        stage.tick_with(&commands, &[picture, None])[0][1]
    };
    (0..ticks).map(tick).collect()
}

#[test]
fn events_on_held_ticks_are_neither_lost_nor_doubled() {
    // New pictures come on ticks 0, 3, 5, 8: some events come with them, most do not.
    let sent = |tick: usize| [0, 1, 2, 0, 1, 1, 0, 3, 0, 0, 0][tick];
    let total = [0.0, 1.0, 3.0, 3.0, 4.0, 5.0, 5.0, 8.0, 8.0, 8.0, 8.0];
    for effect in ["count", "clocked"] {
        assert_eq!(kicks(effect, 11, sent), total, "{effect}");
    }
}

#[test]
fn an_expression_that_fires_on_a_held_tick_counts_once() {
    let mut stage = read("[[layers]]\neffect = 'count'\nkick = 'tick > 3'");
    let pictures = pictures();
    let mut counts = Vec::new();
    for tick in 0..10 {
        let picture = due(tick, film).map(|number| &pictures[number]);
        counts.push(stage.tick(&[picture, None])[0][1]);
    }
    assert_eq!(counts, [0.0, 0.0, 0.0, 0.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0]);
}

#[test]
fn a_reset_on_a_held_tick_forgets_all_but_the_picture_that_is_held() {
    let mut stage = read("[[layers]]\nname = 'law'\neffect = 'count'");
    let pictures = pictures();
    let mut counts = Vec::new();
    for tick in 0..9 {
        let commands = if tick == 4 {
            vec![set("/layers/law/reset", 1.0)]
        } else {
            Vec::new()
        };
        let picture = due(tick, film).map(|number| &pictures[number]);
        counts.push(stage.tick_with(&commands, &[picture, None])[0][0]);
    }
    assert_eq!(counts, [1.0, 1.0, 1.0, 2.0, 1.0, 2.0, 2.0, 2.0, 3.0]);
}

#[test]
fn a_layer_that_is_off_for_a_tick_loses_nothing_before_it() {
    for off in 1..6 {
        let mut stage = read("[[layers]]\nname = 'law'\neffect = 'count'");
        let pictures = pictures();
        let mut last = 0.0;
        for tick in 0..9 {
            let on = f64::from(u8::from(tick != off));
            let picture = due(tick, film).map(|number| &pictures[number]);
            let texels = stage.tick_with(&[set("/layers/law/on", on)], &[picture, None]);
            last = if tick == off { last } else { texels[0][0] };
        }
        // On tick 3 or 5 the picture is held once more when the layer is on again, and so counts.
        assert_eq!(last, 4.0, "off on tick {off}");
    }
}

#[test]
fn a_source_that_is_late_begins_when_it_comes() {
    let mut stage = read("[[layers]]\neffect = 'back'\npictures = 1");
    let black = stage.tick(&[None, None]);
    assert!(
        black.iter().flatten().all(|number| *number == 0.0),
        "transparent black"
    );
    let (first, second) = (flat(SIZE, [100; 4]), flat(SIZE, [200; 4]));
    let shown = |texels: Vec<Texel>| (texels[0][0] * 255.0).round();
    assert_eq!(shown(stage.tick(&[Some(&first), None])), 100.0);
    assert_eq!(shown(stage.tick(&[None, None])), 100.0);
    assert_eq!(shown(stage.tick(&[Some(&second), None])), 100.0);
    assert_eq!(shown(stage.tick(&[None, None])), 100.0);
}
