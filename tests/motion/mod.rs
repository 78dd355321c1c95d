//! Motion that a test gives, and a look at the motion that comes out.
#![allow(
    dead_code,
    clippy::allow_attributes,
    reason = "every test program uses its own part, so that no expectation holds for all"
)]

use afterimage::picture::{Picture, Size};

use crate::stage::{Chance, Texel};

/// Motion at one place: where it was minus where it is, in pixels.
pub(crate) type Vector = [f32; 2];

/// Steps in which a picture holds motion, in pixels.
pub(crate) const STEP: f32 = 1.0 / 8.0;

/// `given` makes motion of a picture's red and green levels; `seen` shows motion as whole pixels and what is left.
pub(crate) const EFFECTS: &[(&str, &str)] = &[
    (
        "given",
        r#"/*{"DESCRIPTION": "Motion as a picture says it.", "OUTPUT": "flow", "NO_IDENTITY": "a test",
        "INPUTS": [{"NAME": "inputImage", "TYPE": "image"}]}*/
        fn effect(at: vec2i) -> vec4f {
            let levels = round(load(inputImage, at, SMEAR) * 255.0);
            return vec4f((levels.xy - 128.0) / 8.0, levels.z / 255.0, 1.0);
        }"#,
    ),
    (
        "seen",
        r#"/*{"DESCRIPTION": "Motion as numbers.", "NO_IDENTITY": "a test",
        "INPUTS": [{"NAME": "inputImage", "TYPE": "image"}, {"NAME": "motion", "TYPE": "flow"}]}*/
        fn effect(at: vec2i) -> vec4f {
            let field = load(motion, at, SMEAR).xy;
            return vec4f(floor(field), field - floor(field));
        }"#,
    ),
];

/// Motion as numbers again.
pub(crate) fn vectors(seen: &[Texel]) -> Vec<Vector> {
    seen.iter()
        .map(|texel| [texel[0] + texel[2], texel[1] + texel[3]])
        .collect()
}

/// The picture of a motion field; `sure` is its confidence in levels.
pub(crate) fn picture(size: Size, field: &[Vector], sure: u8) -> Picture {
    let level = |number: f32| (number / STEP + 128.0) as u8;
    let pixel = |vector: &Vector| [level(vector[0]), level(vector[1]), sure, 255];
    Picture::rgba8(size, field.iter().flat_map(pixel).collect())
}

/// The same motion everywhere.
pub(crate) fn even(size: Size, vector: Vector) -> Picture {
    picture(size, &vec![vector; size.area() as usize], 255)
}

/// Any motion up to `most` pixels, another one at each place.
pub(crate) fn wild(size: Size, most: f32, seed: u64) -> Vec<Vector> {
    let mut chance = Chance(seed);
    let mut number = || {
        let steps = (chance.share() * 2.0 - 1.0) * f64::from(most / STEP);
        steps.round() as f32 * STEP
    };
    (0..size.area()).map(|_| [number(), number()]).collect()
}
