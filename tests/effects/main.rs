//! What single effects promise, beyond the laws that hold for all.

mod color;
mod feedback;
#[path = "../gpu/mod.rs"]
mod gpu;
mod matte;
mod motion;
mod slice;
#[path = "../stage/mod.rs"]
mod stage;
mod strobe;
mod time;

use afterimage::picture::{Picture, Size};
use stage::{Chance, Stage, Texel, flat, parse};

pub(crate) const SIZE: Size = Size::new(8, 8);

pub(crate) fn read(layers: &str) -> Stage {
    Stage::new(&show(layers), SIZE)
}

pub(crate) fn show(layers: &str) -> afterimage::show::Show {
    parse(&format!("[sources]\ncam = 'cam.png'\n{layers}"), &[])
}

/// Noise without holes.
pub(crate) fn opaque(seed: u64) -> Picture {
    let mut chance = Chance(seed);
    let color = |_| {
        [
            chance.next() as u8,
            chance.next() as u8,
            chance.next() as u8,
            255,
        ]
    };
    Picture::rgba8(SIZE, (0..SIZE.area()).flat_map(color).collect())
}

pub(crate) fn grey(level: u8) -> Picture {
    flat(SIZE, [level, level, level, 255])
}

/// The level at the upper left of a picture, from 0 to 255.
pub(crate) fn level(texels: &[Texel]) -> f32 {
    (texels[0][0] * 255.0).round()
}

/// The levels that come out of greys of level 0, 1, 2, …, each a picture of its own.
pub(crate) fn series(layers: &str, count: u8) -> Vec<f32> {
    let mut stage = read(layers);
    (0..count)
        .map(|number| level(&stage.tick(&[Some(&grey(number))])))
        .collect()
}
