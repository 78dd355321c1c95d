//! PNG files.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use image::{ExtendedColorType, ImageEncoder, ImageResult};

use super::partial::Partial;
use super::{Finished, Output, OutputError, Settings};
use crate::picture::Size;

/// One picture in one file.
pub(super) struct Image {
    path: PathBuf,
    settings: Settings,
    partial: Option<Partial>,
}

impl Image {
    pub(super) fn create(path: &Path, settings: &Settings) -> Result<Self, OutputError> {
        settings.check_no_film_keys()?;
        // Tried at once, so that a place without write permission is known before the work.
        drop(Partial::begin(path)?);
        Ok(Self {
            path: path.to_owned(),
            settings: settings.clone(),
            partial: None,
        })
    }
}

impl Output for Image {
    fn write(&mut self, frame: &[u8]) -> Result<(), OutputError> {
        self.settings.check_frame(frame)?;
        if self.partial.is_some() {
            return Err(OutputError::OnePicture(self.path.clone()));
        }
        let partial = write_png(&self.path, self.settings.size, self.settings.alpha, frame)?;
        self.partial = Some(partial);
        Ok(())
    }

    fn finish(self: Box<Self>) -> Result<Finished, OutputError> {
        let partial = self.partial.ok_or(OutputError::Nothing(self.path))?;
        let (path, bytes) = partial.commit(self.settings.replace)?;
        Ok(Finished {
            pictures: 1,
            bytes,
            file: Some(path),
        })
    }
}

/// Writes RGBA to what will be the PNG file `path`, as RGB without `alpha`.
pub(super) fn write_png(
    path: &Path,
    size: Size,
    alpha: bool,
    frame: &[u8],
) -> Result<Partial, OutputError> {
    let partial = Partial::begin(path)?;
    let png = encode(size, alpha, frame).map_err(io::Error::other);
    match png.and_then(|png| partial.file().write_all(&png)) {
        Ok(()) => Ok(partial),
        Err(source) => Err(partial.write_error(source)),
    }
}

fn encode(size: Size, alpha: bool, frame: &[u8]) -> ImageResult<Vec<u8>> {
    let mut png = Vec::new();
    // Fast compression with adaptive filters: near the default's size at a fraction of its time.
    let encoder =
        PngEncoder::new_with_quality(&mut png, CompressionType::Fast, FilterType::Adaptive);
    if alpha {
        encoder.write_image(frame, size.width, size.height, ExtendedColorType::Rgba8)?;
    } else {
        let rgb = without_alpha(frame);
        encoder.write_image(&rgb, size.width, size.height, ExtendedColorType::Rgb8)?;
    }
    Ok(png)
}

fn without_alpha(frame: &[u8]) -> Vec<u8> {
    let (pixels, _) = frame.as_chunks::<4>();
    pixels
        .iter()
        .flat_map(|&[red, green, blue, _]| [red, green, blue])
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const FRAME: [u8; 8] = [1, 2, 3, 128, 250, 251, 252, 0];

    fn written(alpha: bool) -> image::DynamicImage {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.png");
        let mut settings = Settings::new(Size::new(2, 1), (30, 1));
        settings.alpha = alpha;
        let mut output = Box::new(Image::create(&path, &settings).unwrap());
        output.write(&FRAME).unwrap();
        output.finish().unwrap();
        image::open(path).unwrap()
    }

    #[test]
    fn alpha_is_dropped_unless_asked_for() {
        assert_eq!(written(false).color(), image::ColorType::Rgb8);
        assert_eq!(written(false).as_bytes(), [1, 2, 3, 250, 251, 252]);
        assert_eq!(written(true).color(), image::ColorType::Rgba8);
        assert_eq!(written(true).as_bytes(), FRAME);
    }

    #[test]
    fn one_file_holds_one_picture() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.png");
        let settings = Settings::new(Size::new(2, 1), (30, 1));
        let mut output = Box::new(Image::create(&path, &settings).unwrap());
        output.write(&FRAME).unwrap();
        assert!(matches!(
            output.write(&FRAME),
            Err(OutputError::OnePicture(_))
        ));
        drop(output);
        assert_eq!(std::fs::read_dir(&folder).unwrap().count(), 0);
        let none = Box::new(Image::create(&path, &settings).unwrap());
        assert!(matches!(none.finish(), Err(OutputError::Nothing(_))));
    }

    #[test]
    fn a_picture_of_another_size_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let settings = Settings::new(Size::new(2, 1), (30, 1));
        let mut output = Image::create(&folder.path().join("a.png"), &settings).unwrap();
        assert!(matches!(
            output.write(&FRAME[..4]),
            Err(OutputError::FrameBytes { .. })
        ));
    }
}
