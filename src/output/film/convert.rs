//! RGBA to the encoder's pixel format, by swscale.

use std::ffi::{CStr, c_int};

use ffmpeg::color::{Primaries, Range, Space, TransferCharacteristic};
use ffmpeg::ffi;
use ffmpeg::format::Pixel;
use ffmpeg::frame::Video;
use ffmpeg_next as ffmpeg;

use super::pixel::{is_full_range, is_rgb};
use crate::picture::Size;

/// Rounds instead of truncating, filters chroma over all source pixels, and gives the same bits on
/// every processor.
const FLAGS: &CStr = c"bicubic+accurate_rnd+full_chroma_int+full_chroma_inp+bitexact";

/// Converts pictures of one size. Matrix BT.709, limited range for YCbCr, chroma sited left: as
/// [`Colors`] tags it.
pub(super) struct Converter {
    context: *mut ffi::SwsContext,
    input: Video,
    output: Video,
}

// SAFETY: the context belongs to this value alone and is tied to no thread.
unsafe impl Send for Converter {}

impl Converter {
    pub(super) fn new(size: Size, format: Pixel) -> Result<Self, ffmpeg::Error> {
        let mut output = Video::new(format, size.width, size.height);
        Colors::of(format).tag_frame(&mut output);
        // SAFETY: allocates or gives null, which the check below sees.
        let context = unsafe { ffi::sws_alloc_context() };
        if context.is_null() {
            return Err(ffmpeg::Error::Other {
                errno: ffmpeg::error::ENOMEM,
            });
        }
        let converter = Self {
            context,
            // With its rows padded: swscale reads a little over the end of a row.
            input: Video::new(Pixel::RGBA, size.width, size.height),
            output,
        };
        converter.set_up(size, format)?;
        Ok(converter)
    }

    fn set_up(&self, size: Size, format: Pixel) -> Result<(), ffmpeg::Error> {
        let pixel = |format: Pixel| ffi::AVPixelFormat::from(format) as i64;
        let options = [
            (c"srcw", i64::from(size.width)),
            (c"srch", i64::from(size.height)),
            (c"dstw", i64::from(size.width)),
            (c"dsth", i64::from(size.height)),
            (c"src_format", pixel(Pixel::RGBA)),
            (c"dst_format", pixel(format)),
            (c"src_range", 1),
            (c"dst_range", i64::from(is_full_range(format))),
            // In 1/256 of a luma pixel: on the left column, between two rows.
            (c"dst_h_chr_pos", 0),
            (c"dst_v_chr_pos", 128),
        ];
        let context = self.context.cast();
        // SAFETY: the context lives, the strings end with a zero byte, the tables are static.
        unsafe {
            for (name, value) in options {
                check(ffi::av_opt_set_int(context, name.as_ptr(), value, 0))?;
            }
            check(ffi::av_opt_set(
                context,
                c"sws_flags".as_ptr(),
                FLAGS.as_ptr(),
                0,
            ))?;
            check(ffi::sws_init_context(
                self.context,
                std::ptr::null_mut(),
                std::ptr::null_mut(),
            ))?;
            let matrix = ffi::sws_getCoefficients(ffi::SWS_CS_ITU709 as c_int);
            let range = c_int::from(is_full_range(format));
            let one = 1 << 16;
            // Refused between RGB formats, which need no matrix.
            ffi::sws_setColorspaceDetails(self.context, matrix, 1, matrix, range, 0, one, one);
        }
        Ok(())
    }

    /// Converts RGBA rows without padding, of the size given to [`Converter::new`].
    pub(super) fn convert(&mut self, rgba: &[u8]) -> Result<(), ffmpeg::Error> {
        let row = self.input.width() as usize * 4;
        let stride = self.input.stride(0);
        let rows = self.input.data_mut(0).chunks_mut(stride);
        for (target, source) in rows.zip(rgba.chunks_exact(row)) {
            target[..row].copy_from_slice(source);
        }
        // SAFETY: both frames have buffers of the sizes and formats that the context was made for.
        unsafe {
            check(ffi::av_frame_make_writable(self.output.as_mut_ptr()))?;
            let (input, output) = (self.input.as_ptr(), self.output.as_mut_ptr());
            check(ffi::sws_scale(
                self.context,
                (*input).data.as_ptr().cast(),
                (*input).linesize.as_ptr(),
                0,
                (*input).height,
                (*output).data.as_ptr(),
                (*output).linesize.as_ptr(),
            ))?;
        }
        Ok(())
    }

