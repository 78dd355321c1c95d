//! Five minutes of all presets over the clips, one after another: every number stays finite, and memory flat.
//! `cargo bench --profile dev --bench reel [-- MINUTES]`, or `./x soak`.

mod held;

use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, Instant};

use afterimage::engine::Engine;
use afterimage::gpu::Gpu;
use afterimage::picture::Size;
use afterimage::session::{Stage, library};
use afterimage::show::{Show, preset, presets};
use afterimage::source::Wait;
use anyhow::{Context, Result, ensure};
use held::held as holds;

const CLIPS: [&str; 4] = [
    "clip",
    "tests/clips/bunny.mp4",
    "tests/clips/friday.mp4",
    "tests/clips/person.mp4",
];
const SIZE: Size = Size::new(320, 180);
const FPS: (u32, u32) = (30, 1);
/// Ticks of each preset in a round, and how many of them are looked at.
const TICKS: u64 = 32;
const LOOK_EVERY: u64 = 8;

const MINUTES: u64 = 5;
/// After so many rounds nothing is new: each preset has had each clip.
const SETTLED: usize = CLIPS.len();
/// What memory may grow by from then on, MiB: the allocator keeps what it was lent.
const MOST_GROWTH: f64 = 24.0;

fn main() -> Result<ExitCode> {
    let wanted = std::env::args().skip(1).find_map(|word| word.parse().ok());
    let end = Duration::from_secs(60 * wanted.unwrap_or(MINUTES));
    let gpu = Gpu::open(None, None)?;
    println!("GPU: {} ({})", gpu.info.name, gpu.info.driver_info);
    let mut engine = Engine::new(&gpu);
    let (begun, mut held) = (Instant::now(), Vec::new());
    println!("| round | over | resident MiB |\n|---|---|---|");
    while begun.elapsed() < end || held.len() <= SETTLED + 1 {
        let clip = CLIPS[held.len() % CLIPS.len()];
        for name in presets() {
            play(&mut engine, name, clip).with_context(|| format!("{name} over {clip}"))?;
        }
        held.push(holds()?.memory);
        println!("| {} | {clip} | {:.1} |", held.len(), held[held.len() - 1]);
    }
    let growth = held[held.len() - 1] - held[SETTLED];
    println!(
        "\ngrown by {growth:.1} MiB after round {}; at most {MOST_GROWTH} MiB are allowed",
        SETTLED + 1
    );
    let is_flat = growth <= MOST_GROWTH && gpu.errors() == 0;
    Ok(if is_flat {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// Some ticks of a preset, and a look at what it makes.
fn play(engine: &mut Engine, name: &str, clip: &str) -> Result<()> {
    let mut library = library();
    let mut show = Show::parse(preset(name)?, None, &mut library)?;
    show.replace_first_source(clip, &mut library)?;
    show.sources
        .iter_mut()
        .for_each(|source| source.looping = true);
    let mut stage = Stage::new(engine.pipelines(), &Arc::new(show), Some(SIZE), FPS)?;
    for number in 1..=TICKS {
        let tick = stage.tick(engine, &[], Wait::Block)?;
        let tick = tick.context("its source has ended")?;
        let picture = tick.picture.clone();
        engine.submit(tick);
        if number % LOOK_EVERY == 0 {
            let gpu = engine.gpu();
            let texels = gpu.fetch(gpu.encoder("reel"), &picture)?.pixels;
            let is_finite = texels.iter().flatten().all(|number| number.is_finite());
            ensure!(is_finite, "a number of tick {number} is none");
        }
        while engine.gpu().in_flight() >= Gpu::MOST_IN_FLIGHT {
            engine.gpu().wait_oldest()?;
        }
    }
    Ok(())
}
