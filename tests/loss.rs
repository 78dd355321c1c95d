//! The GPU is lost while a session plays: everything comes back, and nothing waits for it.
#![cfg(feature = "media")]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod program;

use std::fs;
use std::path::Path;
use std::sync::mpsc::{Receiver, Sender, channel};

use afterimage::engine::Command;
use afterimage::param::Value;
use afterimage::session::Options;
use afterimage::session::live::{Pace, Report, Request, Session, run as play};
use image::{Rgb, RgbImage};
use program::{CLIP, contents, film, folder, picture, run};

/// A still picture and a knob that darkens it.
fn write_show(folder: &Path) {
    let picture = RgbImage::from_fn(64, 36, |x, y| Rgb([x as u8 * 3, y as u8 * 7, 200]));
    picture.save(folder.join("still.png")).unwrap();
    let show = "[canvas]\nfps = 30\n[sources]\nstill = \"still.png\"\n\
                [controls]\ndark = { default = 0, min = 0, max = 1 }\n\
                [[layers]]\neffect = \"gradient\"\nfirst = [0, 0, 0]\nsecond = [0, 0, 0]\nmix = \"controls.dark\"\n";
    fs::write(folder.join("show.toml"), show).unwrap();
}

fn options(folder: &Path) -> Options {
    Options {
        preset: Some(folder.join("show.toml").display().to_string()),
        ..Options::default()
    }
}

fn performer() -> (Sender<Request>, Receiver<Request>) {
    channel()
}

#[test]
fn a_still_picture_and_what_was_set_are_back_after_the_loss() {
    let folder = folder();
    write_show(folder.path());
    let session = Session {
        pace: Pace::Stepped,
        seconds: Some(1.0),
        out: Some(folder.path().join("out/%05d.png").display().to_string()),
        losses: vec![0.5],
        ..Session::default()
    };
    let (performer, requests) = performer();
    let dark = Command::new("/controls/dark", Value::number(0.5));
    performer.send(Request::Command(dark)).unwrap();
    let report = play(&options(folder.path()), &session, &requests, None).unwrap();
    assert_eq!((report.rebuilt, report.ticks), (1, 30));
    let pictures = contents(&folder.path().join("out"));
    assert_eq!(pictures.len(), 30);
    let still = picture(&folder.path().join("still.png"));
    let shown = picture(&folder.path().join("out/00000.png"));
    let halved = still.iter().zip(shown.iter());
    assert!(
        halved.into_iter().all(|(a, b)| (a / 2).abs_diff(*b) <= 1),
        "the knob was not turned"
    );
    assert!(
        pictures.iter().all(|picture| *picture == pictures[0]),
        "it looks different after the loss"
    );
}

#[test]
fn by_the_wall_clock_the_recording_goes_on_and_nothing_waits() {
    let folder = folder();
    let session = Session {
        seconds: Some(4.0),
        out: Some(folder.path().join("out.mkv").display().to_string()),
        losses: vec![0.5],
        ..Session::default()
    };
    let options = Options {
        source: Some(CLIP.to_owned()),
        size: Some("96x64".parse().unwrap()),
        fps: Some((30, 1)),
        effects: vec!["lagfun".to_owned()],
        ..Options::default()
    };
    let (_performer, requests) = performer();
    let report = play(&options, &session, &requests, None).unwrap();
    assert_eq!(report.blocked, Vec::<&str>::new());
    assert_eq!((report.rebuilt, report.ticks + report.left_out), (1, 120));
    assert_eq!(film(folder.path(), "out.mkv").0, 120);
}

#[test]
fn it_comes_back_from_one_loss_after_another() {
    let folder = folder();
    write_show(folder.path());
    let lost = "live -p ./show.toml --headless --stepped --frames 12 -o out/%05d.png \
                --lose-gpu 0.1 --lose-gpu 0.2 --lose-gpu 0.3";
    let done = run(folder.path(), lost);
    assert_eq!(done.status, 0, "{:?}", done.errors);
    let told = |word: &str| {
        done.errors
            .iter()
            .filter(|line| line.contains(word))
            .count()
    };
    assert_eq!(
        (told("was lost"), told("is back")),
        (3, 3),
        "{:?}",
        done.errors
    );
    let pictures = contents(&folder.path().join("out"));
    assert!(pictures.len() == 12 && pictures.iter().all(|picture| *picture == pictures[0]));
}

#[test]
fn a_session_that_ends_without_a_gpu_completes_its_recording() {
    let folder = folder();
    write_show(folder.path());
    let session = Session {
        seconds: Some(1.0),
        out: Some(folder.path().join("out.mkv").display().to_string()),
        // The second loss is answered after a pause, the fourth one long after the end.
        losses: vec![0.5, 0.6, 0.7, 0.8, 0.9, 0.95],
        ..Session::default()
    };
    let (_performer, requests) = performer();
    let Report {
        ticks, left_out, ..
    } = play(&options(folder.path()), &session, &requests, None).unwrap();
    assert_eq!(ticks + left_out, 30);
    assert_eq!(film(folder.path(), "out.mkv").0, 30);
}
