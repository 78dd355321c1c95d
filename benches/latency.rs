//! How late a picture is that a sound changes: strokes are played to a sink, and heard at its monitor.
//! `cargo bench --profile dev --bench latency`

#[path = "../tests/sound_server/mod.rs"]
mod sound_server;

use std::process::Command;
use std::sync::mpsc::channel;

use afterimage::session::live::{Session, run};
use afterimage::session::{Failure, Options};
use anyhow::{Context, Result, ensure};
use sound_server::{MONITOR, SoundServer};

/// Set for the program that plays, which the other one starts with the sound server before its ears.
const PLAYER: &str = "AFTERIMAGE_LATENCY_SHOW";

/// An onset is told so many milliseconds after it began, on average.
const ONSET: f64 = 1e3 * afterimage::audio::ONSET_LATENCY;

fn main() -> Result<()> {
    if let Ok(show) = std::env::var(PLAYER) {
        return play(show);
    }
    let folder = tempfile::tempdir()?;
    let [show, strokes] = ["show.toml", "strokes.wav"].map(|name| folder.path().join(name));
    std::fs::write(
        &show,
        "[canvas]\nfps = 60\nsize = [640, 360]\n[sources]\ncard = { generator = 'test_card' }\n\
         [[layers]]\neffect = 'channel_shift'\nred = ['100 * decay(audio.onset, 0.1)', '0']\n",
    )?;
    let graph = "aevalsrc=0.6*(random(0)*2-1)*exp(-120*mod(t+0.1\\,0.4)):s=48000:d=10";
    let mut make = Command::new("ffmpeg");
    make.args(["-v", "error", "-f", "lavfi", "-i", graph])
        .arg(&strokes);
    ensure!(make.status()?.success(), "ffmpeg makes no sound");
    let server = SoundServer::new();
    let mut player = Command::new(std::env::current_exe()?);
    server.show_to(&mut player);
    let mut player = player.env(PLAYER, &show).spawn()?;
    server.play(&strokes, "stage").wait()?;
    ensure!(player.wait()?.success(), "the player failed");
    Ok(())
}

/// Plays a show for nine seconds and says how old strokes were on the screen.
fn play(show: String) -> Result<()> {
    let options = Options {
        preset: Some(show),
        audio: Some(MONITOR.to_owned()),
        devices: true,
        ..Options::default()
    };
    let session = Session {
        seconds: Some(9.0),
        ..Session::default()
    };
    let (_performer, requests) = channel();
    let report = run(&options, &session, &requests, None);
    let report = report.map_err(|failure: Failure| anyhow::anyhow!("{failure}"))?;
    let heard = report.hearing.context("no stroke was heard")?;
    println!(
        "from the end of a stroke's hundredth of a second to its finished picture at 60 fps: {heard}\n\
         with the {ONSET:.0} ms that an onset takes to be told: {:.0} ms; {} ticks shown, {} left out",
        heard.median.as_secs_f64() * 1e3 + ONSET,
        report.ticks,
        report.left_out
    );
    ensure!(
        report.blocked.is_empty(),
        "the loop waited: {:?}",
        report.blocked
    );
    Ok(())
}
