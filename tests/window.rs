//! The program in a real window: what a screenshot shows, and what keys do to it.
#![cfg(all(feature = "window", target_os = "linux"))]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod program;
mod screen;

use std::fs;
use std::path::Path;
use std::thread::sleep;
use std::time::Duration;

use image::{Rgb, RgbImage};
use program::{Done, afterimage, difference, folder};
use screen::{Place, Screen, is};

const RED: [u8; 3] = [200, 30, 40];
const GREEN: [u8; 3] = [20, 180, 60];
const BLUE: [u8; 3] = [30, 50, 220];
const WHITE: [u8; 3] = [240, 240, 240];
const BLACK: [u8; 3] = [0; 3];

/// A picture of four colours, and a show in which the trigger covers it with white.
fn write_show(folder: &Path) {
    let quarters = RgbImage::from_fn(320, 240, |x, y| match (x < 160, y < 120) {
        (true, true) => Rgb(RED),
        (false, true) => Rgb(GREEN),
        (true, false) => Rgb(BLUE),
        (false, false) => Rgb(WHITE),
    });
    quarters.save(folder.join("quarters.png")).unwrap();
    let show = "[sources]\nquarters = \"quarters.png\"\n[[layers]]\neffect = \"gradient\"\n\
                first = [1, 1, 1]\nsecond = [1, 1, 1]\nmix = \"min(count(trigger), 1)\"\n";
    fs::write(folder.join("show.toml"), show).unwrap();
}

/// Whether the four colours fill the window as a 4:3 canvas does, with black beside it.
fn is_fitted(shot: &RgbImage) -> bool {
    let (width, height) = shot.dimensions();
    let shown_width = width.min(height * 4 / 3);
    let shown_height = height.min(width * 3 / 4);
    let (left, top) = ((width - shown_width) / 2, (height - shown_height) / 2);
    let (right, bottom) = (left + shown_width - 1, top + shown_height - 1);
    let (across, down) = (shown_width / 2, shown_height / 2);
    // Two pixels from every edge: between two colours they mix.
    let colors = [
        (left + 2, top + 2, RED),
        (left + across - 3, top + down - 3, RED),
        (right - 2, top + 2, GREEN),
        (left + across + 3, top + down - 3, GREEN),
        (left + 2, bottom - 2, BLUE),
        (right - 2, bottom - 2, WHITE),
    ];
    let beside = [
        (left.saturating_sub(2), top.saturating_sub(2)),
        (right + 2, bottom + 2),
    ];
    let beside = beside.into_iter().filter(|(x, y)| {
        (*x < left || *x > right || *y < top || *y > bottom) && *x < width && *y < height
    });
    colors
        .into_iter()
        .all(|(x, y, color)| is(shot, x, y, color))
        && beside.into_iter().all(|(x, y)| is(shot, x, y, BLACK))
}

fn is_all(color: [u8; 3]) -> impl Fn(&RgbImage) -> bool {
    move |shot| {
        (0..shot.width())
            .step_by(7)
            .all(|x| is(shot, x, shot.height() / 3, color))
    }
}

#[test]
fn the_canvas_is_fitted_and_keys_play_it() {
    let folder = folder();
    write_show(folder.path());
    let screen = Screen::open("1400x900");
    let show = folder.path().join("show.toml");
    let player = screen.play(&format!("live -p {}", show.display()));
    player.wait_for("the show is seen", is_fitted);
    assert_eq!((player.place().width, player.place().height), (1280, 720));
    for (width, height) in [(500, 700), (801, 333)] {
        player.resize(width, height);
        player.wait_for("the canvas fits the new size", |shot| {
            shot.dimensions() == (width, height) && is_fitted(shot)
        });
    }
    player.press("f");
    player.wait_for("it fills the screen", |shot| {
        shot.dimensions() == (1400, 900) && is_fitted(shot)
    });
    let Place { x, y, .. } = player.place();
    assert_eq!((x, y), (0, 0));
    player.press("f");
    player.wait_for("it is a window again", |shot| {
        shot.dimensions() == (801, 333) && is_fitted(shot)
    });
    player.press("b");
    player.wait_for("it is black", is_all(BLACK));
    player.press("b");
    player.wait_for("it is back", is_fitted);
    player.press("space");
    let middle = |shot: &RgbImage| is(shot, shot.width() / 2, shot.height() / 3, [255; 3]);
    player.wait_for("the trigger shows", middle);
    player.press("Escape");
    player.press("Escape");
    player.end().well();
}

#[test]
fn presets_change_the_picture_and_freeze_holds_it() {
    let screen = Screen::open("1000x600");
    let player = screen.play("live --size 480x320 -p rgb_drift");
    let lit = |shot: &RgbImage| shot.iter().filter(|level| **level > 60).count() > shot.len() / 4;
    player.wait_for("the film is seen", lit);
    player.press("z");
    sleep(Duration::from_millis(500));
    let first = player.shot();
    sleep(Duration::from_millis(500));
    assert_eq!(
        difference(&first, &player.shot()),
        0.0,
        "it does not stand still"
    );
    player.press("2");
    sleep(Duration::from_millis(200));
    player.press("z");
    // The second preset shows the outlines of what moves on a dark ground.
    let second = player.wait_for("preset 2 is seen", |shot| difference(&first, shot) > 25.0);
    keep(&first, "preset_rgb_drift");
    keep(&second, "preset_2");
    player.wait_for("it goes on", |shot| difference(&second, shot) > 0.5);
    player.press("Escape");
    player.press("Escape");
    player.end().well();
}

/// Keeps a screenshot where a person asks for it.
fn keep(shot: &RgbImage, name: &str) {
    if let Some(folder) = std::env::var_os("AFTERIMAGE_SHOTS") {
        shot.save(Path::new(&folder).join(format!("{name}.png")))
            .unwrap();
    }
}

#[test]
fn without_a_display_it_says_what_to_do() {
    let mut command = afterimage("live");
    command
        .env_remove("DISPLAY")
        .env_remove("WAYLAND_DISPLAY")
        .env_remove("WAYLAND_SOCKET");
    let done = Done::new(command.output().unwrap());
    assert_eq!((done.status, done.errors.len()), (1, 1));
    assert!(done.errors[0].contains("--headless"), "{:?}", done.errors);
}
