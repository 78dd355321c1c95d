use ffmpeg_next::chroma::Location;
use ffmpeg_next::codec::packet::side_data::Type;
use ffmpeg_next::format::{Pixel, stream::Stream};
use ffmpeg_next::{color, frame};

use super::super::color::{matrix_name, range_name, usual_matrix};
use crate::picture::{Encoding, Format, Matrix, Model, Range, Rotation, Siting, Size};

/// The matrix that a tag names, or the nearest one there is; none where it says nothing of use.
fn matrix(tag: color::Space) -> Option<Matrix> {
    use color::Space;
    match tag {
        Space::BT709 | Space::SMPTE240M => Some(Matrix::Bt709),
        Space::BT470BG | Space::SMPTE170M | Space::FCC => Some(Matrix::Bt601),
        Space::BT2020NCL | Space::BT2020CL => Some(Matrix::Bt2020),
        _ => None,
    }
}

/// Whether FFmpeg's name of the format says full range (the `yuvj` formats of JPEG).
fn is_jpeg(pixel: Pixel) -> bool {
    use Pixel::{YUVJ411P, YUVJ420P, YUVJ422P, YUVJ440P, YUVJ444P};
    matches!(pixel, YUVJ411P | YUVJ420P | YUVJ422P | YUVJ440P | YUVJ444P)
}

/// How the samples of a decoded picture become colours, by its tags or as players assume it.
pub(super) fn encoding(frame: &frame::Video, format: &Format) -> Encoding {
    let size = Size::new(frame.width(), frame.height());
    let jpeg = is_jpeg(frame.format());
    let range = match (format.model, frame.color_range()) {
        (Model::Rgb, _) | (_, color::Range::JPEG) => Range::Full,
        (_, color::Range::MPEG) => Range::Limited,
        (Model::Gray, _) => Range::Full,
        (Model::Yuv, _) => {
            if jpeg {
                Range::Full
            } else {
                Range::Limited
            }
        }
    };
    let siting = match frame.chroma_location() {
        Location::Center | Location::Top | Location::Bottom => Siting::Center,
        Location::TopLeft | Location::BottomLeft => Siting::TopLeft,
        Location::Unspecified if jpeg => Siting::Center,
        Location::Left | Location::Unspecified => Siting::Left,
    };
    let matrix = matrix(frame.color_space()).unwrap_or_else(|| usual_matrix(size));
    Encoding {
        matrix,
        range,
        siting,
    }
}

/// The colours in words, and which of them were assumed.
pub(super) fn describe(frame: &frame::Video, format: &Format, encoding: Encoding) -> String {
    let assumed = |known: bool| if known { "" } else { " assumed" };
    let range_known = frame.color_range() != color::Range::Unspecified || is_jpeg(frame.format());
    let range = format!("{}{}", range_name(encoding.range), assumed(range_known));
    match format.model {
        Model::Rgb => range_name(encoding.range).to_owned(),
        Model::Gray => range,
        Model::Yuv => {
            let matrix_known = matrix(frame.color_space()).is_some();
            format!(
                "{}{}, {range}",
                matrix_name(encoding.matrix),
                assumed(matrix_known)
            )
        }
    }
}

/// The quarter turns that a stream's display matrix asks for. Mirrors are not applied.
pub(super) fn rotation(stream: &Stream<'_>) -> Rotation {
    let mut side_data = stream.side_data();
    let matrix = side_data.find(|data| data.kind() == Type::DisplayMatrix);
    matrix.map_or(Rotation::None, |matrix| turn(matrix.data()))
}

/// The nearest quarter turn of nine 16.16 numbers in the machine's byte order; the picture is shown
/// turned clockwise by the angle of their first row (libavutil/display.h).
fn turn(matrix: &[u8]) -> Rotation {
    let number = |index: usize| {
        let bytes = matrix.get(index * 4..index * 4 + 4)?.try_into().ok()?;
        Some(f64::from(i32::from_ne_bytes(bytes)))
    };
    let (Some(cosine), Some(sine)) = (number(0), number(1)) else {
        return Rotation::None;
    };
    match (sine.atan2(cosine).to_degrees() / 90.0).round() as i32 {
        1 => Rotation::Clockwise90,
        -2 | 2 => Rotation::Half,
        -1 => Rotation::Clockwise270,
        _ => Rotation::None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn display_matrices_turn_clockwise() {
        let matrix = |cosine: i32, sine: i32| {
            let numbers = [cosine, sine, 0, -sine, cosine, 0, 0, 0, 1 << 30];
            numbers.map(i32::to_ne_bytes).concat()
        };
        let one = 1 << 16;
        assert_eq!(turn(&matrix(one, 0)), Rotation::None);
        assert_eq!(turn(&matrix(0, one)), Rotation::Clockwise90);
        assert_eq!(turn(&matrix(-one, 0)), Rotation::Half);
        assert_eq!(turn(&matrix(0, -one)), Rotation::Clockwise270);
        assert_eq!(turn(&[]), Rotation::None);
    }

    #[test]
    fn colours_are_tagged_or_assumed() {
        let format = Format::yuv(8, (1, 1));
        let mut frame = frame::Video::new(Pixel::YUV420P, 1280, 720);
        let assumed = encoding(&frame, &format);
        assert_eq!(
            (assumed.matrix, assumed.range),
            (Matrix::Bt709, Range::Limited)
        );
        let words = describe(&frame, &format, assumed);
        assert_eq!(words, "BT.709 assumed, limited range assumed");
        frame.set_color_space(color::Space::SMPTE170M);
        frame.set_color_range(color::Range::JPEG);
        let tagged = encoding(&frame, &format);
        assert_eq!((tagged.matrix, tagged.range), (Matrix::Bt601, Range::Full));
        assert_eq!(describe(&frame, &format, tagged), "BT.601, full range");
        let small = frame::Video::new(Pixel::YUVJ420P, 720, 576);
        let jpeg = encoding(&small, &format);
        assert_eq!((jpeg.matrix, jpeg.range), (Matrix::Bt601, Range::Full));
        assert_eq!(jpeg.siting, Siting::Center);
    }
}
