//! What effects make of a motion that is known.

use std::f32::consts::TAU;

use afterimage::picture::Picture;

use crate::stage::{Stage, Texel, assert_near, assert_same, parse};
use crate::{SIZE, grey, level, opaque};

/// A motion field that says by its parameters what moves.
const FIELD: &str = include_str!("field.wgsl");

/// Layers over `cam`, with a field of such parameters before them.
fn moved(field: &str, layers: &str) -> Stage {
    let sources = "[sources]\ncam = 'cam.png'\nother = 'other.png'";
    let text = format!("{sources}\n[[layers]]\neffect = 'field'\n{field}\n{layers}");
    Stage::new(&parse(&text, &[("field", FIELD)]), SIZE)
}

/// A tick with this picture, and another one for `other`.
fn tick(stage: &mut Stage, picture: &Picture, other: &Picture) -> Vec<Texel> {
    stage.tick(&[Some(picture), Some(other)])
}

fn column(texels: &[Texel], x: usize) -> Texel {
    texels[3 * SIZE.width as usize + x]
}

/// A picture moved right by so many pixels, around the border.
fn shifted(texels: &[Texel], right: usize) -> Vec<Texel> {
    let row = SIZE.width as usize;
    let from = |index: usize| texels[index / row * row + (index + row - right % row) % row];
    (0..texels.len()).map(from).collect()
}

/// The colour wheel of Baker et al. 2007, as their table of 55 colours has it, in 0 to 255.
fn wheel(angle: f32) -> [f32; 3] {
    // Between two pure colours one channel rises or falls in so many steps.
    let ramps: [(usize, [f32; 3], [f32; 3]); 6] = [
        (15, [255.0, 0.0, 0.0], [0.0, 255.0, 0.0]),
        (6, [255.0, 255.0, 0.0], [-255.0, 0.0, 0.0]),
        (4, [0.0, 255.0, 0.0], [0.0, 0.0, 255.0]),
        (11, [0.0, 255.0, 255.0], [0.0, -255.0, 0.0]),
        (13, [0.0, 0.0, 255.0], [255.0, 0.0, 0.0]),
        (6, [255.0, 0.0, 255.0], [0.0, 0.0, -255.0]),
    ];
    let steps = ramps.iter().flat_map(|(count, from, change)| {
        (0..*count).map(move |step| {
            let share = step as f32 / *count as f32;
            [0, 1, 2].map(|channel| from[channel] + share * change[channel])
        })
    });
    let colors: Vec<_> = steps.collect();
    let place = (angle + 1.0) / 2.0 * 54.0;
    let (first, share) = (place as usize, place.fract());
    let next = colors[(first + 1) % 55];
    [0, 1, 2].map(|channel| (1.0 - share) * colors[first][channel] + share * next[channel])
}

/// What `flow_view` makes of a step, in a show where colours are full at 8 pixels.
fn viewed(field: &str, step: [f32; 2]) -> Texel {
    let field_keys = format!("step = [{}, {}]", step[0], step[1]);
    let view = format!("[[layers]]\neffect = 'flow_view'\nfull = 8\nfield = '{field}'");
    tick(&mut moved(&field_keys, &view), &grey(90), &grey(0))[0]
}

#[test]
fn the_wheel_is_that_of_the_benchmark() {
    for direction in 0..16 {
        let angle = TAU * direction as f32 / 16.0 + 0.01;
        for speed in [0.0f32, 2.0, 7.9, 12.0] {
            let step = [speed * angle.cos(), speed * angle.sin()];
            let pure = wheel((-step[1]).atan2(-step[0]) / (TAU / 2.0));
            let share = speed / 8.0;
            let shade = |c: f32| {
                if share > 1.0 {
                    0.75 * c
                } else {
                    1.0 - share * (1.0 - c)
                }
            };
            let [r, g, b] = pure.map(|c| shade(c / 255.0));
            // The field itself is in half floats.
            let what = format!("{step:?}");
            assert_near(&[viewed("wheel", step)], &[[r, g, b, 1.0]], 3e-3, &what);
        }
    }
}

