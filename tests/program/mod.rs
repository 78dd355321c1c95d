//! What tests of the whole program share: the program itself, FFmpeg's tools, and pictures.
#![allow(
    dead_code,
    clippy::allow_attributes,
    reason = "every test program uses its own part, so that no expectation holds for all"
)]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use image::RgbImage;
use tempfile::TempDir;

/// The bundled film.
pub(crate) const CLIP: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/assets/rabbit.mp4");

/// Longer than anything here takes, on a busy machine too.
pub(crate) const PATIENCE: Duration = Duration::from_secs(120);

/// What the program did.
pub(crate) struct Done {
    pub(crate) status: i32,
    pub(crate) stdout: String,
    /// Its own lines: drivers and display libraries complain for themselves.
    pub(crate) errors: Vec<String>,
}

impl Done {
    pub(crate) fn new(output: Output) -> Self {
        let text = String::from_utf8(output.stderr).unwrap();
        let own = |line: &&str| line.starts_with("afterimage:") || line.starts_with("[");
        let foreign = ["error: XDG", "libEGL", "MESA", "WARNING: ", ""];
        let foreign = |line: &str| {
            foreign
                .iter()
                .any(|start| line == *start || !start.is_empty() && line.starts_with(start))
        };
        let unknown: Vec<_> = text
            .lines()
            .filter(|line| !own(line) && !foreign(line))
            .collect();
        assert!(unknown.is_empty(), "not one line of the program's: {text}");
        Self {
            status: output.status.code().unwrap_or(-1),
            stdout: String::from_utf8(output.stdout).unwrap(),
            errors: text.lines().filter(own).map(ToOwned::to_owned).collect(),
        }
    }

    /// Fails unless all went well without a word.
    pub(crate) fn well(self) -> Self {
        assert_eq!((self.status, &self.errors), (0, &Vec::new()));
        self
    }
}

/// The program with `arguments`, divided by spaces.
pub(crate) fn afterimage(arguments: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_afterimage"));
    command.args(arguments.split_whitespace());
    command
        .env("XDG_CONFIG_HOME", "/nonexistent")
        .stdin(Stdio::null());
    command
}

/// Runs the program in `folder`.
pub(crate) fn run(folder: &Path, arguments: &str) -> Done {
    Done::new(afterimage(arguments).current_dir(folder).output().unwrap())
}

/// Starts the program in `folder`.
pub(crate) fn start(folder: &Path, arguments: &str) -> Child {
    let mut command = afterimage(arguments);
    command
        .current_dir(folder)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command.spawn().unwrap()
}

/// Sends a signal by its name.
pub(crate) fn signal(child: &Child, name: &str) {
    let id = child.id().to_string();
    let sent = Command::new("kill").args(["-s", name, &id]).status();
    assert!(sent.unwrap().success(), "the program has ended already");
}

/// Waits until `condition` holds.
pub(crate) fn wait_until(what: &str, mut condition: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !condition() {
        assert!(begun.elapsed() < PATIENCE, "waited in vain until {what}");
        sleep(Duration::from_millis(50));
    }
}

/// Waits until a film under construction holds pictures: every header is shorter than this.
pub(crate) fn wait_for_output(folder: &Path) {
    wait_until("the film holds pictures", || {
        let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap());
        files.into_iter().any(|file| {
            let partial = file.file_name().to_string_lossy().contains(".partial-");
            partial && file.metadata().is_ok_and(|data| data.len() > 8192)
        })
    });
}

/// The names in a folder, sorted.
pub(crate) fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let mut names: Vec<_> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

/// Runs one of FFmpeg's tools in `folder`; arguments are divided by spaces.
pub(crate) fn tool(folder: &Path, program: &str, arguments: &str) -> Vec<u8> {
    let mut command = Command::new(program);
    command
        .args(["-v", "error"])
        .args(arguments.split_whitespace());
    let output = command.current_dir(folder).stdin(Stdio::null()).output();
    let output = output.unwrap_or_else(|error| {
        panic!("cannot run {program} ({error}): apt-get install ffmpeg");
    });
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.success() && errors.is_empty(),
        "{command:?}: {errors}"
    );
    output.stdout
}

/// Makes a file from FFmpeg's arguments.
pub(crate) fn make(folder: &Path, arguments: &str) {
    tool(folder, "ffmpeg", &format!("-y {arguments}"));
}

/// How many pictures a film has, and how many seconds it lasts.
pub(crate) fn film(folder: &Path, name: &str) -> (u64, f64) {
    let text = tool(
        folder,
        "ffprobe",
        &format!(
            "-count_frames -select_streams v:0 -show_entries stream=nb_read_frames:format=duration -of default=nk=1:nw=1 {name}"
        ),
    );
    let text = String::from_utf8(text).unwrap();
    let numbers: Vec<_> = text.split_whitespace().collect();
    (numbers[0].parse().unwrap(), numbers[1].parse().unwrap())
}

/// Reads a picture.
pub(crate) fn picture(path: &Path) -> RgbImage {
    image::open(path)
        .unwrap_or_else(|error| panic!("{}: {error}", path.display()))
        .into_rgb8()
}

/// The mean difference of two pictures of one size, of 255.
pub(crate) fn difference(a: &RgbImage, b: &RgbImage) -> f64 {
    assert_eq!(a.dimensions(), b.dimensions());
    let sum: u64 = a
        .iter()
        .zip(b.iter())
        .map(|(a, b)| u64::from(a.abs_diff(*b)))
        .sum();
    sum as f64 / a.len() as f64
}

/// The bytes of every picture of a folder, in order.
pub(crate) fn contents(folder: &Path) -> Vec<Vec<u8>> {
    let paths = names(folder).into_iter().map(|name| folder.join(name));
    paths.map(|path: PathBuf| fs::read(path).unwrap()).collect()
}

pub(crate) fn folder() -> TempDir {
    TempDir::new().unwrap()
}
