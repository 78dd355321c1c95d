//! What `slice` keeps while it tears: pixels, rows, blocks, choices.

use afterimage::picture::{Picture, Size};

use crate::stage::{Stage, Texel, assert_same, differ, noise, parse};

const SIZE: Size = Size::new(64, 48);

fn stage(keys: &str) -> Stage {
    let show = format!("[sources]\ncam = 'cam.png'\n[[layers]]\neffect = 'slice'\n{keys}");
    Stage::new(&parse(&show, &[]), SIZE)
}

fn torn(keys: &str, picture: &Picture) -> Vec<Texel> {
    stage(keys).tick(&[Some(picture)])
}

fn input(picture: &Picture) -> Vec<Texel> {
    let show = parse("[sources]\ncam = 'cam.png'\n", &[]);
    Stage::new(&show, SIZE).tick(&[Some(picture)])
}

fn rows(picture: &[Texel]) -> Vec<Vec<Texel>> {
    let width = SIZE.width as usize;
    picture.chunks(width).map(<[_]>::to_vec).collect()
}

fn columns(picture: &[Texel]) -> Vec<Vec<Texel>> {
    let (width, height) = (SIZE.width as usize, SIZE.height as usize);
    let column = |x| (0..height).map(|y| picture[y * width + x]).collect();
    (0..width).map(column).collect()
}

/// The pixels of each block of 8 by 8, row by row.
fn blocks(picture: &[Texel]) -> Vec<Vec<Texel>> {
    let width = SIZE.width as usize;
    let block = |index: usize| {
        let corner = index / (width / 8) * 8 * width + index % (width / 8) * 8;
        let pixel = |at: usize| picture[corner + at / 8 * width + at % 8];
        (0..64).map(pixel).collect()
    };
    (0..picture.len() / 64).map(block).collect()
}

/// How far each line is turned around; fails where one is anything else.
#[track_caller]
fn turns(before: &[Vec<Texel>], after: &[Vec<Texel>]) -> Vec<usize> {
    let turn = |(index, (before, after)): (usize, (&Vec<Texel>, &Vec<Texel>))| {
        let turned = |by: &usize| {
            let (start, end) = after.split_at(*by);
            before.iter().eq(end.iter().chain(start))
        };
        let found = (0..before.len()).find(turned);
        found.unwrap_or_else(|| panic!("line {index} has other pixels than before"))
    };
    before.iter().zip(after).enumerate().map(turn).collect()
}

/// Which block of the input each block shows; fails where it is none.
#[track_caller]
fn origins(picture: &Picture, keys: &str) -> Vec<usize> {
    let (before, after) = (blocks(&input(picture)), blocks(&torn(keys, picture)));
    let origin = |block| before.iter().position(|other| other == block);
    let found = after.iter().map(origin).collect::<Option<_>>();
    found.expect("a block shows what was none")
}

#[test]
fn wrapped_slices_keep_their_pixels() {
    let picture = noise(SIZE, 1);
    let before = input(&picture);
    for pattern in ["random", "noise", "alternate", "wave"] {
        let keys =
            format!("shift = 20\nheight = 4\nwidth = 4\nwavelength = 40\npattern = '{pattern}'");
        let bands = turns(&rows(&before), &rows(&torn(&keys, &picture)));
        let across = torn(&format!("mode = 'columns'\n{keys}"), &picture);
        let columns = turns(&columns(&before), &columns(&across));
        for (turns, length) in [(bands, 64), (columns, 48)] {
            let moved = turns.iter().filter(|turn| **turn != 0).count();
            assert!(0 < moved && moved < turns.len(), "{pattern}: {moved} moved");
            let far = turns.iter().map(|&turn| turn.min(length - turn)).max();
            assert!(far <= Some(20), "{pattern}: {far:?}");
        }
    }
}

