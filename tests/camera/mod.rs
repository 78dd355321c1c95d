//! Cameras that are not there, in a folder of their own: plugged in, pulled out and spoiled by the test.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs::{self, File, OpenOptions};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use image::RgbImage;
use tempfile::TempDir;

/// What a camera can be set to: format, width, height, pictures a second.
pub(crate) type Mode = (&'static [u8; 4], u32, u32, u32);

/// How a camera behaves.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Behaviour {
    Run,
    Stall,
    Fail,
    /// Every second picture is cut off.
    Short,
    /// Every second picture has wrong bytes in it.
    Corrupt,
}

/// The words of a camera's file behind its two names, as the preloaded library has them.
#[derive(Clone, Copy)]
enum Word {
    Present,
    Behaviour,
    Counter,
    Opens,
    Owner,
}

const NAME_BYTES: usize = 32;
const MODES: usize = 8;
const WORDS: u64 = 2 * NAME_BYTES as u64;
const MODE_TABLE: u64 = WORDS + 4 * (Word::Owner as u64 + 1);

/// A machine's cameras.
pub(crate) struct Cameras {
    folder: TempDir,
    library: PathBuf,
}

impl Cameras {
    /// None at first.
    pub(crate) fn new() -> Self {
        let folder = TempDir::new().unwrap();
        for name in ["dev", "sys"] {
            fs::create_dir(folder.path().join(name)).unwrap();
        }
        let library = folder.path().join("v4l2.so");
        compile(&library);
        Self { folder, library }
    }

    /// Lets a program see these cameras instead of the machine's.
    pub(crate) fn show_to(&self, command: &mut Command) {
        command.env("LD_PRELOAD", &self.library);
        command.env("FAKE_CAMERAS", self.folder.path());
    }

    /// Plugs a camera in as `/dev/videoN`; without modes it is the metadata of one.
    pub(crate) fn plug(&self, number: u32, name: &str, bus: &str, modes: &[Mode]) -> FakeCamera {
        let mut bytes = vec![0; (MODE_TABLE as usize) + MODES * 16];
        bytes[..name.len()].copy_from_slice(name.as_bytes());
        bytes[NAME_BYTES..][..bus.len()].copy_from_slice(bus.as_bytes());
        for (index, (format, width, height, rate)) in modes.iter().enumerate() {
            let words = [u32::from_le_bytes(**format), *width, *height, *rate];
            let words: Vec<u8> = words.iter().flat_map(|word| word.to_le_bytes()).collect();
            bytes[MODE_TABLE as usize + index * 16..][..16].copy_from_slice(&words);
        }
        let camera = FakeCamera::create(self.folder.path(), number, &bytes);
        camera.set(Word::Present, 1);
        camera
    }
}

/// A camera that is plugged in.
pub(crate) struct FakeCamera {
    folder: PathBuf,
    node: PathBuf,
    file: File,
}

impl FakeCamera {
    fn create(folder: &Path, number: u32, bytes: &[u8]) -> Self {
        let name = format!("video{number}");
        let title = bytes[..NAME_BYTES].split(|byte| *byte == 0).next().unwrap();
        fs::write(folder.join("sys").join(&name), title).unwrap();
        // It appears whole or not at all.
        let hidden = folder.join("new");
        fs::write(&hidden, bytes).unwrap();
        let file = OpenOptions::new()
            .read(true)
            .write(true)
            .open(&hidden)
            .unwrap();
        let node = folder.join("dev").join(name);
        fs::rename(hidden, &node).unwrap();
        Self {
            folder: folder.to_owned(),
            node,
            file,
        }
    }

    /// Changes how it behaves.
    pub(crate) fn behave(&self, behaviour: Behaviour) {
        self.set(Word::Behaviour, behaviour as u32);
    }

    /// How many pictures it has taken.
    pub(crate) fn counter(&self) -> u32 {
        self.get(Word::Counter)
    }

    /// Lets it count on from another number.
    pub(crate) fn count_from(&self, counter: u32) {
        self.set(Word::Counter, counter);
    }

    /// How often it was opened.
    pub(crate) fn opens(&self) -> u32 {
        self.get(Word::Opens)
    }

    /// Pulls it out.
    pub(crate) fn unplug(&self) {
        fs::remove_file(&self.node).unwrap();
        self.set(Word::Present, 0);
    }

    /// Plugs it in again after it was pulled out, as `/dev/videoN`; it goes on counting.
    pub(crate) fn replug(self, number: u32) -> Self {
        let mut bytes = vec![0; MODE_TABLE as usize + MODES * 16];
        self.file.read_exact_at(&mut bytes, 0).unwrap();
        let camera = Self::create(&self.folder, number, &bytes);
        camera.set(Word::Owner, 0);
        camera.set(Word::Present, 1);
        camera
    }

    fn get(&self, word: Word) -> u32 {
        let mut bytes = [0; 4];
        self.file
            .read_exact_at(&mut bytes, WORDS + 4 * word as u64)
            .unwrap();
        u32::from_le_bytes(bytes)
    }

    fn set(&self, word: Word, value: u32) {
        let bytes = value.to_le_bytes();
        self.file
            .write_all_at(&bytes, WORDS + 4 * word as u64)
            .unwrap();
    }
}

/// The counter in a picture: the high byte in the upper half, bits from left to right.
pub(crate) fn counter(picture: &RgbImage) -> u32 {
    let (width, height) = picture.dimensions();
    let rows = [height / 4, height * 3 / 4];
    let places = rows
        .iter()
        .flat_map(|y| (0..8).map(move |bit| ((bit * 2 + 1) * width / 16, *y)));
    let bit = |(x, y)| u32::from(picture.get_pixel(x, y).0[1] > 128);
    places.map(bit).fold(0, |counter, bit| counter << 1 | bit)
}

fn compile(library: &Path) {
    let source = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/camera/v4l2.c");
    let mut command = Command::new("cc");
    command.args([
        "-Wall", "-Wextra", "-Werror", "-O2", "-shared", "-fPIC", "-o",
    ]);
    command
        .arg(library)
        .args([source, "-ldl", "-lpthread"])
        .stderr(Stdio::piped());
    let output = command.output();
    let output = output.unwrap_or_else(|error| {
        panic!("cannot compile the fake cameras ({error}): apt-get install gcc libc6-dev");
    });
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.success(),
        "{errors}: apt-get install gcc libc6-dev linux-libc-dev"
    );
}
