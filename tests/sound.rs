//! Sound from a device, of a sound server that the test starts: what is listed, heard, lost and found again.
#![cfg(all(feature = "audio", feature = "media"))]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod program;
mod sound_server;

use std::fs::{self, File};
use std::process::{Child, Command};
use std::thread::sleep;
use std::time::Duration;

use image::{GrayImage, Luma};
use program::{Done, afterimage, folder, make, signal, tool, wait_until};
use serde_json::{Value, json};
use sound_server::{MONITOR, SoundServer};
use tempfile::TempDir;

/// Clicks of each track.
const CLICKS: usize = 12;

/// Pixels that the block moves for each click; it comes round after the width.
const STEP: usize = 8;
const SIZE: (usize, usize) = (256, 64);

/// Twelve clicks of noise, one every 0.4 s.
const TRACK: &str =
    "-f lavfi -i aevalsrc=0.6*(random(0)*2-1)*exp(-120*mod(t+0.1\\,0.4)):s=48000:d=5";
/// Noise that does not end while the test lasts.
const NOISE: &str = "-f lavfi -i aevalsrc=0.2*(random(0)*2-1):s=48000:d=600";

/// The block goes right with each click, and down while there is any sound.
const SHOW: &str = "
[canvas]
fps = 30
[signals]
right = '8 * count(audio.onset)'
down = '32 * (audio.peak > 0.001)'
[[layers]]
effect = 'channel_shift'
red = ['right', 'down']
green = ['right', 'down']
blue = ['right', 'down']
";

fn hearing(server: &SoundServer, arguments: &str) -> Command {
    let mut command = afterimage(arguments);
    server.show_to(&mut command);
    command
}

/// A live session by the wall clock that is recorded.
struct Stage {
    folder: TempDir,
    player: Child,
}

impl Stage {
    /// Begins, and waits until a device is heard.
    fn begin(server: &SoundServer, sound: &str) -> Self {
        let folder = folder();
        let block = GrayImage::from_fn(SIZE.0 as u32, SIZE.1 as u32, |x, y| {
            Luma([if x < 8 && y < 8 { 255 } else { 0 }])
        });
        block.save(folder.path().join("block.png")).unwrap();
        fs::write(folder.path().join("show.toml"), SHOW).unwrap();
        for (sound, name) in [(TRACK, "clicks.wav"), (NOISE, "noise.wav")] {
            make(folder.path(), &format!("{sound} -c:a pcm_s16le {name}"));
        }
        let errors = File::create(folder.path().join("errors")).unwrap();
        let live = "-v live block.png -p show.toml --headless --seconds 3600 -o out.mkv";
        let mut command = hearing(server, &format!("{live} {sound}"));
        command.current_dir(folder.path()).stderr(errors);
        let player = command.spawn().unwrap();
        let stage = Self { folder, player };
        stage.wait_for(&format!("{MONITOR}: is heard"), 1);
        stage
    }

    /// How often it has said something.
    fn said(&self, text: &str) -> usize {
        let errors = fs::read_to_string(self.folder.path().join("errors"));
        errors.unwrap().matches(text).count()
    }

    fn wait_for(&self, text: &str, times: usize) {
        wait_until(text, || self.said(text) >= times);
    }

    /// Plays the clicks, to their end and that of all that they do.
    fn click(&self, server: &SoundServer, sink: &str) {
        let mut player = server.play(&self.folder.path().join("clicks.wav"), sink);
        assert!(player.wait().unwrap().success());
        sleep(Duration::from_secs(2));
    }

    /// Ends it, and says where the block was in each picture: how many clicks to the right, and whether down.
    fn end(mut self) -> Vec<(usize, bool)> {
        signal(&self.player, "INT");
        assert_eq!(self.player.wait().unwrap().code(), Some(130));
        assert_eq!(self.said("waited to"), 0, "the loop waited");
        let arguments = "-i out.mkv -pix_fmt gray -f rawvideo -";
        let levels = tool(self.folder.path(), "ffmpeg", arguments);
        levels.chunks_exact(SIZE.0 * SIZE.1).map(place).collect()
    }
}

impl Drop for Stage {
    /// None stays behind where a test fails.
    fn drop(&mut self) {
        let _ = self.player.kill();
        let _ = self.player.wait();
    }
}

fn place(picture: &[u8]) -> (usize, bool) {
    let at = |(x, y): (usize, usize)| picture[y * SIZE.0 + x];
    let places = (0..SIZE.0 / STEP).flat_map(|step| [(step, 4), (step, 36)]);
    let lit: Vec<_> = places
        .filter(|(step, y)| at((step * STEP + 4, *y)) > 128)
        .collect();
    assert_eq!(lit.len(), 1, "one block: {lit:?}");
    (lit[0].0, lit[0].1 > 32)
}

