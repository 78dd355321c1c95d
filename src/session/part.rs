use std::path::PathBuf;

/// What is played of a file.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Part {
    /// The film or audio file.
    pub(super) path: PathBuf,
    /// Where the first pass begins, in seconds since the first picture.
    pub(super) start: f64,
    /// Where later ones begin.
    pub(super) again: f64,
    /// Where each ends; infinite for the end of a film's pictures, else that of the sound.
    pub(super) end: f64,
    /// Whether it begins again.
    pub(super) looping: bool,
}

impl Part {
    /// All of a file, at first from a place on.
    pub(super) const fn of(path: PathBuf, start: f64, looping: bool) -> Self {
        Self {
            path,
            start,
            again: 0.0,
            end: f64::INFINITY,
            looping,
        }
    }
}