    /// What was converted last. The next conversion overwrites it, unless the encoder still holds it: then that
    /// gets another frame.
    pub(super) fn output(&mut self) -> &mut Video {
        &mut self.output
    }
}

impl Drop for Converter {
    fn drop(&mut self) {
        // SAFETY: made by sws_alloc_context and freed once.
        unsafe { ffi::sws_freeContext(self.context) }
    }
}

fn check(code: c_int) -> Result<(), ffmpeg::Error> {
    if code < 0 { Err(code.into()) } else { Ok(()) }
}

/// What the numbers mean, for the tags of frame, stream and file.
pub(super) struct Colors {
    space: Space,
    range: Range,
}

impl Colors {
    pub(super) fn of(format: Pixel) -> Self {
        let space = if is_rgb(format) {
            Space::RGB
        } else {
            Space::BT709
        };
        let range = if is_full_range(format) {
            Range::JPEG
        } else {
            Range::MPEG
        };
        Self { space, range }
    }

    fn tag_frame(&self, frame: &mut Video) {
        frame.set_color_space(self.space);
        frame.set_color_range(self.range);
        frame.set_color_primaries(Primaries::BT709);
        frame.set_color_transfer_characteristic(TransferCharacteristic::BT709);
        // SAFETY: the frame lives.
        unsafe {
            (*frame.as_mut_ptr()).chroma_location = ffi::AVChromaLocation::AVCHROMA_LOC_LEFT;
        }
    }

    pub(super) fn tag_encoder(&self, encoder: &mut ffmpeg::encoder::video::Video) {
        encoder.set_colorspace(self.space);
        encoder.set_color_range(self.range);
        encoder.set_color_primaries(Primaries::BT709);
        encoder.set_color_transfer_characteristic(TransferCharacteristic::BT709);
        // SAFETY: the context lives.
        unsafe {
            (*encoder.as_mut_ptr()).chroma_sample_location =
                ffi::AVChromaLocation::AVCHROMA_LOC_LEFT;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// BT.709 in studio range, from the standard's luma weights.
    fn reference([red, green, blue]: [u8; 3]) -> [f64; 3] {
        let [red, green, blue] = [red, green, blue].map(|level| f64::from(level) / 255.0);
        let luma = 0.2126 * red + 0.7152 * green + 0.0722 * blue;
        let difference = |color, weight: f64| 128.0 + 224.0 * (color - luma) / (2.0 - 2.0 * weight);
        [
            16.0 + 219.0 * luma,
            difference(blue, 0.0722),
            difference(red, 0.2126),
        ]
    }

    #[test]
    fn flat_colors_are_bt709_in_every_plane_and_size() {
        let colors = [
            [0, 0, 0],
            [255, 255, 255],
            [255, 0, 0],
            [0, 255, 0],
            [13, 77, 200],
        ];
        for format in [Pixel::YUV420P, Pixel::YUV444P] {
            for (size, color) in [(1, 1), (7, 5), (64, 36)]
                .into_iter()
                .flat_map(|size| colors.map(|color| (size, color)))
            {
                let size = Size::new(size.0, size.1);
                let [red, green, blue] = color;
                let rgba = [red, green, blue, 9].repeat(size.area() as usize);
                let mut converter = Converter::new(size, format).unwrap();
                converter.convert(&rgba).unwrap();
                let frame = converter.output();
                for (plane, expected) in reference(color).into_iter().enumerate() {
                    let got = f64::from(frame.data(plane)[0]);
                    assert!(
                        (got - expected).abs() <= 1.0,
                        "{size} {color:?}: {got} {expected}"
                    );
                }
            }
        }
    }
}
