//! How fast effects are at 1080p: the whole program beside FFmpeg's on the same stream, then the GPU's time
//! of each pass. `cargo bench --profile dev --bench speed`, or `./x bench`.

mod beside;
mod stream;

use std::collections::BTreeMap;
use std::fs::File;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::Instant;

use afterimage::engine::Engine;
use afterimage::gpu::Gpu;
use afterimage::session::{Options, Stage, library};
use afterimage::source::Wait;
use anyhow::{Context, Result, ensure};
use beside::load;

/// Runs of each program; the two take turns, and the medians are compared.
const ROUNDS: usize = 5;

/// Ticks that are left out of the passes' times: pipelines warm up.
const WARM_UP: u64 = 5;

/// The same effect in both programs.
struct Case {
    ours: &'static str,
    theirs: &'static str,
}

const CASES: [Case; 4] = [
    Case {
        ours: "lagfun",
        theirs: "format=gbrp,lagfun",
    },
    Case {
        ours: "tblend:mode=difference",
        theirs: "format=gbrp,tblend=all_mode=difference",
    },
    Case {
        ours: "channel_shift:red=12,0:blue=-12,0:edge=wrap",
        theirs: "format=gbrp,rgbashift=rh=12:bh=-12:edge=wrap",
    },
    Case {
        ours: "displace:edge=smear",
        theirs: "format=gbrp,split=3[a][b][c];[a][b][c]displace=edge=smear",
    },
];

fn main() -> Result<()> {
    let gpu = Gpu::open(None, None)?;
    println!("GPU: {} ({})", gpu.info.name, gpu.info.driver_info);
    let folder = tempfile::tempdir()?;
    let stream = folder.path().join("stream.y4m");
    let has_ffmpeg = stream::make(&stream)?;
    println!("load before: {}", load());
    println!(
        "stream.y4m: {} frames of 1920x1080, 4:2:0\n",
        stream::FRAMES
    );
    if has_ffmpeg {
        beside_ffmpeg(&stream)?;
    } else {
        println!("no ffmpeg to compare with: apt-get install ffmpeg");
    }
    passes(&gpu, &stream)?;
    println!("\nload after: {}", load());
    Ok(())
}

/// Seconds of the clock and of all cores that a program took, for one frame.
#[derive(Clone, Copy)]
struct Cost {
    wall: f64,
    cores: f64,
}

fn beside_ffmpeg(stream: &Path) -> Result<()> {
    println!(
        "| effect | afterimage fps | ffmpeg fps | ffmpeg / afterimage | core ms a frame: afterimage | ffmpeg |"
    );
    println!("|---|---|---|---|---|---|");
    let mut commands = Vec::new();
    for case in &CASES {
        let ours = ["render", "-", "-e", case.ours, "-o", "null"];
        let theirs = [
            "-hide_banner",
            "-loglevel",
            "error",
            "-f",
            "yuv4mpegpipe",
            "-i",
            "-",
            "-filter_complex",
            case.theirs,
            "-f",
            "null",
            "-",
        ];
        let (mut we, mut they) = (Vec::new(), Vec::new());
        for _ in 0..ROUNDS {
            we.push(run(env!("CARGO_BIN_EXE_afterimage"), &ours, stream)?);
            they.push(run("ffmpeg", &theirs, stream)?);
        }
        let (we, they) = (median(&we), median(&they));
        let name = case.ours.split(':').next().unwrap_or_default();
        println!(
            "| {name} | {:.1} | {:.1} | {:.2} | {:.1} | {:.1} |",
            1.0 / we.wall,
            1.0 / they.wall,
            we.wall / they.wall,
            we.cores * 1e3,
            they.cores * 1e3
        );
        commands.push(format!("afterimage {} < stream.y4m", ours.join(" ")));
        let theirs = theirs.map(|word| {
            if word == case.theirs {
                format!("'{word}'")
            } else {
                word.to_owned()
            }
        });
        commands.push(format!("ffmpeg {} < stream.y4m", theirs.join(" ")));
    }
    println!(
        "\nMedians of {ROUNDS} runs in turns, from start to exit:\n{}\n",
        commands.join("\n")
    );
    Ok(())
}

