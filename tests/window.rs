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
use program::{CLIP, Done, afterimage, contents, difference, folder, wait_until};
use screen::desk::{Desk, MONITORS};
use screen::{Screen, is};

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
    let first = player.wait_for("the show is seen", is_fitted);
    assert_eq!(first.dimensions(), (1280, 720));
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
    assert!(is_fitted(&screen.shot()), "something else is on the screen");
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
    keep(&first, "window");
    player.press("Escape");
    player.press("Escape");
    player.end().well();
}

#[test]
fn presets_change_the_picture_and_freeze_holds_it() {
    let screen = Screen::open("1000x600");
    let player = screen.play(&format!("live {CLIP} --size 480x320 -p rgb_drift"));
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

#[test]
fn the_window_is_drawn_on_again_after_the_gpu_was_lost() {
    let folder = folder();
    write_show(folder.path());
    let screen = Screen::open("1000x600");
    let show = folder.path().join("show.toml");
    let player = screen.play(&format!(
        "live -p {} --size 320x240 --lose-gpu 1 --lose-gpu 2 --lose-gpu 3",
        show.display()
    ));
    player.wait_for_word("the GPU is back", 3);
    player.resize(640, 480);
    player.wait_for("the canvas fits the new size", |shot| {
        shot.dimensions() == (640, 480) && is_fitted(shot)
    });
    player.press("space");
    let middle = |shot: &RgbImage| is(shot, shot.width() / 2, shot.height() / 3, [255; 3]);
    player.wait_for("the trigger shows", middle);
    player.press("Escape");
    player.press("Escape");
    let done = player.end();
    assert_eq!(
        (done.status, done.errors.len()),
        (0, 6),
        "{:?}",
        done.errors
    );
}

#[test]
fn a_window_whose_surface_is_lost_gets_another() {
    let folder = folder();
    write_show(folder.path());
    let screen = Screen::open("1000x600");
    let show = folder.path().join("show.toml");
    let player = screen.play(&format!(
        "live -p {} --size 320x240 --lose-surface 0.5",
        show.display()
    ));
    player.wait_for_word("the window takes no pictures", 1);
    player.wait_for_word("the GPU is back", 1);
    player.press("space");
    let middle = |shot: &RgbImage| is(shot, shot.width() / 2, shot.height() / 3, [255; 3]);
    player.wait_for("the trigger shows", middle);
    player.press("Escape");
    player.press("Escape");
    assert_eq!(player.end().status, 0);
}

#[test]
fn a_window_that_is_put_away_or_shaken_comes_back() {
    let folder = folder();
    write_show(folder.path());
    let screen = Screen::open("1000x600");
    let show = folder.path().join("show.toml");
    let player = screen.play(&format!("live -p {} --size 320x240", show.display()));
    player.wait_for("the show is seen", is_fitted);
    player.minimise();
    sleep(Duration::from_secs(1));
    player.restore();
    player.wait_for("it is back", is_fitted);
    let sizes: Vec<_> = (0..30)
        .map(|step| (900 - step * 20, 1 + step * 17))
        .collect();
    player.shake(&sizes);
    player.resize(600, 400);
    player.wait_for("the canvas fits the last size", |shot| {
        shot.dimensions() == (600, 400) && is_fitted(shot)
    });
    player.press("Escape");
    player.press("Escape");
    player.end().well();
}

#[test]
fn help_is_on_the_window_and_not_in_the_recording() {
    let folder = folder();
    write_show(folder.path());
    let (show, out) = (
        folder.path().join("show.toml"),
        folder.path().join("out/%05d.png"),
    );
    let screen = Screen::open("1000x600");
    let player = screen.play(&format!(
        "live -p {} --size 320x240 -o {}",
        show.display(),
        out.display()
    ));
    player.resize(640, 480);
    player.wait_for("the show is seen", |shot| {
        shot.dimensions() == (640, 480) && is_fitted(shot)
    });
    player.press("h");
    // The panel darkens the red corner, and its letters are white on it.
    let corner = |shot: &RgbImage, wanted: &dyn Fn(&Rgb<u8>) -> bool| {
        let (right, bottom) = (shot.width() / 4, shot.height() / 4);
        let places = (14..bottom).flat_map(|y| (8..right).map(move |x| (x, y)));
        places
            .filter(|(x, y)| wanted(shot.get_pixel(*x, *y)))
            .count()
    };
    let dark = |pixel: &Rgb<u8>| pixel.0.iter().all(|level| *level < 60);
    let white = |pixel: &Rgb<u8>| pixel.0.iter().all(|level| *level > 200);
    let with = player.wait_for("help is seen", |shot| corner(shot, &dark) > 1000);
    assert!(corner(&with, &white) > 100, "there are no letters");
    keep(&with, "help");
    sleep(Duration::from_millis(500));
    player.press("h");
    player.wait_for("it is away", is_fitted);
    player.press("Escape");
    player.press("Escape");
    player.end().well();
    let pictures = contents(&folder.path().join("out"));
    assert!(pictures.len() > 10 && pictures.iter().all(|picture| *picture == pictures[0]));
}

#[test]
fn arrows_go_through_the_shows_of_a_folder() {
    let folder = folder();
    for (name, color) in [("a", [1, 0, 0]), ("b", [0, 1, 0]), ("c", [0, 0, 1])] {
        let show = format!(
            "[canvas]\nsize = [64, 48]\n[[layers]]\neffect = \"gradient\"\nfirst = {color:?}\nsecond = {color:?}\n"
        );
        fs::write(folder.path().join(format!("{name}.toml")), show).unwrap();
    }
    let screen = Screen::open("800x600");
    let show = folder.path().join("b.toml");
    let player = screen.play(&format!("live -p {} --size 320x240", show.display()));
    player.wait_for("b is seen", is_all([0, 255, 0]));
    for (key, color) in [
        ("Right", [0, 0, 255]),
        ("Right", [255, 0, 0]),
        ("Left", [0, 0, 255]),
        ("2", [0, 255, 0]),
    ] {
        player.press(key);
        player.wait_for(key, is_all(color));
    }
    player.press("Escape");
    player.press("Escape");
    player.end().well();
}

#[test]
fn the_output_returns_to_a_monitor_that_was_unplugged() {
    let folder = folder();
    write_show(folder.path());
    let desk = Desk::open();
    let show = folder.path().join("show.toml");
    let player = desk.screen.play(&format!(
        "live -p {} --size 320x240 --monitor dummy1",
        show.display()
    ));
    let wait_on = |number: u32| {
        wait_until("the output is on its monitor", || {
            player.place() == [i64::from(number) * 1280, 0, 1280, 720]
                && is_fitted(&desk.monitor(number))
        });
    };
    wait_on(1);
    desk.unplug(MONITORS[1]);
    player.wait_for_word("is gone", 1);
    player.press("b");
    player.wait_for("it goes on elsewhere", is_all(BLACK));
    player.press("b");
    desk.plug_right();
    wait_on(1);
    player.press("m");
    wait_on(0);
    player.press("Escape");
    player.press("Escape");
    let done = player.end();
    let told = done.errors.iter().any(|line| line.contains("is back"));
    assert!(done.status == 0 && told, "{:?}", done.errors);
}

#[test]
fn an_unknown_monitor_is_refused_with_those_there_are() {
    let screen = Screen::open("640x480");
    let done = screen.run("live generator:test_card --monitor beamer");
    assert_eq!(
        (done.status, done.errors.len()),
        (2, 1),
        "{:?}",
        done.errors
    );
    assert!(
        done.errors[0].contains("no monitor is called 'beamer'"),
        "{:?}",
        done.errors
    );
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