#[test]
fn the_other_colours_are_opencvs() {
    // Hue is half the angle in degrees, of 180, clockwise from the right; value is the speed.
    let seen = |step| viewed("hsv", step);
    assert_near(&[seen([8.0, 0.0])], &[[1.0, 0.0, 0.0, 1.0]], 2e-3, "right");
    assert_near(&[seen([0.0, 8.0])], &[[0.5, 1.0, 0.0, 1.0]], 2e-3, "down");
    assert_near(&[seen([-4.0, 0.0])], &[[0.0, 0.5, 0.5, 1.0]], 2e-3, "left");
    assert_near(&[seen([0.0, -16.0])], &[[0.5, 0.0, 1.0, 1.0]], 2e-3, "up");
    assert_near(&[seen([0.0, 0.0])], &[[0.0, 0.0, 0.0, 1.0]], 0.0, "still");
}

#[test]
fn an_arrow_goes_where_the_picture_goes() {
    let view = "[[layers]]\neffect = 'flow_view'\nfield = 'picture'\narrows = 1\ncell = 8\nwidth = 1\nstretch = 1\ntinted = 0";
    let drawn = |step: &str| {
        tick(
            &mut moved(&format!("step = {step}"), view),
            &grey(0),
            &grey(0),
        )
    };
    // It begins at the middle of the 8 x 8 pixels.
    let bright = |texels: &[Texel], x: usize, y: usize| texels[y * 8 + x][0] > 0.2;
    for (step, end, other) in [
        ("[3, 0]", (6, 4), (1, 4)),
        ("[-3, 0]", (1, 4), (6, 4)),
        ("[0, 3]", (4, 6), (4, 1)),
    ] {
        let texels = drawn(step);
        assert!(bright(&texels, end.0, end.1), "{step}: no tip");
        assert!(!bright(&texels, other.0, other.1), "{step}: a tail");
    }
}

#[test]
fn a_displaced_picture_is_fetched_from_where_it_was() {
    let picture = opaque(1);
    let layer = |keys: &str| {
        format!(
            "[[layers]]\neffect = 'flow_displace'\namount = 2\ndispersion = 0\nedge = 'wrap'\n{keys}"
        )
    };
    let input = tick(&mut moved("", ""), &picture, &grey(0));
    let seen = |keys: &str| {
        let mut stage = moved("step = [1, 0]", &layer(keys));
        tick(&mut stage, &picture, &grey(0))
    };
    let still = "inertia = 0\nsmoothing = 0";
    assert_same(&seen(still), &shifted(&input, 2), "two pixels to the right");
    let wide = seen("inertia = 0\nsmoothing = 40");
    assert_near(
        &wide,
        &shifted(&input, 2),
        1e-3,
        "an even motion stays even",
    );
    // Half of the motion comes in the first picture, and is turned to the left.
    let back = seen("inertia = 0.5\nsmoothing = 0\nangle = 180");
    assert_same(&back, &shifted(&input, 7), "one to the left");
}

#[test]
fn a_push_swings_out() {
    let field = "step = ['2 * (tick == 0)', 0]";
    let layer = "[[layers]]\neffect = 'flow_displace'\namount = 4\ninertia = 0.5\nsmoothing = 0\ndispersion = 0\nedge = 'wrap'";
    let picture = opaque(1);
    let input = tick(&mut moved("", ""), &picture, &grey(0));
    let mut stage = moved(field, layer);
    for right in [4, 2, 1] {
        let seen = tick(&mut stage, &picture, &grey(0));
        assert_same(&seen, &shifted(&input, right), "the push halves");
    }
}

