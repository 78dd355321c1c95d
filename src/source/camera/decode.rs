use zune_core::bytestream::ZCursor;
use zune_core::colorspace::ColorSpace;
use zune_core::options::DecoderOptions;
use zune_jpeg::JpegDecoder;

use super::super::planes::{Spares, extents};
use super::driver::{Grant, Sample};
use crate::picture::{Encoding, Format, Matrix, Model, Picture, Plane, Range, Siting, Size, Wire};

/// The planes of a sample: raw ones as they are, a JPEG's decoded; none if it is damaged.
pub(super) fn planes(
    grant: &Grant,
    sample: &Sample<'_>,
    spares: &mut Spares,
) -> Option<Vec<Plane>> {
    match grant.mode.wire.format() {
        _ if sample.damaged => None,
        Some(format) => raw(&format, grant, sample.bytes, spares),
        None => jpeg(grant.mode.size, sample.bytes, spares).map(|plane| vec![plane]),
    }
}

/// What all pictures of a camera have in common.
pub(super) fn shape(grant: &Grant) -> Picture {
    let Grant { mode, encoding, .. } = *grant;
    match mode.wire {
        Wire::Mjpeg => Picture {
            encoding: JPEG,
            ..Picture::packed(Format::packed(Model::Yuv, 3, 8), mode.size, Vec::new())
        },
        wire => Picture {
            encoding,
            ..Picture::packed(
                wire.format().unwrap_or_else(Format::gray8),
                mode.size,
                Vec::new(),
            )
        },
    }
}

/// The colours of every JPEG (JFIF 1.02). Its chroma is brought to full size by the decoder.
const JPEG: Encoding = Encoding {
    matrix: Matrix::Bt601,
    range: Range::Full,
    siting: Siting::Center,
};

/// Copies planes that follow each other, padded as the camera said; none if there are too few bytes.
fn raw(format: &Format, grant: &Grant, bytes: &[u8], spares: &mut Spares) -> Option<Vec<Plane>> {
    let extents = extents(format, grant.mode.size);
    let luma = extents.first()?.row;
    let mut rest = bytes;
    let mut planes = Vec::with_capacity(extents.len());
    for extent in &extents {
        let stride = (grant.stride * extent.row / luma).max(extent.row);
        let length = stride * extent.rows;
        // The last row may come without its padding.
        let filled = length - (stride - extent.row);
        let mut copy = spares.take(filled);
        copy.copy_from_slice(rest.get(..filled)?);
        planes.push(Plane {
            bytes: copy,
            stride,
        });
        rest = rest.get(length..).unwrap_or_default();
    }
    Some(planes)
}

/// Luma and colour differences of a JPEG, interleaved; their conversion is the GPU's work.
fn jpeg(size: Size, bytes: &[u8], spares: &mut Spares) -> Option<Plane> {
    let options = DecoderOptions::new_fast()
        .set_strict_mode(true)
        .jpeg_set_out_colorspace(ColorSpace::YCbCr);
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(bytes), options);
    decoder.decode_headers().ok()?;
    let stride = size.width as usize * 3;
    let info = decoder.info()?;
    if (u32::from(info.width), u32::from(info.height)) != (size.width, size.height) {
        return None;
    }
    let mut plane = Plane {
        bytes: spares.take(stride * size.height as usize),
        stride,
    };
    decoder.decode_into(&mut plane.bytes).ok()?;
    Some(plane)
}

#[cfg(test)]
mod tests {
    use super::super::Mode;
    use super::*;
    use std::time::Instant;

    fn grant(wire: Wire, stride: usize) -> Grant {
        let mode = Mode {
            wire,
            size: Size::new(4, 2),
            rate: (30, 1),
        };
        Grant {
            mode,
            encoding: Encoding::FULL,
            stride,
        }
    }

    /// The lengths and strides of the planes of `bytes` bytes.
    fn shapes(grant: &Grant, bytes: usize, damaged: bool) -> Option<Vec<(usize, usize)>> {
        let sample = Sample {
            bytes: &vec![7; bytes],
            captured: Instant::now(),
            damaged,
        };
        let planes = planes(grant, &sample, &mut Spares::default())?;
        let shape = |plane: &Plane| (plane.bytes.len(), plane.stride);
        Some(planes.iter().map(shape).collect())
    }

    #[test]
    fn raw_planes_follow_each_other_with_the_camera_s_padding() {
        for (wire, stride, bytes, expected) in [
            (Wire::Yuyv, 0, 16, vec![(16, 8)]),
            (Wire::Yuyv, 12, 20, vec![(20, 12)]),
            (Wire::Nv12, 4, 12, vec![(8, 4), (4, 4)]),
            (Wire::Nv12, 6, 16, vec![(10, 6), (4, 6)]),
            (Wire::I420, 8, 22, vec![(12, 8), (2, 4), (2, 4)]),
        ] {
            let grant = grant(wire, stride);
            assert_eq!(shapes(&grant, bytes, false), Some(expected), "{wire:?}");
            assert_eq!(shapes(&grant, bytes, true), None, "{wire:?} is damaged");
            assert_eq!(shapes(&grant, bytes - 1, false), None, "{wire:?} is short");
        }
    }

    #[test]
    fn what_is_no_jpeg_is_left_out() {
        assert_eq!(shapes(&grant(Wire::Mjpeg, 0), 100, false), None);
    }
}
