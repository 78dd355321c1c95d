//! What the effects that bend, mirror and coarsen pictures do to places, exactly.

mod gpu;
mod stage;

use afterimage::picture::{Picture, Size};
use stage::{FPS, Stage, Texel, assert_near, assert_same, differ, fine_noise};

/// Half floats around 1 are 1/1024 apart.
const SLACK: f32 = 1e-3;

/// What a show of these layers makes of a picture.
fn play(layers: &str, picture: &Picture) -> Vec<Texel> {
    let text = format!("[sources]\ncam = 'cam.png'\n{layers}");
    Stage::read(&text, &[], picture.display_size()).tick(&[Some(picture)])
}

fn once(settings: &str, picture: &Picture) -> Vec<Texel> {
    play(&format!("[[layers]]\n{settings}"), picture)
}

/// The texels of a picture as layers read it.
fn taken_in(picture: &Picture) -> Vec<Texel> {
    play("", picture)
}

/// A picture made of another's texels: x and y to the index that is read.
fn moved(
    texels: &[Texel],
    size: Size,
    from: impl Fn(usize, usize) -> (usize, usize),
) -> Vec<Texel> {
    let (width, height) = (size.width as usize, size.height as usize);
    let places = (0..height).flat_map(|y| (0..width).map(move |x| (x, y)));
    let read = places.map(|(x, y)| from(x, y));
    read.map(|(x, y)| texels[y * width + x]).collect()
}

/// Soft waves, so that what is a little beside its place is a little off.
fn waves(size: Size) -> Picture {
    let level = |at: u32, length: f32| (127.5 + 100.0 * (at as f32 / length).sin()) as u8;
    let texel = |index: u32| {
        let (x, y) = (index % size.width, index / size.width);
        [level(x, 9.0), level(y, 7.0), level(x + y, 11.0), 255]
    };
    Picture::rgba8(size, (0..size.area() as u32).flat_map(texel).collect())
}

/// The share of texels within half the height of the middle that are further apart than `slack`.
fn far_within(a: &[Texel], b: &[Texel], size: Size, slack: f32) -> f32 {
    let place = |index: usize| {
        let (x, y) = (index as u32 % size.width, index as u32 / size.width);
        let (x, y) = (
            x as f32 + 0.5 - size.width as f32 / 2.0,
            y as f32 + 0.5 - size.height as f32 / 2.0,
        );
        x.hypot(y) / size.height as f32
    };
    let inside: Vec<_> = (0..a.len()).filter(|index| place(*index) < 0.45).collect();
    let far = |index: &&usize| (0..4).any(|c| (a[**index][c] - b[**index][c]).abs() > slack);
    inside.iter().filter(far).count() as f32 / inside.len() as f32
}

#[test]
fn four_segments_are_the_same_after_a_quarter_turn_and_in_a_mirror() {
    let size = Size::new(24, 24);
    let last = 23;
    for (settings, mirrored) in [
        ("", true),
        ("angle = 30\nzoom = 0.7", false),
        ("angle = 45\nmirror = false", false),
    ] {
        let settings = format!("effect = 'kaleidoscope'\nsegments = 4\nrotate = 17\n{settings}");
        let picture = once(&settings, &fine_noise(size, 5));
        let turned = moved(&picture, size, |x, y| (last - y, x));
        assert_same(&picture, &turned, &settings);
        let across = moved(&picture, size, |x, y| (last - x, y));
        assert_eq!(!differ(&picture, &across), mirrored, "{settings}");
    }
}

#[test]
fn one_segment_is_a_mirror_that_keeps_its_half() {
    let size = Size::new(30, 17);
    let picture = fine_noise(size, 6);
    let input = taken_in(&picture);
    let keys = "effect = 'kaleidoscope'\nsegments = 1\nzoom = 1\nangle";
    // The half that lies counter-clockwise of the angle.
    let left = moved(&input, size, |x, y| (x.min(29 - x), y));
    assert_same(
        &once(&format!("{keys} = 90"), &picture),
        &left,
        "the left half",
    );
    let upper = moved(&input, size, |x, y| (x, y.min(16 - y)));
    assert_same(
        &once(&format!("{keys} = 0"), &picture),
        &upper,
        "the upper half",
    );
}

#[test]
fn six_segments_are_the_same_after_a_sixth_of_a_turn() {
    let size = Size::new(96, 96);
    let kaleidoscope = "[[layers]]\neffect = 'kaleidoscope'\nsegments = 6\nzoom = 1\n";
    let turn = |angle: f32| {
        let transform = format!(
            "[[layers]]\neffect = 'transform'\ninterpolation = 'bicubic'\nrotate = {angle}"
        );
        play(&format!("{kaleidoscope}{transform}"), &waves(size))
    };
    let straight = turn(0.0);
    assert!(far_within(&turn(60.0), &straight, size, 0.02) < 0.02);
    assert!(
        far_within(&turn(30.0), &straight, size, 0.02) > 0.5,
        "the comparison can fail"
    );
}

