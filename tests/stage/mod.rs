//! Plays shows through the engine on the CPU's GPU driver, and reads the pictures exactly.
#![allow(
    dead_code,
    clippy::allow_attributes,
    reason = "every test program uses its own part, so that no expectation holds for all"
)]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::mem::replace;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::thread::sleep;
use std::time::{Duration, Instant};

use afterimage::effect::Library;
use afterimage::engine::{Command, Engine, Instance};
use afterimage::gpu::View;
use afterimage::param::Value;
use afterimage::picture::{Format, Model, Picture, Size};
use afterimage::plan::Values;
use afterimage::show::Show;

use crate::gpu;

/// One colour of a picture, as the texture holds it.
pub(crate) type Texel = [f32; 4];

/// The rate of every canvas here.
pub(crate) const FPS: f64 = 60.0;

/// Longer than a compiler takes, on a busy machine too.
pub(crate) const PATIENCE: Duration = Duration::from_secs(120);

/// A show that is being played.
pub(crate) struct Stage {
    pub(crate) instance: Instance,
    way: Way,
}

/// How the passes run.
#[derive(Clone, Copy)]
enum Way {
    /// As this GPU has them.
    Usual,
    /// Dispatched, as real GPUs have them.
    Dispatched,
    /// Dispatched, with host stages cut as for real GPUs.
    Hardware,
}

/// The texels of a picture, row by row.
pub(crate) fn read(picture: &View) -> Vec<Texel> {
    let gpu = gpu::open();
    gpu.fetch(gpu.encoder("test.read"), picture).unwrap().pixels
}

/// All tests of a program share what has been compiled.
fn engine(way: Way) -> MutexGuard<'static, Engine> {
    static USUAL: OnceLock<Mutex<Engine>> = OnceLock::new();
    static DISPATCHED: OnceLock<Mutex<Engine>> = OnceLock::new();
    static HARDWARE: OnceLock<Mutex<Engine>> = OnceLock::new();
    let (engine, gpu) = match way {
        Way::Usual => (&USUAL, gpu::open().clone()),
        Way::Dispatched => (&DISPATCHED, gpu::open().clone().dispatching()),
        Way::Hardware => (&HARDWARE, gpu::open().clone().as_hardware()),
    };
    let engine = engine.get_or_init(|| Mutex::new(Engine::new(&gpu)));
    engine.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Stage {
    pub(crate) fn new(show: &Show, size: Size) -> Self {
        Self::on(Way::Usual, show, size, FPS)
    }

    /// At another rate.
    pub(crate) fn at(show: &Show, size: Size, fps: f64) -> Self {
        Self::on(Way::Usual, show, size, fps)
    }

    /// A show whose passes are dispatched, also where they would be drawn.
    pub(crate) fn dispatched(show: &Show, size: Size) -> Self {
        Self::on(Way::Dispatched, show, size, FPS)
    }

    /// A show whose host stages work as on a real GPU.
    pub(crate) fn as_hardware(show: &Show, size: Size) -> Self {
        Self::on(Way::Hardware, show, size, FPS)
    }

    fn on(way: Way, show: &Show, size: Size, fps: f64) -> Self {
        let show = Arc::new(show.clone());
        let instance = engine(way).load(&show, size, fps);
        Self {
            instance: instance.unwrap_or_else(|error| panic!("{error}")),
            way,
        }
    }

    /// A show written as a file, with effects of its own.
    pub(crate) fn read(text: &str, effects: &[(&str, &str)], size: Size) -> Self {
        Self::new(&parse(text, effects), size)
    }

    /// Lets a show take the place of this one, with the same sources.
    pub(crate) fn succeed(&mut self, show: &Show) {
        let mut next = Self::new(show, self.instance.size()).instance;
        let sources: Vec<_> = (0..show.sources.len()).map(Some).collect();
        let pipelines = engine(self.way).pipelines().clone();
        let begun = Instant::now();
        while !next.is_ready_to_succeed(&self.instance, &pipelines) {
            assert!(begun.elapsed() < PATIENCE, "its kernels are never compiled");
            sleep(Duration::from_millis(5));
        }
        let previous = replace(&mut self.instance, next);
        self.instance.succeed(previous, &sources);
    }

    /// One tick with a picture, or none, for each source.
    pub(crate) fn tick(&mut self, pictures: &[Option<&Picture>]) -> Vec<Texel> {
        self.tick_with(&[], pictures)
    }

    pub(crate) fn tick_with(
        &mut self,
        commands: &[Command],
        pictures: &[Option<&Picture>],
    ) -> Vec<Texel> {
        let mut engine = engine(self.way);
        let tick = engine.tick(&mut self.instance, commands, pictures).unwrap();
        let picture = tick.picture.clone();
        engine.submit(tick);
        let texels = read(&picture);
        assert_eq!(gpu::open().errors(), 0, "the GPU refused a command");
        texels
    }

    /// The numbers of one tick, in full precision.
    pub(crate) fn values(&mut self, pictures: &[Option<&Picture>]) -> Values {
        let mut engine = engine(self.way);
        let tick = engine.tick(&mut self.instance, &[], pictures).unwrap();
        let values = tick.values.clone();
        engine.submit(tick);
        assert_eq!(gpu::open().errors(), 0, "the GPU refused a command");
        values
    }

    /// One tick whose picture nobody looks at.
    pub(crate) fn pass(&mut self, pictures: &[Option<&Picture>]) {
        let mut engine = engine(self.way);
        let tick = engine.tick(&mut self.instance, &[], pictures).unwrap();
        engine.submit(tick);
    }

    /// One tick after another, each with a new picture for every source.
    pub(crate) fn play(&mut self, pictures: &[Vec<Picture>]) -> Vec<Vec<Texel>> {
        let new = |pictures: &Vec<Picture>| {
            let new: Vec<_> = pictures.iter().map(Some).collect();
            self.tick(&new)
        };
        pictures.iter().map(new).collect()
    }
}

