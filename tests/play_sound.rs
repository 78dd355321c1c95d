//! A film's own sound on an output device, a sink of a sound server that the test starts.
#![cfg(all(feature = "audio", feature = "media"))]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod program;
mod sound_server;

use std::fs::{self, File};
use std::path::Path;
use std::process::Command;
use std::thread::sleep;
use std::time::Duration;

use program::{Done, afterimage, folder, make, signal, wait_until};
use sound_server::SoundServer;

/// A film of two seconds with a click every 0.4 s, at a rate that the sink does not have.
const FILM: &str = "-f lavfi -i testsrc=s=64x36:r=25:d=2 -f lavfi -i \
    aevalsrc=0.8*sin(12000*t)*lt(mod(t+0.2\\,0.4)\\,0.02):s=44100:d=2 -c:v ffv1 -c:a pcm_s16le film.mkv";

/// Seconds from click to click.
const PERIOD: f64 = 0.4;

/// Clicks that are waited for: three passes of the film.
const CLICKS: usize = 15;

fn playing(server: &SoundServer, folder: &Path, arguments: &str) -> Command {
    let mut command = afterimage(arguments);
    server.show_to(&mut command);
    command.current_dir(folder);
    command
}

/// When each click began that was recorded, in seconds.
fn clicks(file: &Path) -> Vec<f64> {
    let bytes = fs::read(file).unwrap_or_default();
    let (samples, _) = bytes.as_chunks::<4>();
    let (mut clicks, mut last) = (Vec::new(), 0);
    for (at, sample) in samples.iter().enumerate() {
        if f32::from_le_bytes(*sample).abs() > 0.1 {
            if at > last + 4800 {
                clicks.push(at as f64 / 48_000.0);
            }
            last = at;
        }
    }
    clicks
}

/// Waits for clicks in what the sink plays, and says that they come as in the film: over its loops, and none is missing.
fn hear(server: &SoundServer, folder: &Path, name: &str) {
    let file = folder.join(name);
    let mut recorder = server.record(&file);
    wait_until("clicks are heard", || clicks(&file).len() > CLICKS);
    recorder.kill().unwrap();
    recorder.wait().unwrap();
    let clicks = clicks(&file);
    let gaps = clicks.windows(2).map(|pair| pair[1] - pair[0]);
    for gap in gaps {
        assert!((gap - PERIOD).abs() < 0.005, "{gap}: {clicks:?}");
    }
}

#[test]
fn a_films_sound_is_heard_over_loops_and_again_after_a_loss() {
    let (mut server, folder) = (SoundServer::new(), folder());
    let folder = folder.path();
    make(folder, FILM);
    let errors = folder.join("errors");
    let said = |text: &str| fs::read_to_string(&errors).unwrap().contains(text);
    let arguments = "-v live film.mkv --headless --seconds 3600 --play-sound stage";
    let mut command = playing(&server, folder, arguments);
    let mut player = (command.stderr(File::create(&errors).unwrap()))
        .spawn()
        .unwrap();
    wait_until("it plays", || said("pulseaudio:stage: plays sound"));
    // A recording begins with whole clicks.
    sleep(Duration::from_secs(1));
    hear(&server, folder, "before.raw");
    server.stop();
    wait_until("the loss is told", || said("there is silence meanwhile"));
    server.start(44_100);
    wait_until("it plays again", || {
        said("pulseaudio:stage: plays sound again")
    });
    sleep(Duration::from_secs(1));
    hear(&server, folder, "after.raw");
    signal(&player, "INT");
    assert_eq!(player.wait().unwrap().code(), Some(130));
    assert!(!said("waited to"), "the loop waited");
}

#[test]
fn what_cannot_be_played_gets_one_clear_line() {
    let (server, folder) = (SoundServer::new(), folder());
    make(folder.path(), FILM);
    make(folder.path(), "-i film.mkv -an -c:v copy mute.mkv");
    for (arguments, error) in [
        (
            "live film.mkv --headless --frames 1 --play-sound stge",
            "there is no sound device 'stge' (did you mean 'pulseaudio:stage'?); there are pulseaudio:stage",
        ),
        (
            "live mute.mkv --headless --frames 1 --play-sound stage",
            "no source of this show is a film with sound: name one, or leave --play-sound out",
        ),
        (
            "live film.mkv --headless --frames 1 --stepped --play-sound stage",
            "a stepped session keeps no device's time: leave --play-sound or --stepped out",
        ),
        (
            "render film.mkv -o null --play-sound stage",
            "unexpected argument '--play-sound' found",
        ),
    ] {
        let mut command = playing(&server, folder.path(), arguments);
        let done = Done::new(command.output().unwrap());
        let [line] = &done.errors[..] else {
            panic!("{:?}", done.errors);
        };
        let line = line.strip_prefix("afterimage: ").unwrap();
        assert!(done.status == 2 && line.starts_with(error), "{line}");
    }
    let silent = "live mute.mkv --headless --frames 1 --play-sound none";
    let mut command = playing(&server, folder.path(), silent);
    Done::new(command.output().unwrap()).well();
}
