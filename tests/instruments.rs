//! Films played as instruments: whichever way a film is played, the picture that shows is the one of the place.
#![cfg(feature = "media")]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "gpu/mod.rs"]
mod gpu;
mod program;

use std::fs;
use std::path::Path;
use std::sync::mpsc::channel;
use std::sync::{Arc, Mutex, OnceLock};
use std::thread;
use std::time::Duration;

use afterimage::effect::Library;
use afterimage::engine::{Command, Engine};
use afterimage::gpu::Readback;
use afterimage::param::Value;
use afterimage::session::live::{Request, Session, run as perform};
use afterimage::session::{Options, Stage};
use afterimage::show::Show;
use afterimage::source::Wait;
use program::{contents, folder, make, run};

/// A film of a second whose picture N is so many steps brighter than black, in one stretch between key pictures.
const FILM: &str =
    "-f lavfi -i nullsrc=s=32x16:r=25:d=1,geq=lum=16+8*N:cb=128:cr=128 -pix_fmt yuv420p";
const LONG: &str = "-c:v libx264 -qp 0 -bf 3 -g 250";
/// A step as full-range levels.
const STEP: f64 = 8.0 * 255.0 / 219.0;

/// A show of that film, played as `keys` say.
fn show(folder: &Path, keys: &str) -> Arc<Show> {
    let path = folder.join("show.toml");
    let text = format!(
        "canvas = {{ size = [32, 16], fps = 25 }}\nsources = {{ a = {{ file = 'film.mkv', {keys} }} }}"
    );
    fs::write(&path, text).unwrap();
    Arc::new(Show::read(&path, &mut Library::new(Vec::new())).unwrap())
}

/// The numbers of the pictures that show, one for each tick; `messages` arrive before theirs.
fn numbers(show: &Arc<Show>, ticks: usize, messages: &[(usize, &str, f64)]) -> Vec<usize> {
    static ENGINE: OnceLock<Mutex<Engine>> = OnceLock::new();
    let engine = ENGINE.get_or_init(|| Mutex::new(Engine::new(gpu::open())));
    let mut engine = engine.lock().unwrap();
    let mut stage = Stage::new(engine.pipelines(), show, None, (25, 1)).unwrap();
    let mut readback = Readback::new(gpu::open());
    let mut number = |tick: usize| {
        let due = messages.iter().filter(|message| message.0 == tick);
        let command =
            |message: &(usize, &str, f64)| Command::new(message.1, Value::number(message.2));
        let commands: Vec<_> = due.map(command).collect();
        let mut tick = stage.tick(&mut engine, &commands, Wait::Block).unwrap()?;
        readback
            .encode(&mut tick.encoder, &tick.picture, tick.size)
            .unwrap();
        engine.submit(tick);
        let frame = readback.take_blocking().unwrap().unwrap();
        Some((f64::from(frame.bytes[0]) / STEP).round() as usize)
    };
    (0..ticks).map_while(&mut number).collect()
}

/// Films of which each is hard to play backward in its own way.
fn films(folder: &Path) {
    make(folder, &format!("{FILM} {LONG} film.mkv"));
}

#[test]
fn every_way_to_play_shows_the_picture_of_the_place() {
    let folder = folder();
    films(folder.path());
    let plays = |keys: &str, expected: Vec<usize>| {
        let show = show(folder.path(), &format!("loop = true, {keys}"));
        assert_eq!(numbers(&show, expected.len(), &[]), expected, "{keys}");
    };
    let ticks = || 0..60_usize;
    plays("speed = 1", ticks().map(|tick| tick % 25).collect());
    plays("speed = 0.5", ticks().map(|tick| tick / 2 % 25).collect());
    plays(
        "speed = 2",
        ticks().map(|tick| (2 * tick + 1) % 25).collect(),
    );
    plays("speed = -1", ticks().map(|tick| 24 - tick % 25).collect());
    plays(
        "speed = -0.5",
        ticks().map(|tick| 24 - tick / 2 % 25).collect(),
    );
    plays(
        "in = 0.4, out = 0.8",
        ticks().map(|tick| 10 + tick % 10).collect(),
    );
    plays(
        "in = 0.4, out = 0.8, speed = -1",
        ticks().map(|tick| 19 - tick % 10).collect(),
    );
    plays(
        "start = 0.6, in = 0.4",
        [15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 10, 11].into(),
    );
    plays(
        "jump = 'time > 0.19 ? 0.6 : 0'",
        [0, 1, 2, 3, 4, 15, 16, 17, 18, 19, 20].into(),
    );
    plays(
        "pause = 'time > 0.11 and time < 0.23'",
        [0, 1, 2, 2, 2, 2, 3, 4, 5].into(),
    );
    plays("restart = 'time > 0.15'", [0, 1, 2, 3, 0, 1, 2].into());
    plays(
        "speed = 'time < 0.15 ? 1 : -1'",
        [0, 1, 2, 3, 2, 1, 0, 24, 23].into(),
    );
    plays("speed = 0", [0, 0, 0].into());
}

#[test]
fn addresses_play_a_film_and_give_it_back() {
    let folder = folder();
    films(folder.path());
    let looping = show(folder.path(), "loop = true");
    let messages = [
        (3, "/sources/a/jump", 0.8),
        (6, "/sources/a/restart", 1.0),
        (9, "/sources/a/speed", -1.0),
        (11, "/sources/a/speed/release", 1.0),
        (13, "/sources/a/pause", 1.0),
        (15, "/sources/a/pause", 0.0),
        (16, "/sources/a/jump", 0.8),
        (17, "/sources/a/in", 0.2),
        (18, "/sources/a/out", 0.92),
    ];
    let expected = [
        0, 1, 2, 20, 21, 22, 0, 1, 2, 1, 0, 1, 2, 2, 2, 3, 20, 21, 22, 5, 6,
    ];
    assert_eq!(numbers(&looping, expected.len(), &messages), expected);
}

