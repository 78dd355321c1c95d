//! Films recorded while somebody plays: begun and ended at any time, cut off at any moment, on a full disk.
#![cfg(feature = "media")]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod program;
#[cfg(all(feature = "window", target_os = "linux"))]
mod screen;

use std::fs;
use std::hash::{BuildHasher, RandomState};
use std::path::{Path, PathBuf};
use std::process::{Command as Process, Stdio};
use std::sync::mpsc::channel;
use std::thread::{self, sleep};
use std::time::Duration;

use afterimage::engine::Command;
use afterimage::param::Value;
use afterimage::session::Options;
use afterimage::session::live::{Report, Request, Session, run as play};
use program::{CLIP, Done, afterimage, film, folder, names, picture, tool, wait_until};

/// The canvas's rate in every test.
const FPS: u64 = 30;

/// How bright the show below gets in a second, of 255.
const LEVELS: f64 = 12.75;

/// A show that tells its time: the grey of the whole canvas grows from black.
fn write_clock(folder: &Path) -> Options {
    let grey = "[\"time / 20\", \"time / 20\", \"time / 20\", 1]";
    let show = format!(
        "title = \"The clock: 1\"\n[canvas]\nsize = [96, 64]\nfps = {FPS}\n\
         [[layers]]\neffect = \"gradient\"\nfirst = {grey}\nsecond = {grey}\n"
    );
    let file = folder.join("clock.toml");
    fs::write(&file, show).unwrap();
    Options {
        preset: Some(file.display().to_string()),
        ..Options::default()
    }
}

/// The grey of each picture of a film; what is wrong with its end is of no interest.
fn greys(film: &Path) -> Vec<u8> {
    let mut command = Process::new("ffmpeg");
    command.args(["-v", "quiet", "-i"]).arg(film);
    command.args("-vf scale=1:1 -pix_fmt gray -fps_mode passthrough -f rawvideo -".split(' '));
    let decoded = command.stdin(Stdio::null()).output();
    let decoded = decoded.unwrap_or_else(|error| {
        panic!("cannot run ffmpeg ({error}): apt-get install ffmpeg");
    });
    assert!(decoded.status.success(), "{} does not play", film.display());
    decoded.stdout
}

/// That a film plays and tells the time of the show it was recorded from. Gives the number of its pictures.
fn check_clock(film: &Path) -> u64 {
    let greys = greys(film);
    assert!(greys.is_sorted(), "{}: {greys:?}", film.display());
    for (number, grey) in greys.iter().enumerate() {
        let shown = f64::from(grey - greys[0]) / LEVELS;
        // A picture that was left out is stood for by an older one, never by one that is yet to come.
        let late = number as f64 / FPS as f64 - shown;
        assert!(late > -0.2, "{}: {number}: {greys:?}", film.display());
    }
    let moves = greys.first() < greys.last();
    assert!(moves || greys.len() < 20, "{}: {greys:?}", film.display());
    greys.len() as u64
}

/// Plays by the wall clock while somebody asks for things.
fn perform(
    options: &Options,
    session: Session,
    performance: impl FnOnce(&dyn Fn(Request)) + Send + 'static,
) -> Report {
    let (performer, received) = channel();
    let performing = thread::spawn(move || {
        performance(&|request| performer.send(request).unwrap());
        // The session ends when nobody can ask any more.
        sleep(Duration::from_secs(60));
    });
    let report = play(options, &session, &received, None).unwrap();
    drop(performing);
    assert_eq!(report.blocked, Vec::<&str>::new());
    report
}

fn record(on: f64) -> Request {
    Request::Command(Command::new("/record", Value::number(on)))
}

fn of_kind(folder: &Path, extension: &str) -> Vec<PathBuf> {
    let names = names(folder).into_iter().map(|name| folder.join(name));
    names
        .filter(|path| path.extension().is_some_and(|it| it == extension))
        .collect()
}

