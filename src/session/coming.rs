use std::time::Duration;

use super::Feeds;
use super::feeds::Source;
use crate::picture::{Picture, Size};
use crate::show::{Show, SourceEntry};
use crate::source::{Feed, Info, Location, Options, Playing, Rate, SourceError};

/// How long a source may take to give its first picture before the show begins without it.
const PATIENCE: Duration = Duration::from_secs(2);

/// What is known of a source that is open, so that a later show can go on with it.
#[derive(Clone, Debug)]
pub(super) struct Open {
    pub(super) entry: SourceEntry,
    rate: Option<Rate>,
    info: Info,
    /// What its pictures are like, as far as that is known.
    pub(super) outline: Option<Picture>,
}

impl Open {
    /// The same, its pictures like this one.
    pub(super) fn like(&self, picture: Option<&Picture>) -> Self {
        let outline = picture.map(Picture::outline);
        Self {
            outline: outline.or_else(|| self.outline.clone()),
            ..self.clone()
        }
    }

    /// Whether another entry would open the same.
    fn is(&self, entry: &SourceEntry, rate: Option<Rate>) -> bool {
        let opened = |entry: &SourceEntry| {
            let start = entry.start.to_bits();
            (
                entry.location.clone(),
                entry.looping,
                start,
                entry.capture.clone(),
            )
        };
        // Only numbered pictures take their rate from the canvas.
        let numbered = entry.location.contains('%');
        opened(&self.entry) == opened(entry) && (self.rate == rate || !numbered)
    }
}

/// The sources of a show that is to begin. What the show before has open already is not opened once more.
#[derive(Debug)]
pub(super) struct ComingFeeds {
    sources: Vec<Coming>,
}

#[derive(Debug)]
struct Coming {
    open: Open,
    /// Where it was opened for this show.
    feed: Option<Feed>,
    /// Else which one of the show before it is.
    before: Option<usize>,
}

impl Coming {
    fn open(
        entry: &SourceEntry,
        rate: Option<Rate>,
        size: Option<Size>,
    ) -> Result<Self, SourceError> {
        let options = Options {
            looping: entry.looping,
            start: entry.start,
            rate,
            capture: entry.capture.clone(),
            canvas: size,
        };
        let feed = Feed::open(&Location::parse(&entry.location)?, options)?;
        log::info!("{}: {}", entry.name, feed.info().description);
        let open = Open {
            entry: entry.clone(),
            rate,
            info: feed.info().clone(),
            outline: None,
        };
        Ok(Self {
            open,
            feed: Some(feed),
            before: None,
        })
    }

    fn go_on(before: usize, open: &Open, entry: &SourceEntry) -> Self {
        let open = Open {
            entry: entry.clone(),
            ..open.clone()
        };
        Self {
            open,
            feed: None,
            before: Some(before),
        }
    }

    /// Shows what its pictures are like.
    fn rehearse(&mut self, look: impl FnMut(&Picture)) -> Result<(), SourceError> {
        if let Some(feed) = &mut self.feed {
            self.open.outline = feed.peek(PATIENCE, Picture::outline);
            if let (None, Some(error)) = (&self.open.outline, feed.error()) {
                return Err(error);
            }
        }
        self.open.outline.iter().for_each(look);
        Ok(())
    }
}

impl ComingFeeds {
    /// Opens what is not among the sources that play, for a canvas of `size` where that is known; blocks while it
    /// does.
    ///
    /// # Errors
    /// The first source that cannot be opened.
    pub(super) fn open(
        show: &Show,
        size: Option<Size>,
        playing: &[Open],
    ) -> Result<Self, SourceError> {
        let (mut sources, rate) = (Vec::<Coming>::new(), show.canvas.fps);
        for entry in &show.sources {
            let taken = |index| sources.iter().any(|source| source.before == Some(index));
            let mut before = (0..playing.len()).filter(|index| !taken(*index));
            let coming = match before.find(|index| playing[*index].is(entry, rate)) {
                Some(index) => Coming::go_on(index, &playing[index], entry),
                None => Coming::open(entry, rate, size)?,
            };
            sources.push(coming);
        }
        Ok(Self { sources })
    }

    /// Shows what the pictures of each source are like, with the source's number, where one comes soon.
    ///
    /// # Errors
    /// A source that fails before its first picture.
    pub(super) fn rehearse(
        &mut self,
        mut look: impl FnMut(usize, &Picture),
    ) -> Result<(), SourceError> {
        let mut sources = self.sources.iter_mut().enumerate();
        sources.try_for_each(|(number, source)| source.rehearse(|picture| look(number, picture)))
    }

    /// What each source is.
    pub(super) fn infos(&self) -> impl Iterator<Item = &Info> {
        self.sources.iter().map(|source| &source.open.info)
    }

    /// What the first source is.
    pub(super) fn first(&self) -> Option<&Info> {
        self.sources.first().map(|source| &source.open.info)
    }

    /// The display size of the first source.
    pub(super) fn display_size(&self) -> Option<Size> {
        self.first().map(|info| info.display_size)
    }

    /// Whether a source was open before; true where none is meant.
    pub(super) fn go_on(&self, source: Option<usize>) -> bool {
        source.is_none_or(|index| self.sources[index].before.is_some())
    }

    /// Which source of the show before each one is.
    pub(super) fn before(&self) -> Vec<Option<usize>> {
        self.sources.iter().map(|source| source.before).collect()
    }

    /// Lets them play from `now` on, in seconds of the show, together with those of the show before that go on. What is to be drawn
    /// otherwise than it was gives its last picture again.
    pub(super) fn begin(self, before: Feeds, gives_again: bool, now: f64) -> Feeds {
        let mut before: Vec<_> = before.feeds.into_iter().map(Some).collect();
        let feeds = self.sources.into_iter().filter_map(|coming| {
            let playing = coming
                .before
                .and_then(|index| before.get_mut(index)?.take());
            match playing {
                Some(source) => Some(source.go_on(coming.open, gives_again)),
                None => Some(Source::begin(coming.open, coming.feed?, now)),
            }
        });
        Feeds {
            feeds: feeds.collect(),
        }
    }
}

impl Source {
    fn begin(open: Open, feed: Feed, now: f64) -> Self {
        Self {
            open,
            feed,
            begun: now,
            playing: Playing::default(),
            until: 0.0,
            told: false,
            held: None,
            is_new: false,
        }
    }

    fn go_on(self, open: Open, gives_again: bool) -> Self {
        let redrawn = gives_again || open.entry.fit != self.open.entry.fit;
        Self {
            is_new: self.is_new || redrawn && self.held.is_some(),
            open,
            ..self
        }
    }
}
