use crate::picture::Size;
use crate::plan::Site;

/// Cells of a line: kernels keep a place in 13 bits.
const LONGEST: u32 = 1 << 13;

/// What pixels are sorted along.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Path {
    Lines,
    Rays,
    Rings,
    Spiral,
}

/// What there is room for, whatever is played.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Room {
    /// The most lines, and the most cells of one.
    pub(super) lines: u32,
    pub(super) pitch: u32,
    /// The most cells of all lines.
    pub(super) cells: u64,
}

impl Path {
    /// What the header's `path` says, by its number there.
    pub(super) fn of(site: &Site<'_>) -> Self {
        match site.number("path") as u32 {
            0 => Self::Lines,
            1 => Self::Rays,
            2 => Self::Rings,
            _ => Self::Spiral,
        }
    }

    pub(super) const fn wgsl(self) -> &'static str {
        match self {
            Self::Lines => include_str!("lines.wgsl"),
            Self::Rays => concat!(include_str!("centre.wgsl"), include_str!("rays.wgsl")),
            Self::Rings => concat!(include_str!("centre.wgsl"), include_str!("rings.wgsl")),
            Self::Spiral => concat!(include_str!("centre.wgsl"), include_str!("spiral.wgsl")),
        }
    }

    /// Over a picture, with any angle and centre.
    pub(super) fn room(self, picture: Size) -> Room {
        let Size { width, height } = picture;
        let diagonal = f64::from(width).hypot(f64::from(height)).ceil() as u32 + 1;
        let around = (f64::from(diagonal) * std::f64::consts::TAU).ceil() as u32;
        let (lines, pitch) = match self {
            Self::Lines => (width.max(height), width.max(height)),
            Self::Rays => (width + height, diagonal.min(LONGEST)),
            Self::Rings => (diagonal, around.min(LONGEST)),
            Self::Spiral => {
                let area = f64::from(diagonal).powi(2) * std::f64::consts::PI;
                ((area / f64::from(LONGEST)).ceil() as u32, LONGEST)
            }
        };
        let cells = match self {
            Self::Lines => picture.area(),
            _ => u64::from(lines) * u64::from(pitch),
        };
        Room {
            lines,
            pitch,
            cells,
        }
    }
}
