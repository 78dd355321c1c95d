//! The shapes of a pass: repeated, of its own size, one after the other, POINT, KERNEL.

use crate::stage::{Texel, assert_near, assert_same, noise};
use crate::{SIZE, SLACK, levels, mixed, once, read, taken_in};

#[test]
fn repeat_reads_what_the_run_before_wrote() {
    let rounds = |text: &str| {
        once(
            &format!("[[layers]]\neffect = 'again'\n{text}"),
            &levels(0),
            &levels(0),
        )[0]
    };
    // The iterations add up to n (n - 1) / 2 quarters.
    assert_eq!(rounds("")[..2], [0.75, 3.75]);
    assert_eq!(rounds("rounds = 1")[..2], [0.25, 0.25]);
    let mut stage = read("[[layers]]\neffect = 'again'\nrounds = 'tick + 1'", 16);
    let counts: Vec<_> = (0..3)
        .map(|_| stage.tick(&[Some(&levels(0)), None])[0][0])
        .collect();
    assert_eq!(
        counts,
        [0.25, 0.5, 0.75],
        "nothing is left from tick to tick"
    );
}

#[test]
fn targets_have_the_size_that_their_pass_says() {
    let output = once("[[layers]]\neffect = 'sizes'", &levels(0), &levels(0));
    // 23 / 2 is rounded to 12, 17 / 4 cut to 4 and 1 added.
    assert_eq!(output[0], [12.0, 5.0, 0.0, 0.0]);
    let last = output.last().expect("a pixel");
    assert_eq!(*last, [12.0, 5.0, 11.0, 4.0], "its last pixel, drawn out");
}

#[test]
fn a_pass_reads_what_the_pass_before_wrote() {
    let cam = noise(SIZE, 15);
    let input = taken_in(&cam);
    let (width, height) = (SIZE.width as i32, SIZE.height as i32);
    let pixel =
        |x: i32, y: i32| input[(y.clamp(0, height - 1) * width + x.rem_euclid(width)) as usize];
    let across = |x: i32, y: i32| mixed(pixel(x - 1, y), pixel(x + 1, y), 0.5);
    let down = |x: i32, y: i32| mixed(across(x, y - 1), across(x, y + 2), 0.5);
    let expected: Vec<_> = (0..height)
        .flat_map(|y| (0..width).map(move |x| (x, y)))
        .collect();
    let expected: Vec<_> = expected.into_iter().map(|(x, y)| down(x, y)).collect();
    let output = once("[[layers]]\neffect = 'blur'", &cam, &levels(0));
    assert_near(&output, &expected, SLACK, "blur");
}

#[test]
fn point_passes_follow_one_another() {
    let cam = noise(SIZE, 16);
    let input = taken_in(&cam);
    let lifted = |(index, c): (usize, &Texel)| {
        let half = c.map(|number| number * 0.5);
        [
            half[0] + (index % SIZE.width as usize) as f32,
            half[1],
            half[2],
            half[3],
        ]
    };
    let expected: Vec<_> = input.iter().enumerate().map(lifted).collect();
    let output = once("[[layers]]\neffect = 'points'", &cam, &levels(0));
    // Half floats between 16 and 23 are 1/64 apart.
    assert_near(&output, &expected, 1.0 / 128.0, "points");
}

#[test]
fn a_kernel_has_shared_memory_and_the_layers_keys() {
    let cam = noise(SIZE, 17);
    let input = taken_in(&cam);
    let tile = |index: usize| {
        let (x, y) = (index % SIZE.width as usize, index / SIZE.width as usize);
        input[(y & !3) * SIZE.width as usize + (x & !7)]
    };
    let tiles: Vec<_> = (0..input.len()).map(tile).collect();
    assert_same(
        &once("[[layers]]\neffect = 'tiles'", &cam, &levels(0)),
        &tiles,
        "tiles",
    );
    let halves: Vec<_> = input
        .iter()
        .zip(&tiles)
        .map(|(a, b)| mixed(*a, *b, 0.5))
        .collect();
    let output = once("[[layers]]\neffect = 'tiles'\nmix = 0.5", &cam, &levels(0));
    assert_near(&output, &halves, SLACK, "tiles, half");
}
