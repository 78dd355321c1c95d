use super::super::{Rate, color, fps};
use crate::picture::{Encoding, Format, Model, Picture, Range, Rotation, Siting, Size};

/// The first line of a stream.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Header {
    pub(super) size: Size,
    pub(super) rate: Rate,
    pub(super) pixel_aspect: f64,
    pub(super) interlaced: bool,
    pub(super) format: Format,
    pub(super) encoding: Encoding,
    layout: String,
}

/// What a stream without a rate has, as FFmpeg reads it.
const DEFAULT_RATE: Rate = (25, 1);

const LAYOUTS: &str = "known are C420jpeg, C420mpeg2, C420paldv, C411, C422, C444, C444alpha and \
     Cmono, and with p9 to p16 for deeper samples (C420p10, Cmono12)";

impl Header {
    /// Reads the line, without its end.
    pub(super) fn parse(line: &[u8]) -> Result<Self, String> {
        let text = String::from_utf8_lossy(line);
        let mut fields = text.split(' ').filter(|field| !field.is_empty());
        if fields.next().map(str::as_bytes) != Some(super::MAGIC) {
            return Err("is not YUV4MPEG2; pipe it with 'ffmpeg -i FILE -f yuv4mpegpipe -'".into());
        }
        let (mut width, mut height, mut range) = (None, None, None);
        let (mut rate, mut aspect, mut interlaced, mut name) = (None, None, false, "420jpeg");
        for field in fields {
            let (key, value) = field.split_at(field.chars().next().map_or(0, char::len_utf8));
            match key {
                "W" => width = value.parse().ok(),
                "H" => height = value.parse().ok(),
                "F" => rate = ratio(value),
                "A" => aspect = ratio(value),
                "I" => interlaced = !matches!(value, "p" | "?"),
                "C" => name = value,
                "X" => range = color_range(value).or(range),
                _ => {}
            }
        }
        let (Some(width), Some(height)) = (width, height) else {
            return Err("its header has no size (W and H); the stream is damaged".into());
        };
        let (format, siting) =
            layout(name).ok_or_else(|| format!("its layout C{name} is not known; {LAYOUTS}"))?;
        let size = Size::new(width, height);
        let usual = if format.model == Model::Gray {
            Range::Full
        } else {
            Range::Limited
        };
        Ok(Self {
            size,
            rate: rate.unwrap_or(DEFAULT_RATE),
            pixel_aspect: aspect
                .map_or(1.0, |(width, height)| f64::from(width) / f64::from(height)),
            interlaced,
            format,
            encoding: Encoding {
                matrix: color::usual_matrix(size),
                range: range.unwrap_or(usual),
                siting,
            },
            layout: name.to_owned(),
        })
    }

    /// A picture of the stream without its planes.
    pub(super) fn shape(&self) -> Picture {
        Picture {
            format: self.format.clone(),
            encoding: self.encoding,
            size: self.size,
            pixel_aspect: self.pixel_aspect,
            rotation: Rotation::None,
            planes: Vec::new(),
            time: 0.0,
            sequence: 0,
            captured: None,
        }
    }

    /// The header in words.
    pub(super) fn description(&self) -> String {
        let range = color::range_name(self.encoding.range);
        let matrix = match self.format.model {
            Model::Yuv => format!("{} assumed, ", color::matrix_name(self.encoding.matrix)),
            Model::Gray | Model::Rgb => String::new(),
        };
        let (layout, size, rate) = (&self.layout, self.size, fps(self.rate));
        format!("YUV4MPEG2 {layout}, {size}, {rate}, {matrix}{range}")
    }
}

/// `N:M`, both at least 1.
fn ratio(text: &str) -> Option<(u32, u32)> {
    let (numerator, denominator) = text.split_once(':')?;
    let ratio = (numerator.parse().ok()?, denominator.parse().ok()?);
    (ratio.0 > 0 && ratio.1 > 0).then_some(ratio)
}

fn color_range(text: &str) -> Option<Range> {
    match text {
        "COLORRANGE=FULL" => Some(Range::Full),
        "COLORRANGE=LIMITED" => Some(Range::Limited),
        _ => None,
    }
}

