use std::path::Path;

use ::image::{ColorType, DynamicImage, ImageDecoder, ImageFormat, ImageReader};

use super::{Info, Source, SourceError, cube};
use crate::picture::{Format, Model, Picture, Size};

/// An image file, or a look-up table: one picture that lasts for ever.
#[derive(Debug)]
pub struct Image {
    info: Info,
    picture: Picture,
    given: bool,
}

impl Image {
    /// Reads the image at `path`, turned upright as its EXIF orientation says.
    ///
    /// # Errors
    /// A file that cannot be read, whose contents are no image, or that is larger than a GPU picture.
    pub fn open(path: &Path) -> Result<Self, SourceError> {
        let (picture, description) = if cube::is_cube(path) {
            cube::read(path)?
        } else {
            read(path)?
        };
        let info = Info {
            still: true,
            frames: Some(1),
            ..Info::of(&picture, description)
        };
        let given = false;
        Ok(Self {
            info,
            picture,
            given,
        })
    }
}

impl Source for Image {
    fn info(&self) -> &Info {
        &self.info
    }

    fn next(&mut self) -> Result<Option<Picture>, SourceError> {
        let first = !std::mem::replace(&mut self.given, true);
        Ok(first.then(|| self.picture.clone()))
    }

    fn rewind(&mut self) -> Result<(), SourceError> {
        self.given = false;
        Ok(())
    }

    fn end(&self) -> f64 {
        f64::INFINITY
    }
}

/// The image format of a file by its first bytes, by its name where those do not tell (TGA).
/// Animated GIF, and motion JPEG, are films for those who can read films.
pub(super) fn format(path: &Path, head: &[u8]) -> Option<ImageFormat> {
    let by_name = ImageFormat::from_path(path).ok();
    let by_name = by_name.filter(|&format| format == ImageFormat::Tga);
    let format = ::image::guess_format(head).ok().or(by_name)?;
    let extension = path.extension().and_then(|extension| extension.to_str());
    let film = match format {
        ImageFormat::Gif => true,
        ImageFormat::Jpeg => matches!(extension, Some("mjpeg" | "mjpg")),
        _ => false,
    };
    (!film || cfg!(not(feature = "media"))).then_some(format)
}

/// The picture in an image file, and what it was.
pub(super) fn read(path: &Path) -> Result<(Picture, String), SourceError> {
    let place = &path.display();
    let refuse = |cause| {
        SourceError::contents(
            place,
            format!("no readable image ({cause}); export it again"),
        )
    };
    let mut reader = ImageReader::open(path)
        .and_then(ImageReader::with_guessed_format)
        .map_err(|cause| SourceError::read(place, cause))?;
    reader.no_limits();
    let name = reader
        .format()
        .and_then(|format| format.extensions_str().first());
    let name = name.copied().unwrap_or("image");
    let mut decoder = reader.into_decoder().map_err(refuse)?;
    let (width, height) = decoder.dimensions();
    SourceError::check_size(place, Size::new(width, height))?;
    let color = decoder.color_type();
    let orientation = decoder.orientation().map_err(refuse)?;
    let mut image = DynamicImage::from_decoder(decoder).map_err(refuse)?;
    image.apply_orientation(orientation);
    let picture = picture(image);
    let description = format!("{name}, {}, {}", describe(color), picture.size);
    Ok((picture, description))
}

/// The samples in a layout that the GPU can read: three interleaved components become four.
fn picture(image: DynamicImage) -> Picture {
    let size = Size::new(image.width(), image.height());
    let (format, bytes) = match image {
        DynamicImage::ImageLuma8(image) => (Format::gray8(), image.into_raw()),
        DynamicImage::ImageLumaA8(image) => (Format::packed(Model::Gray, 2, 8), image.into_raw()),
        DynamicImage::ImageLuma16(image) => {
            (Format::packed(Model::Gray, 1, 16), words(&image.into_raw()))
        }
        DynamicImage::ImageLumaA16(image) => {
            (Format::packed(Model::Gray, 2, 16), words(&image.into_raw()))
        }
        DynamicImage::ImageRgb8(_) | DynamicImage::ImageRgba8(_) => {
            (Format::rgba8(), image.into_rgba8().into_raw())
        }
        DynamicImage::ImageRgb16(_) | DynamicImage::ImageRgba16(_) => {
            (Format::rgba16(), words(&image.into_rgba16().into_raw()))
        }
        other => (Format::rgba16(), words(&encoded(other))),
    };
    Picture::packed(format, size, bytes)
}

