use std::time::Duration;

use crate::engine::{Rehearsal, SourceValues};
use crate::picture::{Picture, Size};
use crate::show::{Playback, Show};
use crate::source::{Feed, Health, Info, Location, Options, Playing, SourceError, Wait};

/// How long a source may take to give its first picture before the show begins without it.
const PATIENCE: Duration = Duration::from_secs(2);

/// The sources of a show, opened, in its order.
#[derive(Debug)]
pub struct Feeds {
    feeds: Vec<Source>,
}

/// What one source of a show says of itself.
#[derive(Clone, Debug, PartialEq)]
pub struct SourceHealth {
    /// What the show calls it.
    pub name: String,
    /// What it says.
    pub health: Health,
}

#[derive(Debug)]
struct Source {
    name: String,
    feed: Feed,
    looping: bool,
    playing: Playing,
    /// Until when pictures are due, on the feed's running count.
    until: f64,
    /// Whether the user was told what it cannot do.
    told: bool,
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
            log::info!("{}: {}", entry.name, feed.info().description);
            Ok(Source {
                name: entry.name.clone(),
                feed,
                looping: entry.looping,
                playing: Playing::default(),
                until: 0.0,
                told: false,
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

    /// Has each source's own thread make ready for pictures of another kind than those before, as a file that is
    /// replaced may give them.
    pub fn on_another_kind(&mut self, rehearsal: impl Fn(usize) -> Rehearsal) {
        for (number, source) in self.feeds.iter().enumerate() {
            source.feed.on_another_kind(rehearsal(number));
        }
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

    /// Plays each source on for a tick of so many seconds, as the show says.
    pub fn play(&mut self, values: &[SourceValues], seconds: f64) {
        for (source, values) in self.feeds.iter_mut().zip(values) {
            source.play(values, seconds);
        }
    }

    /// Leaves out so many seconds: everything plays on as in the last tick.
    pub fn skip(&mut self, seconds: f64) {
        for source in &mut self.feeds {
            source.feed.skip(source.playing.speed, seconds);
        }
    }

    /// The newest picture of each source that is due in the middle of the tick, where there is a new one, so that
    /// stamps in whole milliseconds neither repeat nor skip one; `None` once a source has ended.
    pub fn take(&mut self, wait: Wait) -> Option<Vec<Option<Picture>>> {
        let pictures = self
            .feeds
            .iter_mut()
            .map(|source| source.feed.take(source.until, wait))
            .collect();
        let ended = self
            .feeds
            .iter()
            .any(|source| source.will_end() && source.feed.ended());
        (!ended).then_some(pictures)
    }

    /// Gives buffers back to be filled again.
    pub fn recycle(&self, pictures: Vec<Option<Picture>>) {
        for (source, picture) in self.feeds.iter().zip(pictures) {
            if let Some(picture) = picture {
                source.feed.recycle(picture);
            }
        }
    }

    /// Waits a while for the threads that read the sources: at the end of a session.
    pub fn close(&mut self) {
        self.feeds.iter_mut().for_each(|source| source.feed.close());
    }

    /// What each source says of itself, in the show's order; it costs a look.
    #[must_use]
    pub fn health(&self) -> Vec<SourceHealth> {
        let of = |source: &Source| SourceHealth {
            name: source.name.clone(),
            health: source.feed.health(),
        };
        self.feeds.iter().map(of).collect()
    }

    /// The first fault that is new since the last call: the source holds its last picture.
    pub fn fault(&mut self) -> Option<String> {
        self.feeds.iter_mut().find_map(|source| {
            let error = source.feed.error()?;
            Some(format!("{}: {error}", source.name))
        })
    }

    /// How many pictures came too late to be shown.
    #[must_use]
    pub fn late(&self) -> u64 {
        self.feeds.iter().map(|source| source.feed.late()).sum()
    }
}

/// What the show's parameters of a source ask of its feed.
fn playing(values: &SourceValues) -> Playing {
    let number = |index: usize| values.params[index].lane(0);
    let pauses = number(Playback::PAUSE) != 0.0;
    Playing {
        start: number(Playback::IN),
        end: Some(number(Playback::OUT))
            .filter(|end| *end < Playback::LATEST)
            .unwrap_or(f64::INFINITY),
        speed: if pauses { 0.0 } else { number(Playback::SPEED) },
        restarts: number(Playback::RESTART) > 0.0,
        jump: values.jumps.then(|| number(Playback::JUMP)),
    }
}

impl Source {
    fn play(&mut self, values: &SourceValues, seconds: f64) {
        self.playing = playing(values);
        self.until = self.feed.play(&self.playing, seconds);
        let usual = Playing {
            speed: self.playing.speed,
            ..Playing::default()
        };
        let is_plain = self.playing == usual && matches!(self.playing.speed, 0.0 | 1.0);
        if !self.feed.is_instrument() && !is_plain && !std::mem::replace(&mut self.told, true) {
            log::warn!(
                "{}: only a film or a sequence has in, out, speed, restart and jump; this source goes on without them",
                self.name
            );
        }
    }

    fn will_end(&self) -> bool {
        !self.looping && !self.feed.info().still
    }
}
