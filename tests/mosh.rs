//! `mosh` on given motion and pictures: what is dragged where, what comes in, and which motion is played when.

mod gpu;
mod motion;
mod stage;

use afterimage::effect::Library;
use afterimage::picture::{Picture, Size};
use motion::{EFFECTS, Vector, even, wild};
use stage::{Stage, Texel, assert_near, assert_same, flat, noise};

const SIZE: Size = Size::new(64, 16);
const WIDTH: usize = SIZE.width as usize;
const HEIGHT: usize = SIZE.height as usize;

/// Only drags, whole pixels, round and round.
const DRAG: &str =
    "gain = 0\nrefresh = 0\namount = 1\nedge = 'wrap'\ninterpolation = 'bilinear'\ncut_score = 0";

/// [`DRAG`], but for what `settings` say.
fn dragging(settings: &str) -> Stage {
    let key = |line: &str| line.split(' ').next().map(ToOwned::to_owned);
    let said: Vec<_> = settings.lines().map(key).collect();
    let rest = DRAG.lines().filter(|line| !said.contains(&key(line)));
    read(&format!(
        "{}\n{settings}",
        rest.collect::<Vec<_>>().join("\n")
    ))
}

fn read(settings: &str) -> Stage {
    let text = format!(
        "[sources]\ncam = 'cam.png'\nm = 'm.png'\n[[layers]]\nname = 'given'\neffect = 'given'\nimage = 'm'\nthrough = false\n\
        [[layers]]\nname = 'mosh'\neffect = 'mosh'\nimage = 'cam'\nmotion = 'given'\nprediction = 'given'\n{settings}"
    );
    Stage::read(&text, EFFECTS, SIZE)
}

/// Each column of another grey, the same in all rows.
fn ramp() -> Picture {
    let column = |index: usize| [(index % WIDTH * 4) as u8; 3];
    let pixel = |index| {
        let [r, g, b] = column(index);
        [r, g, b, 255]
    };
    Picture::rgba8(SIZE, (0..WIDTH * HEIGHT).flat_map(pixel).collect())
}

/// How far the ramp has gone round to the left.
fn column(texels: &[Texel]) -> i32 {
    (texels[0][0] * 255.0 / 4.0).round() as i32
}

/// The motion that was played in each tick after the first, where picture n of the motion goes n to the left.
fn packets(settings: &str, count: usize) -> Vec<i32> {
    let moved: Vec<_> = (0..count)
        .map(|n| even(SIZE, [(n % 15) as f32, 0.0]))
        .collect();
    played(settings, &moved)
}

fn played(settings: &str, moved: &[Picture]) -> Vec<i32> {
    let (mut stage, ramp) = (dragging(settings), ramp());
    let columns: Vec<_> = moved
        .iter()
        .map(|moved| column(&stage.tick(&[Some(&ramp), Some(moved)])))
        .collect();
    columns
        .windows(2)
        .map(|pair| (pair[1] - pair[0]).rem_euclid(WIDTH as i32))
        .collect()
}

#[test]
fn motion_is_played_as_it_comes() {
    assert_eq!(packets("", 8), [1, 2, 3, 4, 5, 6, 7]);
}

#[test]
fn what_is_held_goes_on_until_it_is_let_go() {
    assert_eq!(
        packets("hold = 'tick >= 3 and tick < 7'", 10),
        [1, 2, 3, 3, 3, 3, 7, 8, 9]
    );
}

#[test]
fn what_is_held_goes_on_without_new_pictures() {
    let (mut stage, ramp) = (dragging("hold = 'tick > 1'"), ramp());
    let moved = even(SIZE, [3.0, 0.0]);
    let columns: Vec<_> = (0..8)
        .map(|tick| column(&stage.tick(&[Some(&ramp), (tick < 4).then_some(&moved)])))
        .collect();
    assert_eq!(columns, [0, 3, 6, 9, 12, 15, 18, 21]);
}

#[test]
fn a_trigger_blooms_for_as_many_pictures_as_told() {
    assert_eq!(
        packets("go = 'tick == 2'\nplays = 4", 9),
        [1, 2, 2, 2, 2, 6, 7, 8]
    );
}

