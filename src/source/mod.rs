//! Sources: films, images, image sequences, look-up tables, YUV4MPEG2 streams; and the feed that reads each of them on
//! a thread of its own.

mod advice;
#[cfg(feature = "camera")]
mod camera;
mod clip;
mod color;
mod cube;
mod error;
mod feed;
mod file;
#[cfg(feature = "media")]
mod film;
mod image;
mod location;
mod pattern;
mod planes;
mod playhead;
mod sequence;
#[cfg(feature = "media")]
mod stream;
mod timekeeper;
mod timeline;
mod y4m;

use std::io::Read;
use std::path::Path;

use crate::frame_loop::may_block;
use crate::picture::{Capture, Picture, Size};

#[cfg(feature = "camera")]
pub use camera::{Device, Mode, cameras};
pub use clip::bundled_clip;
pub use error::SourceError;
pub use feed::{Feed, Wait};
#[cfg(feature = "media")]
pub use film::{Film, Sound};
pub use image::Image;
pub use location::{Camera, Location};
pub use playhead::Playing;
pub use sequence::Sequence;
pub use timekeeper::{Place, Timekeeper};
pub use y4m::Y4m;

/// Pictures a second, as numerator and denominator: NTSC's rate is (30000, 1001).
pub type Rate = (u32, u32);

/// What is known of a source before its pictures are read.
#[derive(Clone, Debug, PartialEq)]
pub struct Info {
    /// Stored size of the first picture.
    pub size: Size,
    /// The size it is shown at, with pixel aspect and rotation applied.
    pub display_size: Size,
    /// Pictures a second; the mean where they vary, none for stills.
    pub rate: Option<Rate>,
    /// Seconds, where known.
    pub duration: Option<f64>,
    /// How many pictures, where known.
    pub frames: Option<u64>,
    /// Whether there is sound beside the pictures.
    pub has_sound: bool,
    /// The container's own time stamp of the first picture, in seconds: what to subtract from the
    /// stamps of its sound.
    pub start: f64,
    /// Codec, layout and colours in words, and what was assumed for colours that are not tagged.
    pub description: String,
    /// One picture that lasts for ever.
    pub still: bool,
    /// Whether it can be read again from its first picture; a pipe cannot.
    pub rewinds: bool,
    /// Whether it keeps its own time: its newest picture is the one to show.
    pub live: bool,
}

impl Info {
    /// What a first picture tells.
    fn of(picture: &Picture, description: String) -> Self {
        Self {
            size: picture.size,
            display_size: picture.display_size(),
            rate: None,
            duration: None,
            frames: None,
            has_sound: false,
            start: 0.0,
            description,
            still: false,
            rewinds: true,
            live: false,
        }
    }
}

/// Something that yields pictures, in the order in which they are shown. Reading may block: a
/// [`Feed`] does it on a thread of its own.
///
/// In a live session no error is the end. After [`SourceError::Stalled`] the feed holds its last picture and
/// calls `next` again at once, so the source itself waits a while before it says so. After every other error it
/// holds its last picture and calls [`reopen`](Self::reopen), at first after a quarter of a second and then
/// every two, until that works; the pictures that follow count on from there. In a render every error but
/// `Stalled` ends the source.
pub trait Source: Send {
    /// What it is.
    fn info(&self) -> &Info;

    /// The next picture, with `time` and `sequence` counted from the first picture of this pass; none
    /// after the last one.
    ///
    /// # Errors
    /// The source cannot be read on.
    fn next(&mut self) -> Result<Option<Picture>, SourceError>;

    /// Whether what it was opened from is another thing by now, or gone: a look that costs little. A live
    /// session asks at the end of each pass, and a still four times a second.
    fn is_replaced(&self) -> bool {
        false
    }

    /// Opens what it was opened from anew, a device by the name that it keeps, and begins with its first
    /// picture. If that fails, it can be tried again, and `rewind` still works where it did.
    ///
    /// # Errors
    /// It is not there, or not whole yet.
    fn reopen(&mut self) -> Result<(), SourceError> {
        self.rewind()
    }

    /// Goes back to the first picture.
    ///
    /// # Errors
    /// The source can be read once only, or is gone.
    fn rewind(&mut self) -> Result<(), SourceError>;

