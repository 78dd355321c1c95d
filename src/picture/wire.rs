use super::{Component, Format, Model, Size};

/// What is asked of a camera; what is left open is chosen by what it costs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Capture {
    /// Exactly this size.
    pub size: Option<Size>,
    /// The rate nearest to this, as a fraction.
    pub fps: Option<(u32, u32)>,
    /// Pictures sent in this way.
    pub wire: Option<Wire>,
    /// The name of the driver that reads the camera; the system's usual one if absent.
    pub driver: Option<String>,
}

/// How a camera sends its pictures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Wire {
    /// Luma in one plane, colour differences of every second row and column interleaved in another.
    Nv12,
    /// As NV12, with the colour differences in a plane each.
    I420,
    /// Luma and colour differences of every second column interleaved, luma first.
    Yuyv,
    /// As YUYV, colour difference first.
    Uyvy,
    /// A JPEG for each picture.
    Mjpeg,
}

impl Wire {
    /// The names in a show file, with the four characters that drivers know them by.
    pub const NAMES: [(&'static str, [u8; 4], Self); 5] = [
        ("nv12", *b"NV12", Self::Nv12),
        ("i420", *b"YU12", Self::I420),
        ("yuyv", *b"YUYV", Self::Yuyv),
        ("uyvy", *b"UYVY", Self::Uyvy),
        ("mjpeg", *b"MJPG", Self::Mjpeg),
    ];

    /// Its name in a show file.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.row().0
    }

    /// The four characters that drivers know it by.
    #[must_use]
    pub fn fourcc(self) -> [u8; 4] {
        self.row().1
    }

    /// The one of that name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        let row = Self::NAMES.iter().find(|row| row.0 == name);
        row.map(|row| row.2)
    }

    /// The one that drivers know by these four characters.
    #[must_use]
    pub fn of_fourcc(fourcc: [u8; 4]) -> Option<Self> {
        let row = Self::NAMES.iter().find(|row| row.1 == fourcc);
        row.map(|row| row.2)
    }

    /// The layout of its samples; none where they are compressed.
    #[must_use]
    pub fn format(self) -> Option<Format> {
        match self {
            Self::Nv12 => Some(table((1, 1), [(0, 1, 0), (1, 2, 0), (1, 2, 1)])),
            Self::I420 => Some(Format::yuv(8, (1, 1))),
            Self::Yuyv => Some(table((1, 0), [(0, 2, 0), (0, 4, 1), (0, 4, 3)])),
            Self::Uyvy => Some(table((1, 0), [(0, 2, 1), (0, 4, 0), (0, 4, 2)])),
            Self::Mjpeg => None,
        }
    }

    fn row(self) -> &'static (&'static str, [u8; 4], Self) {
        // The table stands in the order of the variants.
        &Self::NAMES[self as usize]
    }
}

/// Luma, blue and red difference by plane, step and offset.
fn table(chroma_shift: (u8, u8), components: [(u8, u8, u8); 3]) -> Format {
    let component = |(plane, step, offset)| Component {
        plane,
        step,
        offset,
        depth: 8,
        shift: 0,
    };
    Format {
        model: Model::Yuv,
        components: components.map(component).to_vec(),
        chroma_shift,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_characters_lead_back() {
        for (name, fourcc, wire) in Wire::NAMES {
            assert_eq!((wire.name(), wire.fourcc()), (name, fourcc));
            assert_eq!(Wire::named(name), Some(wire));
            assert_eq!(Wire::of_fourcc(fourcc), Some(wire));
        }
        assert_eq!(Wire::named("h264"), None);
    }
}
