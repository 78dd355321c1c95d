use std::collections::VecDeque;

use super::super::{Source, SourceError};
use super::ROUNDING;
use crate::picture::Picture;

/// How far before the picture that is wanted a backward stretch begins at least, in seconds.
const STRETCH: f64 = 0.3;

/// The most bytes of a backward stretch, as far as eight pictures allow it.
const MOST_BYTES: usize = 128 << 20;

/// A source that can be read from any place.
pub(super) struct Reel {
    pub(super) source: Box<dyn Source>,
    /// Read and not given, in the source's order, up to where it stands.
    ahead: VecDeque<Picture>,
    /// When the picture before those began, if it was given.
    before: Option<f64>,
    /// Where the source ends, once it was read to there.
    pub(super) end: Option<f64>,
    /// Whether it still stands at its first picture.
    untouched: bool,
}

impl Reel {
    pub(super) fn new(source: Box<dyn Source>) -> Self {
        Self {
            source,
            ahead: VecDeque::new(),
            before: None,
            end: None,
            untouched: true,
        }
    }

    /// The next picture; none at the end.
    pub(super) fn read(&mut self) -> Result<Option<Picture>, SourceError> {
        let read = match self.ahead.pop_front() {
            Some(picture) => Some(picture),
            None => self.read_on()?,
        };
        self.before = read.as_ref().map(|picture| picture.time);
        Ok(read)
    }

    fn read_on(&mut self) -> Result<Option<Picture>, SourceError> {
        self.untouched = false;
        let read = self.source.next()?;
        if read.is_none() {
            self.end = Some(self.source.end());
        }
        Ok(read)
    }

    /// Takes back pictures that were read last and not shown; `held` is when the one before them began.
    pub(super) fn unread(&mut self, pictures: Vec<Picture>, held: Option<f64>) {
        let times = pictures.iter().map(|picture| picture.time);
        let times: Vec<f64> = held.into_iter().chain(times).collect();
        if !times.is_sorted_by(|a, b| a < b) || times.last().copied() != self.before {
            return self.forget(pictures);
        }
        self.before = held;
        for picture in pictures.into_iter().rev() {
            self.ahead.push_front(picture);
        }
    }

    /// Whether the next picture is the one after that which began at `held`.
    pub(super) fn follows(&self, held: Option<f64>) -> bool {
        held.is_some() && self.before == held
    }

    /// The picture that is shown at `position`: the newest one that is not later; none of an empty source.
    pub(super) fn find(&mut self, position: f64) -> Result<Option<Picture>, SourceError> {
        self.seek(position)?;
        let mut shown: Option<Picture> = None;
        while let Some(picture) = self.read_on()? {
            if shown.is_some() && picture.time > position + ROUNDING {
                self.ahead.push_back(picture);
                break;
            }
            let is_exact = picture.time >= position - ROUNDING;
            if let Some(passed) = shown.replace(picture) {
                self.source.recycle(passed);
            }
            if is_exact {
                break;
            }
        }
        self.before = shown.as_ref().map(|picture| picture.time);
        Ok(shown)
    }

    /// The last pictures that begin before `edge`, at least those of the last [`STRETCH`] seconds, as far as
    /// memory allows; and `edge`, or where the source ends if that is earlier.
    pub(super) fn stretch(&mut self, edge: f64) -> Result<(VecDeque<Picture>, f64), SourceError> {
        let duration = self.source.info().duration.unwrap_or_default();
        let edge = edge.min(self.end.unwrap_or(f64::INFINITY));
        let top = if edge.is_finite() { edge } else { duration };
        self.seek((top - STRETCH).max(0.0))?;
        let mut stretch = VecDeque::new();
        while let Some(picture) = self.read_on()? {
            if picture.time >= edge - ROUNDING {
                self.source.recycle(picture);
                return Ok((stretch, edge));
            }
            let is_full = stretch.len() >= most(&picture);
            stretch.push_back(picture);
            let first = if is_full { stretch.pop_front() } else { None };
            if let Some(first) = first {
                self.source.recycle(first);
            }
        }
        Ok((stretch, edge.min(self.source.end())))
    }

    fn seek(&mut self, position: f64) -> Result<(), SourceError> {
        let ahead = std::mem::take(&mut self.ahead);
        self.forget(ahead);
        if !(self.untouched && position <= 0.0) {
            self.source.seek(position)?;
        }
        Ok(())
    }

    /// Opens the source anew.
    pub(super) fn reopen(&mut self) -> Result<(), SourceError> {
        self.source.reopen()?;
        self.ahead.clear();
        (self.end, self.untouched) = (None, true);
        Ok(())
    }

    /// Gives pictures back to be filled again.
    pub(super) fn forget(&mut self, pictures: impl IntoIterator<Item = Picture>) {
        self.before = None;
        for picture in pictures {
            self.source.recycle(picture);
        }
    }
}

/// How many pictures like this one are kept.
fn most(picture: &Picture) -> usize {
    (MOST_BYTES / picture.bytes().max(1)).clamp(8, 256)
}