    /// Goes to the picture that is shown at `seconds`, or to any one before it, the first where nothing better
    /// is known; the caller passes over what comes too early.
    ///
    /// # Errors
    /// As [`rewind`](Self::rewind).
    fn seek(&mut self, seconds: f64) -> Result<(), SourceError> {
        let _ = seconds;
        self.rewind()
    }

    /// When the last picture that `next` gave is over, in seconds since the first one.
    fn end(&self) -> f64;

    /// Takes back a picture that nobody needs any more, to fill its buffers again.
    fn recycle(&mut self, picture: Picture) {
        drop(picture);
    }
}

/// A source that keeps its own time, found but not yet read.
pub(crate) trait Live {
    /// What it is known by: two of the same key are one source.
    fn key(&self) -> String;

    /// Begins to read it. Blocks.
    ///
    /// # Errors
    /// It refuses.
    fn open(self: Box<Self>) -> Result<Box<dyn Source>, SourceError>;
}

/// How to read a source.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Options {
    /// Starts again after the last picture, without a gap. A pipe cannot, and plays once.
    pub looping: bool,
    /// Where the first pass starts, in seconds; later passes start at 0.
    pub start: f64,
    /// The canvas's pictures a second, where it has its own: those of an image sequence, and what is enough of a
    /// camera, instead of 30.
    pub rate: Option<Rate>,
    /// What is asked of a camera.
    pub capture: Capture,
    /// The canvas that the pictures go to, where its size is known before theirs.
    pub canvas: Option<Size>,
}

#[cfg(not(feature = "camera"))]
const NO_CAMERA: &str =
    "cameras need a build with the feature 'camera' (cargo build --features camera)";
const LIVE: &str = "keeps its own time, and cannot be read picture by picture";
const WAITS: &str = "is read picture by picture, and keeps no time of its own";
const GENERATOR: &str =
    "generators are drawn on the GPU and have no pictures to read; use it in a show or in 'live'";
#[cfg(not(feature = "media"))]
const NO_MEDIA: &str = "films and network streams need a build with the feature 'media' (cargo build --features media), \
     which links FFmpeg's libraries; images, sequences and .y4m work in this one";

/// Opens a source. Blocks while it reads the beginning.
///
/// # Errors
/// Nothing there, nothing readable, or a kind that this build does not read.
pub fn open(location: &Location, options: &Options) -> Result<Box<dyn Source>, SourceError> {
    may_block("open a source");
    match location {
        Location::Stdin => Ok(Box::new(Y4m::stdin()?)),
        Location::Path(path) => Ok(Box::new(file::File::open(path, options)?)),
        Location::Camera(_) | Location::Stream(_) => refuse(location, LIVE),
        Location::Generator { .. } => refuse(location, GENERATOR),
    }
}

/// Finds a source that keeps its own time. Blocks while the system is asked.
///
/// # Errors
/// Nothing there, or a kind that this build does not read.
pub(crate) fn find(location: &Location, options: &Options) -> Result<Box<dyn Live>, SourceError> {
    may_block("open a source");
    match location {
        Location::Camera(which) => find_camera(which, options),
        Location::Stream(address) => find_stream(address),
        _ => refuse(location, WAITS),
    }
}

#[cfg(feature = "camera")]
fn find_camera(which: &Camera, options: &Options) -> Result<Box<dyn Live>, SourceError> {
    Ok(Box::new(camera::Found::find(which, options)?))
}

#[cfg(not(feature = "camera"))]
fn find_camera(which: &Camera, _: &Options) -> Result<Box<dyn Live>, SourceError> {
    refuse(which, NO_CAMERA)
}

#[cfg(feature = "media")]
fn find_stream(address: &str) -> Result<Box<dyn Live>, SourceError> {
    Ok(Box::new(stream::Address::new(address)))
}

#[cfg(not(feature = "media"))]
fn find_stream(address: &str) -> Result<Box<dyn Live>, SourceError> {
    refuse(address, NO_MEDIA)
}

fn refuse<T>(text: impl ToString, problem: &'static str) -> Result<T, SourceError> {
    let text = text.to_string();
    Err(SourceError::Unsupported { text, problem })
}