#[test]
fn recordings_begin_and_end_when_asked_and_the_loop_waits_for_none() {
    let folder = folder();
    let options = write_clock(folder.path());
    let films = folder.path().join("new/films");
    let session = Session {
        record_to: Some(films.clone()),
        ..Session::default()
    };
    let there = films.clone();
    let report = perform(&options, session, move |ask| {
        let wait = |what: &str, extension: &str, count| {
            wait_until(what, || {
                there.is_dir() && of_kind(&there, extension).len() == count
            });
        };
        // What is not on is not ended, what is on is not begun again, and NaN says nothing.
        [0.0, 1.0].into_iter().for_each(|on| ask(record(on)));
        wait("a film grows", "mkv", 1);
        [1.0, f64::NAN].into_iter().for_each(|on| ask(record(on)));
        sleep(Duration::from_millis(500));
        [0.0, 0.0].into_iter().for_each(|on| ask(record(on)));
        ask(Request::Still);
        wait("a picture is saved", "png", 1);
        ask(Request::Freeze);
        ask(Request::Still);
        wait("the picture that stands is saved", "png", 2);
        ask(Request::Freeze);
        ask(Request::Record);
        wait("another film grows", "mkv", 2);
        ask(Request::Quit);
    });
    assert_eq!(report.recording.error, None);
    let recorded = of_kind(&films, "mkv");
    assert_eq!(report.recording.saved.as_ref(), recorded.last());
    let lengths = recorded.iter().map(|film| {
        let name = film.file_name().unwrap().to_str().unwrap();
        assert!(name.contains("_The-clock-1"), "{name}");
        check_clock(film)
    });
    let lengths: Vec<_> = lengths.collect();
    assert!(lengths[0] > FPS / 4 && lengths[1] > 0, "{lengths:?}");
    let stills = of_kind(&films, "png");
    let [first, second] = [&stills[0], &stills[1]].map(|path| picture(path));
    assert_eq!(first.dimensions(), (96, 64));
    assert!((3..=second.get_pixel(9, 9)[0]).contains(&first.get_pixel(9, 9)[0]));
    // Nothing but these, and nothing half done.
    assert_eq!(names(&films).len(), 4);
}

#[test]
fn a_recording_keeps_its_size_its_rate_and_its_time_whatever_comes() {
    let folder = folder();
    let mut options = write_clock(folder.path());
    options.sources = vec![format!("clip={CLIP}")];
    let session = Session {
        seconds: Some(3.0),
        out: Some(folder.path().join("film.mkv").display().to_string()),
        ..Session::default()
    };
    let report = perform(&options, session, |ask| {
        let requests = [
            Request::Preset(0),
            Request::Freeze,
            Request::Freeze,
            Request::Preset(1),
        ];
        for request in requests {
            sleep(Duration::from_millis(400));
            ask(request);
        }
    });
    let (frames, seconds) = film(folder.path(), "film.mkv");
    // The presets play at another rate, and the session counts their ticks.
    assert!(frames > FPS, "{frames}");
    assert!((seconds - frames as f64 / FPS as f64).abs() < 0.1);
    let entries = "-show_entries stream=width,height,r_frame_rate -of csv=p=0";
    let shape = tool(folder.path(), "ffprobe", &format!("{entries} film.mkv"));
    assert_eq!(String::from_utf8(shape).unwrap().trim(), "96,64,30/1");
    assert_eq!(report.recording.saved, Some(folder.path().join("film.mkv")));
}

/// Plays, and cuts the session off at a moment that nobody chose. Gives the film's length, and that which the
/// session's loop had told of a moment before, in seconds.
fn cut_off(folder: &Path, number: u64) -> (f64, f64) {
    let log = folder.join(format!("log_{number}"));
    let arguments = format!("-vv live --headless --seconds 600 -p clock.toml -o {number}.mkv");
    let mut command = afterimage(&arguments);
    command
        .current_dir(folder)
        .stderr(fs::File::create(&log).unwrap());
    let mut child = command.spawn().unwrap();
    let told = || {
        let log = fs::read_to_string(&log).unwrap();
        let last = log.rsplit_once("the film has come to ");
        last.map_or(0.0, |(_, told)| {
            told.split(' ').next().unwrap().parse().unwrap()
        })
    };
    wait_until("a film grows", || told() > 1.5);
    let chance = RandomState::new().hash_one(number) % 1000;
    sleep(Duration::from_millis(chance));
    child.kill().unwrap();
    child.wait().unwrap();
    let frames = check_clock(&folder.join(format!("{number}.mkv")));
    (frames as f64 / FPS as f64, told())
}

/// `AFTERIMAGE_KILLS` says how often, 4 times if it does not.
#[test]
fn cut_off_at_any_moment_all_but_the_last_second_plays() {
    let times = std::env::var("AFTERIMAGE_KILLS").map_or(4, |times| times.parse().unwrap());
    let folder = folder();
    write_clock(folder.path());
    for number in 0..times {
        let (seconds, told) = cut_off(folder.path(), number);
        println!("{number}: {seconds:.2} s play of {told} s");
        assert!(seconds >= told - 1.0, "{seconds} s play of {told} s");
    }
    assert_eq!(of_kind(folder.path(), "mkv").len() as u64, times);
}

/// Runs this test once more in a process whose files cannot grow beyond 150 KiB: a full disk that needs no rights.
#[cfg(unix)]
fn on_a_full_disk(name: &str, folder: &Path) {
    let limited = "trap '' XFSZ; ulimit -f 300; exec \"$0\" \"$@\"";
    let mut child = Process::new("sh");
    child
        .args(["-c", limited])
        .arg(std::env::current_exe().unwrap());
    child
        .args(["--exact", name, "--nocapture"])
        .env("AFTERIMAGE_TEST_FOLDER", folder)
        .env("MESA_SHADER_CACHE_DISABLE", "1");
    let output = child.output().unwrap();
    let text = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{text}");
    assert!(String::from_utf8_lossy(&output.stdout).contains("1 passed"));
}

