use super::coming::Open;
use crate::picture::Picture;
use crate::source::{Feed, Info, Wait};

/// The sources of a show, opened, in its order.
#[derive(Debug, Default)]
pub struct Feeds {
    pub(super) feeds: Vec<Source>,
}

#[derive(Debug)]
pub(super) struct Source {
    pub(super) open: Open,
    pub(super) feed: Feed,
    /// The show's time at its own beginning, in seconds.
    pub(super) since: f64,
    /// The newest picture that was taken.
    pub(super) held: Option<Picture>,
    /// Whether it has not been given on yet.
    pub(super) is_new: bool,
    pub(super) fault: Option<String>,
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
    /// What the first source is.
    #[must_use]
    pub fn first(&self) -> Option<&Info> {
        self.feeds.first().map(|source| source.feed.info())
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

    /// What is known of each source.
    pub(super) fn opened(&self) -> Vec<Open> {
        let sources = self.feeds.iter();
        let open = sources.map(|source| source.open.like(source.held.as_ref()));
        open.collect()
    }

    /// The first fault that is new since the last call: the source holds its last picture.
    pub fn fault(&mut self) -> Option<String> {
        self.feeds.iter_mut().find_map(|source| {
            let error = source.feed.error()?;
            source.fault = Some(error.to_string());
            Some(format!("{}: {error}", source.open.entry.name))
        })
    }

    /// How each source is.
    #[must_use]
    pub fn health(&self) -> Vec<Health> {
        let health = |source: &Source| Health {
            name: source.open.entry.name.clone(),
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
        let Some(picture) = self.feed.take(until - self.since, wait) else {
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
        !self.open.entry.looping && !self.feed.info().still
    }
}