/// Opens a path: a pattern unless a file has that very name, else by what the file holds.
fn open_path(path: &Path, options: &Options) -> Result<Box<dyn Source>, SourceError> {
    if let Some(pattern) = pattern::Pattern::of(path).filter(|_| !path.exists()) {
        return Ok(Box::new(Sequence::open(pattern, options.rate)?));
    }
    let head = match head(path)? {
        Some(head) => head,
        None => return Ok(Box::new(Y4m::pipe(path)?)),
    };
    if head.starts_with(y4m::MAGIC) {
        Ok(Box::new(Y4m::open(path)?))
    } else if cube::is_cube(path) || image::format(path, &head).is_some() {
        Ok(Box::new(Image::open(path)?))
    } else {
        open_film(path)
    }
}

/// The first bytes of a file; none of a pipe, which would lose them.
fn head(path: &Path) -> Result<Option<Vec<u8>>, SourceError> {
    let refuse = |cause| SourceError::read(path.display(), cause);
    let owned = path.to_owned();
    let metadata = match path.metadata() {
        Err(cause) if cause.kind() == std::io::ErrorKind::NotFound => {
            let advice = advice::for_missing(path);
            return Err(SourceError::Missing {
                path: owned,
                advice,
            });
        }
        metadata => metadata.map_err(refuse)?,
    };
    if metadata.is_dir() {
        let advice = advice::for_directory(path);
        return Err(SourceError::Directory {
            path: owned,
            advice,
        });
    }
    if !metadata.is_file() {
        return Ok(None);
    }
    let mut head = Vec::new();
    let file = std::fs::File::open(path).map_err(refuse)?;
    file.take(64).read_to_end(&mut head).map_err(refuse)?;
    match head.is_empty() {
        true => Err(SourceError::Empty(owned)),
        false => Ok(Some(head)),
    }
}

#[cfg(feature = "media")]
fn open_film(path: &Path) -> Result<Box<dyn Source>, SourceError> {
    Ok(Box::new(Film::open(path)?))
}

#[cfg(not(feature = "media"))]
fn open_film(path: &Path) -> Result<Box<dyn Source>, SourceError> {
    refuse(path.display(), NO_MEDIA)
}

/// A rate in words, to a thousandth of a picture.
fn fps((numerator, denominator): Rate) -> String {
    let rate = f64::from(numerator) / f64::from(denominator);
    format!("{} fps", (rate * 1000.0).round() / 1000.0)
}

/// When picture `number` starts at a fixed rate.
fn seconds(number: u64, (numerator, denominator): Rate) -> f64 {
    number as f64 * f64::from(denominator) / f64::from(numerator)
}

/// The number of the picture that is shown at `seconds`.
fn pictures(seconds: f64, (numerator, denominator): Rate) -> u64 {
    (seconds * f64::from(numerator) / f64::from(denominator) + 1e-6).floor() as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(location: &str) -> String {
        let location = Location::parse(location).unwrap();
        open(&location, &Options::default())
            .err()
            .unwrap()
            .to_string()
    }

    #[test]
    fn what_cannot_be_read_picture_by_picture_says_so() {
        assert!(refusal("camera:0").contains("keeps its own time"));
        assert!(refusal("rtsp://host/x").contains("keeps its own time"));
        assert!(refusal("generator:gradient").contains("GPU"));
    }

    #[test]
    fn each_wrong_path_has_its_own_cure() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name).display().to_string();
        std::fs::write(path("empty.mp4"), "").unwrap();
        let message = refusal(&path("empty.mp4"));
        assert!(message.contains("empty.mp4: is empty"), "{message}");
        let message = refusal(&path("emty.mp4"));
        assert!(
            message.contains("did you mean") && message.contains("/empty.mp4?"),
            "{message}"
        );
        std::fs::write(path("0001.png"), "x").unwrap();
        let message = refusal(folder.path().to_str().unwrap());
        assert!(message.contains("/%04d.png"), "{message}");
    }

    #[test]
    fn rates_are_short_words() {
        assert_eq!(fps((30, 1)), "30 fps");
        assert_eq!(fps((30000, 1001)), "29.97 fps");
    }

    #[test]
    fn times_and_numbers_agree_at_awkward_rates() {
        for rate in [(30000, 1001), (24, 1), (25, 3)] {
            for number in 0..10_000 {
                assert_eq!(pictures(seconds(number, rate), rate), number);
            }
        }
    }
}
