//! What benches share that measure beside another program.
#![allow(
    dead_code,
    clippy::allow_attributes,
    reason = "each bench uses its part, so that no expectation holds for all"
)]

use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::time::Instant;

use afterimage::engine::{Engine, Instance};
use afterimage::gpu::{Gpu, Readback};
use afterimage::picture::{Format, Picture, Size};
use afterimage::session::{Options, library};
use anyhow::{Context, Result, ensure};

/// Ticks that are left out: pipelines warm up, and the first picture has no predecessor.
pub(crate) const WARM_UP: usize = 2;

/// Pictures of the bundled clip with one channel, grey, or four, and the file that holds their bytes.
pub(crate) fn frames(
    folder: &Path,
    size: Size,
    count: usize,
    channels: u64,
) -> Result<(String, Vec<Picture>)> {
    let path = folder.join(format!("{size}.raw")).display().to_string();
    let clip = concat!(env!("CARGO_MANIFEST_DIR"), "/assets/rabbit.mp4");
    let scale = format!("scale={}:{}", size.width, size.height);
    let format = if channels == 1 { "gray" } else { "rgba" };
    let status = Command::new("ffmpeg")
        .args(["-loglevel", "error", "-i", clip, "-vf", &scale])
        .args(["-frames:v", &count.to_string(), "-pix_fmt", format])
        .args(["-f", "rawvideo", "-y", &path])
        .status()
        .context("no ffmpeg to decode the clip: apt-get install ffmpeg")?;
    ensure!(status.success(), "ffmpeg cannot decode the bundled clip");
    let bytes = std::fs::read(&path)?;
    let pictures = bytes.chunks_exact((size.area() * channels) as usize);
    let picture = |bytes: &[u8]| match channels {
        1 => Picture::packed(Format::gray8(), size, bytes.to_vec()),
        _ => Picture::rgba8(size, bytes.to_vec()),
    };
    Ok((path, pictures.map(picture).collect()))
}

/// A show that plays pictures from memory.
pub(crate) struct Run {
    pub(crate) engine: Engine,
    pub(crate) instance: Instance,
}

impl Run {
    /// Effects on the first of some sources.
    pub(crate) fn new(gpu: &Gpu, sources: &[&str], effects: &[&str], size: Size) -> Result<Self> {
        let options = Options {
            source: sources.first().map(ToString::to_string),
            sources: sources[1..]
                .iter()
                .map(|name| format!("{name}={name}"))
                .collect(),
            effects: effects.iter().map(ToString::to_string).collect(),
            ..Options::default()
        };
        let show = Arc::new(options.show(&mut library())?);
        let engine = Engine::new(gpu);
        let instance = Instance::new(engine.pipelines(), &show, size, 30.0)?;
        Ok(Self { engine, instance })
    }

    /// Milliseconds until the GPU is done with a tick of some pictures, their upload among them.
    pub(crate) fn milliseconds(&mut self, gpu: &Gpu, pictures: &[Option<&Picture>]) -> Result<f64> {
        let began = Instant::now();
        let tick = self.engine.tick(&mut self.instance, &[], pictures)?;
        self.engine.submit(tick);
        while gpu.wait_oldest()? {}
        Ok(began.elapsed().as_secs_f64() * 1e3)
    }
}

/// The numbers that a script of `benches/` prints about a file of pictures, run by the Python that is in `PYTHON`.
pub(crate) fn theirs(script: &str, path: &str, size: Size, more: &[&str]) -> Result<Vec<f64>> {
    let python = std::env::var("PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let script = format!("{}/benches/{script}", env!("CARGO_MANIFEST_DIR"));
    let sides = [size.width, size.height].map(|side| side.to_string());
    let out = Command::new(&python)
        .args([script.as_str(), path])
        .args(sides)
        .args(more)
        .output()?;
    let said = String::from_utf8_lossy(&out.stderr);
    ensure!(
        out.status.success(),
        "{python} lacks what ./x bench installs: {said}"
    );
    let text = String::from_utf8(out.stdout)?;
    let numbers = text.split_whitespace().map(str::parse);
    Ok(numbers.collect::<Result<_, _>>()?)
}

/// Milliseconds from each picture in memory to the one that is made of it.
pub(crate) fn milliseconds(gpu: &Gpu, effect: &str, pictures: &[Picture]) -> Result<Vec<f64>> {
    let Run {
        mut engine,
        mut instance,
    } = Run::new(gpu, &["pictures"], &[effect], pictures[0].size)?;
    let mut readback = Readback::new(gpu);
    let mut times = Vec::new();
    for picture in pictures {
        let began = Instant::now();
        let mut tick = engine.tick(&mut instance, &[], &[Some(picture)])?;
        readback.encode(&mut tick.encoder, &tick.picture, tick.size);
        engine.submit(tick);
        readback.take_blocking()?;
        times.push(began.elapsed().as_secs_f64() * 1e3);
    }
    Ok(times)
}

/// The middle one of some numbers.
pub(crate) fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// How busy the machine is.
pub(crate) fn load() -> String {
    let load = std::fs::read_to_string("/proc/loadavg").unwrap_or_else(|_| "unknown".to_owned());
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    format!(
        "{} of {cores} cores",
        load.split(' ').next().unwrap_or_default()
    )
}