#[test]
fn a_run_is_looped() {
    assert_eq!(
        packets("go = 'tick == 3'\nrun = 2\nplays = 3", 12),
        [1, 2, 3, 4, 3, 4, 3, 4, 9, 10, 11]
    );
}

#[test]
fn intervals_pulse_and_glide() {
    assert_eq!(
        packets("interval = 4\nplays = 2", 11),
        [1, 2, 3, 4, 4, 6, 7, 8, 8, 10]
    );
    assert_eq!(
        packets("interval = 6\nplays = 4", 14),
        [1, 2, 3, 4, 5, 6, 6, 6, 6, 10, 11, 12, 12]
    );
    // At 120 BPM and 60 ticks a second a beat is thirty ticks.
    assert_eq!(
        packets("interval = 0.1\nclock = 'beats'\nplays = 2", 9),
        [1, 2, 3, 3, 5, 6, 6, 8]
    );
    assert_eq!(
        packets("interval = 4\nplays = 2\nchance = 0", 8),
        packets("", 8)
    );
}

#[test]
fn runs_are_played_backwards() {
    assert_eq!(
        packets("order = 'reverse'\nrun = 3", 13),
        [0, 0, 2, 1, 0, 5, 4, 3, 8, 7, 6, 11]
    );
    // Neighbours swap, as in tomato's invert.
    assert_eq!(
        packets("order = 'reverse'\nrun = 2", 9)[1..],
        [1, 0, 3, 2, 5, 4, 7]
    );
}

#[test]
fn runs_are_shuffled_without_losing_any() {
    let shuffled = packets("order = 'shuffle'\nrun = 4", 17);
    let runs: Vec<_> = shuffled[3..15].chunks(4).map(<[i32]>::to_vec).collect();
    let mut changed = 0;
    for (run, first) in runs.into_iter().zip([0, 4, 8]) {
        let straight: Vec<_> = (first..first + 4).collect();
        let mut sorted = run.clone();
        sorted.sort_unstable();
        assert_eq!(sorted, straight);
        changed += i32::from(run != straight);
    }
    assert!(changed > 0);
    assert_eq!(shuffled, packets("order = 'shuffle'\nrun = 4", 17));
}

#[test]
fn runs_are_sorted_by_how_much_they_move() {
    let moved = [5, 1, 7, 3, 9, 2, 2, 8, 0, 0, 0, 0].map(|n| even(SIZE, [n as f32, 0.0]));
    let sorted = played("order = 'sort'\nrun = 4", &moved);
    assert_eq!(sorted[3..], [1, 3, 5, 7, 2, 2, 8, 9]);
}

#[test]
fn runs_overlap() {
    assert_eq!(
        packets("order = 'overlap'\nrun = 4\nplays = 2", 13),
        [1, 2, 3, 2, 3, 4, 5, 4, 5, 6, 7, 6]
    );
}

#[test]
fn motion_jiggles_into_the_past() {
    let jiggled = packets("order = 'jiggle'\nrun = 1", 15);
    let ages: Vec<_> = (1..15)
        .zip(&jiggled)
        .map(|(now, then)| now - then)
        .collect();
    assert!(ages.iter().all(|age| (0..=3).contains(age)), "{ages:?}");
    assert!(
        ages.contains(&0) && ages.iter().any(|age| *age > 0),
        "{ages:?}"
    );
}

#[test]
fn a_pan_to_the_right_drags_to_the_right() {
    let (mut stage, ramp) = (dragging(""), ramp());
    // What goes two pixels to the right was two pixels further left.
    let right = even(SIZE, [-2.0, 0.0]);
    let before = stage.tick(&[Some(&ramp), Some(&right)]);
    let after = stage.tick(&[Some(&ramp), Some(&right)]);
    assert_eq!(after[12], before[10]);
}