#[test]
fn wet_paint_goes_with_the_motion_and_dries() {
    let smear =
        |keys: &str| format!("[[layers]]\neffect = 'smear'\nthreshold = 0\nedge = 'wrap'\n{keys}");
    let (first, live) = (opaque(1), grey(0));
    let input = tick(&mut moved("", ""), &first, &live);
    for interpolation in ["bilinear", "bicubic"] {
        let keys = smear(&format!(
            "persistence = 1\ninterpolation = '{interpolation}'"
        ));
        let mut stage = moved("step = [1, 0]", &keys);
        tick(&mut stage, &first, &live);
        for right in 1..20 {
            let seen = tick(&mut stage, &live, &live);
            assert_same(&seen, &shifted(&input, right), interpolation);
        }
    }
    let drying = "persistence = 0.9\nthreshold = 1\nsoftness = 0";
    let mut stage = moved(
        "step = ['2 * (tick < 4)', 0]",
        &smear(drying).replace("threshold = 0\n", ""),
    );
    tick(&mut stage, &grey(200), &live);
    let levels: Vec<f32> = (1..30)
        .map(|_| level(&tick(&mut stage, &live, &live)))
        .collect();
    assert_eq!(
        levels[..3],
        [180.0, 162.0, 146.0],
        "wet through, a tenth dries"
    );
    assert!(
        levels.windows(2).all(|pair| pair[1] <= pair[0]),
        "{levels:?}"
    );
    assert_eq!(levels[28], 0.0, "dry");
}

#[test]
fn what_stands_still_stays_dry() {
    let mut stage = moved(
        "step = [4, 0]\ncolumn = 4",
        "[[layers]]\neffect = 'smear'\npersistence = 1",
    );
    tick(&mut stage, &grey(255), &grey(0));
    let seen = tick(&mut stage, &grey(0), &grey(0));
    assert_eq!(column(&seen, 3)[0], 0.0, "live");
    assert_eq!(column(&seen, 5)[0], 1.0, "dragged");
}

#[test]
fn a_brush_lays_on_paint_that_fades_and_runs() {
    let keys = "palette = 'ink'\nink = [1, 0, 0, 1]\nstrength = 1\nthreshold = 1\nfull = 2\nshade = 0\nspread = 0\nbackdrop = 0";
    let paint = format!("[[layers]]\neffect = 'flow_paint'\n{keys}\npersistence = 0.5\ncarry = 0");
    let field = "step = ['4 * (tick == 0)', 0]\ncolumn = 4";
    let mut stage = moved(field, &paint);
    let first = tick(&mut stage, &grey(90), &grey(0));
    assert_eq!(column(&first, 3), [0.0, 0.0, 0.0, 1.0]);
    assert_eq!(column(&first, 4), [1.0, 0.0, 0.0, 1.0]);
    let second = tick(&mut stage, &grey(90), &grey(0));
    assert_eq!(column(&second, 4), [0.5, 0.0, 0.0, 1.0]);

    let running =
        format!("{paint}\ndrift = [-1, 0]").replace("persistence = 0.5", "persistence = 1");
    let mut stage = moved(field, &running);
    for edge in [4, 3, 2] {
        let seen = tick(&mut stage, &grey(90), &grey(0));
        assert_eq!(column(&seen, edge - 1)[0], 0.0);
        assert_eq!(column(&seen, edge)[0], 1.0);
    }
}

/// The levels of `y` in the columns after so many greys of rising level, the last of which is `last`.
fn aged(field: &str, layer: &str, other: &Picture, last: u8) -> Vec<Texel> {
    let mut stage = moved(field, layer);
    let ticks = (0..=last).map(|number| tick(&mut stage, &grey(number), other));
    ticks.last().unwrap_or_default()
}

#[test]
fn a_map_says_how_old_a_place_is() {
    let layer = |keys: &str| {
        format!(
            "[[layers]]\neffect = 'time_displace'\nby = 'map'\nmap = 'other'\nreach = 20\nsmoothing = 0\nlinger = 0\n{keys}"
        )
    };
    let at = |keys: &str, map: u8| 255.0 * aged("", &layer(keys), &grey(map), 100)[0][0];
    for (map, keys, age) in [
        (0, "", 0.0),
        (255, "", 20.0),
        (51, "", 4.0),
        (102, "amount = 0.5", 4.0),
        (204, "invert = true", 4.0),
        (70, "", 70.0 / 255.0 * 20.0),
        (70, "steps = true", 5.0),
    ] {
        let seen = at(keys, map);
        assert!((seen - (100.0 - age)).abs() < 0.1, "{map} {keys}: {seen}");
    }
}

