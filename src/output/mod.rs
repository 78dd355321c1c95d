//! Writing pictures to disk: films with sound, PNG sequences, single pictures, or nowhere.
//!
//! Everything is written under a temporary name beside its place and renamed when complete, so that
//! a file with its final name is always whole. The one exception is a growing film: it has its name as soon as
//! pictures are in it, and what is there of it plays.

mod error;
mod field;
#[cfg(feature = "media")]
mod film;
mod image;
mod partial;
mod sequence;
mod target;

use std::path::{Path, PathBuf};

pub use error::OutputError;
pub use field::FieldFile;
pub use target::{Pattern, Target};

use target::in_folder;

use crate::frame_loop::may_block;
use crate::picture::Size;

/// That a file can be written here, before there is anything to write.
///
/// # Errors
/// A folder, or none to write to.
pub fn check_file(path: &Path) -> Result<(), OutputError> {
    if path.is_dir() {
        return Err(OutputError::Folder(path.to_owned()));
    }
    in_folder(path, path).map(drop)
}

/// Writes a file as a whole, in place of an older one.
///
/// # Errors
/// The system refuses.
pub fn write_file(path: &Path, bytes: &[u8]) -> Result<(), OutputError> {
    may_block("write a file");
    partial::whole(path, bytes)?.commit(true).map(drop)
}

/// How pictures are written.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Size of every picture.
    pub size: Size,
    /// Pictures per second as numerator and denominator: (24000, 1001) is 23.976.
    pub rate: (u32, u32),
    /// Whether alpha is kept, straight; else it is dropped.
    pub alpha: bool,
    /// Video encoder or codec by FFmpeg's name (libx264, hevc, prores_ks, …). By default H.264;
    /// VP9 in WebM; with alpha ProRes 4444 in MOV and FFV1 in MKV. Films only.
    pub codec: Option<String>,
    /// Constant quality, 0 (best, largest) to 63 (worst, smallest); the encoder's scale. By default
    /// 18 for H.264 and 30 for VP9. Films only.
    pub crf: Option<u32>,
    /// Pixel format by FFmpeg's name (yuv420p, yuv444p10le, …). Films only.
    pub pixel_format: Option<String>,
    /// The sound of a film; pictures have none.
    pub sound: Option<Sound>,
    /// Whether a film is made while somebody plays. Cut off at any moment, it plays up to its last half second,
    /// and its encoder is a fast one that keeps nothing back. Else it is small and whole, or not there.
    pub growing: bool,
    /// Whether an older file of that name gives way. Else it stays, and the new one's name gets a number.
    /// Single files only.
    pub replace: bool,
}

impl Settings {
    /// Default codecs, no alpha, no sound, whole in the place of an older file.
    #[must_use]
    pub const fn new(size: Size, rate: (u32, u32)) -> Self {
        Self {
            size,
            rate,
            alpha: false,
            codec: None,
            crf: None,
            pixel_format: None,
            sound: None,
            growing: false,
            replace: true,
        }
    }

    /// Bytes of one picture given to [`Output::write`].
    #[must_use]
    pub const fn frame_bytes(&self) -> usize {
        self.size.width as usize * self.size.height as usize * 4
    }

    fn check_frame(&self, frame: &[u8]) -> Result<(), OutputError> {
        let (got, expected) = (frame.len(), self.frame_bytes());
        if got == expected {
            return Ok(());
        }
        Err(OutputError::FrameBytes { got, expected })
    }

    /// That nothing was asked of a picture file that only films have.
    fn check_no_film_keys(&self) -> Result<(), OutputError> {
        let keys = [
            ("a codec", self.codec.is_some()),
            ("a crf", self.crf.is_some()),
            ("a pixel format", self.pixel_format.is_some()),
        ];
        match keys.into_iter().find(|(_, given)| *given) {
            Some((key, _)) => Err(OutputError::FilmsOnly(key)),
            None => Ok(()),
        }
    }
}