#[test]
fn a_film_that_plays_once_ends_where_it_ends_either_way() {
    let folder = folder();
    films(folder.path());
    let length = |keys: &str| numbers(&show(folder.path(), keys), 200, &[]).len();
    assert_eq!(length("speed = 0.5"), 50);
    assert_eq!(length("speed = -1"), 25);
    assert_eq!(length("in = 0.2, out = 0.6, speed = 2"), 5);
    let back = numbers(&show(folder.path(), "speed = -1, start = 0.4"), 200, &[]);
    assert_eq!(back, [9, 8, 7, 6, 5, 4, 3, 2, 1, 0]);
}

#[test]
fn every_container_plays_backward_and_from_any_place() {
    let folder = folder();
    let films = [
        ("a.mp4", "-c:v libx264 -qp 0 -bf 3 -g 10"),
        ("a.ts", LONG),
        ("a.h264", LONG),
        ("a.mov", "-c:v prores_ks -profile:v 4"),
        ("a.y4m", ""),
        ("%03d.png", ""),
    ];
    for (name, options) in films {
        make(folder.path(), &format!("{FILM} {options} {name}"));
        let path = folder.path().join("show.toml");
        let keys = "loop = true, speed = 'time < 0.5 ? -1 : 1', jump = 'time > 0.7 ? 0.44 : 0'";
        let text = format!(
            "canvas = {{ size = [32, 16], fps = 25 }}\nsources = {{ a = {{ file = '{name}', {keys} }} }}"
        );
        fs::write(&path, text).unwrap();
        let show = Arc::new(Show::read(&path, &mut Library::new(Vec::new())).unwrap());
        let expected: Vec<_> = (12..25).rev().chain(13..18).chain(11..20).collect();
        assert_eq!(numbers(&show, expected.len(), &[]), expected, "{name}");
    }
}

#[test]
fn renders_and_stepped_sessions_give_the_same_bytes() {
    let folder = folder();
    films(folder.path());
    let keys = "loop = true, speed = '3 * sine(beat)', in = '0.2 * random(0, 1)', jump = 'floor(beat) * 0.3', \
                restart = 'every(beat, 3)'";
    show(folder.path(), keys);
    let render = "render -p ./show.toml --frames 60 -o";
    run(folder.path(), &format!("{render} one/%03d.png")).well();
    run(folder.path(), &format!("{render} two/%03d.png")).well();
    let live = "live --headless --stepped -p ./show.toml --frames 60 -o live/%03d.png";
    run(folder.path(), live).well();
    let of = |name: &str| contents(&folder.path().join(name));
    assert_eq!(of("one").len(), 60);
    assert!(of("one") == of("two"), "two renders");
    assert!(of("one") == of("live"), "a render and a session");
    assert!(of("one").windows(2).any(|pair| pair[0] != pair[1]));
}

#[test]
fn the_loop_waits_for_no_jump() {
    let folder = folder();
    films(folder.path());
    show(folder.path(), "loop = true");
    let options = Options {
        preset: Some(folder.path().join("show.toml").display().to_string()),
        ..Options::default()
    };
    let session = Session {
        seconds: Some(2.0),
        out: Some(folder.path().join("out.mkv").display().to_string()),
        ..Session::default()
    };
    let (performer, requests) = channel();
    thread::spawn(move || {
        for number in 0..400 {
            let (address, value) = match number % 4 {
                0 => ("/sources/a/jump", f64::from(number % 7) / 8.0),
                1 => ("/sources/a/speed", f64::from(number % 9) - 4.0),
                2 => ("/sources/a/out", 0.5 + f64::from(number % 5) / 10.0),
                _ => ("/sources/a/restart", 1.0),
            };
            let command = Command::new(address, Value::number(value));
            if performer.send(Request::Command(command)).is_err() {
                return;
            }
            thread::sleep(Duration::from_millis(4));
        }
        thread::sleep(Duration::from_secs(60));
    });
    let report = perform(&options, &session, &requests, None).unwrap();
    assert_eq!(report.blocked, Vec::<&str>::new());
    let film = folder.path().join("out.mkv");
    make(
        folder.path(),
        &format!(
            "-i {} -vf scale=1:1 -pix_fmt gray -f rawvideo levels",
            film.display()
        ),
    );
    let mut levels = fs::read(folder.path().join("levels")).unwrap();
    levels.dedup();
    assert!(levels.len() > 5, "pictures show while it jumps: {levels:?}");
}

#[test]
fn what_is_no_film_says_once_what_it_cannot_do() {
    let folder = folder();
    make(folder.path(), &format!("{FILM} -frames:v 1 still.png"));
    let path = folder.path().join("show.toml");
    fs::write(
        path,
        "sources = { a = { file = 'still.png', speed = -1, restart = 'every(beat, 1)' } }",
    )
    .unwrap();
    let done = run(
        folder.path(),
        "render -p ./show.toml --frames 40 -o out/%02d.png",
    );
    assert_eq!((done.status, done.errors.len()), (0, 1));
    assert!(done.errors[0].contains("a: only a film or a sequence has in, out"));
}