/// How far the ramp goes from one tick to another, where a film's pictures move by one pixel each.
fn distance(settings: &str, film: fn(usize) -> usize, ticks: std::ops::Range<usize>) -> i32 {
    let settings = format!("edge = 'smear'\n{settings}");
    let (mut stage, ramp) = (dragging(&settings), ramp());
    let moved = even(SIZE, [1.0, 0.0]);
    let columns: Vec<_> = (0..=ticks.end)
        .map(|tick| {
            let new = tick == 0 || film(tick) != film(tick - 1);
            column(&stage.tick(&[Some(&ramp), new.then_some(&moved)]))
        })
        .collect();
    columns[ticks.end] - columns[ticks.start]
}

#[test]
fn a_film_drags_as_far_in_a_second_at_any_rate_of_the_canvas() {
    for rounding in ["none", "whole"] {
        let settings = format!("rounding = '{rounding}'");
        let slow = distance(&settings, |tick| tick * 24 / 60, 50..110);
        assert!((slow - 24).abs() <= 1, "{rounding}: {slow} instead of 24");
        assert_eq!(distance(&settings, |tick| tick, 1..25), 24);
    }
}

#[test]
fn whole_pixels_stay_whole_between_the_pictures_of_a_film() {
    let (mut stage, picture) = (dragging("rounding = 'whole'"), noise(SIZE, 1));
    let moved = even(SIZE, [3.0, 1.0]);
    let first = stage.tick(&[Some(&picture), Some(&moved)]);
    for tick in 1..20 {
        let new = (tick % 3 == 0).then_some(&moved);
        for texel in stage.tick(&[Some(&picture), new]) {
            assert!(
                first.contains(&texel),
                "tick {tick}: {texel:?} is no pixel of the picture"
            );
        }
    }
}

/// Pictures that differ everywhere: each is a cut from the one before.
fn scenes(count: usize) -> Vec<Picture> {
    (0..count)
        .map(|n| flat(SIZE, [(n * 97 % 256) as u8, (n * 151 % 256) as u8, 60, 255]))
        .collect()
}

/// Which scene is shown where every fourth picture cuts to another one.
fn shown(settings: &str, cuts: usize) -> Vec<usize> {
    let scenes = scenes(cuts + 1);
    let still = even(SIZE, [0.0; 2]);
    let mut stage = read(&format!("gain = 1\nrefresh = 0\n{settings}"));
    let mut clean = read("refresh = 1\nheal = 'everywhere'");
    let colors: Vec<_> = scenes
        .iter()
        .map(|scene| clean.tick(&[Some(scene), None])[0])
        .collect();
    let mut seen = Vec::new();
    for scene in &scenes {
        let mut last = [0.0; 4];
        for _ in 0..4 {
            last = stage.tick(&[Some(scene), Some(&still)])[0];
        }
        let found = colors.iter().position(|color| *color == last);
        seen.push(found.unwrap_or(usize::MAX));
    }
    seen
}

#[test]
fn cuts_are_dropped_or_kept_as_told() {
    assert_eq!(shown("", 4), [0, 0, 0, 0, 0]);
    assert_eq!(shown("cut_keep = 1", 4), [0, 1, 2, 3, 4]);
    assert_eq!(shown("cut_keep = 1\ncut_every = 2", 5), [0, 0, 2, 2, 4, 4]);
    assert_eq!(shown("cut_next = 'tick == 6'", 4), [0, 0, 2, 2, 2]);
    assert_eq!(shown("cut_score = 0", 2), [0, 1, 2]);
    assert_eq!(shown("cut_score = 0\ncut = 'every(tick, 4)'", 2), [0, 0, 0]);
    // A picture before which nobody looked is no cut yet.
    assert_eq!(shown("cut_score = 'tick < 6 ? 0 : 0.3'", 3), [0, 1, 1, 1]);
    assert_eq!(shown("cut_score = 'tick < 8 ? 0 : 0.3'", 3), [0, 1, 2, 2]);
    let some = shown("cut_keep = 0.5", 20);
    let kept = some.windows(2).filter(|pair| pair[0] != pair[1]).count();
    assert!((3..=17).contains(&kept), "{kept} of 20");
}

