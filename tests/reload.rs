//! Hot reload: shows and effects are saved while the program plays them, as editors save.
#![cfg(feature = "media")]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod program;

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::sync::mpsc::channel;
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use afterimage::session::live::{Request, Session, run as play};
use afterimage::session::{Options, library};
use program::{CLIP, afterimage, folder, names, run, signal, wait_until};
use tempfile::TempDir;

/// A show on a small canvas.
fn show(layers: &str) -> String {
    format!("[canvas]\nsize = [16, 8]\nfps = 30\n{layers}\n")
}

/// An effect that fills the picture with one colour.
fn tint(color: &str) -> String {
    format!(
        r#"/*{{"DESCRIPTION": "One colour.", "INPUTS": []}}*/
fn effect(at: vec2i) -> vec4f {{
    return vec4f({color}, 1.0);
}}
"#
    )
}

const TINTED: &str = "[[layers]]\neffect = 'tint'";

/// The folder into which the program writes what it shows.
struct Frames(PathBuf);

impl Frames {
    fn count(&self) -> usize {
        fs::read_dir(&self.0).unwrap().count()
    }

    /// The bytes of the newest picture that is complete.
    fn picture(&self) -> Vec<u8> {
        let mut complete = names(&self.0);
        complete.retain(|name| name.ends_with(".png") && !name.contains("partial"));
        fs::read(self.0.join(&complete[complete.len() - 2])).unwrap()
    }

    /// Waits for the picture that this colour alone makes.
    #[track_caller]
    fn show(&self, color: [u8; 3]) -> Vec<u8> {
        let is_it = || {
            let picture = image::load_from_memory(&self.picture())
                .unwrap()
                .into_rgb8();
            picture.pixels().all(|pixel| pixel.0 == color)
        };
        wait_until(&format!("{color:?} is seen"), is_it);
        self.picture()
    }

    /// The picture stays what it is for a while.
    #[track_caller]
    fn still_show(&self, picture: &[u8]) {
        let end = self.count() + 15;
        wait_until("the show goes on", || {
            assert!(self.picture() == picture, "another picture was seen");
            self.count() > end
        });
    }
}

/// The program, which plays `show.toml` and writes what it shows.
struct Playing {
    folder: TempDir,
    child: Child,
    lines: Arc<Mutex<Vec<String>>>,
}

