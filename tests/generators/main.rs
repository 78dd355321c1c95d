//! What the generators make, against the formulas and the programs that they mirror, and their seams.

#[path = "../gpu/mod.rs"]
mod gpu;
mod noise;
mod patterns;
#[path = "../stage/mod.rs"]
mod stage;

use afterimage::picture::Size;
use stage::{Stage, Texel};

/// Half floats around 1 are 1/1024 apart.
pub(crate) const SLACK: f32 = 1e-3;

/// The first ticks of a show of one layer: an effect and its settings, as TOML.
pub(crate) fn play(settings: &str, size: Size, ticks: usize) -> Vec<Vec<Texel>> {
    let mut stage = Stage::read(&format!("[[layers]]\n{settings}"), &[], size);
    (0..ticks).map(|_| stage.tick(&[])).collect()
}

pub(crate) fn once(settings: &str, size: Size) -> Vec<Texel> {
    play(settings, size, 1).remove(0)
}

/// The largest step of a component from a texel of `from` to that of `to` in its place.
pub(crate) fn step<'a>(
    from: impl IntoIterator<Item = &'a Texel>,
    to: impl IntoIterator<Item = &'a Texel>,
) -> f32 {
    let pairs = from.into_iter().zip(to);
    let steps = pairs.flat_map(|(a, b)| (0..4).map(|c| (a[c] - b[c]).abs()));
    steps.fold(0.0, f32::max)
}