fn decay(settings: &str, moved: Vector, ticks: usize) -> Vec<f32> {
    let (white, black) = (flat(SIZE, [255; 4]), flat(SIZE, [0, 0, 0, 255]));
    let moved = even(SIZE, moved);
    let mut stage = dragging(settings);
    stage.tick(&[Some(&white), Some(&moved)]);
    (0..ticks)
        .map(|_| stage.tick(&[Some(&black), Some(&moved)])[0][0])
        .collect()
}

#[test]
fn the_picture_leaks_in_where_it_may() {
    let near = |a: &[f32], b: &[f32]| a.iter().zip(b).all(|(a, b)| (a - b).abs() < 1e-3);
    let everywhere = decay("refresh = 0.5\nheal = 'everywhere'", [4.0, 0.0], 3);
    assert!(near(&everywhere, &[0.5, 0.25, 0.125]), "{everywhere:?}");
    for (heal, moved, heals) in [
        ("moving", [4.0, 0.0], true),
        ("moving", [1.0, 0.0], false),
        ("still", [4.0, 0.0], false),
        ("still", [1.0, 0.0], true),
    ] {
        let settings = format!("refresh = 0.5\nheal = '{heal}'\nthreshold = 2");
        let left = decay(&settings, moved, 2)[1];
        assert_eq!(left < 0.3, heals, "{heal} {moved:?}: {left}");
    }
}

#[test]
fn there_is_a_way_back_to_clean_at_any_moment() {
    let pictures: Vec<_> = (0..9).map(|seed| noise(SIZE, seed)).collect();
    let moved: Vec<_> = (0..9)
        .map(|seed| motion::picture(SIZE, &wild(SIZE, 9.0, seed), 255))
        .collect();
    let mut clean = read("refresh = 1\nheal = 'everywhere'");
    let wanted = pictures
        .iter()
        .map(|picture| clean.tick(&[Some(picture), None]))
        .last();
    let wanted = wanted.unwrap_or_default();
    for way in [
        "keyframe = 'tick == 8'",
        "refresh = 'tick == 8 ? 1 : 0.04'",
        "reset = 'tick == 8'",
    ] {
        let mess = "heal = 'everywhere'\nhold = 'tick > 3'\nquality = 0.3\nblock = 8\namount = 3";
        let mut stage = read(&format!("{mess}\n{way}"));
        let mut shown = Vec::new();
        for (picture, moved) in pictures.iter().zip(&moved) {
            shown = stage.tick(&[Some(picture), Some(moved)]);
        }
        assert_same(&shown, &wanted, way);
    }
}

#[test]
fn blocks_are_refreshed_by_chance_or_where_motion_is_unsure() {
    let (white, black) = (flat(SIZE, [255; 4]), flat(SIZE, [0, 0, 0, 255]));
    let still = even(SIZE, [0.0; 2]);
    let mut stage = dragging("intra = 0.5\nblock = 4");
    stage.tick(&[Some(&white), Some(&still)]);
    let texels = stage.tick(&[Some(&black), Some(&still)]);
    let at = |x: usize, y: usize| texels[y * WIDTH + x][0];
    let mut clean = 0;
    for (x, y) in (0..WIDTH * HEIGHT).map(|index| (index % WIDTH, index / WIDTH)) {
        assert_eq!(
            at(x, y),
            at(x / 4 * 4, y / 4 * 4),
            "a block is refreshed as one"
        );
        clean += usize::from(at(x, y) == 0.0);
    }
    let share = clean as f64 / (WIDTH * HEIGHT) as f64;
    assert!((0.25..0.75).contains(&share), "{share}");
    for (sure, wanted) in [(20, 0.0), (200, 1.0)] {
        let still = motion::picture(SIZE, &vec![[0.0; 2]; WIDTH * HEIGHT], sure);
        let mut stage = dragging("intra = 0.5\nintra_by = 'confidence'");
        stage.tick(&[Some(&white), Some(&still)]);
        assert_eq!(
            stage.tick(&[Some(&black), Some(&still)])[0][0],
            wanted,
            "{sure}"
        );
    }
}

