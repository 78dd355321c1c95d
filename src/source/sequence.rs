use std::path::Path;

use super::pattern::Pattern;
use super::{Info, Rate, Source, SourceError, image};
use crate::picture::{Picture, Size};

/// Numbered images, one picture each, at a fixed rate.
#[derive(Debug)]
pub struct Sequence {
    info: Info,
    pattern: Pattern,
    first: u64,
    count: u64,
    rate: Rate,
    next: u64,
}

impl Sequence {
    /// Pictures a second where nobody says: 30.
    pub const RATE: Rate = (30, 1);

    /// Finds the files of `pattern`, from the lowest number that exists to the highest, and reads the first.
    ///
    /// # Errors
    /// No file at all, a number missing in the middle (the error names the file), a first image that
    /// cannot be read.
    pub(super) fn open(pattern: Pattern, rate: Option<Rate>) -> Result<Self, SourceError> {
        let numbers = pattern
            .numbers()
            .map_err(|cause| SourceError::read(pattern.folder().display(), cause))?;
        let (Some(&first), Some(&last)) = (numbers.first(), numbers.last()) else {
            let problem =
                "no file has such a name; write %d for a number, %05d for one of five digits";
            return Err(SourceError::contents(&pattern, problem));
        };
        if let Some(gap) = gap(&numbers) {
            let missing = pattern.path(gap);
            let problem =
                format!("is missing, the sequence runs from {first} to {last}; render it again");
            return Err(SourceError::contents(missing.display(), problem));
        }
        let (picture, description) = image::read(&pattern.path(first))?;
        let (rate, count) = (rate.unwrap_or(Self::RATE), numbers.len() as u64);
        let info = Info {
            rate: Some(rate),
            frames: Some(count),
            duration: Some(super::seconds(count, rate)),
            ..Info::of(&picture, format!("{count} images: {description}"))
        };
        Ok(Self {
            info,
            pattern,
            first,
            count,
            rate,
            next: 0,
        })
    }

    fn read(&self, path: &Path) -> Result<Picture, SourceError> {
        let (picture, _) = image::read(path)?;
        same_size(path, picture.size, self.info.size)?;
        Ok(picture)
    }
}

impl Source for Sequence {
    fn info(&self) -> &Info {
        &self.info
    }

    fn next(&mut self) -> Result<Option<Picture>, SourceError> {
        if self.next == self.count {
            return Ok(None);
        }
        let mut picture = self.read(&self.pattern.path(self.first + self.next))?;
        picture.sequence = self.next;
        picture.time = super::seconds(self.next, self.rate);
        self.next += 1;
        Ok(Some(picture))
    }

    fn rewind(&mut self) -> Result<(), SourceError> {
        self.next = 0;
        Ok(())
    }

    fn seek(&mut self, seconds: f64) -> Result<(), SourceError> {
        let number = super::pictures(seconds, self.rate);
        self.next = number.min(self.count - 1);
        Ok(())
    }

    fn end(&self) -> f64 {
        super::seconds(self.next, self.rate)
    }
}

/// The first number that is missing between the others.
fn gap(numbers: &[u64]) -> Option<u64> {
    let broken = numbers.windows(2).find(|pair| pair[1] != pair[0] + 1)?;
    Some(broken[0] + 1)
}

fn same_size(path: &Path, found: Size, expected: Size) -> Result<(), SourceError> {
    if found == expected {
        return Ok(());
    }
    let problem = format!("is {found}, the images before it {expected}; give all one size");
    Err(SourceError::contents(path.display(), problem))
}

#[cfg(test)]
mod tests {
    use super::*;
    use ::image::{GrayImage, Luma};

    fn folder(images: &[(u64, u32)]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for &(number, width) in images {
            let image = GrayImage::from_pixel(width, 2, Luma([number as u8]));
            image
                .save(folder.path().join(format!("{number:03}.png")))
                .unwrap();
        }
        folder
    }

    fn open(folder: &Path) -> Result<Sequence, SourceError> {
        let pattern = Pattern::of(&folder.join("%03d.png")).unwrap();
        Sequence::open(pattern, Some((10, 1)))
    }

    #[test]
    fn images_come_in_order_and_again() {
        let folder = folder(&[(7, 2), (8, 2), (9, 2)]);
        let mut sequence = open(folder.path()).unwrap();
        assert_eq!(sequence.info().duration, Some(0.3));
        for _ in 0..2 {
            for (index, number) in [7, 8, 9].into_iter().enumerate() {
                let picture = sequence.next().unwrap().unwrap();
                assert_eq!(picture.planes[0].bytes[0], number);
                assert_eq!(picture.sequence, index as u64);
                assert!((picture.time - index as f64 / 10.0).abs() < 1e-12);
            }
            assert!(sequence.next().unwrap().is_none());
            assert!((sequence.end() - 0.3).abs() < 1e-12);
            sequence.rewind().unwrap();
        }
    }

    #[test]
    fn a_missing_number_is_named() {
        let folder = folder(&[(1, 2), (2, 2), (4, 2)]);
        let message = open(folder.path()).unwrap_err().to_string();
        assert!(message.contains("003.png: is missing"), "{message}");
    }

    #[test]
    fn no_file_at_all_says_how_patterns_work() {
        let message = open(folder(&[]).path()).unwrap_err().to_string();
        assert!(message.contains("%05d"), "{message}");
    }

    #[test]
    fn another_size_is_named() {
        let folder = folder(&[(1, 2), (2, 3)]);
        let mut sequence = open(folder.path()).unwrap();
        assert!(sequence.next().unwrap().is_some());
        let message = sequence.next().unwrap_err().to_string();
        assert!(message.contains("002.png: is 3x2"), "{message}");
    }
}
