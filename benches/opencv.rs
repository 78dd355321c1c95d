//! What the benches beside OpenCV share.

use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::time::Instant;

use afterimage::engine::{Engine, Instance};
use afterimage::gpu::Gpu;
use afterimage::picture::{Format, Picture, Size};
use afterimage::session::{Options, library};
use anyhow::{Context, Result, ensure};

/// Ticks that are left out: pipelines warm up, and the first picture has no predecessor.
pub(crate) const WARM_UP: usize = 2;

/// The first pictures of the bundled clip, and the file that holds them. `pixels` is ffmpeg's name of the format.
pub(crate) fn frames(
    folder: &Path,
    size: Size,
    count: usize,
    (pixels, format): (&str, &Format),
) -> Result<(String, Vec<Picture>)> {
    let path = folder
        .join(format!("{size}.{pixels}"))
        .display()
        .to_string();
    let clip = concat!(env!("CARGO_MANIFEST_DIR"), "/assets/rabbit.mp4");
    let scale = format!("scale={}:{}", size.width, size.height);
    let count = count.to_string();
    let out = ["-frames:v", &count, "-pix_fmt", pixels, "-f", "rawvideo"];
    let status = Command::new("ffmpeg")
        .args(["-loglevel", "error", "-i", clip, "-vf", &scale])
        .args(out)
        .args(["-y", &path])
        .status()
        .context("no ffmpeg to decode the clip: apt-get install ffmpeg")?;
    ensure!(status.success(), "ffmpeg cannot decode the bundled clip");
    let bytes = std::fs::read(&path)?;
    let pictures = bytes.chunks_exact(size.area() as usize * format.components.len());
    let picture = |bytes: &[u8]| Picture::packed(format.clone(), size, bytes.to_vec());
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

/// The numbers that a script of this folder prints about a file of pictures.
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
        "{python} has no OpenCV, which ./x bench installs: {said}"
    );
    let text = String::from_utf8(out.stdout)?;
    let numbers = text.split_whitespace().map(str::parse);
    Ok(numbers.collect::<Result<_, _>>()?)
}

pub(crate) fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

pub(crate) fn load() -> String {
    let load = std::fs::read_to_string("/proc/loadavg").unwrap_or_else(|_| "unknown".to_owned());
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    format!(
        "{} of {cores} cores",
        load.split(' ').next().unwrap_or_default()
    )
}
