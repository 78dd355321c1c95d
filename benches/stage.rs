//! Ten minutes on a stage: another preset every six seconds, a camera that is pulled out and comes back under
//! another number, a recording. Memory, threads and open files must stay flat.
//! `cargo bench --profile dev --bench stage [-- MINUTES]`, or `./x soak`.

#[path = "../tests/camera/mod.rs"]
#[expect(dead_code, reason = "a test uses more of it")]
mod camera;
mod held;

use std::fs;
use std::process::{Child, Command, ExitCode};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::{Duration, Instant};

use afterimage::session::live::{Request, Session, run};
use afterimage::session::{Failure, Options};
use afterimage::show::presets;
use anyhow::{Context, Result, ensure};
use camera::{Cameras, FakeCamera};
use held::{Held, held};

/// Set for the program that plays, which the other one starts with the cameras before its eyes.
const PLAYER: &str = "AFTERIMAGE_SOAK_MINUTES";

const MINUTES: u64 = 10;
const PRESET: Duration = Duration::from_secs(6);
const PLUGGED: Duration = Duration::from_secs(25);
const UNPLUGGED: Duration = Duration::from_secs(5);

/// After how many rounds through the presets nothing is new any more: in the first one each preset is compiled,
/// in the second the camera comes and goes under others.
const SETTLED: usize = 2;
/// What memory may grow by from then on, MiB: the allocator keeps what it was lent, and how
/// presets and the camera's comings fall together is another each time.
const MOST_GROWTH: f64 = 24.0;
/// What threads and open files may grow by: one preset has more sources under way than another.
const MOST_MORE: i64 = 4;

fn main() -> Result<ExitCode> {
    if let Ok(minutes) = std::env::var(PLAYER) {
        return play(minutes.parse()?);
    }
    let wanted = std::env::args().skip(1).find_map(|word| word.parse().ok());
    let minutes: u64 = wanted.unwrap_or(MINUTES);
    let cameras = Cameras::new();
    let camera = cameras.plug(0, "Stage camera", "usb-1", &[(b"YUYV", 640, 480, 30)]);
    let mut player = Command::new(std::env::current_exe()?);
    cameras.show_to(&mut player);
    let player = player.env(PLAYER, minutes.to_string()).spawn()?;
    come_and_go(player, camera)
}

/// Pulls the camera out and plugs it in again until the player has ended.
fn come_and_go(mut player: Child, mut camera: FakeCamera) -> Result<ExitCode> {
    for number in (0..3).cycle() {
        if ended(&mut player, PLUGGED)? {
            break;
        }
        camera.unplug();
        let over = ended(&mut player, UNPLUGGED)?;
        camera = camera.replug(number);
        if over {
            break;
        }
    }
    let status = player.wait()?;
    Ok(if status.success() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// Whether a program ends within a time.
fn ended(program: &mut Child, within: Duration) -> Result<bool> {
    let begun = Instant::now();
    while begun.elapsed() < within {
        if program.try_wait()?.is_some() {
            return Ok(true);
        }
        thread::sleep(Duration::from_millis(100));
    }
    Ok(false)
}

fn play(minutes: u64) -> Result<ExitCode> {
    let folder = tempfile::tempdir()?;
    let options = Options {
        source: Some("camera".to_owned()),
        preset: presets().next().map(ToOwned::to_owned),
        ..Options::default()
    };
    let session = Session {
        seconds: Some(minutes as f64 * 60.0),
        record_to: Some(folder.path().to_owned()),
        ..Session::default()
    };
    let (send, requests) = channel();
    let (over, stop) = channel();
    let performer = thread::spawn(move || perform(&send, &stop));
    let report = run(&options, &session, &requests, None);
    drop(over);
    let seen = performer
        .join()
        .ok()
        .context("the performer's thread fell")?;
    let report = report.map_err(|failure: Failure| anyhow::anyhow!("{failure}"))?;
    println!(
        "\n{} ticks shown, {} left out",
        report.ticks, report.left_out
    );
    ensure!(
        report.blocked.is_empty(),
        "the loop waited: {:?}",
        report.blocked
    );
    let films = fs::read_dir(folder.path())?.count();
    ensure!(films == 1, "{films} films instead of one");
    judge(&seen)
}

/// Starts a recording, changes presets, and reads each minute what is held.
fn perform(requests: &Sender<Request>, stop: &Receiver<()>) -> Vec<Held> {
    let mut seen = Vec::new();
    let _ = requests.send(Request::Record);
    println!("| seconds | resident MiB | threads | open files |\n|---|---|---|---|");
    for turn in 1.. {
        if stop.recv_timeout(PRESET) != Err(RecvTimeoutError::Timeout) {
            break;
        }
        let _ = requests.send(Request::Step(1));
        if turn % presets().count() == 0
            && let Ok(held) = held()
        {
            let seconds = turn as u64 * PRESET.as_secs();
            let Held {
                memory,
                threads,
                files,
            } = held;
            println!("| {seconds} | {memory:.1} | {threads} | {files} |");
            seen.push(held);
        }
    }
    seen
}

fn judge(seen: &[Held]) -> Result<ExitCode> {
    let [.., last] = seen.get(SETTLED..).unwrap_or_default() else {
        println!("too short to judge: every preset must come three times");
        return Ok(ExitCode::FAILURE);
    };
    let first = &seen[SETTLED - 1];
    let more = [last.threads - first.threads, last.files - first.files];
    let growth = last.memory - first.memory;
    println!(
        "grown by {growth:.1} MiB, {} threads, {} files after every preset came twice; at most {MOST_GROWTH} MiB \
         and {MOST_MORE} of each are allowed",
        more[0], more[1]
    );
    let is_flat = growth <= MOST_GROWTH && more.iter().all(|more| *more <= MOST_MORE);
    Ok(if is_flat {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}