/// The mean of each block, or its middle pixel, by hand: blocks grow from whole pixels at `origin`.
fn blocks(
    input: &[Texel],
    size: Size,
    block: [i32; 2],
    origin: [i32; 2],
    mean: bool,
) -> Vec<Texel> {
    let extent = [size.width as i32, size.height as i32];
    let range = |at: i32, axis: usize| {
        let first = (at - origin[axis]).div_euclid(block[axis]) * block[axis] + origin[axis];
        (first.max(0), (first + block[axis]).min(extent[axis]))
    };
    let texel = |index: i32| {
        let (x, y) = (range(index % extent[0], 0), range(index / extent[0], 1));
        let read = |x: i32, y: i32| input[(y * extent[0] + x) as usize];
        if !mean {
            return read((x.0 + x.1) / 2, (y.0 + y.1) / 2);
        }
        let inside = (y.0..y.1).flat_map(|y| (x.0..x.1).map(move |x| (x, y)));
        let count = ((x.1 - x.0) * (y.1 - y.0)) as f32;
        let add = |sum: Texel, (x, y)| std::array::from_fn(|c| sum[c] + read(x, y)[c] / count);
        inside.fold([0.0; 4], add)
    };
    (0..size.area() as i32).map(texel).collect()
}

#[test]
fn pixelate_takes_means_and_middles() {
    let size = Size::new(31, 18);
    let picture = fine_noise(size, 7);
    let input = taken_in(&picture);
    let cases = [
        ([5, 4], [0.5, 0.5], [16, 9]),
        ([7, 30], [0.0, 1.0], [0, 18]),
        ([1, 3], [-0.5, 2.0], [-16, 36]),
    ];
    for (block, centre, origin) in cases {
        let keys = format!("effect = 'pixelate'\nblock = {block:?}\ncentre = {centre:?}\ncolor");
        let means = blocks(&input, size, block, origin, true);
        assert_near(
            &once(&format!("{keys} = 'mean'"), &picture),
            &means,
            SLACK,
            &keys,
        );
        let middles = blocks(&input, size, block, origin, false);
        assert_same(
            &once(&format!("{keys} = 'nearest'"), &picture),
            &middles,
            &keys,
        );
    }
    let whole = blocks(&input, size, [8192, 8192], [0, 0], true);
    let keys = "effect = 'pixelate'\nblock = [8192, 8192]\ncentre = [0, 0]";
    assert_near(&once(keys, &picture), &whole, SLACK, keys);
}

#[test]
fn fisheye_and_swirl_are_undone_by_their_opposite() {
    let size = Size::new(128, 96);
    let picture = waves(size);
    let input = taken_in(&picture);
    for kind in ["fisheye", "swirl"] {
        let lens = |strength: f32| {
            format!("[[layers]]\neffect = 'lens'\nkind = '{kind}'\nstrength = {strength}\n")
        };
        let bent = play(&lens(0.3), &picture);
        let back = play(&(lens(0.3) + &lens(-0.3)), &picture);
        assert!(
            far_within(&bent, &input, size, 0.05) > 0.5,
            "{kind} bends nothing"
        );
        assert!(
            far_within(&back, &input, size, 0.05) < 0.02,
            "{kind} is not undone"
        );
    }
}

#[test]
fn lenses_fetch_from_where_their_formulas_say() {
    let size = Size::new(65, 49);
    let picture = waves(size);
    let input = taken_in(&picture);
    let middle = 24 * 65 + 32;
    for kind in ["fisheye", "barrel", "bulge", "swirl"] {
        let output = once(
            &format!("effect = 'lens'\nkind = '{kind}'\nstrength = 0.8"),
            &picture,
        );
        assert_same(&output[middle..=middle], &input[middle..=middle], kind);
    }
    // 20 pixels from the middle, half way to the rim: r = 0.5.
    let corner = 65f32.hypot(49.0) / 2.0;
    let at = |kind: &str, strength: f32| {
        let keys = format!(
            "kind = '{kind}'\nstrength = {strength}\nradius = {}",
            40.0 / corner
        );
        once(&format!("effect = 'lens'\n{keys}"), &picture)[middle + 20]
    };
    let between = |x: f32| {
        let (whole, part) = (x.floor() as usize, x - x.floor());
        let (a, b) = (input[24 * 65 + whole], input[24 * 65 + whole + 1]);
        std::array::from_fn::<_, 4, _>(|c| a[c] + (b[c] - a[c]) * part)
    };
    let cases = [
        ("barrel", 0.8, 20.0 * 1.2),
        ("barrel", -0.4, 20.0 * 0.9),
        ("bulge", 1.0, 20.0 * 0.5f32.sqrt()),
        ("bulge", -0.8, 20.0 * 2f32.powf(0.4)),
        ("fisheye", 0.5, 40.0 * (0.5 * 1f32.atan()).tan()),
        ("fisheye", -0.5, 40.0 * 0.5f32.atan() / 1f32.atan()),
    ];
    for (kind, strength, step) in cases {
        let expected = between(32.0 + step);
        assert_near(&[at(kind, strength)], &[expected], 2.0 * SLACK, kind);
    }
    // A whole turn of the middle is a quarter turn there: what comes is from below.
    assert_near(
        &[at("swirl", 1.0)],
        &[input[(24 + 20) * 65 + 32]],
        2.0 * SLACK,
        "swirl",
    );
}