#[cfg(unix)]
#[test]
fn on_a_full_disk_the_show_goes_on_and_what_was_written_plays() {
    let name = "on_a_full_disk_the_show_goes_on_and_what_was_written_plays";
    let Some(inner) = std::env::var_os("AFTERIMAGE_TEST_FOLDER") else {
        let folder = folder();
        on_a_full_disk(name, folder.path());
        let films = of_kind(folder.path(), "mkv");
        assert!(!greys(&films[0]).is_empty());
        assert_eq!(films.len(), 1);
        return;
    };
    let options = Options {
        source: Some(CLIP.to_owned()),
        effects: vec!["transform:rotate=90*beat:scale=0.4:edge=wrap".to_owned()],
        size: Some("320x180".parse().unwrap()),
        fps: Some((30, 1)),
        ..Options::default()
    };
    let session = Session {
        seconds: Some(6.0),
        record_to: Some(inner.into()),
        ..Session::default()
    };
    let report = perform(&options, session, |ask| ask(Request::Record));
    assert_eq!(report.ticks + report.left_out, 180);
    let error = report.recording.error.unwrap();
    assert!(
        error.starts_with("the recording has ended: cannot write '") && error.contains(".mkv': "),
        "{error}"
    );
    assert_eq!(error.lines().count(), 1);
}

#[test]
fn a_session_that_is_only_recorded_ends_with_its_film() {
    let folder = folder();
    let limited = format!(
        "trap '' XFSZ; ulimit -f 300; exec {} live {CLIP} --size 320x180 --headless --seconds 600 -o film.mkv",
        env!("CARGO_BIN_EXE_afterimage")
    );
    let mut command = Process::new("sh");
    command
        .args(["-c", &limited])
        .env("XDG_CONFIG_HOME", "/nonexistent")
        .env("MESA_SHADER_CACHE_DISABLE", "1")
        .current_dir(folder.path());
    let done = Done::new(command.output().unwrap());
    assert_eq!(
        (done.status, done.errors.len()),
        (1, 1),
        "{:?}",
        done.errors
    );
    assert!(done.errors[0].starts_with("afterimage: cannot write 'film.mkv': "));
    assert!(!greys(&folder.path().join("film.mkv")).is_empty());
}

#[test]
fn a_file_is_no_folder_to_record_to() {
    let folder = folder();
    fs::write(folder.path().join("file"), "").unwrap();
    let done = program::run(
        folder.path(),
        "live --headless --seconds 1 --record-to file",
    );
    assert_eq!(done.status, 2);
    assert_eq!(
        done.errors,
        ["afterimage: --record-to 'file' is a file: name a folder"]
    );
}

#[cfg(all(feature = "window", target_os = "linux"))]
#[test]
fn keys_record_and_save_and_a_killed_window_leaves_a_film() {
    let folder = folder();
    write_clock(folder.path());
    let films = folder.path().join("films");
    fs::create_dir(&films).unwrap();
    let screen = screen::Screen::open("400x300");
    let player = screen.play(&format!(
        "live -p {} --record-to {}",
        folder.path().join("clock.toml").display(),
        films.display()
    ));
    let count = |extension: &'static str| of_kind(&films, extension).len();
    player.press("r");
    wait_until("a film grows", || count("mkv") == 1);
    player.press("s");
    wait_until("a picture is saved", || count("png") == 1);
    player.press("r");
    sleep(Duration::from_secs(1));
    player.press("r");
    wait_until("another film grows", || count("mkv") == 2);
    let [first, second] = <[PathBuf; 2]>::try_from(of_kind(&films, "mkv")).unwrap();
    let length = format!(
        "-show_entries format=duration -of csv=p=0 {}",
        first.display()
    );
    wait_until("the first film is whole", || {
        tool(&films, "ffprobe", &length)[0].is_ascii_digit()
    });
    // It is killed, as a power cut would.
    drop(player);
    assert!(check_clock(&first) > 0 && check_clock(&second) > 0);
    assert_eq!(names(&films).len(), 3);
}

#[test]
fn step_by_step_every_picture_has_its_place() {
    let folder = folder();
    write_clock(folder.path());
    let stepped = "live --headless --stepped --seconds 2 -p clock.toml -o film.mkv";
    program::run(folder.path(), stepped).well();
    let greys = greys(&folder.path().join("film.mkv"));
    assert_eq!(greys.len() as u64, 2 * FPS);
    for (number, grey) in greys.into_iter().enumerate() {
        let expected = LEVELS * number as f64 / FPS as f64;
        assert!((f64::from(grey) - expected).abs() < 2.5, "{number}: {grey}");
    }
}