/// What one run costs for each frame of the stream.
fn run(program: &str, arguments: &[&str], stream: &Path) -> Result<Cost> {
    let (begun, cores) = (Instant::now(), children_seconds());
    let status = Command::new(program)
        .args(arguments)
        .stdin(File::open(stream)?)
        .stderr(Stdio::null())
        .status()
        .with_context(|| format!("{program} does not start"))?;
    ensure!(
        status.success(),
        "{program} {} failed: {status}",
        arguments.join(" ")
    );
    let frames = f64::from(stream::FRAMES);
    Ok(Cost {
        wall: begun.elapsed().as_secs_f64() / frames,
        cores: (children_seconds() - cores) / frames,
    })
}

/// Core seconds of all programs that were waited for, from Linux's proc(5); elsewhere not a number.
fn children_seconds() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    // Fields 16 and 17 of all, counted from behind the program's name, in hundredths of a second.
    let fields = stat.rsplit(") ").next().unwrap_or_default();
    let ticks: Vec<f64> = fields
        .split(' ')
        .skip(13)
        .take(2)
        .filter_map(|field| field.parse().ok())
        .collect();
    if ticks.is_empty() {
        f64::NAN
    } else {
        ticks.iter().sum::<f64>() / 100.0
    }
}

fn median(costs: &[Cost]) -> Cost {
    let middle = |of: fn(&Cost) -> f64| {
        let mut values: Vec<f64> = costs.iter().map(of).collect();
        values.sort_by(f64::total_cmp);
        values[values.len() / 2]
    };
    Cost {
        wall: middle(|cost| cost.wall),
        cores: middle(|cost| cost.cores),
    }
}

/// GPU time of each pass, one tick at a time.
fn passes(gpu: &Gpu, stream: &Path) -> Result<()> {
    if !gpu.timestamps {
        println!("this GPU has no clock: no times of passes");
        return Ok(());
    }
    println!("| pass | as | GPU ms | bytes a pixel | GB/s |\n|---|---|---|---|---|");
    // A device that has drawn takes the time stamps of all else when it next draws: that comes last.
    for case in &CASES {
        let times = measure(&gpu.clone().dispatching(), stream, case.ours)?;
        rows("dispatched", times);
    }
    for case in CASES.iter().filter(|_| gpu.draws()) {
        rows("drawn", measure(gpu, stream, case.ours)?);
    }
    Ok(())
}

fn rows(way: &str, measured: Times) {
    for (label, (mut times, bytes)) in measured {
        times.sort_by(f64::total_cmp);
        let (time, pixels) = (
            times[times.len() / 2],
            f64::from(stream::WIDTH * stream::HEIGHT),
        );
        let (per_pixel, rate) = (bytes as f64 / pixels, bytes as f64 / time / 1e6);
        println!("| {label} | {way} | {time:.3} | {per_pixel:.1} | {rate:.1} |");
    }
}

/// Milliseconds of each tick, and the bytes, by the pass's label.
type Times = BTreeMap<String, (Vec<f64>, u64)>;

fn measure(gpu: &Gpu, stream: &Path, effect: &str) -> Result<Times> {
    let options = Options {
        source: Some(stream.display().to_string()),
        effects: vec![effect.to_owned()],
        ..Options::default()
    };
    let show = Arc::new(options.show(&mut library())?);
    let mut engine = Engine::new(gpu);
    let mut stage = Stage::new(engine.pipelines(), &show, None, (30, 1))?;
    let mut times = Times::new();
    while let Some(tick) = stage.tick(&mut engine, &[], Wait::Block)? {
        engine.submit(tick);
        while gpu.wait_oldest()? {}
        for time in engine
            .times()
            .iter()
            .filter(|_| stage.next_tick() > WARM_UP)
        {
            let entry = times.entry(time.label.clone()).or_default();
            entry.0.push(time.milliseconds);
            entry.1 = time.bytes;
        }
    }
    Ok(times)
}
