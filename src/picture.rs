//! A picture on the CPU: planes as a decoder or a camera gives them, with what is needed to turn them
//! into colours on the GPU.

mod wire;

use std::fmt;
use std::time::Instant;

pub use wire::{Capture, Wire};

/// Width and height in pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Size {
    /// Pixels in a row.
    pub width: u32,
    /// Rows.
    pub height: u32,
}

impl Size {
    /// The largest side that every GPU of WebGPU's base limits can hold.
    pub const LARGEST_SIDE: u32 = 8192;

    /// A size of `width` by `height` pixels.
    #[must_use]
    pub const fn new(width: u32, height: u32) -> Self {
        Self { width, height }
    }

    /// Whether a GPU picture of this size can exist: 1 to 8192 pixels on each side.
    #[must_use]
    pub fn is_possible(self) -> bool {
        let sides = 1..=Self::LARGEST_SIDE;
        sides.contains(&self.width) && sides.contains(&self.height)
    }

    /// The number of pixels.
    #[must_use]
    pub const fn area(self) -> u64 {
        self.width as u64 * self.height as u64
    }
}

impl fmt::Display for Size {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}x{}", self.width, self.height)
    }
}

/// The size is not two numbers with an x between them, each 1 to 8192.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("'{0}' is not a size: write WIDTHxHEIGHT, 1 to 8192 each, like 1280x720")]
pub struct NotASize(String);

impl std::str::FromStr for Size {
    type Err = NotASize;

    fn from_str(text: &str) -> Result<Self, NotASize> {
        let parse = || {
            let (width, height) = text.split_once('x')?;
            let size = Self::new(width.parse().ok()?, height.parse().ok()?);
            size.is_possible().then_some(size)
        };
        parse().ok_or_else(|| NotASize(text.to_owned()))
    }
}

/// Where one component (red, luma, …) of a pixel lies in the planes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Component {
    /// Index of the plane.
    pub plane: u8,
    /// Samples from one pixel of this component to the next in a row.
    pub step: u8,
    /// Samples before the first one.
    pub offset: u8,
    /// Significant bits, 1 to 16; samples of more than 8 bits are 16-bit little-endian words.
    pub depth: u8,
    /// Unused low bits of the word below the significant ones (6 for P010).
    pub shift: u8,
}

/// What the components mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Model {
    /// One component, grey; with a second one, alpha.
    Gray,
    /// Red, green, blue, then alpha if there is a fourth.
    Rgb,
    /// Luma, blue difference, red difference, then alpha if there is a fourth.
    Yuv,
}

/// How the samples of a picture are laid out. Any planar, semi-planar or packed format whose samples
/// start on byte borders is a table of components.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Format {
    /// What the components mean.
    pub model: Model,
    /// One entry per component, in the model's order.
    pub components: Vec<Component>,
    /// How often width and height are halved for the two colour differences: (1, 1) is 4:2:0.
    pub chroma_shift: (u8, u8),
}

impl Format {
    /// Red, green, blue, alpha, interleaved, 8 bits each.
    #[must_use]
    pub fn rgba8() -> Self {
        Self::packed(Model::Rgb, 4, 8)
    }

    /// Red, green, blue, alpha, interleaved, 16 bits each.
    #[must_use]
    pub fn rgba16() -> Self {
        Self::packed(Model::Rgb, 4, 16)
    }

    /// Grey, 8 bits.
    #[must_use]
    pub fn gray8() -> Self {
        Self::packed(Model::Gray, 1, 8)
    }

    /// Planar luma and colour differences of `depth` bits, the latter halved as `chroma_shift` says.
    #[must_use]
    pub fn yuv(depth: u8, chroma_shift: (u8, u8)) -> Self {
        let plane = |plane| Component {
            plane,
            step: 1,
            offset: 0,
            depth,
            shift: 0,
        };
        Self {
            model: Model::Yuv,
            components: (0..3).map(plane).collect(),
            chroma_shift,
        }
    }

    /// `count` interleaved components of `depth` bits.
    #[must_use]
    pub fn packed(model: Model, count: u8, depth: u8) -> Self {
        let component = |offset| Component {
            plane: 0,
            step: count,
            offset,
            depth,
            shift: 0,
        };
        Self {
            model,
            components: (0..count).map(component).collect(),
            chroma_shift: (0, 0),
        }
    }

    /// Bytes of one sample: 1 up to 8 bits, else 2.
    #[must_use]
    pub fn sample_bytes(&self) -> usize {
        let deep = self
            .components
            .iter()
            .any(|component| component.depth + component.shift > 8);
        if deep { 2 } else { 1 }
    }

    /// Whether there is an alpha component.
    #[must_use]
    pub fn has_alpha(&self) -> bool {
        matches!(
            (self.model, self.components.len()),
            (Model::Gray, 2) | (_, 4)
        )
    }
}

/// The matrix between RGB and luma with colour differences.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Matrix {
    /// ITU-R BT.601, standard definition.
    Bt601,
    /// ITU-R BT.709, high definition.
    Bt709,
    /// ITU-R BT.2020, non-constant luminance.
    Bt2020,
}

impl Matrix {
    /// The weights of red and blue in luma.
    #[must_use]
    pub const fn weights(self) -> (f64, f64) {
        match self {
            Self::Bt601 => (0.299, 0.114),
            Self::Bt709 => (0.2126, 0.0722),
            Self::Bt2020 => (0.2627, 0.0593),
        }
    }
}

/// Which codes stand for black and white.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Range {
    /// All codes: 0 to 255.
    Full,
    /// Studio range: luma 16 to 235, colour differences 16 to 240.
    Limited,
}