/// 16-bit samples as little-endian bytes.
fn words(samples: &[u16]) -> Vec<u8> {
    samples
        .iter()
        .flat_map(|sample| sample.to_le_bytes())
        .collect()
}

/// Linear light in floats, as HDR images hold it, becomes display-encoded (sRGB, IEC 61966-2-1);
/// what is brighter than white is clipped.
fn encoded(image: DynamicImage) -> Vec<u16> {
    let to_word = |value: f32| (value.clamp(0.0, 1.0) * 65535.0).round() as u16;
    let encode = |value: f32| match value {
        dark if dark <= 0.003_130_8 => 12.92 * dark,
        light => 1.055 * light.powf(1.0 / 2.4) - 0.055,
    };
    let rgba = image.into_rgba32f();
    let pixels = rgba.pixels();
    pixels
        .flat_map(|pixel| {
            let [red, green, blue, alpha] = pixel.0;
            [encode(red), encode(green), encode(blue), alpha].map(to_word)
        })
        .collect()
}

fn describe(color: ColorType) -> String {
    let model = match (color.has_color(), color.has_alpha()) {
        (true, true) => "RGBA",
        (true, false) => "RGB",
        (false, true) => "grey with alpha",
        (false, false) => "grey",
    };
    let bits = color.bytes_per_pixel() * 8 / color.channel_count();
    format!("{model} of {bits} bits")
}

#[cfg(test)]
mod tests {
    use super::*;
    use ::image::{GrayImage, ImageBuffer, Rgb, RgbImage, Rgba, RgbaImage};

    fn read_back(save: impl FnOnce(&Path)) -> Picture {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.png");
        save(&path);
        Image::open(&path).unwrap().next().unwrap().unwrap()
    }

    #[test]
    fn samples_come_through_exactly() {
        let rgb = RgbImage::from_fn(3, 2, |x, y| Rgb([x as u8, y as u8, 200]));
        let picture = read_back(|path| rgb.save(path).unwrap());
        assert_eq!(
            (picture.format, picture.size),
            (Format::rgba8(), Size::new(3, 2))
        );
        assert_eq!(picture.planes[0].bytes[4..8], [1, 0, 200, 255]);

        let rgba = RgbaImage::from_pixel(1, 1, Rgba([1, 2, 3, 4]));
        assert_eq!(
            read_back(|path| rgba.save(path).unwrap()).planes[0].bytes,
            [1, 2, 3, 4]
        );

        let gray = GrayImage::from_raw(2, 1, vec![9, 250]).unwrap();
        let picture = read_back(|path| gray.save(path).unwrap());
        assert_eq!(
            (picture.format, &picture.planes[0].bytes[..]),
            (Format::gray8(), &[9, 250][..])
        );

        let deep = ImageBuffer::from_pixel(1, 1, Rgb([0x0102_u16, 3, 0xffff]));
        let picture = read_back(|path| deep.save(path).unwrap());
        assert_eq!(picture.planes[0].bytes, [2, 1, 3, 0, 255, 255, 255, 255]);
    }

    #[test]
    fn a_still_gives_its_picture_once_a_pass() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.png");
        GrayImage::new(1, 1).save(&path).unwrap();
        let mut image = Image::open(&path).unwrap();
        assert!(image.info().still);
        assert!(image.next().unwrap().is_some());
        assert!(image.next().unwrap().is_none());
        image.rewind().unwrap();
        assert!(image.next().unwrap().is_some());
    }

    #[test]
    fn linear_light_is_encoded() {
        let half = ImageBuffer::from_pixel(1, 1, Rgba([0.5_f32, 2.0, 0.0, 0.5]));
        let words = encoded(DynamicImage::ImageRgba32F(half));
        assert_eq!(words, [48192, 65535, 0, 32768]);
    }

    #[test]
    fn broken_and_too_large_images_say_so() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.png");
        GrayImage::new(64, 64).save(&path).unwrap();
        let whole = std::fs::read(&path).unwrap();
        std::fs::write(&path, &whole[..whole.len() / 2]).unwrap();
        let message = Image::open(&path).unwrap_err().to_string();
        assert!(message.contains("a.png: no readable image"), "{message}");
        GrayImage::new(8193, 1).save(&path).unwrap();
        let message = Image::open(&path).unwrap_err().to_string();
        assert!(
            message.contains("8193x1") && message.contains("8192"),
            "{message}"
        );
    }
}
