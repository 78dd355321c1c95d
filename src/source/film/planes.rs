use ffmpeg_next::ffi::AVFrame;
use ffmpeg_next::format::Pixel;
use ffmpeg_next::{Error, frame, software::scaling};

use super::super::planes::{Extent, Spares};
use crate::picture::Plane;

/// Copies the planes out of a decoded picture, without the padding of their rows; none if the picture
/// is smaller than it says.
pub(super) fn copy(
    frame: &frame::Video,
    extents: &[Extent],
    spares: &mut Spares,
) -> Option<Vec<Plane>> {
    // SAFETY: the pointer is valid as long as `frame`, which outlives this call.
    let raw = unsafe { &*frame.as_ptr() };
    let planes = extents.iter().enumerate();
    planes
        .map(|(index, &extent)| {
            let mut bytes = spares.take(extent.bytes());
            copy_plane(raw, index, extent, &mut bytes)?;
            Some(Plane {
                bytes,
                stride: extent.row,
            })
        })
        .collect()
}

fn copy_plane(raw: &AVFrame, index: usize, extent: Extent, bytes: &mut [u8]) -> Option<()> {
    let start = *raw.data.get(index)?;
    let stride = *raw.linesize.get(index)? as isize;
    if start.is_null() || stride.unsigned_abs() < extent.row {
        return None;
    }
    let row = |number: usize, length: usize| {
        // SAFETY: libav allocates each plane with |linesize| bytes for each of its rows, and points at
        // the first one; a negative linesize leads upwards from there.
        unsafe { std::slice::from_raw_parts(start.offset(number as isize * stride), length) }
    };
    if stride == extent.row as isize {
        bytes.copy_from_slice(row(0, extent.bytes()));
        return Some(());
    }
    for (number, target) in bytes.chunks_exact_mut(extent.row).enumerate() {
        target.copy_from_slice(row(number, extent.row));
    }
    Some(())
}

/// Brings layouts that a picture cannot hold into one that it can, with libswscale.
pub(super) struct Converter {
    context: scaling::Context,
    output: frame::Video,
}

// SAFETY: a scaling context is plain memory that one thread at a time may use.
unsafe impl Send for Converter {}

impl Converter {
    pub(super) fn new(frame: &frame::Video, target: Pixel) -> Result<Self, Error> {
        let (width, height) = (frame.width(), frame.height());
        let flags = scaling::Flags::POINT | scaling::Flags::ACCURATE_RND;
        let context =
            scaling::Context::get(frame.format(), width, height, target, width, height, flags)?;
        let output = frame::Video::empty();
        Ok(Self { context, output })
    }

    /// Whether this converter was made for such pictures.
    pub(super) fn fits(&self, frame: &frame::Video) -> bool {
        let input = self.context.input();
        (input.format, input.width, input.height) == (frame.format(), frame.width(), frame.height())
    }

    /// Converts a picture.
    pub(super) fn run(&mut self, frame: &frame::Video) -> Result<&frame::Video, Error> {
        self.context.run(frame, &mut self.output)?;
        Ok(&self.output)
    }
}