/// Where a chroma sample lies among its luma samples.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Siting {
    /// On the left luma column, between the rows: MPEG-2, H.264.
    Left,
    /// In the middle: JPEG, MPEG-1.
    Center,
    /// On the left column and the upper row.
    TopLeft,
}

/// How the samples become colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Encoding {
    /// The matrix, for [`Model::Yuv`].
    pub matrix: Matrix,
    /// The range.
    pub range: Range,
    /// Where chroma samples lie.
    pub siting: Siting,
}

impl Encoding {
    /// Full range, for RGB and grey.
    pub const FULL: Self = Self {
        matrix: Matrix::Bt709,
        range: Range::Full,
        siting: Siting::Center,
    };
}

/// How the stored picture is turned to be shown, clockwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Rotation {
    /// As stored.
    None,
    /// A quarter turn clockwise.
    Clockwise90,
    /// Half a turn.
    Half,
    /// A quarter turn counter-clockwise.
    Clockwise270,
}

/// How a source's picture is brought to the canvas's size.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Fit {
    /// Fills the canvas, keeps the proportions, cuts what juts out.
    #[default]
    Cover,
    /// Shows the whole picture, keeps the proportions, leaves transparent bars.
    Contain,
    /// Fills the canvas, gives up the proportions.
    Stretch,
    /// One pixel for one pixel, in the middle.
    Native,
}

impl Fit {
    /// The names in a show file.
    pub const NAMES: [(&'static str, Self); 4] = [
        ("cover", Self::Cover),
        ("contain", Self::Contain),
        ("stretch", Self::Stretch),
        ("native", Self::Native),
    ];
}

/// One plane: rows of samples.
#[derive(Clone, PartialEq, Eq)]
pub struct Plane {
    /// The samples, row by row.
    pub bytes: Vec<u8>,
    /// Bytes from one row to the next; the last row may be shorter.
    pub stride: usize,
}

impl fmt::Debug for Plane {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "Plane({} bytes, stride {})",
            self.bytes.len(),
            self.stride
        )
    }
}

/// One picture of a source, as the decoder gave it.
#[derive(Clone, Debug, PartialEq)]
pub struct Picture {
    /// The layout of the planes.
    pub format: Format,
    /// How samples become colours.
    pub encoding: Encoding,
    /// Stored size, before rotation and pixel aspect.
    pub size: Size,
    /// Width over height of one stored pixel, 1 for square ones.
    pub pixel_aspect: f64,
    /// How it is turned to be shown.
    pub rotation: Rotation,
    /// The samples.
    pub planes: Vec<Plane>,
    /// Seconds since the source's first picture, running on over loops.
    pub time: f64,
    /// Counts the source's own pictures from 0, running on over loops.
    pub sequence: u64,
    /// When it was captured, or came in from the network; none of what is read from a file.
    pub captured: Option<Instant>,
}

impl Picture {
    /// A picture of 8-bit RGBA samples, four bytes a pixel without padding.
    #[must_use]
    pub fn rgba8(size: Size, bytes: Vec<u8>) -> Self {
        Self::packed(Format::rgba8(), size, bytes)
    }

    /// A full-range picture in one plane without padding.
    #[must_use]
    pub fn packed(format: Format, size: Size, bytes: Vec<u8>) -> Self {
        let stride = size.width as usize * format.components.len() * format.sample_bytes();
        Self {
            format,
            encoding: Encoding::FULL,
            size,
            pixel_aspect: 1.0,
            rotation: Rotation::None,
            planes: vec![Plane { bytes, stride }],
            time: 0.0,
            sequence: 0,
            captured: None,
        }
    }

    /// The same without its samples: what has to be known of a picture before it comes.
    #[must_use]
    pub fn outline(&self) -> Self {
        Self {
            planes: Vec::new(),
            format: self.format.clone(),
            ..*self
        }
    }

    /// Whether another picture differs from this one in its samples, time and number only.
    #[must_use]
    pub fn is_like(&self, other: &Self) -> bool {
        let shape = |picture: &Self| (picture.size, picture.pixel_aspect, picture.rotation);
        shape(self) == shape(other)
            && (&self.format, self.encoding) == (&other.format, other.encoding)
    }

    /// How many bytes its planes have.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.planes.iter().map(|plane| plane.bytes.len()).sum()
    }

    /// The size it is shown at: turned, and with the pixel aspect applied to the width.
    #[must_use]
    pub fn display_size(&self) -> Size {
        let wide = (f64::from(self.size.width) * self.pixel_aspect)
            .round()
            .max(1.0) as u32;
        let upright = Size::new(wide, self.size.height);
        match self.rotation {
            Rotation::None | Rotation::Half => upright,
            Rotation::Clockwise90 | Rotation::Clockwise270 => {
                Size::new(upright.height, upright.width)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn display_size_turns_and_stretches() {
        let mut picture = Picture::rgba8(Size::new(720, 576), vec![0; 720 * 576 * 4]);
        picture.pixel_aspect = 16.0 / 15.0;
        assert_eq!(picture.display_size(), Size::new(768, 576));
        picture.rotation = Rotation::Clockwise90;
        assert_eq!(picture.display_size(), Size::new(576, 768));
    }

    #[test]
    fn sizes_parse_or_say_how() {
        assert_eq!("1280x720".parse(), Ok(Size::new(1280, 720)));
        for text in ["1280", "0x5", "8193x5", "ax5", "5x5x5"] {
            assert!(text.parse::<Size>().is_err(), "{text}");
        }
    }
}