#[test]
fn devices_are_listed_by_the_names_that_they_keep() {
    let server = SoundServer::new();
    let done = Done::new(hearing(&server, "devices --json").output().unwrap()).well();
    let all: Value = serde_json::from_str(&done.stdout).unwrap();
    let expected =
        json!({"id": MONITOR, "name": "Monitor of Null Output", "default": true, "monitor": true});
    let sounds = all["sound"].as_array().unwrap();
    assert!(sounds.contains(&expected), "{all}");
    let expected = json!({"id": "pulseaudio:stage", "name": "Null Output", "default": true});
    assert!(
        all["outputs"].as_array().unwrap().contains(&expected),
        "{all}"
    );
    let done = Done::new(hearing(&server, "devices").output().unwrap()).well();
    let line = format!("\n  {MONITOR}  Monitor of Null Output, default, monitor");
    assert!(done.stdout.contains(&line), "{}", done.stdout);
    let line = "\n  pulseaudio:stage  Null Output, default";
    assert!(done.stdout.contains(line), "{}", done.stdout);
}

#[test]
fn a_device_that_is_not_there_gets_one_clear_line() {
    let (server, folder) = (SoundServer::new(), folder());
    fs::write(folder.path().join("show.toml"), SHOW).unwrap();
    for (arguments, error) in [
        (
            "live clip -p show.toml --headless --frames 1 --audio stge.monitor",
            "afterimage: there is no sound device 'stge.monitor' (did you mean 'pulseaudio:stage.monitor'?); there are pulseaudio:stage.monitor",
        ),
        (
            "render clip -p show.toml -o out.mp4 --audio stage",
            "afterimage: stage: no such file; ",
        ),
    ] {
        let mut command = hearing(&server, arguments);
        let done = Done::new(command.current_dir(folder.path()).output().unwrap());
        let [line] = &done.errors[..] else {
            panic!("{:?}", done.errors);
        };
        assert!(done.status == 2 && line.starts_with(error), "{line}");
    }
}

#[test]
fn without_any_device_a_show_hears_silence_and_says_so_once() {
    let folder = folder();
    let show = SHOW.to_owned() + "[sources]\ncard = { generator = 'test_card' }\n";
    fs::write(folder.path().join("show.toml"), show).unwrap();
    let mut command = afterimage("live -p show.toml --headless --seconds 2");
    // Neither a server nor hardware.
    command.env("XDG_RUNTIME_DIR", folder.path());
    command.env("ALSA_CONFIG_PATH", "/nonexistent");
    let done = Done::new(command.current_dir(folder.path()).output().unwrap());
    let silence = done
        .errors
        .iter()
        .filter(|line| line.contains("no sound device"));
    assert_eq!((done.status, silence.count()), (0, 1), "{:?}", done.errors);
}

#[test]
fn every_click_moves_the_picture_once_and_a_lost_server_is_found_again() {
    let mut server = SoundServer::new();
    let stage = Stage::begin(&server, "--audio stage.mon");
    stage.click(&server, "stage");
    server.stop();
    stage.wait_for("there is silence meanwhile", 1);
    server.start(44_100);
    stage.wait_for("is heard again", 1);
    stage.click(&server, "stage");
    let places = stage.end();
    assert!(places.is_sorted_by_key(|(clicks, _)| *clicks), "{places:?}");
    assert_eq!(places.last(), Some(&(2 * CLICKS, false)), "{places:?}");
}

#[test]
fn a_device_that_is_lost_in_mid_sound_falls_silent() {
    let mut server = SoundServer::new();
    let stage = Stage::begin(&server, "--audio pulseaudio:stage.monitor");
    let mut noise = server.play(&stage.folder.path().join("noise.wav"), "stage");
    sleep(Duration::from_secs(2));
    server.stop();
    noise.wait().unwrap();
    stage.wait_for("there is silence meanwhile", 1);
    sleep(Duration::from_secs(2));
    let places = stage.end();
    let last = places.iter().rposition(|(_, down)| *down);
    let silent = places.len() - last.expect("the noise was heard");
    assert!(silent > 20, "{places:?}");
}

#[test]
fn the_default_device_is_followed_when_it_moves() {
    let server = SoundServer::new();
    let stage = Stage::begin(&server, "");
    server.move_default("other");
    stage.wait_for("pulseaudio:other.monitor: is heard", 1);
    stage.click(&server, "other");
    let places = stage.end();
    assert_eq!(places.last().unwrap().0, CLICKS, "{places:?}");
}
