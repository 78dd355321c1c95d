use std::time::Duration;

use crate::picture::{Picture, Size};
use crate::show::Show;
use crate::source::{Feed, Info, Location, Options, SourceError, Wait};

/// How long a source may take to give its first picture before the show begins without it.
const PATIENCE: Duration = Duration::from_secs(2);

/// The sources of a show, opened, in its order.
#[derive(Debug)]
pub struct Feeds {
    feeds: Vec<Source>,
}

#[derive(Debug)]
struct Source {
    name: String,
    feed: Feed,
    looping: bool,
    /// The newest picture that was taken.
    held: Option<Picture>,
    /// Whether it has not been given on yet.
    is_new: bool,
    fault: Option<String>,
}

/// How a source is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Health {
    /// What the show calls it.
    pub name: String,
    /// Why it holds its last picture, if it does.
    pub fault: Option<String>,
    /// How many pictures came too late to be shown.
    pub late: u64,
}

impl Feeds {
    /// Opens every source of a show; blocks while it does.
    ///
    /// # Errors
    /// The first source that cannot be opened.
    pub fn open(show: &Show) -> Result<Self, SourceError> {
        let open = |entry: &crate::show::SourceEntry| {
            let options = Options {
                looping: entry.looping,
                start: entry.start,
                rate: show.canvas.fps,
            };
            let feed = Feed::open(&Location::parse(&entry.location)?, options)?;
            Ok(Source {
                name: entry.name.clone(),
                feed,
                looping: entry.looping,
                held: None,
                is_new: false,
                fault: None,
            })
        };
        Ok(Self {
            feeds: show.sources.iter().map(open).collect::<Result<_, _>>()?,
        })
    }

    /// Shows the first picture of each source, with the source's number, where one comes soon.
    ///
    /// # Errors
    /// A source that fails before its first picture.
    pub fn rehearse(&mut self, mut look: impl FnMut(usize, &Picture)) -> Result<(), SourceError> {
        for (number, source) in self.feeds.iter_mut().enumerate() {
            let seen = source.feed.peek(PATIENCE, |picture| look(number, picture));
            if let (None, Some(error)) = (seen, source.feed.error()) {
                return Err(error);
            }
        }
        Ok(())
    }

    /// What the first source is.
    #[must_use]
    pub fn first(&self) -> Option<&Info> {
        self.feeds.first().map(|source| source.feed.info())
    }

    /// The display size of the first source.
    #[must_use]
    pub fn display_size(&self) -> Option<Size> {
        self.first().map(|info| info.display_size)
    }

    /// Whether any source comes to an end.
    #[must_use]
    pub fn will_end(&self) -> bool {
        self.feeds.iter().any(Source::will_end)
    }

    /// How many ticks at `fps` there are before the first source ends, where that is known.
    #[must_use]
    pub fn ticks(&self, fps: f64) -> Option<u64> {
        let ending = self.feeds.iter().filter(|source| source.will_end());
        let seconds = ending.filter_map(|source| source.feed.info().duration);
        seconds
            .reduce(f64::min)
            .map(|seconds| (seconds * fps).round() as u64)
    }

    /// The newest picture of each source that is not later than `until`, where there is a new one; `None` once
    /// a source has ended.
    pub fn take(&mut self, until: f64, wait: Wait) -> Option<Vec<Option<&Picture>>> {
        for source in &mut self.feeds {
            source.take(until, wait);
        }
        let is_over = |source: &Source| source.will_end() && source.feed.ended();
        if self.feeds.iter().any(is_over) {
            return None;
        }
        Some(self.feeds.iter_mut().map(Source::give).collect())
    }

    /// Lets the next [`Self::take`] give each source's last picture once more: to a GPU that has not seen it.
    pub fn give_again(&mut self) {
        for source in &mut self.feeds {
            source.is_new = source.held.is_some();
        }
    }

    /// What each source's last picture was like; `None` before its first.
    #[must_use]
    pub fn outlines(&self) -> Vec<Option<Picture>> {
        let held = self.feeds.iter().map(|source| source.held.as_ref());
        held.map(|picture| picture.map(Picture::outline)).collect()
    }

    /// The first fault that is new since the last call: the source holds its last picture.
    pub fn fault(&mut self) -> Option<String> {
        self.feeds.iter_mut().find_map(|source| {
            let error = source.feed.error()?;
            source.fault = Some(error.to_string());
            Some(format!("{}: {error}", source.name))
        })
    }

    /// How each source is.
    #[must_use]
    pub fn health(&self) -> Vec<Health> {
        let health = |source: &Source| Health {
            name: source.name.clone(),
            fault: source.fault.clone(),
            late: source.feed.late(),
        };
        self.feeds.iter().map(health).collect()
    }

    /// How many pictures came too late to be shown.
    #[must_use]
    pub fn late(&self) -> u64 {
        self.feeds.iter().map(|source| source.feed.late()).sum()
    }
}

impl Source {
    /// Takes a new picture if there is one; the one before it is filled again.
    fn take(&mut self, until: f64, wait: Wait) {
        let Some(picture) = self.feed.take(until, wait) else {
            return;
        };
        if let Some(before) = self.held.replace(picture) {
            self.feed.recycle(before);
        }
        self.is_new = true;
    }

    fn give(&mut self) -> Option<&Picture> {
        let is_new = std::mem::take(&mut self.is_new);
        self.held.as_ref().filter(|_| is_new)
    }

    fn will_end(&self) -> bool {
        !self.looping && !self.feed.info().still
    }
}