#[test]
fn bulge_and_swirl_leave_what_is_outside_alone() {
    let size = Size::new(64, 48);
    let picture = fine_noise(size, 9);
    let input = taken_in(&picture);
    for kind in ["bulge", "swirl"] {
        let output = once(
            &format!("effect = 'lens'\nkind = '{kind}'\nradius = 0.3"),
            &picture,
        );
        let outside =
            |index: usize| ((index % 64) as f32 - 31.5).hypot((index / 64) as f32 - 23.5) > 12.0;
        let (still, moving): (Vec<_>, Vec<_>) = (0..input.len()).partition(|index| outside(*index));
        assert!(
            still.iter().all(|index| output[*index] == input[*index]),
            "{kind}"
        );
        assert!(
            moving.iter().any(|index| output[*index] != input[*index]),
            "{kind}"
        );
    }
}

/// Which rows of a white picture are lit, tick by tick.
fn rows(settings: &str, ticks: usize) -> Vec<Vec<f32>> {
    let size = Size::new(3, 16);
    let white = stage::flat(size, [255; 4]);
    let keys = "darkness = 1\nsoftness = 0\nmask_strength = 0\nbrightness = 1";
    let text =
        format!("[sources]\ncam = 'cam.png'\n[[layers]]\neffect = 'scanlines'\n{keys}\n{settings}");
    let mut stage = Stage::read(&text, &[], size);
    let row = |texels: Vec<Texel>| texels.chunks(3).map(|row| row[0][0]).collect();
    (0..ticks)
        .map(|_| row(stage.tick(&[Some(&white)])))
        .collect()
}

#[test]
fn scanlines_lie_scroll_and_interlace_by_whole_rows() {
    let lit = |shift: usize| -> Vec<f32> {
        (0..16)
            .map(|y| f32::from(u8::from((y + shift) % 4 < 2)))
            .collect()
    };
    assert_eq!(rows("spacing = 4", 1), [lit(0)]);
    assert_eq!(
        rows("spacing = 4\ninterlace = true", 3),
        [lit(0), lit(2), lit(0)]
    );
    let scrolled = rows(&format!("spacing = 4\nscroll = {FPS}"), 3);
    for (tick, rows) in scrolled.iter().enumerate() {
        let expected = lit(4 - tick);
        let near = rows
            .iter()
            .zip(&expected)
            .all(|(a, b)| (a - b).abs() < SLACK);
        assert!(near, "{rows:?} instead of {expected:?}");
    }
    assert_eq!(rows("spacing = 4\nthickness = 0", 1), [[1.0; 16]]);
    assert_eq!(rows("spacing = 4\nthickness = 1", 1), [[0.0; 16]]);
}

#[test]
fn masks_give_each_color_a_third() {
    let size = Size::new(36, 36);
    let white = stage::flat(size, [255; 4]);
    let keys =
        "effect = 'scanlines'\ndarkness = 0\nbrightness = 1\nmask_strength = 1\nmask_size = 6";
    for (mask, share) in [
        ("grille", 1.0 / 3.0),
        ("slot", 1.0 / 3.0 * 5.0 / 6.0),
        ("shadow", 1.0 / 3.0),
    ] {
        let output = once(&format!("{keys}\nmask = '{mask}'"), &white);
        for color in 0..3 {
            let mean = output.iter().map(|texel| texel[color]).sum::<f32>() / output.len() as f32;
            assert!(
                (mean - share).abs() < 1e-3,
                "{mask}: {mean} of color {color}"
            );
        }
        let alone = output
            .iter()
            .all(|texel| texel[..3].iter().sum::<f32>() <= 1.0);
        assert!(alone, "{mask}: two colors in one dot");
    }
}
