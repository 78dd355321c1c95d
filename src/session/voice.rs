//! The own sound of a film on an output device, whose clock the film follows.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, TryRecvError, channel};
use std::thread;
use std::time::{Duration, Instant};

use super::ear::film_with_sound;
use super::feeds::Source;
use super::part::Part;
use super::track::{Deserted, Track};
use super::{Device, Failure, Feeds};
use crate::audio::device::{Choice, Direction, Frame, Speaker, Supply, Wanted};
use crate::source::{Place, Sound, Timekeeper};

/// How often it is looked whether there is room for more, or something else to play.
const LOOK: Duration = Duration::from_millis(5);

/// Channels that are played.
const CHANNELS: usize = 2;

/// Plays the sound of a film after another to one device.
#[derive(Debug)]
pub(super) struct Voice {
    speaker: Arc<Speaker>,
    cues: Sender<Cue>,
}

/// What is to be played from now on.
#[derive(Clone, Debug)]
struct Cue {
    number: u64,
    part: Part,
    /// How far the film has been played where the part starts, in seconds in all.
    count: f64,
}

impl Voice {
    /// Begins to play to the device of a name or a part of it, or to `default`. Blocks while the name is looked for; a device
    /// that is not there is waited for.
    ///
    /// # Errors
    /// No device, or several, of that name.
    pub(super) fn begin(name: &str) -> Result<Self, Failure> {
        let choice = Choice::find(name, Direction::Out).map_err(Failure::usage)?;
        let ((cues, cued), (send, supplies)) = (channel(), channel());
        let speaker = Speaker::begin(choice, send).map_err(Failure::running)?;
        let player = Player {
            cues: cued,
            supplies,
            wanted: Arc::clone(speaker.wanted()),
            cue: None,
            supply: None,
            is_new: false,
        };
        thread::Builder::new()
            .name("play sound".to_owned())
            .spawn(move || player.run())
            .map_err(Failure::running)?;
        let speaker = Arc::new(speaker);
        Ok(Self { speaker, cues })
    }

    /// Plays the sound of the first of these sources that is a film with sound, which it keeps the time of from then on; whether
    /// there is one.
    pub(super) fn play(&self, feeds: &mut Feeds) -> bool {
        let mut found = false;
        for Source { open, feed, .. } in &mut feeds.feeds {
            let film = film_with_sound(&open.entry, feed.info()).filter(|_| !found);
            found |= film.is_some();
            match film {
                None => feed.keep_time(None),
                Some(_) if feed.is_kept() => {}
                Some(film) => {
                    let keeper = self.keeper(&film, open.entry.looping);
                    feed.keep_time(Some(Box::new(keeper)));
                }
            }
        }
        found
    }

    fn keeper(&self, film: &Path, looping: bool) -> Keeper {
        log::info!("{}: its sound is played", film.display());
        Keeper {
            speaker: Arc::clone(&self.speaker),
            cues: self.cues.clone(),
            film: film.to_owned(),
            looping,
            playing: None,
        }
    }

    /// The device, and how it is.
    pub(super) fn device(&self) -> Device {
        self.speaker.health()
    }
}

/// Keeps a film's time by what is heard of it.
#[derive(Debug)]
struct Keeper {
    speaker: Arc<Speaker>,
    cues: Sender<Cue>,
    film: PathBuf,
    looping: bool,
    /// The cue that plays, and the turn of the film that it follows.
    playing: Option<(u64, u64)>,
}

impl Timekeeper for Keeper {
    fn heard(&mut self, place: &Place) -> Option<f64> {
        if place.speed != 1.0 {
            self.fall_silent();
            return None;
        }
        let now = Instant::now();
        self.speaker.wanted().set(place.count, now);
        if self.playing.is_none_or(|(_, turn)| turn != place.turn) {
            self.cue(place);
        }
        self.speaker.heard(now)
    }
}

impl Keeper {
    fn cue(&mut self, place: &Place) {
        let number = self.speaker.wanted().begin();
        self.playing = Some((number, place.turn));
        let part = Part {
            path: self.film.clone(),
            // A place before the part goes to its beginning.
            start: place.position.max(place.start),
            again: place.start,
            end: place.end,
            looping: self.looping,
        };
        let count = place.count;
        // Without the thread there is silence.
        let _ = self.cues.send(Cue {
            number,
            part,
            count,
        });
    }

    fn fall_silent(&mut self) {
        if let Some((cue, _)) = self.playing.take() {
            self.speaker.wanted().end(cue);
        }
    }
}

impl Drop for Keeper {
    fn drop(&mut self) {
        self.fall_silent();
    }
}

/// The thread's side.
struct Player {
    cues: Receiver<Cue>,
    supplies: Receiver<Supply>,
    wanted: Arc<Wanted>,
    cue: Option<Cue>,
    supply: Option<Supply>,
    /// Whether either was not played yet.
    is_new: bool,
}

impl Player {
    /// Plays for as long as anybody may want something.
    fn run(mut self) {
        while self.look().is_ok() {
            if std::mem::take(&mut self.is_new) {
                self.play();
            }
            thread::sleep(LOOK);
        }
    }

    /// Takes what is new.
    fn look(&mut self) -> Result<(), Deserted> {
        while let Ok(supply) = self.supplies.try_recv() {
            (self.supply, self.is_new) = (Some(supply), true);
        }
        loop {
            match self.cues.try_recv() {
                Ok(cue) => (self.cue, self.is_new) = (Some(cue), true),
                Err(TryRecvError::Empty) => return Ok(()),
                Err(TryRecvError::Disconnected) => return Err(Deserted),
            }
        }
    }

    /// Plays the cue to the device, if there are both, from where its film is by now.
    fn play(&mut self) {
        let (
            Some(Cue {
                number,
                part,
                count,
            }),
            Some(supply),
        ) = (self.cue.clone(), &self.supply)
        else {
            return;
        };
        let sound = match Sound::open(&part.path) {
            Ok(sound) => sound,
            Err(cause) => return log::warn!("{cause}; it is silent"),
        };
        let (rate, mut now) = (supply.rate, self.wanted.count(Instant::now()).max(count));
        let start = part.start + now - count;
        let part = Part { start, ..part };
        let give = |samples: &[f32]| {
            let (frames, _) = samples.as_chunks::<CHANNELS>();
            self.give(number, now, frames)?;
            now += frames.len() as f64 / f64::from(rate);
            Ok(())
        };
        Track::new(part, rate, CHANNELS, give).play(sound.given_as(rate, CHANNELS));
    }

    /// Gives frames of a cue as there is room for them.
    fn give(&mut self, cue: u64, count: f64, mut frames: &[Frame]) -> Result<(), Deserted> {
        let mut given = 0;
        loop {
            self.look()?;
            let supply = self.supply.as_mut().filter(|supply| supply.is_open());
            let (false, true, Some(supply)) = (self.is_new, self.wanted.is(cue), supply) else {
                return Err(Deserted);
            };
            let at = count + f64::from(given) / f64::from(supply.rate);
            let taken = supply.give(cue, at, frames);
            frames = &frames[taken..];
            given += taken as u32;
            if frames.is_empty() {
                return Ok(());
            }
            thread::sleep(LOOK);
        }
    }
}
