//! Where the samples of a picture lie in textures of four samples a texel.
//!
//! Every plane goes up as rows of texels that hold four samples each, whatever they mean: one load
//! then brings four pixels of a planar picture, and loads are what a conversion costs. A block of
//! pixels that is four chroma samples wide finds each of its samples at a texel and lane known when
//! the shader is written.

use crate::picture::{Component, Format, Model, Picture, Size};

use super::GpuError;
use super::staging::Rows;

/// Samples in a texel.
pub(super) const LANES: u32 = 4;

/// How often a component's width and height are halved.
pub(super) fn halvings(format: &Format, component: usize) -> (u8, u8) {
    match (format.model, component) {
        (Model::Yuv, 1 | 2) => format.chroma_shift,
        _ => (0, 0),
    }
}

/// The pixels that one invocation converts: wide enough for whole texels, high enough for whole
/// chroma.
pub(super) fn block(format: &Format) -> Size {
    match format.model {
        Model::Yuv => Size::new(LANES << format.chroma_shift.0, 1 << format.chroma_shift.1),
        _ => Size::new(LANES, 1),
    }
}

/// How many blocks a picture has across and down.
pub(super) fn blocks(format: &Format, size: Size) -> Size {
    let block = block(format);
    Size::new(
        size.width.div_ceil(block.width),
        size.height.div_ceil(block.height),
    )
}

/// The samples of a pixel, where one texel holds them all and they lie as they do in every other pixel.
pub(super) fn samples_of_pixel(format: &Format) -> Option<u32> {
    let step = u32::from(format.components[0].step);
    let together =
        |component: &Component| component.plane == 0 && u32::from(component.step) == step;
    let whole = LANES.is_multiple_of(step) && format.components.iter().all(together);
    (whole && format.chroma_shift == (0, 0)).then_some(step)
}

/// One plane's place in the picture and in its texture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Layout {
    /// Texels of the texture.
    pub(super) texture: Size,
    /// Samples of a row.
    samples: u32,
    /// Samples that repeat at the end of a row.
    group: u32,
}

impl Layout {
    /// The layout of plane `plane` of a picture of `size` pixels.
    fn new(format: &Format, size: Size, plane: u8) -> Self {
        let block = block(format);
        let blocks = size.width.div_ceil(block.width);
        let mut layout = Self {
            texture: Size::new(0, 0),
            samples: 0,
            group: 0,
        };
        for (index, component) in of_plane(format, plane) {
            let (across, down) = halvings(format, index);
            let step = u32::from(component.step);
            // Interpolation reaches one sample into the next block.
            let last = blocks * (block.width >> across) - u32::from(across == 0);
            let texels = (last * step + u32::from(component.offset)) / LANES + 1;
            let columns = size.width.div_ceil(1 << across);
            layout.texture.width = layout.texture.width.max(texels);
            layout.texture.height = layout.texture.height.max(size.height.div_ceil(1 << down));
            layout.samples = layout.samples.max(columns * step);
            layout.group = layout.group.max(step);
        }
        layout
    }

    /// The rows of `picture`'s plane `index` for the way up.
    fn rows<'a>(&self, picture: &'a Picture, index: usize) -> Rows<'a> {
        let plane = &picture.planes[index];
        let bytes = picture.format.sample_bytes();
        Rows {
            bytes: &plane.bytes,
            stride: plane.stride,
            filled: self.samples as usize * bytes,
            group: self.group as usize * bytes,
        }
    }
}

fn of_plane(format: &Format, plane: u8) -> impl Iterator<Item = (usize, &Component)> {
    let components = format.components.iter().enumerate();
    components.filter(move |(_, component)| component.plane == plane)
}

/// How many planes `format` has.
pub(super) fn count(format: &Format) -> u8 {
    let planes = format
        .components
        .iter()
        .map(|component| component.plane + 1);
    planes.max().unwrap_or(0)
}

/// The layout and the rows of every plane.
///
/// # Errors
/// If a side exceeds the limit, or the planes are not what the format says.
pub(super) fn layouts(picture: &Picture) -> Result<Vec<(Layout, Rows<'_>)>, GpuError> {
    if !picture.size.is_possible() {
        return Err(GpuError::TooLarge(picture.size));
    }
    check_format(&picture.format)?;
    (0..count(&picture.format))
        .map(|plane| check_plane(picture, plane))
        .collect()
}

fn check_format(format: &Format) -> Result<(), GpuError> {
    let counts = match format.model {
        Model::Gray => 1..=2,
        Model::Rgb | Model::Yuv => 3..=4,
    };
    let halved = format.chroma_shift.0.max(format.chroma_shift.1);
    let whole = format.components.iter().all(|component| {
        (1..=16).contains(&component.depth)
            && component.depth + component.shift <= 16
            && component.offset < component.step
    });
    if counts.contains(&format.components.len()) && halved <= 2 && whole && count(format) <= 4 {
        return Ok(());
    }
    Err(GpuError::Malformed(format!("no layout is like {format:?}")))
}

fn check_plane(picture: &Picture, plane: u8) -> Result<(Layout, Rows<'_>), GpuError> {
    let layout = Layout::new(&picture.format, picture.size, plane);
    if !layout.texture.is_possible() {
        return Err(GpuError::TooLarge(picture.size));
    }
    if picture.planes.len() <= usize::from(plane) {
        return Err(GpuError::Malformed(format!("it has no plane {plane}")));
    }
    let rows = layout.rows(picture, plane.into());
    let needed = rows.stride * (layout.texture.height as usize - 1) + rows.filled;
    if rows.stride < rows.filled || rows.bytes.len() < needed {
        return Err(GpuError::Malformed(format!(
            "plane {plane} has {} bytes in rows of {}, but needs {needed} in rows of {} or more",
            rows.bytes.len(),
            rows.stride,
            rows.filled
        )));
    }
    Ok((layout, rows))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::picture::Plane;

    #[test]
    fn texels_cover_the_blocks_and_one_more_chroma_sample() {
        let layout = |plane| Layout::new(&Format::yuv(8, (1, 1)), Size::new(1919, 1081), plane);
        assert_eq!(layout(0).texture, Size::new(480, 1081));
        assert_eq!(layout(1).texture, Size::new(241, 541));
        assert_eq!((layout(1).samples, layout(1).group), (960, 1));
        let widest = Layout::new(&Format::rgba8(), Size::new(8192, 1), 0);
        assert_eq!(widest.texture, Size::new(8192, 1));
    }

    #[test]
    fn refuses_what_does_not_fit() {
        let size = Size::new(4, 4);
        assert!(layouts(&Picture::rgba8(size, vec![0; 64])).is_ok());
        for (size, bytes) in [
            (size, 63),
            (Size::new(8193, 1), 8193 * 4),
            (Size::new(0, 4), 0),
        ] {
            assert!(
                layouts(&Picture::rgba8(size, vec![0; bytes])).is_err(),
                "{size}"
            );
        }
        let mut lacking = Picture::packed(Format::yuv(8, (1, 1)), size, Vec::new());
        lacking.planes = vec![Plane {
            bytes: vec![0; 16],
            stride: 4,
        }];
        let error = layouts(&lacking).expect_err("there is one plane of three");
        assert!(error.to_string().contains("no plane 1"), "{error}");
    }
}