/// A show written as a file, with effects of its own.
pub(crate) fn parse(text: &str, effects: &[(&str, &str)]) -> Show {
    let folder = tempfile::tempdir().unwrap();
    write_effects(folder.path(), effects);
    let mut library = Library::new(vec![folder.path().to_owned()]);
    let show = Show::parse(text, None, &mut library);
    show.unwrap_or_else(|error| panic!("{error}"))
}

fn write_effects(folder: &Path, effects: &[(&str, &str)]) {
    for (name, text) in effects {
        fs::write(folder.join(format!("{name}.wgsl")), text).unwrap();
    }
}

/// A command that sets one number.
pub(crate) fn set(address: &str, number: f64) -> Command {
    Command::new(address, Value::number(number))
}

/// Chance that is the same in every run (SplitMix64; Steele, Lea & Flood 2014).
pub(crate) struct Chance(pub(crate) u64);

impl Chance {
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// From 0 to 1, without 1.
    pub(crate) fn share(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1u64 << 53) as f64
    }
}

/// Noise in all four components, in 8 bits.
pub(crate) fn noise(size: Size, seed: u64) -> Picture {
    let mut chance = Chance(seed);
    let bytes = (0..size.area() * 4).map(|_| chance.next() as u8).collect();
    Picture::rgba8(size, bytes)
}

/// Noise in all four components, in 16 bits: colours between the levels of 255.
pub(crate) fn fine_noise(size: Size, seed: u64) -> Picture {
    let mut chance = Chance(seed);
    let bytes = (0..size.area() * 8).map(|_| chance.next() as u8).collect();
    Picture::packed(Format::packed(Model::Rgb, 4, 16), size, bytes)
}

/// One colour everywhere.
pub(crate) fn flat(size: Size, color: [u8; 4]) -> Picture {
    Picture::rgba8(size, color.repeat(size.area() as usize))
}

/// Fails at the first texel whose bits differ.
#[track_caller]
pub(crate) fn assert_same(actual: &[Texel], expected: &[Texel], what: &str) {
    assert_eq!(actual.len(), expected.len(), "{what}: another size");
    let bits = |texel: &Texel| texel.map(f32::to_bits);
    let differs = |(a, b): (&Texel, &Texel)| bits(a) != bits(b);
    if let Some(index) = actual.iter().zip(expected).position(differs) {
        let (actual, expected) = (actual[index], expected[index]);
        panic!("{what}: texel {index} is {actual:?} instead of {expected:?}");
    }
}

/// Fails at the first texel that is further away than `slack`.
#[track_caller]
pub(crate) fn assert_near(actual: &[Texel], expected: &[Texel], slack: f32, what: &str) {
    assert_eq!(actual.len(), expected.len(), "{what}: another size");
    let far = |(a, b): (&Texel, &Texel)| {
        // NaN is far from everything.
        !a.iter().zip(b).all(|(a, b)| (a - b).abs() <= slack)
    };
    if let Some(index) = actual.iter().zip(expected).position(far) {
        let (actual, expected) = (actual[index], expected[index]);
        panic!("{what}: texel {index} is {actual:?} instead of {expected:?}, allowed {slack}");
    }
}

/// Whether any texel differs.
pub(crate) fn differ(a: &[Texel], b: &[Texel]) -> bool {
    a.iter().zip(b).any(|(a, b)| a != b)
}
