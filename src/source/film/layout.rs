use ffmpeg_next::ffi::{
    AV_PIX_FMT_FLAG_BAYER, AV_PIX_FMT_FLAG_BE, AV_PIX_FMT_FLAG_BITSTREAM, AV_PIX_FMT_FLAG_FLOAT,
    AV_PIX_FMT_FLAG_HWACCEL, AV_PIX_FMT_FLAG_PAL, AV_PIX_FMT_FLAG_RGB, AVComponentDescriptor,
    AVPixFmtDescriptor, av_pix_fmt_swap_endianness,
};
use ffmpeg_next::format::Pixel;

use crate::picture::{Component, Format, Model};

/// Flags of formats whose samples are not whole little-endian words.
const ODD: i32 = AV_PIX_FMT_FLAG_BE
    | AV_PIX_FMT_FLAG_PAL
    | AV_PIX_FMT_FLAG_BITSTREAM
    | AV_PIX_FMT_FLAG_HWACCEL
    | AV_PIX_FMT_FLAG_BAYER
    | AV_PIX_FMT_FLAG_FLOAT;

/// The layout of an FFmpeg pixel format, if a picture can hold its planes as they are: whole samples of
/// 8 to 16 bits, all alike, every first, second or fourth of a row.
pub(super) fn format(pixel: Pixel) -> Option<Format> {
    let descriptor = descriptor(pixel)?;
    let count = usize::from(descriptor.nb_components);
    let source = descriptor.comp.get(..count)?;
    let first = source.first()?;
    let bytes = if first.depth + first.shift > 8 { 2 } else { 1 };
    let alike = |other: &AVComponentDescriptor| {
        (other.depth, other.shift) == (first.depth, first.shift)
            && matches!(other.step / bytes, 1 | 2 | 4)
            && other.step % bytes == 0
            && other.offset % bytes == 0
    };
    let whole = (8..=16).contains(&first.depth) && first.depth + first.shift <= 16;
    let odd = descriptor.flags & ODD as u64 != 0 || pixel.descriptor()?.name().starts_with("xyz");
    if odd || !whole || !source.iter().all(alike) {
        return None;
    }
    let component = |source: &AVComponentDescriptor| Component {
        plane: source.plane as u8,
        step: (source.step / bytes) as u8,
        offset: (source.offset / bytes) as u8,
        depth: source.depth as u8,
        shift: source.shift as u8,
    };
    Some(Format {
        model: model(&descriptor),
        components: source.iter().map(component).collect(),
        chroma_shift: (descriptor.log2_chroma_w, descriptor.log2_chroma_h),
    })
}

/// The format to convert another one to, which `format` knows: the same samples in the other byte order
/// where that is all, else the plainest format of the same model and depth.
pub(super) fn nearest(pixel: Pixel) -> Pixel {
    // SAFETY: the function looks a number up in a table.
    let swapped = Pixel::from(unsafe { av_pix_fmt_swap_endianness(pixel.into()) });
    if format(swapped).is_some() {
        return swapped;
    }
    let Some(descriptor) = descriptor(pixel) else {
        return Pixel::RGBA;
    };
    let deep = descriptor.comp[0].depth > 8;
    match (model(&descriptor), deep) {
        (Model::Gray, false) => Pixel::GRAY8,
        (Model::Gray, true) => Pixel::GRAY16LE,
        (Model::Rgb, false) => Pixel::RGBA,
        (Model::Rgb, true) => Pixel::RGBA64LE,
        (Model::Yuv, false) => Pixel::YUV444P,
        (Model::Yuv, true) => Pixel::YUV444P16LE,
    }
}

fn model(descriptor: &AVPixFmtDescriptor) -> Model {
    let rgb = AV_PIX_FMT_FLAG_RGB | AV_PIX_FMT_FLAG_PAL | AV_PIX_FMT_FLAG_BAYER;
    if descriptor.flags & rgb as u64 != 0 {
        Model::Rgb
    } else if descriptor.nb_components <= 2 {
        Model::Gray
    } else {
        Model::Yuv
    }
}

fn descriptor(pixel: Pixel) -> Option<AVPixFmtDescriptor> {
    // SAFETY: descriptors are entries of a constant table of libavutil.
    pixel
        .descriptor()
        .map(|descriptor| unsafe { *descriptor.as_ptr() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(pixel: Pixel) -> Vec<(u8, u8, u8, u8, u8)> {
        let components = format(pixel).unwrap().components;
        let row = |c: Component| (c.plane, c.step, c.offset, c.depth, c.shift);
        components.into_iter().map(row).collect()
    }

    #[test]
    fn planes_and_packs_are_tables() {
        assert_eq!(format(Pixel::YUV420P), Some(Format::yuv(8, (1, 1))));
        assert_eq!(format(Pixel::YUV422P10LE), Some(Format::yuv(10, (1, 0))));
        assert_eq!(format(Pixel::GRAY8), Some(Format::gray8()));
        assert_eq!(format(Pixel::RGBA), Some(Format::rgba8()));
        let nv12 = [(0, 1, 0, 8, 0), (1, 2, 0, 8, 0), (1, 2, 1, 8, 0)];
        assert_eq!(table(Pixel::NV12), nv12);
        let p010 = [(0, 1, 0, 10, 6), (1, 2, 0, 10, 6), (1, 2, 1, 10, 6)];
        assert_eq!(table(Pixel::P010LE), p010);
        let yuyv = [(0, 2, 0, 8, 0), (0, 4, 1, 8, 0), (0, 4, 3, 8, 0)];
        assert_eq!(table(Pixel::YUYV422), yuyv);
        let gbrp = [(2, 1, 0, 8, 0), (0, 1, 0, 8, 0), (1, 1, 0, 8, 0)];
        assert_eq!(table(Pixel::GBRP), gbrp);
        assert_eq!(table(Pixel::YA8), [(0, 2, 0, 8, 0), (0, 2, 1, 8, 0)]);
    }

    #[test]
    fn the_rest_has_a_neighbour_that_is_one() {
        let rest = [
            (Pixel::RGB24, Pixel::RGBA),
            (Pixel::PAL8, Pixel::RGBA),
            (Pixel::RGB565LE, Pixel::RGBA),
            (Pixel::RGB48LE, Pixel::RGBA64LE),
            (Pixel::GBRPF32LE, Pixel::RGBA64LE),
            (Pixel::YUV420P10BE, Pixel::YUV420P10LE),
            (Pixel::UYYVYY411, Pixel::YUV444P),
            (Pixel::MonoWhite, Pixel::GRAY8),
            (Pixel::GRAYF32LE, Pixel::GRAY16LE),
        ];
        for (pixel, neighbour) in rest {
            assert_eq!(format(pixel), None, "{pixel:?}");
            assert_eq!(nearest(pixel), neighbour);
            assert!(format(neighbour).is_some());
        }
    }
}