#[test]
fn more_slices_leave_those_that_are_torn() {
    let picture = noise(SIZE, 2);
    let turns = |density: f64| {
        let keys = format!("shift = 30\nheight = 1\nuneven = 0\ndensity = {density}");
        turns(&rows(&input(&picture)), &rows(&torn(&keys, &picture)))
    };
    let (none, few, many, all) = (turns(0.0), turns(0.3), turns(0.7), turns(1.0));
    assert!(none.iter().all(|turn| *turn == 0));
    let count = |turns: &[usize]| turns.iter().filter(|turn| **turn != 0).count();
    assert!(0 < count(&few) && count(&few) < count(&many) && count(&many) < count(&all));
    for (less, more) in [(&few, &many), (&many, &all)] {
        let kept = |(less, more): (&usize, &usize)| *less == 0 || less == more;
        assert!(less.iter().zip(more).all(kept));
    }
}

#[test]
fn no_shift_is_the_picture_in_every_mode() {
    let picture = noise(SIZE, 3);
    for mode in ["bands", "columns", "blocks", "swap", "repeat"] {
        let keys = format!("mode = '{mode}'\nshift = 0\ndensity = 1\nwidth = 5\nheight = 3");
        assert_same(&torn(&keys, &picture), &input(&picture), mode);
    }
}

#[test]
fn a_choice_is_held_for_so_many_ticks() {
    let picture = noise(SIZE, 4);
    for mode in ["bands", "blocks", "swap", "repeat", "glitch_this"] {
        let changes = |keys: &str| {
            let mut stage = stage(&format!(
                "mode = '{mode}'\nwidth = 8\nheight = 8\nshift = 30\n{keys}"
            ));
            let seen: Vec<_> = (0..9).map(|_| stage.tick(&[Some(&picture)])).collect();
            let pairs = seen.windows(2).enumerate();
            let changed = pairs.filter(|(_, pair)| differ(&pair[0], &pair[1]));
            changed.map(|(tick, _)| tick + 1).collect::<Vec<_>>()
        };
        assert_eq!(changes("hold = 4"), [4, 8], "{mode}");
        assert_eq!(changes("hold = 0"), [0; 0], "{mode}");
        assert_eq!(changes("hold = 0\nseed = 'tick >= 3'"), [3], "{mode}");
    }
}

#[test]
fn swapped_blocks_change_places_in_pairs() {
    let picture = noise(SIZE, 5);
    let keys = "mode = 'swap'\nwidth = 8\nheight = 8\nshift = 24\nhold = 0\nseed = ";
    let mut moved = 0;
    for seed in 0..8 {
        let origins = origins(&picture, &format!("{keys}{seed}\ndensity = 0.7"));
        for (block, &origin) in origins.iter().enumerate() {
            assert_eq!(origins[origin], block, "seed {seed}");
            let (across, down) = (block % 8, block / 8);
            assert!(across.abs_diff(origin % 8) <= 3 && down.abs_diff(origin / 8) <= 3);
            moved += usize::from(origin != block);
        }
    }
    assert!(moved > 8 * 48 / 5, "{moved} of {}", 8 * 48);
    assert!(
        origins(&picture, &format!("{keys}0\ndensity = 0"))
            .into_iter()
            .eq(0..48)
    );
}

#[test]
fn repeated_blocks_are_the_first_or_the_last_of_their_run() {
    let picture = noise(SIZE, 6);
    for (shift, forward) in [(24, true), (-24, false)] {
        let keys = format!("mode = 'repeat'\nwidth = 8\nheight = 8\nshift = {shift}\ndensity = 1");
        let origins = origins(&picture, &keys);
        for (block, &origin) in origins.iter().enumerate() {
            let (near, far) = if forward {
                (block, origin)
            } else {
                (origin, block)
            };
            assert_eq!(block / 8, origin / 8, "another row");
            assert!(far <= near && near - far < 4, "{block} shows {origin}");
        }
        let own = origins
            .iter()
            .enumerate()
            .filter(|(block, origin)| block == *origin);
        assert!(own.count() < 48 / 2);
    }
}