#[test]
fn with_all_of_the_residual_nothing_is_lost() {
    for (interpolation, block) in [("bilinear", 1), ("bicubic", 1), ("bicubic", 8)] {
        let mut stage = read(&format!(
            "gain = 1\nrefresh = 0\namount = 1\ncut_score = 0\ninterpolation = '{interpolation}'\nblock = {block}\nrounding = 'half'"
        ));
        let mut clean = read("refresh = 1\nheal = 'everywhere'");
        for seed in 0..10 {
            let picture = noise(SIZE, seed);
            let moved = motion::picture(SIZE, &wild(SIZE, 6.0, seed), 255);
            let new = [Some(&picture), Some(&moved)];
            let what = format!("{interpolation}, blocks of {block}, picture {seed}");
            assert_near(&stage.tick(&new), &clean.tick(&new), 2e-3, &what);
        }
    }
}

/// One number of a picture, wrapped round.
fn wrapped(plane: &[f64], x: i64, y: i64) -> f64 {
    let (x, y) = (x.rem_euclid(WIDTH as i64), y.rem_euclid(HEIGHT as i64));
    plane[y as usize * WIDTH + x as usize]
}

fn between(plane: &[f64], x: f64, y: f64) -> f64 {
    let (left, top) = (x.floor(), y.floor());
    let (f, g) = (x - left, y - top);
    let at = |dx: i64, dy: i64| wrapped(plane, left as i64 + dx, top as i64 + dy);
    let upper = at(0, 0) * (1.0 - f) + at(1, 0) * f;
    let lower = at(0, 1) * (1.0 - f) + at(1, 1) * f;
    upper * (1.0 - g) + lower * g
}

fn blue(texels: &[Texel]) -> Vec<f64> {
    texels.iter().map(|texel| f64::from(texel[2])).collect()
}

/// state = clip(MC(state, vector) + gain * (live - MC(last, vector))), the loop of MPEG-4 part 2 with edited vectors.
#[test]
fn it_is_the_loop_of_a_codec() {
    let settings = "gain = 0.75\nrefresh = 0\namount = 2\nedge = 'wrap'\ninterpolation = 'bilinear'\ncut_score = 0\nblock = 4\nrounding = 'quarter'";
    let mut stage = read(settings);
    let mut clean = read("refresh = 1\nheal = 'everywhere'");
    let (mut state, mut last) = (Vec::new(), Vec::new());
    for seed in 0..8 {
        let picture = noise(SIZE, seed);
        let field = wild(SIZE, 6.0, seed);
        let new = [Some(&picture), Some(&motion::picture(SIZE, &field, 255))];
        let shown = blue(&stage.tick(&new));
        let live = blue(&clean.tick(&new));
        if seed == 0 {
            (state, last) = (live.clone(), live);
            continue;
        }
        let dragged = (0..WIDTH * HEIGHT).map(|index| {
            let (x, y) = (index % WIDTH, index / WIDTH);
            let vector = field[(y / 4 * 4 + 2) * WIDTH + x / 4 * 4 + 2].map(f64::from);
            let quarter = |v: f64| (v * 4.0 + 0.5).floor() / 4.0;
            let fetch = |plane: &[f64], by: f64| {
                let [dx, dy] = vector.map(|part| quarter(part * by));
                between(plane, x as f64 + dx, y as f64 + dy)
            };
            let residual = live[index] - fetch(&last, 1.0);
            (fetch(&state, 2.0) + 0.75 * residual).clamp(0.0, 1.0)
        });
        let next: Vec<_> = dragged.collect();
        for (index, (ours, theirs)) in shown.iter().zip(&next).enumerate() {
            assert!(
                (ours - theirs).abs() < 1e-3,
                "picture {seed}, {index}: {ours} instead of {theirs}"
            );
        }
        (state, last) = (next, live);
    }
}

