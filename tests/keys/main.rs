//! The keys that every layer has and the shapes that a pass can take, against a transcription on the CPU.

mod composing;
mod effects;
#[path = "../gpu/mod.rs"]
mod gpu;
mod passes;
mod past;
mod spaces;
#[path = "../stage/mod.rs"]
mod stage;

use afterimage::picture::{Picture, Size};
use effects::EFFECTS;
use stage::{Stage, Texel, flat};

pub(crate) const SIZE: Size = Size::new(23, 17);

pub(crate) fn read(layers: &str, bits: u32) -> Stage {
    let text =
        format!("canvas = {{ bits = {bits} }}\n[sources]\ncam = 'cam.png'\nb = 'b.png'\n{layers}");
    Stage::read(&text, EFFECTS, SIZE)
}

/// The texels of a source's picture as layers read it.
pub(crate) fn taken_in(picture: &Picture) -> Vec<Texel> {
    read("", 16).tick(&[Some(picture), None])
}

/// What a show makes of its first tick.
pub(crate) fn once(layers: &str, cam: &Picture, b: &Picture) -> Vec<Texel> {
    read(layers, 16).tick(&[Some(cam), Some(b)])
}

pub(crate) fn levels(level: u8) -> Picture {
    flat(SIZE, [level, level, level, 255])
}

/// The level at the upper left of a picture, from 0 to 255.
pub(crate) fn level(texels: &[Texel]) -> f32 {
    (texels[0][0] * 255.0).round()
}

/// The effect `invert`.
pub(crate) fn inverted(input: Texel) -> Texel {
    let [r, g, b, a] = input;
    [1.0 - r, 1.0 - g, 1.0 - b, a * 0.5]
}

pub(crate) fn mixed(input: Texel, effect: Texel, share: f32) -> Texel {
    std::array::from_fn(|c| input[c] + (effect[c] - input[c]) * share)
}

pub(crate) fn luma([r, g, b, _]: Texel) -> f32 {
    0.2126 * r + 0.7152 * g + 0.0722 * b
}

/// Of half floats up to 1, and some more for the formula.
pub(crate) const SLACK: f32 = 1.5e-3;

/// The levels that a show gives to pictures of the levels 10, 20, 30, …
pub(crate) fn series(layers: &str, ticks: u8) -> Vec<f32> {
    let mut stage = read(layers, 16);
    let black = levels(0);
    let tick = |tick: u8| {
        let cam = levels(10 + 10 * tick);
        level(&stage.tick(&[Some(&cam), Some(&black)]))
    };
    (0..ticks).map(tick).collect()
}
