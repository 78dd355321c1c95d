use std::path::PathBuf;
use std::sync::Arc;

use crate::picture::Size;

/// Why a source cannot be opened or read on. Each message says what happened and what to do.
#[derive(Debug, thiserror::Error)]
pub enum SourceError {
    /// The text names no source at all.
    #[error("'{text}' names no source: {cure}")]
    NotALocation {
        /// What was written.
        text: String,
        /// What could be written instead.
        cure: &'static str,
    },
    /// No such file.
    #[error("{path}: no such file; {advice}", path = path.display())]
    Missing {
        /// The path as given.
        path: PathBuf,
        /// The nearest name in that folder, or where to look.
        advice: String,
    },
    /// A folder stands where a file was expected.
    #[error("{path}: is a directory; {advice}", path = path.display())]
    Directory {
        /// The path as given.
        path: PathBuf,
        /// The pattern that its files have, if they have one.
        advice: String,
    },
    /// The file holds nothing.
    #[error("{path}: is empty; copy or render it again", path = .0.display())]
    Empty(PathBuf),
    /// The operating system refused.
    #[error("{place}: cannot be read ({cause}); check the file, its disk and its permissions")]
    Read {
        /// The path, or `standard input`.
        place: String,
        /// What the system said.
        cause: std::io::Error,
    },
    /// The contents are not what the reader expected.
    #[error("{place}: {problem}")]
    Contents {
        /// The path, or `standard input`.
        place: String,
        /// What is wrong and what to do.
        problem: String,
    },
    /// A picture that the GPU cannot hold.
    #[error(
        "{place}: pictures of {size} cannot be shown; scale them to 1 to {largest} pixels on each side",
        largest = Size::LARGEST_SIDE
    )]
    Size {
        /// The path, or `standard input`.
        place: String,
        /// The size found.
        size: Size,
    },
    /// A kind of source that this version or this build does not read.
    #[error("'{text}': {problem}")]
    Unsupported {
        /// The location as written.
        text: String,
        /// Why, and what to do.
        problem: &'static str,
    },
    /// A file is not the one that was opened.
    #[error("{0}: was replaced or removed while it played; it is read again when it is whole")]
    Replaced(String),
    /// A device is there and gives no pictures: it is asked again.
    #[error("{0}: gives no pictures")]
    Stalled(String),
    /// A device or a stream is gone, or must be dropped: it is opened again.
    #[error("{place}: is gone ({cause}); it comes back by itself when it is there again")]
    Lost {
        /// The device or the address.
        place: String,
        /// What the system said.
        cause: String,
    },
    /// A fault that several are told of.
    #[error("{0}")]
    Shared(Arc<Self>),
    /// The source cannot go back to its first picture.
    #[error("{0}: cannot be read twice; name a file to loop it or to start in its middle")]
    OneWay(String),
}

impl SourceError {
    /// Wrong contents at `place`.
    pub(super) fn contents(place: impl ToString, problem: impl Into<String>) -> Self {
        Self::Contents {
            place: place.to_string(),
            problem: problem.into(),
        }
    }

    /// A refused read at `place`.
    pub(super) fn read(place: impl ToString, cause: std::io::Error) -> Self {
        Self::Read {
            place: place.to_string(),
            cause,
        }
    }

    /// An error unless every GPU can hold pictures of `size`.
    pub(super) fn check_size(place: impl ToString, size: Size) -> Result<(), Self> {
        if size.is_possible() {
            return Ok(());
        }
        let place = place.to_string();
        Err(Self::Size { place, size })
    }
}