/// The transform of 8 by 8 numbers, and its inverse (ITU-T T.81, A.3.3).
fn transformed(block: &[[f64; 8]; 8], back: bool) -> [[f64; 8]; 8] {
    let basis = |frequency: usize, place: usize| {
        let scale = if frequency == 0 { 0.125f64.sqrt() } else { 0.5 };
        scale * ((2 * place + 1) as f64 * frequency as f64 * std::f64::consts::PI / 16.0).cos()
    };
    let one = |v: usize, u: usize| {
        let cells = (0..64).map(|cell| (cell / 8, cell % 8));
        let part = |(y, x): (usize, usize)| match back {
            false => block[y][x] * basis(v, y) * basis(u, x),
            true => block[y][x] * basis(y, v) * basis(x, u),
        };
        cells.map(part).sum()
    };
    std::array::from_fn(|v| std::array::from_fn(|u| one(v, u)))
}

#[test]
fn a_poor_residual_is_that_of_a_codec() {
    let quality = 0.4;
    let (first, second) = (noise(SIZE, 1), noise(SIZE, 2));
    let still = even(SIZE, [0.0; 2]);
    let mut stage = read(&format!(
        "gain = 0.25\nrefresh = 0\ncut_score = 0\nquality = {quality}"
    ));
    let mut clean = read("refresh = 1\nheal = 'everywhere'");
    let before = clean.tick(&[Some(&first), None]);
    let after = clean.tick(&[Some(&second), None]);
    stage.tick(&[Some(&first), Some(&still)]);
    let shown = stage.tick(&[Some(&second), Some(&still)]);
    // Light alone: colour has other steps.
    let light = |texel: &Texel| {
        let [r, g, b] = [texel[0], texel[1], texel[2]].map(f64::from);
        0.2126 * r + 0.7152 * g + 0.0722 * b
    };
    let step = 2.0 * (2f64.powf(7.0 * (1.0 - quality)) - 1.0) / 255.0;
    let mut off = 0;
    for corner in (0..HEIGHT / 8).flat_map(|y| (0..WIDTH / 8).map(move |x| (x * 8, y * 8))) {
        let at = |y: usize, x: usize| (corner.1 + y) * WIDTH + corner.0 + x;
        let residual = std::array::from_fn(|y| {
            std::array::from_fn(|x| light(&after[at(y, x)]) - light(&before[at(y, x)]))
        });
        let kept = transformed(&residual, false)
            .map(|row| row.map(|c| c.signum() * (c.abs() / step + 1.0 / 6.0).floor() * step));
        let wanted = transformed(&kept, true);
        for (y, x) in (0..64).map(|cell| (cell / 8, cell % 8)) {
            let texel = &shown[at(y, x)];
            let clipped = texel[..3].iter().any(|c| *c <= 0.0 || *c >= 1.0);
            let ours = light(texel) - light(&before[at(y, x)]);
            off += usize::from(!clipped && (ours - 0.25 * wanted[y][x]).abs() > 2e-3);
        }
    }
    assert!(off < WIDTH * HEIGHT / 200, "{off} pixels are off");
}

/// The page on moshing says on the command line what each mode of other programs is.
#[test]
fn what_the_page_tells_to_type_is_right() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/moshing.md");
    let page = std::fs::read_to_string(path).unwrap_or_default();
    let spans = page.split('`').skip(1).step_by(2);
    let commands: Vec<_> = spans
        .filter(|span| span.starts_with('-') && span.contains("-e "))
        .collect();
    assert!(commands.len() > 70, "only {} commands", commands.len());
    let (mut library, mut wrong) = (Library::default(), Vec::new());
    let base = stage::parse("[sources]\na = 'a.mp4'\nb = 'b.mp4'", &[]);
    for command in commands {
        let words = command.replace('\'', "").replace("image=in", "image=a");
        // The page gives some in the middle of a line that begins with it.
        let layers = format!("-e flow {words}");
        let layers = layers.split("-e ").skip(1);
        let layers = layers.filter_map(|layer| layer.split(" -s ").next());
        let layers: Vec<_> = layers.map(|layer| layer.trim().to_owned()).collect();
        let result = base.clone().append(&layers, &mut library);
        if let Err(error) = result {
            wrong.push(format!("{command}: {error}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
