//! Block motion on films whose motion is known.

mod gpu;
mod stage;
mod warp;

use afterimage::picture::{Picture, Size};
use stage::{Stage, Texel, noise};
use warp::{Warp, film};

/// Shows a motion field: what is read at each pixel of the canvas.
const EFFECTS: &[(&str, &str)] = &[(
    "shown",
    r#"/*{"DESCRIPTION": "A motion field as colours.", "NO_IDENTITY": "a test", "INPUTS": [
    {"NAME": "inputImage", "TYPE": "image"}, {"NAME": "motion", "TYPE": "flow"}],
    "PASSES": [{"ENTRY": "show", "TARGET": "kept", "PERSISTENT": true, "FLOAT": true}]}*/
    fn show(at: vec2i) -> vec4f { return load(motion, at, SMEAR); }"#,
)];

const SIZE: Size = Size::new(320, 180);

fn stage(settings: &str) -> Stage {
    let text = format!(
        "[sources]\ncam = 'cam.png'\n[[layers]]\neffect = 'block_motion'\n{settings}\n[[layers]]\neffect = 'shown'\nimage = 'cam'"
    );
    Stage::read(&text, EFFECTS, SIZE)
}

/// The field between the last two pictures of a film.
fn field(settings: &str, film: &[Picture]) -> Vec<Texel> {
    let mut stage = stage(settings);
    let fields: Vec<_> = film
        .iter()
        .map(|picture| stage.tick(&[Some(picture)]))
        .collect();
    assert!(
        fields[0].iter().all(|texel| texel[..2] == [0.0; 2]),
        "a first picture does not move"
    );
    fields.into_iter().next_back().unwrap_or_default()
}

/// The texels that are further than `margin` from the edge.
fn inside(field: &[Texel], margin: u32) -> impl Iterator<Item = &Texel> {
    let (width, height) = (SIZE.width, SIZE.height);
    let far = move |at: u32, side: u32| (margin..side - margin).contains(&at);
    let places =
        (0..height).flat_map(move |y| (0..width).map(move |x| far(x, width) && far(y, height)));
    field
        .iter()
        .zip(places)
        .filter_map(|(texel, is_inside)| is_inside.then_some(texel))
}

#[track_caller]
fn assert_moves(settings: &str, pan: [f64; 2], slack: f64) {
    let warp = Warp {
        pan,
        ..Warp::default()
    };
    let field = field(settings, &film(SIZE, warp, 3));
    let off = |texel: &Texel| {
        // Where it was minus where it is.
        let motion = [-f64::from(texel[0]), -f64::from(texel[1])];
        (motion[0] - pan[0]).abs().max((motion[1] - pan[1]).abs())
    };
    let margin = 16 + pan[0].abs().max(pan[1].abs()).ceil() as u32;
    let wrong = inside(&field, margin).filter(|texel| off(texel) > slack);
    // Where the picture is one line, a block does not see along it.
    let most = if slack > 0.0 { field.len() / 1000 } else { 0 };
    assert!(wrong.count() <= most, "{settings}: {pan:?}");
    let whole = field.iter().map(off).sum::<f64>() / field.len() as f64;
    assert!(
        whole <= slack + 0.5,
        "{settings}: {pan:?} is {whole} off with its edges"
    );
}

#[test]
fn pans_of_whole_pixels_are_exact() {
    for pan in [
        [0.0, 0.0],
        [1.0, 0.0],
        [-7.0, 2.0],
        [13.0, -11.0],
        [30.0, 4.0],
    ] {
        assert_moves("height = 0", pan, 0.0);
    }
    for block in [4, 16] {
        assert_moves(&format!("height = 0\nblock = {block}"), [5.0, -3.0], 0.0);
    }
}

#[test]
fn parts_of_pixels_are_found_to_the_half() {
    for pan in [[0.5, 0.0], [-2.5, 1.5], [3.3, -0.2]] {
        assert_moves("height = 0", pan, 0.5);
    }
    assert_moves("height = 0\nsmoothness = 0", [2.5, -0.5], 0.5);
    let whole = "height = 0\nhalf_pixel = false\n";
    let field = field(
        whole,
        &film(
            SIZE,
            Warp {
                pan: [3.3, -0.2],
                ..Warp::default()
            },
            2,
        ),
    );
    let is_whole = |texel: &&Texel| texel[0].fract() == 0.0 && texel[1].fract() == 0.0;
    let count = inside(&field, 20).filter(is_whole).count();
    assert!(
        count * 10 > 9 * inside(&field, 20).count(),
        "{count} are whole"
    );
}

#[test]
fn a_smaller_search_gives_pixels_of_the_canvas() {
    assert_moves("height = 90", [8.0, -6.0], 1.0);
    assert_moves("height = 60\nblock = 4\nrange = 4", [9.0, 3.0], 1.5);
}

#[test]
fn a_block_that_was_nowhere_is_not_sure() {
    let moves = Warp {
        pan: [3.0, 1.0],
        ..Warp::default()
    };
    let known = field("height = 0", &film(SIZE, moves, 2));
    assert!(inside(&known, 20).all(|texel| texel[2] > 0.95 && texel[3] == 1.0));
    let foreign = field("height = 0", &[noise(SIZE, 1), noise(SIZE, 2)]);
    assert!(inside(&foreign, 20).all(|texel| texel[2] < 0.5));
}

#[test]
fn smoothness_holds_a_picture_together() {
    let pictures = [noise(SIZE, 1), noise(SIZE, 2)];
    let rough = |smoothness: f64| {
        let field = field(&format!("height = 0\nsmoothness = {smoothness}"), &pictures);
        let row = &field[90 * SIZE.width as usize..][..SIZE.width as usize];
        row.windows(2)
            .map(|pair| (pair[0][0] - pair[1][0]).abs())
            .sum::<f32>()
    };
    let (torn, calm) = (rough(0.0), rough(8.0));
    assert!(calm * 10.0 < torn, "{calm} {torn}");
}