impl Playing {
    fn begin(folder: TempDir, options: &str) -> Self {
        fs::create_dir_all(folder.path().join("frames")).unwrap();
        let arguments = format!("live {options} --headless --seconds 3600 -o frames/%06d.png");
        let mut child = afterimage(&arguments)
            .env("XDG_CONFIG_HOME", folder.path().join("config"))
            .current_dir(folder.path())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let errors = BufReader::new(child.stderr.take().unwrap());
        let lines: Arc<Mutex<Vec<String>>> = Arc::default();
        let told = Arc::clone(&lines);
        thread::spawn(move || {
            let own = errors.lines().map_while(Result::ok);
            own.filter(|line| line.contains("afterimage") || line.starts_with('['))
                .for_each(|line| told.lock().unwrap().push(line));
        });
        let playing = Self {
            folder,
            child,
            lines,
        };
        wait_until("the first picture", || playing.frames().count() > 2);
        playing
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn frames(&self) -> Frames {
        Frames(self.path("frames"))
    }

    #[track_caller]
    fn shows(&self, color: [u8; 3]) -> Vec<u8> {
        self.frames().show(color)
    }

    #[track_caller]
    fn still_shows(&self, picture: &[u8]) {
        self.frames().still_show(picture);
    }

    fn effect(&self, name: &str) -> PathBuf {
        self.path("config/afterimage/effects").join(name)
    }

    fn told(&self) -> Vec<String> {
        self.lines.lock().unwrap().clone()
    }

    /// Waits for the next line that is told.
    #[track_caller]
    fn tells(&self, number: usize, parts: &[&str]) {
        wait_until(&format!("{parts:?} is told"), || {
            self.told().len() >= number
        });
        let told = self.told();
        let line = &told[number - 1];
        assert!(parts.iter().all(|part| line.contains(part)), "{told:?}");
    }

    /// Stops it; nothing was told but what was waited for.
    fn stops(mut self, told: usize) {
        signal(&self.child, "INT");
        let status = self.child.wait().unwrap();
        assert_eq!(status.code(), Some(130), "{:?}", self.told());
        wait_until("the last line", || self.told().len() > told);
        let lines = self.told();
        assert_eq!(lines.len(), told + 1, "{lines:?}");
        assert!(lines[told].contains("stopped at frame"), "{lines:?}");
    }
}

/// Saves as vim does: the old file goes away, a new one is written beside it and takes the name.
fn save_by_renaming(path: &Path, text: &str) {
    let aside = path.with_extension("swp");
    fs::write(&aside, text).unwrap();
    if path.exists() {
        fs::rename(path, path.with_extension("bak")).unwrap();
    }
    fs::rename(&aside, path).unwrap();
}

const GREEN: &str = "0.0, 1.0, 0.0";

#[test]
fn a_dropped_effect_appears_is_edited_broken_repaired_and_deleted() {
    let folder = folder();
    let effects = folder.path().join("config/afterimage/effects");
    fs::create_dir_all(&effects).unwrap();
    // What else is in the folder costs nothing.
    for number in 0..10_000 {
        fs::write(effects.join(format!("other{number}.wgsl")), "broken").unwrap();
    }
    let red = show("[[layers]]\neffect = 'gradient'\nfirst = '#ff0000'\nsecond = '#ff0000'");
    fs::write(folder.path().join("show.toml"), red).unwrap();
    let playing = Playing::begin(folder, "-p ./show.toml");
    let before = playing.shows([255, 0, 0]);

    fs::write(playing.path("show.toml"), show(TINTED)).unwrap();
    playing.tells(1, &["show.toml:5:10: unknown effect 'tint'", "plays on"]);
    playing.still_shows(&before);

    let path = playing.effect("tint.wgsl");
    fs::write(&path, tint("0.0, 0.0, 1.0")).unwrap();
    let blue = playing.shows([0, 0, 255]);
    save_by_renaming(&path, &tint(GREEN));
    let green = playing.shows([0, 255, 0]);
    assert!(green != blue);

    fs::write(&path, tint("0.0, nonsense, 0.0")).unwrap();
    playing.tells(2, &["tint.wgsl:3:23: ", "nonsense", "plays on"]);
    playing.still_shows(&green);
    fs::write(&path, tint("1.0, 1.0, 1.0")).unwrap();
    let white = playing.shows([255, 255, 255]);

    fs::remove_file(&path).unwrap();
    playing.tells(3, &["unknown effect 'tint'", "plays on"]);
    playing.still_shows(&white);
    fs::write(&path, tint(GREEN)).unwrap();
    playing.shows([0, 255, 0]);
    playing.stops(3);
}

/// Writes a file as an editor does that takes its time over each piece, then removes it for a while. Says whether
/// it was quick enough for that not to be a fault: a busy machine may not be.
fn write_slowly(path: &Path, text: &str) -> bool {
    let mut longest = Duration::ZERO;
    let mut begun = Instant::now();
    for end in (0..text.len()).step_by(32) {
        fs::write(path, &text[..end]).unwrap();
        longest = longest.max(begun.elapsed());
        begun = Instant::now();
        thread::sleep(Duration::from_millis(170));
    }
    fs::remove_file(path).unwrap();
    longest = longest.max(begun.elapsed());
    begun = Instant::now();
    thread::sleep(Duration::from_millis(500));
    fs::write(path, text).unwrap();
    longest < Duration::from_millis(280) && begun.elapsed() < Duration::from_millis(900)
}

#[test]
fn a_file_that_is_being_written_is_waited_for() {
    let folder = folder();
    fs::write(folder.path().join("tint.wgsl"), tint(GREEN)).unwrap();
    let by_path = show("[[layers]]\neffect = './tint.wgsl'");
    fs::write(folder.path().join("show.toml"), &by_path).unwrap();
    let playing = Playing::begin(folder, "-p ./show.toml");
    playing.shows([0, 255, 0]);
    let path = playing.path("tint.wgsl");
    for color in (0..=255).step_by(5) {
        let before = playing.told().len();
        let text = tint(&format!("0.0, 0.0, {color}.0 / 255.0"));
        let was_quick = write_slowly(&path, &text);
        playing.shows([0, 0, color]);
        if was_quick {
            assert_eq!(playing.told().len(), before, "{:?}", playing.told());
            let told = playing.told().len();
            return playing.stops(told);
        }
    }
    panic!("this machine is too busy to write a file");
}

#[test]
fn a_broken_show_never_replaces_the_one_that_plays() {
    let folder = folder();
    let red = show("[[layers]]\neffect = 'gradient'\nfirst = '#ff0000'\nsecond = '#ff0000'");
    fs::write(folder.path().join("show.toml"), &red).unwrap();
    let playing = Playing::begin(folder, "-p ./show.toml");
    let before = playing.shows([255, 0, 0]);
    let path = playing.path("show.toml");
    save_by_renaming(&path, &red.replace("first", "frist"));
    playing.tells(1, &["show.toml:6:1: ", "did you mean 'first'?"]);
    // The same fault is told once.
    save_by_renaming(
        &path,
        &red.replace("first", "frist")
            .replace("fps = 30", "fps = 25"),
    );
    playing.still_shows(&before);
    save_by_renaming(&path, &format!("{red}[sources]\nfilm = 'gone.mp4'\n"));
    playing.tells(2, &["gone.mp4", "plays on"]);
    playing.still_shows(&before);
    save_by_renaming(&path, &red.replace("#ff0000", "#0000ff"));
    playing.shows([0, 0, 255]);
    playing.stops(2);
}

#[test]
fn what_the_gpu_refuses_is_a_fault_like_others() {
    let folder = folder();
    let picture = |number| format!(r#", {{"NAME": "p{number}", "TYPE": "image"}}"#);
    let pictures: String = (0..20).map(picture).collect();
    let load = |number| format!(" + load(p{number}, at, SMEAR)");
    let loads: String = (0..20).map(load).collect();
    let greedy = format!(
        r#"/*{{"DESCRIPTION": "Reads too much.", "NO_IDENTITY": "a test",
        "INPUTS": [{{"NAME": "inputImage", "TYPE": "image"}}{pictures}]}}*/
        fn effect(at: vec2i) -> vec4f {{ return load(inputImage, at, SMEAR){loads}; }}"#
    );
    fs::write(folder.path().join("greedy.wgsl"), &greedy).unwrap();
    let plain = show("[[layers]]\neffect = 'gradient'\nfirst = '#ff0000'\nsecond = '#ff0000'");
    fs::write(folder.path().join("show.toml"), &plain).unwrap();
    let playing = Playing::begin(folder, "-p ./show.toml");
    let before = playing.shows([255, 0, 0]);
    let text = format!("{plain}[[layers]]\neffect = './greedy.wgsl'\n");
    fs::write(playing.path("show.toml"), text).unwrap();
    playing.tells(1, &["greedy", "plays on"]);
    playing.still_shows(&before);
    playing.stops(1);
}

