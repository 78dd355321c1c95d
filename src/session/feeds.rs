use super::Failure;
use super::coming::Open;
use crate::engine::{Rehearsal, SourceValues};
use crate::health::Health;
use crate::picture::Picture;
use crate::show::{Playback, Show};
use crate::source::{Feed, Info, Location, Playing, Wait};

/// The sources of a show, opened, in its order.
#[derive(Debug, Default)]
pub struct Feeds {
    pub(super) feeds: Vec<Source>,
}

/// What one source of a show says of itself.
#[derive(Clone, Debug, PartialEq)]
pub struct SourceHealth {
    /// What the show calls it.
    pub name: String,
    /// What it says.
    pub health: Health,
    /// How many pictures came too late to be shown.
    pub late: u64,
}

#[derive(Debug)]
pub(super) struct Source {
    pub(super) open: Open,
    pub(super) feed: Feed,
    /// When it began, in seconds of the show.
    pub(super) begun: f64,
    pub(super) playing: Playing,
    /// Until when pictures are due, on the feed's running count.
    pub(super) until: f64,
    /// Whether the user was told what it cannot do.
    pub(super) told: bool,
    /// The newest picture that was taken.
    pub(super) held: Option<Picture>,
    /// Whether it has not been given on yet.
    pub(super) is_new: bool,
}

impl Feeds {
    /// Has each source's own thread make ready for pictures of another kind than those before, as a file that is
    /// replaced may give them.
    pub fn on_another_kind(&self, rehearsal: impl Fn(usize) -> Rehearsal) {
        for (number, source) in self.feeds.iter().enumerate() {
            source.feed.on_another_kind(rehearsal(number));
        }
    }

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
    pub fn take(&mut self, wait: Wait) -> Option<Vec<Option<&Picture>>> {
        for source in &mut self.feeds {
            source.take(wait);
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

    /// Waits a while for the threads that read the sources: at the end of a session.
    pub fn close(&mut self) {
        self.feeds.iter_mut().for_each(|source| source.feed.close());
    }

    /// The first fault that is new since the last call: the source holds its last picture.
    pub fn fault(&mut self) -> Option<String> {
        self.feeds.iter_mut().find_map(|source| {
            let error = source.feed.error()?;
            Some(format!("{}: {error}", source.open.entry.name))
        })
    }

    /// What each source says of itself, in the show's order; it costs a look.
    #[must_use]
    pub fn health(&self) -> Vec<SourceHealth> {
        let of = |source: &Source| SourceHealth {
            name: source.open.entry.name.clone(),
            health: source.feed.health(),
            late: source.feed.late(),
        };
        self.feeds.iter().map(of).collect()
    }

    /// How many pictures were passed over for a newer one.
    #[must_use]
    pub fn passed_over(&self) -> u64 {
        let feeds = self.feeds.iter().map(|source| &source.feed);
        feeds.map(Feed::passed_over).sum()
    }

    /// How many pictures came too late to be shown.
    #[must_use]
    pub fn late(&self) -> u64 {
        self.feeds.iter().map(|source| source.feed.late()).sum()
    }
}

/// Refuses what cannot be had picture by picture, where every picture counts.
pub(super) fn refuse_live(show: &Show) -> Result<(), Failure> {
    let locations = show.sources.iter().map(|source| &source.location);
    let live = locations.filter(|text| Location::parse(text).is_ok_and(|place| place.is_live()));
    live.take(1).try_for_each(|text| {
        Err(Failure::usage(format!(
            "'{text}' keeps its own time: play it, and write it as well with \
             'afterimage live {text} --seconds N -o film.mp4'"
        )))
    })
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
                self.open.entry.name
            );
        }
    }

    /// Takes a new picture if there is one; the one before it is filled again.
    fn take(&mut self, wait: Wait) {
        let Some(picture) = self.feed.take(self.until, wait) else {
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
        let info = self.feed.info();
        !self.open.entry.looping && !info.still && !info.live
    }
}
