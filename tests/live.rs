//! The live session without a window: by steps, by the wall clock, and watched by the loop's instrument.
#![cfg(feature = "media")]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod program;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::channel;
use std::thread;
use std::time::{Duration, Instant};

use afterimage::effect::Library;
use afterimage::engine::{Command, Engine};
use afterimage::frame_loop::FrameLoop;
use afterimage::gpu::{Gpu, Readback};
use afterimage::output::{self, Settings, Target};
use afterimage::param::Value;
use afterimage::picture::Size;
use afterimage::session::live::{Pace, Report, Request, Session, run as play};
use afterimage::session::{Failure, Options};
use afterimage::show::Show;
use afterimage::source::{Feed, Location, Wait};
use program::{CLIP, Done, contents, film, folder, names, run, signal, start, wait_until};

/// A film, state, an oscillator and chance.
fn write_show(folder: &Path) {
    let show = format!(
        "[canvas]\nsize = [96, 64]\n[sources]\nclip = \"{CLIP}\"\n\
         [[layers]]\neffect = \"channel_shift\"\nred = [\"8 * sine(beat)\", \"random(-4, 4)\"]\n\
         [[layers]]\neffect = \"lagfun\"\ndecay = 0.9\n"
    );
    fs::write(folder.join("show.toml"), show).unwrap();
}

#[test]
fn stepped_live_gives_the_same_pictures_as_render() {
    let folder = folder();
    write_show(folder.path());
    let stepped = "live --headless --stepped -p ./show.toml";
    run(
        folder.path(),
        "render -p ./show.toml --frames 15 -o render/%05d.png",
    )
    .well();
    run(
        folder.path(),
        &format!("{stepped} --frames 15 -o frames/%05d.png"),
    )
    .well();
    run(
        folder.path(),
        &format!("{stepped} --seconds 0.5 -o seconds/%05d.png"),
    )
    .well();
    let of = |name: &str| contents(&folder.path().join(name));
    assert_eq!(of("render").len(), 15);
    assert!(of("render") == of("frames"), "--frames");
    assert!(of("render") == of("seconds"), "--seconds");
    assert!(
        of("render").windows(2).all(|pair| pair[0] != pair[1]),
        "the show stands still"
    );
}

#[test]
fn by_the_wall_clock_it_ends_in_time_with_a_film_of_that_length() {
    let folder = folder();
    let begun = Instant::now();
    run(
        folder.path(),
        "live generator:test_card --size 96x64 --headless --seconds 2 -o out.mp4",
    )
    .well();
    assert!(begun.elapsed() > Duration::from_secs(2));
    assert_eq!(film(folder.path(), "out.mp4"), (120, 2.0));
}

#[test]
fn ctrl_c_completes_the_recording() {
    let folder = folder();
    let long = "live generator:test_card --size 96x64 --headless --seconds 3600 -o out.mkv";
    let child = start(folder.path(), long);
    wait_until("the film grows", || folder.path().join("out.mkv").exists());
    signal(&child, "INT");
    let done = Done::new(child.wait_with_output().unwrap());
    assert_eq!(done.status, 130);
    assert_eq!(names(folder.path()), ["out.mkv"]);
    let (frames, _) = film(folder.path(), "out.mkv");
    assert_eq!(
        done.errors,
        [format!("afterimage: stopped at frame {frames}")]
    );
}

/// Plays for two seconds and asks for things on the way.
fn perform(options: &Options, out: Option<String>, requests: Vec<Request>) -> Report {
    let session = Session {
        seconds: Some(2.0),
        out,
        ..Session::default()
    };
    let (performer, received) = channel();
    let performing = thread::spawn(move || {
        for request in requests {
            thread::sleep(Duration::from_millis(200));
            performer.send(request).unwrap();
        }
        // The session ends when nobody can ask any more.
        thread::sleep(Duration::from_secs(60));
    });
    let report = play(options, &session, &received, None).unwrap();
    drop(performing);
    report
}

#[test]
fn the_loop_waits_for_nothing_whatever_the_performer_does() {
    let options = Options {
        source: Some(CLIP.to_owned()),
        size: Some(Size::new(96, 64)),
        fps: Some((30, 1)),
        effects: vec!["lagfun".to_owned()],
        ..Options::default()
    };
    let requests = vec![
        Request::Preset(1),
        Request::Command(Command::event("/trigger")),
        Request::Blackout,
        Request::Preset(3),
        Request::Freeze,
        Request::Freeze,
        Request::Command(Command::event("/clean")),
        Request::Preset(99),
    ];
    let folder = folder();
    let out = folder.path().join("out.mp4").display().to_string();
    let report = perform(&options, Some(out), requests);
    assert_eq!(report.blocked, Vec::<&str>::new());
    assert_eq!(report.ticks + report.left_out, 60);
    assert!(report.ticks > 5, "{report:?}");
    assert_eq!(film(folder.path(), "out.mp4"), (60, 2.0));
}