/// The layout and the chroma siting behind a `C` field: `420jpeg`, `422p10`, `mono12`, …
fn layout(color: &str) -> Option<(Format, Siting)> {
    if let Some(deep) = color.strip_prefix("mono") {
        let depth = if deep.is_empty() {
            Some(8)
        } else {
            depth(deep)
        }?;
        return Some((Format::packed(Model::Gray, 1, depth), Siting::Center));
    }
    let (sampling, rest) = color.split_at_checked(3)?;
    let chroma_shift = match sampling {
        "420" => (1, 1),
        "422" => (1, 0),
        "444" => (0, 0),
        "411" => (2, 0),
        _ => return None,
    };
    let (depth, siting) = match (sampling, rest) {
        ("420", "" | "jpeg") => (8, Siting::Center),
        ("420", "mpeg2") | (_, "") => (8, Siting::Left),
        ("420", "paldv") => (8, Siting::TopLeft),
        ("444", "alpha") => return Some((with_alpha(Format::yuv(8, chroma_shift)), Siting::Left)),
        (_, deep) => (depth(deep.strip_prefix('p')?)?, Siting::Left),
    };
    Some((Format::yuv(depth, chroma_shift), siting))
}

fn depth(text: &str) -> Option<u8> {
    text.parse().ok().filter(|depth| (9..=16).contains(depth))
}

/// The same layout with a fourth plane like the first.
fn with_alpha(mut format: Format) -> Format {
    let mut alpha = format.components[0];
    alpha.plane = 3;
    format.components.push(alpha);
    format
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::picture::Matrix;

    fn parse(rest: &str) -> Result<Header, String> {
        Header::parse(format!("YUV4MPEG2 W1280 H720 {rest}").as_bytes())
    }

    #[test]
    fn every_field_counts() {
        let header = parse("F30000:1001 It A16:15 C422p10 XYSCSS=422P10 XCOLORRANGE=FULL").unwrap();
        assert_eq!(header.size, Size::new(1280, 720));
        assert_eq!(header.rate, (30000, 1001));
        assert!(header.interlaced);
        assert_eq!(header.pixel_aspect, 16.0 / 15.0);
        assert_eq!(header.format, Format::yuv(10, (1, 0)));
        assert_eq!(header.encoding.range, Range::Full);
        assert_eq!(header.encoding.matrix, Matrix::Bt709);
        assert!(
            header.description().contains("BT.709 assumed"),
            "{}",
            header.description()
        );
    }

    #[test]
    fn what_is_missing_has_the_usual_value() {
        let header = parse("F0:0 A0:0 Ip").unwrap();
        assert_eq!((header.rate, header.pixel_aspect), (DEFAULT_RATE, 1.0));
        assert_eq!(header.format, Format::yuv(8, (1, 1)));
        assert_eq!(header.encoding.siting, Siting::Center);
        assert!(!header.interlaced);
    }

    #[test]
    fn layouts_by_name() {
        let format = |color: &str| parse(&format!("C{color}")).map(|header| header.format);
        assert_eq!(format("mono"), Ok(Format::gray8()));
        assert_eq!(format("mono12"), Ok(Format::packed(Model::Gray, 1, 12)));
        assert_eq!(format("444"), Ok(Format::yuv(8, (0, 0))));
        assert_eq!(format("420p16"), Ok(Format::yuv(16, (1, 1))));
        assert_eq!(
            format("444alpha").map(|format| format.components.len()),
            Ok(4)
        );
        assert_eq!(
            parse("C420paldv").map(|header| header.encoding.siting),
            Ok(Siting::TopLeft)
        );
        for unknown in ["420p8", "420p17", "42", "4é0", "mono7", "rgb"] {
            assert!(
                format(unknown).unwrap_err().contains("C420jpeg"),
                "{unknown}"
            );
        }
    }

    #[test]
    fn no_size_and_no_magic_are_errors() {
        assert!(
            Header::parse(b"YUV4MPEG2 W12")
                .unwrap_err()
                .contains("no size")
        );
        assert!(Header::parse(b"RIFF").unwrap_err().contains("yuv4mpegpipe"));
    }
}