#[test]
fn a_whole_roll_is_none_and_half_a_roll_is_half() {
    let picture = noise(SIZE, 7);
    let before = input(&picture);
    for roll in [1, -1, 3] {
        assert_same(
            &torn(&format!("shift = 0\nroll = {roll}"), &picture),
            &before,
            "whole",
        );
    }
    let mut half = before.clone();
    half.rotate_left(before.len() / 2);
    assert_same(
        &torn("shift = 0\nroll = 0.5\nbar = 0", &picture),
        &half,
        "half",
    );
    let barred = torn("shift = 0\nroll = 0.5\nbar = 0.5", &picture);
    assert!(rows(&barred).contains(&rows(&before)[0]) && differ(&barred, &half));
}

#[test]
fn fields_are_of_two_pictures() {
    let (first, second) = (noise(SIZE, 8), noise(SIZE, 9));
    let mut stage = stage("shift = 0\ninterlace = 1");
    assert_same(
        &stage.tick(&[Some(&first)]),
        &input(&first),
        "the first has none before it",
    );
    let seen = rows(&stage.tick(&[Some(&second)]));
    let fields = [rows(&input(&second)), rows(&input(&first))];
    for (row, seen) in seen.iter().enumerate() {
        assert_same(seen, &fields[row % 2][row], &format!("row {row}"));
    }
}

#[test]
fn a_badly_tracked_band_leaves_the_rest() {
    let picture = noise(SIZE, 10);
    let band = "shift = 0\ntracking_at = 0.5\ntracking_height = 0.25\nwander = 0\ntracking";
    let seen = torn(&format!("{band} = 1"), &picture);
    let (before, seen) = (rows(&input(&picture)), rows(&seen));
    for row in (0..48).filter(|row| !(18..30).contains(row)) {
        assert_same(&seen[row], &before[row], &format!("row {row}"));
    }
    assert!((20..28).all(|row| differ(&seen[row], &before[row])));
    let wandered = format!("{band} = 1").replace("wander = 0", "wander = 'tick'");
    let mut stage = stage(&wandered);
    let torn_rows = |seen: &[Texel]| -> Vec<usize> {
        let seen = rows(seen);
        (0..48)
            .filter(|&row| differ(&seen[row], &before[row]))
            .collect()
    };
    let places: Vec<_> = (0..60)
        .map(|_| torn_rows(&stage.tick(&[Some(&picture)])))
        .collect();
    assert!(places.iter().any(|place| *place != places[0]), "it stays");
}

#[test]
fn drawn_glitches_are_as_the_package_draws_them() {
    let picture = noise(SIZE, 11);
    let before = rows(&input(&picture));
    let turns = |glitch: f64, seed: u32| {
        let keys =
            format!("mode = 'glitch_this'\nglitch = {glitch}\nseed = {seed}\ncolor_offset = false");
        turns(&before, &rows(&torn(&keys, &picture)))
    };
    // At 0.4 there is no band, at 1 no shift as wide as a pixel.
    assert!(
        [0.4, 1.0]
            .iter()
            .all(|&glitch| turns(glitch, 1).iter().all(|turn| *turn == 0))
    );
    for seed in 0..4 {
        let turns = turns(5.0, seed);
        // A quarter of the width at most.
        assert!(
            turns.iter().all(|turn| *turn <= 16 || *turn >= 48),
            "{turns:?}"
        );
        let bands = turns.chunk_by(|a, b| a == b).count();
        assert!((3..=21).contains(&bands), "{bands} bands: {turns:?}");
    }
    assert_ne!(turns(5.0, 0), turns(5.0, 1));
    let lined = torn("mode = 'glitch_this'\nscan_lines = true", &picture);
    let dark = |texel: &Texel| texel[..3] == [0.0; 3];
    let lines = rows(&lined);
    assert!(lines.iter().step_by(2).all(|line| line.iter().all(dark)));
    assert!(!lines.iter().skip(1).step_by(2).flatten().all(dark));
    let alpha = |texels: &[Texel]| texels.iter().map(|texel| texel[3]).collect::<Vec<_>>();
    let unlined = torn("mode = 'glitch_this'", &picture);
    assert_eq!(alpha(&lined), alpha(&unlined));
}

#[test]
fn no_operations_are_needed_and_none_ask_for_a_source() {
    let show = parse(
        "[[layers]]\neffect = 'gradient'\n[[layers]]\neffect = 'slice'",
        &[],
    );
    assert!(!show.needs_source());
}