#[test]
fn what_is_broken_at_the_start_is_an_error() {
    let folder = folder();
    fs::write(folder.path().join("show.toml"), show(TINTED)).unwrap();
    let done = run(folder.path(), "live -p ./show.toml --headless --seconds 5");
    assert_eq!(done.status, 2);
    assert_eq!(done.errors.len(), 1);
    assert!(done.errors[0].contains("show.toml:5:10: unknown effect 'tint'"));
}

/// What the session in this process tells.
static TOLD: Mutex<Vec<String>> = Mutex::new(Vec::new());

struct Ear;

impl log::Log for Ear {
    fn enabled(&self, metadata: &log::Metadata<'_>) -> bool {
        metadata.level() <= log::Level::Warn && metadata.target().starts_with("afterimage")
    }

    fn log(&self, record: &log::Record<'_>) {
        if self.enabled(record.metadata()) {
            TOLD.lock().unwrap().push(record.args().to_string());
        }
    }

    fn flush(&self) {}
}

#[test]
fn the_loop_neither_reads_nor_opens_nor_compiles() {
    log::set_logger(&Ear).unwrap();
    log::set_max_level(log::LevelFilter::Warn);
    let folder = folder();
    let path = folder.path().join("tint.wgsl");
    let film = format!("[sources]\nfilm = {{ file = '{CLIP}', loop = true }}\n");
    let text = show(&format!(
        "{film}[[layers]]\neffect = 'lagfun'\n[[layers]]\neffect = './tint.wgsl'\n"
    ));
    fs::write(folder.path().join("show.toml"), &text).unwrap();
    fs::write(&path, tint(GREEN)).unwrap();
    fs::create_dir(folder.path().join("frames")).unwrap();
    let of = |name: &str| folder.path().join(name).display().to_string();
    let options = Options {
        preset: Some(of("show.toml")),
        ..Options::default()
    };
    let session = Session {
        out: Some(of("frames/%06d.png")),
        ..Session::default()
    };
    let (performer, requests) = channel();
    let playing = thread::spawn(move || play(&options, &session, &requests, None).unwrap());
    let frames = Frames(folder.path().join("frames"));
    wait_until("the first picture", || {
        frames.0.is_dir() && frames.count() > 2
    });
    frames.show([0, 255, 0]);
    // Another size, another source beside the first, another effect.
    let other = text
        .replace("[sources]", "[sources]\nstill = './still.png'")
        .replace("[16, 8]", "[32, 16]");
    image::RgbImage::new(5, 5).save(of("still.png")).unwrap();
    fs::write(folder.path().join("show.toml"), other).unwrap();
    fs::write(&path, tint("0.0, 0.0, 1.0")).unwrap();
    let blue = frames.show([0, 0, 255]);
    fs::write(&path, tint("nonsense")).unwrap();
    wait_until("the fault is told", || !TOLD.lock().unwrap().is_empty());
    frames.still_show(&blue);
    performer.send(Request::Quit).unwrap();
    let report = playing.join().unwrap();
    assert_eq!(report.blocked, Vec::<&str>::new());
    assert!(report.reloaded >= 1, "{report:?}");
    let fault = report.fault.expect("it is broken");
    assert!(fault.contains("tint.wgsl:3:18: "), "{fault}");
    assert_eq!(TOLD.lock().unwrap().len(), 1, "{:?}", TOLD.lock());
}

#[test]
fn in_a_checkout_the_built_in_files_themselves_play() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut library = library();
    let effect = library.get("lagfun").unwrap();
    assert_eq!(effect.path, Some(root.join("shaders/lagfun.wgsl")));
    assert!(library.files().contains(&root.join("shaders/lagfun.wgsl")));
    let options = Options {
        preset: Some("rgb_drift".to_owned()),
        ..Options::default()
    };
    let show = options.show(&mut library).unwrap();
    assert_eq!(show.path, Some(root.join("presets/rgb_drift.toml")));
}