#[test]
fn a_frozen_recording_lasts_as_long_as_the_session() {
    let options = Options {
        source: Some("generator:test_card".to_owned()),
        size: Some(Size::new(64, 36)),
        ..Options::default()
    };
    let folder = folder();
    let out = folder.path().join("out.mkv").display().to_string();
    perform(&options, Some(out), vec![Request::Freeze]);
    assert_eq!(film(folder.path(), "out.mkv").0, 120);
}

/// What the instrument sees of something done on the loop's thread.
fn seen(action: impl FnOnce()) -> Vec<&'static str> {
    let frame_loop = FrameLoop::enter();
    action();
    frame_loop.blocked()
}

#[test]
fn the_instrument_sees_files_devices_and_compilers() {
    let folder = folder();
    write_show(folder.path());
    let mut library = Library::new(Vec::new());
    let path = folder.path().join("show.toml");
    let reading = seen(|| drop(Show::read(&path, &mut library).unwrap()));
    assert_eq!(reading, ["read a show", "read an effect"]);
    let location = Location::parse(CLIP).unwrap();
    let mut feed = None;
    let opening = seen(|| feed = Some(Feed::open(&location, Default::default()).unwrap()));
    assert_eq!(opening, ["open a source"]);
    let mut feed = feed.unwrap();
    let waiting = seen(|| assert!(feed.take(5.0, Wait::Block).is_some()));
    assert_eq!(waiting, ["wait for a picture"]);
    assert!(seen(|| drop(feed.take(5.0, Wait::Never))).is_empty());
    let mut gpu = None;
    assert_eq!(
        seen(|| gpu = Some(Gpu::open(None, None).unwrap())),
        ["look for GPUs"]
    );
    let gpu = gpu.unwrap();
    assert_eq!(seen(|| drop(Readback::new(&gpu))), ["compile a shader"]);
    let engine = Engine::new(&gpu);
    let show = Arc::new(Show::read(&path, &mut library).unwrap());
    let loading = seen(|| drop(engine.load(&show, Size::new(8, 8), 30.0).unwrap()));
    assert_eq!(loading, ["compile an effect"]);
    let target = Target::Image(folder.path().join("out.png"));
    let settings = Settings::new(Size::new(8, 8), (30, 1));
    let beginning = seen(|| drop(output::create(&target, &settings).unwrap()));
    assert_eq!(beginning, ["begin a file"]);
}

#[test]
fn the_session_answers_its_own_addresses() {
    let folder = folder();
    write_show(folder.path());
    let options = Options {
        preset: Some(folder.path().join("show.toml").display().to_string()),
        frames: Some(5),
        ..Options::default()
    };
    for (frozen, distinct) in [(1.0, 1), (0.0, 5)] {
        let session = Session {
            pace: Pace::Stepped,
            out: Some(
                folder
                    .path()
                    .join(format!("{frozen}/%d.png"))
                    .display()
                    .to_string(),
            ),
            ..Session::default()
        };
        let (performer, requests) = channel();
        // A blackout is for the screen only.
        for (address, value) in [("/blackout", 1.0), ("/freeze", frozen)] {
            let command = Command::new(address, Value::number(value));
            performer.send(Request::Command(command)).unwrap();
        }
        play(&options, &session, &requests, None).unwrap();
        let pictures = contents(&folder.path().join(frozen.to_string()));
        assert_eq!(pictures.len(), 5);
        let pictures: BTreeSet<_> = pictures.into_iter().collect();
        assert_eq!(pictures.len(), distinct, "/freeze {frozen}");
    }
}

#[test]
fn a_recording_never_replaces_what_is_played() {
    let folder = folder();
    fs::copy(CLIP, folder.path().join("own.mp4")).unwrap();
    let session = Session {
        out: Some(folder.path().join("own.mp4").display().to_string()),
        ..Session::default()
    };
    let options = Options {
        source: session.out.clone(),
        ..Options::default()
    };
    let (_performer, requests) = channel();
    let failure = play(&options, &session, &requests, None).unwrap_err();
    assert!(
        matches!(failure, Failure::Usage(text) if text.contains("own.mp4' is read by this show"))
    );
    assert_eq!(
        fs::read(folder.path().join("own.mp4")).unwrap(),
        fs::read(CLIP).unwrap()
    );
}
