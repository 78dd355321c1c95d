//! The knobs of `color` against their formulas, and tables that are what they say.

use afterimage::picture::{Picture, Size};

use crate::stage::{Stage, Texel, assert_near, flat, noise, parse};
use crate::{SIZE, opaque, read};

fn graded(keys: &str, picture: &Picture) -> Vec<Texel> {
    read(&format!("[[layers]]\neffect = 'color'\n{keys}")).tick(&[Some(picture)])
}

/// Every colour through a formula.
fn assert_grades(keys: &str, formula: impl Fn(f32) -> f32) {
    let picture = noise(SIZE, 4);
    let input = read("").tick(&[Some(&picture)]);
    let wanted = |[r, g, b, a]: Texel| [formula(r), formula(g), formula(b), a];
    let expected: Vec<_> = input.into_iter().map(wanted).collect();
    assert_near(&graded(keys, &picture), &expected, 2e-3, keys);
}

#[test]
fn each_knob_does_what_it_says() {
    assert_grades("invert = 1", |c| 1.0 - c);
    assert_grades("invert = 0.25", |c| 0.75 * c + 0.25 * (1.0 - c));
    assert_grades("contrast = 2", |c| 2.0 * (c - 0.5) + 0.5);
    assert_grades("brightness = -0.25", |c| c - 0.25);
    assert_grades("posterize = 4", |c| (c * 4.0).floor().min(3.0) / 3.0);
    assert_grades("gamma = 2", f32::sqrt);
    assert_grades("contrast = 2\nbrightness = 1\ninvert = 1", |c| {
        -2.0 * (c - 0.5) - 0.5
    });
}

#[test]
fn hues_turn_and_greys_stay() {
    let pixel = |keys: &str, color: [u8; 4]| graded(keys, &flat(SIZE, color))[0];
    let luma = |[r, g, b, _]: Texel| 0.2126 * r + 0.7152 * g + 0.0722 * b;
    let red = [200, 40, 30, 255];
    let there_and_back = graded("hue = 360", &flat(SIZE, red))[0];
    assert_near(&[there_and_back], &[pixel("", red)], 1e-3, "all around");
    let turned = pixel("hue = 120", red);
    assert!(
        turned[1] > turned[0] && turned[1] > turned[2],
        "red to green: {turned:?}"
    );
    assert!((luma(turned) - luma(pixel("", red))).abs() < 2e-3);
    let grey = [90, 90, 90, 255];
    assert_near(
        &[pixel("hue = 77\nsaturation = 3", grey)],
        &[pixel("", grey)],
        1e-3,
        "grey",
    );
    let pale = pixel("saturation = 0", red);
    assert!(pale[0] == pale[1] && pale[1] == pale[2], "{pale:?}");
}

#[test]
fn a_threshold_leaves_black_and_white() {
    let shown = |keys: &str| graded(keys, &noise(SIZE, 9));
    let hard = shown("threshold = 0.5\nsoftness = 0");
    assert!(
        hard.iter()
            .all(|[r, g, b, _]| r == g && g == b && (*r == 0.0 || *r == 1.0))
    );
    assert!(hard.iter().any(|texel| texel[0] == 0.0) && hard.iter().any(|texel| texel[0] == 1.0));
    assert!(
        shown("threshold = 0.5\nsoftness = 0.5")
            .iter()
            .any(|[r, ..]| *r > 0.1 && *r < 0.9)
    );
}

/// A strip of two entries a side that swaps red and blue: red to the right, green down, blue from square to square.
fn swap() -> Picture {
    let color = |index: u32| {
        let (x, green) = (index % 4, index / 4);
        let (red, blue) = (x % 2, x / 2);
        [blue, green, red, 1].map(|on| 255 * on as u8)
    };
    Picture::rgba8(Size::new(4, 2), (0..8).flat_map(color).collect())
}

#[test]
fn a_table_is_read_at_its_own_size_and_as_a_picture_too() {
    let text = "[sources]\ncam = 'cam.png'\nt = { file = 't.png', fit = 'stretch' }\n[[layers]]\neffect = 'lut'\nlut = 't'\n";
    let picture = opaque(3);
    let input = read("").tick(&[Some(&picture)]);
    let expected: Vec<_> = input.iter().map(|[r, g, b, a]| [*b, *g, *r, *a]).collect();
    for interpolation in ["trilinear", "tetrahedral"] {
        let text = format!("{text}interpolation = '{interpolation}'");
        let mut stage = Stage::read(&text, &[], SIZE);
        let early = stage.tick(&[Some(&picture), None]);
        assert_near(&early, &input, 0.0, "before the table is there");
        let shown = stage.tick(&[None, Some(&swap())]);
        assert_near(&shown, &expected, 1e-3, interpolation);
    }
    let both = parse(
        &format!("{text}[[layers]]\neffect = 'blend'\nmode = 'normal'\nopacity = 0\nother = 't'"),
        &[],
    );
    let shown = Stage::new(&both, SIZE).tick(&[Some(&picture), Some(&swap())]);
    assert_eq!(
        shown[0],
        [0.0, 0.0, 0.0, 1.0],
        "fitted: black at the upper left"
    );
    assert_eq!(
        shown[SIZE.area() as usize - 1],
        [1.0; 4],
        "white at the lower right"
    );
}
