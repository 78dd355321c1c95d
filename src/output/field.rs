//! Motion fields as files: Middlebury's .flo, and .png with motion as colour.
//!
//! Both are S. Baker et al., "A Database and Evaluation Methodology for Optical Flow", ICCV 2007 (IJCV 92, 2011).

use std::f32::consts::PI;
use std::path::{Path, PathBuf};

use super::OutputError;
use super::image::write_png;
use super::partial::{Partial, whole};
use super::target::{extension, in_folder};
use crate::frame_loop::may_block;
use crate::picture::Size;

/// What a .flo file begins with: the float whose bytes read PIEH.
const MAGIC: f32 = 202_021.25;

/// The colour wheel's arcs: how many steps lead from each pure colour to the next, from red on.
const ARCS: [(usize, [f32; 3]); 6] = [
    (15, [1.0, 0.0, 0.0]),
    (6, [1.0, 1.0, 0.0]),
    (4, [0.0, 1.0, 0.0]),
    (11, [0.0, 1.0, 1.0]),
    (13, [0.0, 0.0, 1.0]),
    (6, [1.0, 0.0, 1.0]),
];

/// What a motion field is written as.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FieldFile {
    /// Width, height, then x and y of each pixel, little-endian 32-bit floats.
    Flo(PathBuf),
    /// Direction as hue, length as saturation; the longest motion has the full colour.
    Wheel(PathBuf),
}

impl FieldFile {
    /// Reads a path.
    ///
    /// # Errors
    /// A folder, another extension than .flo and .png, no folder to write to.
    pub fn parse(path: &Path) -> Result<Self, OutputError> {
        if path.is_dir() {
            return Err(OutputError::Folder(path.to_owned()));
        }
        match extension(path).as_str() {
            "flo" => in_folder(path, path).map(Self::Flo),
            "png" => in_folder(path, path).map(Self::Wheel),
            _ => Err(OutputError::FieldExtension(path.display().to_string())),
        }
    }

    /// Writes the motion of each pixel, row by row, in place of an older file.
    ///
    /// # Errors
    /// The system refuses.
    pub fn write(&self, size: Size, field: &[[f32; 2]]) -> Result<(), OutputError> {
        may_block("write a motion field");
        let partial = match self {
            Self::Flo(path) => write_flo(path, size, field)?,
            Self::Wheel(path) => write_png(path, size, false, &wheel(field))?,
        };
        partial.commit(true).map(|_| ())
    }
}

fn write_flo(path: &Path, size: Size, field: &[[f32; 2]]) -> Result<Partial, OutputError> {
    let sides = [size.width, size.height].map(u32::to_le_bytes);
    let numbers = field.iter().flatten().map(|number| number.to_le_bytes());
    let words = std::iter::once(MAGIC.to_le_bytes())
        .chain(sides)
        .chain(numbers);
    let bytes: Vec<u8> = words.flatten().collect();
    whole(path, &bytes)
}

/// RGBA of a field.
fn wheel(field: &[[f32; 2]]) -> Vec<u8> {
    let longest = field.iter().map(|[x, y]| x.hypot(*y));
    let longest = longest
        .filter(|length| length.is_finite())
        .fold(0.0, f32::max);
    let hues = hues();
    let scale = if longest > 0.0 { 1.0 / longest } else { 0.0 };
    let pixels = field.iter().flat_map(|[x, y]| {
        let [red, green, blue] = color(&hues, [x * scale, y * scale]);
        [red, green, blue, u8::MAX]
    });
    pixels.collect()
}

fn hues() -> Vec<[f32; 3]> {
    let ends = ARCS.iter().cycle().skip(1);
    let arcs = ARCS.iter().zip(ends).flat_map(|((steps, from), (_, to))| {
        (0..*steps).map(move |step| blend(*from, *to, step as f32 / *steps as f32))
    });
    arcs.collect()
}

fn blend(from: [f32; 3], to: [f32; 3], part: f32) -> [f32; 3] {
    std::array::from_fn(|channel| from[channel] + (to[channel] - from[channel]) * part)
}

/// White without motion, a pure hue at length 1: to the right red, down yellow, left cyan, up violet.
fn color(hues: &[[f32; 3]], [x, y]: [f32; 2]) -> [u8; 3] {
    if !(x.is_finite() && y.is_finite()) {
        return [0; 3];
    }
    let turn = (-y).atan2(-x) / PI;
    let place = (turn + 1.0) / 2.0 * (hues.len() - 1) as f32;
    let (first, part) = (place as usize, place.fract());
    let hue = blend(
        hues[first % hues.len()],
        hues[(first + 1) % hues.len()],
        part,
    );
    blend([1.0; 3], hue, x.hypot(y).min(1.0)).map(|value| (value * 255.0) as u8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn directions_have_the_wheels_colors() {
        let hues = hues();
        assert_eq!(hues.len(), 55);
        let dominant = |x: f32, y: f32| color(&hues, [x, y]);
        assert_eq!(dominant(1.0, 0.0), [255, 0, 0]);
        let [red, green, blue] = dominant(0.0, 1.0);
        assert!(
            red > 200 && green > 200 && blue < 60,
            "down is yellow: {red} {green} {blue}"
        );
        let [red, green, blue] = dominant(-1.0, 0.0);
        assert!(
            red < 60 && green > 150 && blue > 150,
            "left is cyan: {red} {green} {blue}"
        );
        let [red, green, blue] = dominant(0.0, -1.0);
        assert!(
            green < 60 && blue > 150 && red < 200,
            "up is violet: {red} {green} {blue}"
        );
        assert_eq!(dominant(0.0, 0.0), [255, 255, 255]);
        assert_eq!(dominant(f32::NAN, 0.0), [0, 0, 0]);
    }
}