/// Where a film's sound comes from: the best audio stream of a file, without repeats. It ends with
/// the picture, or before it where the file has no more.
#[derive(Clone, Debug)]
pub struct Sound {
    /// A film or an audio file; a film without sound gives none.
    pub path: PathBuf,
    /// Seconds into the file at which the first picture stands.
    pub start: f64,
}

impl Sound {
    /// The sound of `path` from its beginning.
    #[must_use]
    pub fn of(path: impl Into<PathBuf>) -> Self {
        Self {
            path: path.into(),
            start: 0.0,
        }
    }
}

/// Takes pictures, one after another.
///
/// Dropped without [`Output::finish`], it removes what is not complete: a film and a single picture
/// leave nothing, of a sequence and of a growing film what was written stays.
pub trait Output: Send {
    /// Adds a picture: 8-bit RGBA, straight alpha, rows without padding from the top.
    ///
    /// # Errors
    /// Where it cannot be encoded or written. The output is then of no more use than to be dropped.
    fn write(&mut self, frame: &[u8]) -> Result<(), OutputError>;

    /// Adds a picture so many times.
    ///
    /// # Errors
    /// As [`Output::write`].
    fn write_times(&mut self, frame: &[u8], times: u64) -> Result<(), OutputError> {
        (0..times).try_for_each(|_| self.write(frame))
    }

    /// The file that others can read already: of a growing film, as soon as it plays.
    fn file(&self) -> Option<&Path> {
        None
    }

    /// Completes the files and gives them their names. A film ends with the last picture written,
    /// however few they are.
    ///
    /// # Errors
    /// Where the rest cannot be written, or no picture came.
    fn finish(self: Box<Self>) -> Result<Finished, OutputError>;
}

/// What was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finished {
    /// Number of pictures.
    pub pictures: u64,
    /// Size of all files.
    pub bytes: u64,
    /// The file, where it is a single one.
    pub file: Option<PathBuf>,
}

/// Opens a target. The file's folder, its encoder and its sound are tried here already.
///
/// # Errors
/// Where the settings do not fit the target, or a file cannot be begun.
pub fn create(target: &Target, settings: &Settings) -> Result<Box<dyn Output>, OutputError> {
    may_block("begin a file");
    match target {
        Target::Null => Ok(Box::new(Null::default())),
        Target::Image(path) => Ok(Box::new(image::Image::create(path, settings)?)),
        Target::Sequence(pattern) => Ok(Box::new(sequence::Sequence::create(pattern, settings)?)),
        #[cfg(feature = "media")]
        Target::Film(path) => Ok(Box::new(film::Film::create(path, settings)?)),
        #[cfg(not(feature = "media"))]
        Target::Film(_) => Err(OutputError::NoFilms),
    }
}

/// Counts pictures and forgets them.
#[derive(Default)]
struct Null {
    pictures: u64,
}

impl Output for Null {
    fn write(&mut self, _frame: &[u8]) -> Result<(), OutputError> {
        self.pictures += 1;
        Ok(())
    }

    fn finish(self: Box<Self>) -> Result<Finished, OutputError> {
        Ok(Finished {
            pictures: self.pictures,
            bytes: 0,
            file: None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn null_counts() {
        let settings = Settings::new(Size::new(2, 1), (30, 1));
        let mut output = create(&Target::Null, &settings).unwrap();
        for _ in 0..3 {
            output.write(&[0; 8]).unwrap();
        }
        assert_eq!(output.finish().unwrap().pictures, 3);
    }

    #[test]
    fn film_settings_are_refused_for_pictures() {
        let folder = tempfile::tempdir().unwrap();
        let mut settings = Settings::new(Size::new(2, 1), (30, 1));
        settings.crf = Some(18);
        let target = Target::Image(folder.path().join("a.png"));
        let error = create(&target, &settings).err().unwrap();
        assert!(matches!(error, OutputError::FilmsOnly("a crf")), "{error}");
    }
}