#[test]
fn what_moves_is_old_and_catches_up() {
    let layer =
        "[[layers]]\neffect = 'time_displace'\nreach = 8\nfull = 4\nsmoothing = 0\nlinger = 0.5";
    let seen = |field: &str| {
        let texels = aged(field, layer, &grey(0), 20);
        [0, 7].map(|x| (255.0 * column(&texels, x)[0] * 100.0).round() / 100.0)
    };
    let near = |seen: [f32; 2], wanted: [f32; 2]| {
        assert!(
            (0..2).all(|i| (seen[i] - wanted[i]).abs() < 0.05),
            "{seen:?}"
        );
    };
    near(seen("step = [4, 0]\ncolumn = 4"), [20.0, 12.0]);
    near(seen("step = [1, 0]\ncolumn = 4"), [20.0, 18.0]);
    near(
        seen("step = ['4 * (tick <= 18)', 0]\ncolumn = 4"),
        [20.0, 18.0],
    );
}

#[test]
fn each_line_is_of_its_own_time() {
    let layer = |keys: &str| format!("[[layers]]\neffect = 'slit_scan'\nreach = 8\n{keys}");
    let lines = |keys: &str, down: bool| -> Vec<f32> {
        let texels = aged("", &layer(keys), &grey(0), 50);
        let step = if down { 8 } else { 1 };
        let ages = (0..8).map(|line| 50.0 - 255.0 * texels[step * line][0]);
        ages.map(|age| (age * 20.0).round() / 20.0).collect()
    };
    let falling = [0.5, 1.5, 2.5, 3.5, 4.5, 5.5, 6.5, 7.5];
    assert_eq!(lines("angle = -90", true), falling);
    assert_eq!(lines("angle = 0", false), falling);
    let mut rising = falling;
    rising.reverse();
    assert_eq!(lines("angle = 90", true), rising);
    assert_eq!(
        lines("angle = 0\nlines = 2", false),
        [2.0, 2.0, 2.0, 2.0, 6.0, 6.0, 6.0, 6.0]
    );
    assert_eq!(
        lines("angle = 0\nbounce = true", false),
        [1.0, 3.0, 5.0, 7.0, 7.0, 5.0, 3.0, 1.0]
    );
    assert_eq!(
        lines("angle = 0\namount = 0.5", false),
        falling.map(|age| age / 2.0)
    );
}

#[test]
fn a_slit_is_drawn_out_over_the_picture() {
    let layer = "[[layers]]\neffect = 'slit_scan'\nreach = 8\nangle = 0\nstreak = 1\ncentre = [0.3125, 0.5]";
    let picture = opaque(4);
    let mut stage = moved("", layer);
    let input = tick(&mut moved("", ""), &picture, &grey(0));
    let seen = tick(&mut stage, &picture, &grey(0));
    for (index, texel) in seen.iter().enumerate() {
        let slit = input[index / 8 * 8 + 2];
        assert_near(&[*texel], &[slit], 1e-3, &format!("texel {index}"));
    }
}

#[test]
fn speed_is_seen_as_brightness() {
    assert_near(
        &[viewed("speed", [3.0, -4.0])],
        &[[0.625, 0.625, 0.625, 1.0]],
        1e-3,
        "5 of 8",
    );
    assert_near(&[viewed("speed", [-9.0, 0.0])], &[[1.0; 4]], 0.0, "beyond");
    assert_near(
        &[viewed("speed", [0.0, 0.0])],
        &[[0.0, 0.0, 0.0, 1.0]],
        0.0,
        "still",
    );
}
