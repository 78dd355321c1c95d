use std::fmt::Display;
use std::mem;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

use super::checkout::checkout;
use super::ear::{Choice, Listener};
use super::{Feeds, Score, Successor};
use crate::effect::Library;
use crate::engine::{Command, Engine, EngineError, Instance, Tick};
use crate::gpu::Pipelines;
use crate::output::OutputError;
use crate::picture::Size;
use crate::show::Show;
use crate::signal::at_rate;
use crate::source::Wait;

/// Why a session ended otherwise than well; each has its exit status.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// Asked for something that cannot be: exit status 2.
    #[error("{0}")]
    Usage(String),
    /// Failed while running: exit status 1.
    #[error("{0}")]
    Running(String),
    /// Stopped by Ctrl-C after so many frames: exit status 130.
    #[error("stopped at frame {0}")]
    Stopped(u64),
}

impl Failure {
    /// Used wrongly.
    pub fn usage(error: impl Display) -> Self {
        Self::Usage(error.to_string())
    }

    /// Failed while running.
    pub fn running(error: impl Display) -> Self {
        Self::Running(error.to_string())
    }
}

impl From<EngineError> for Failure {
    fn from(error: EngineError) -> Self {
        match error {
            EngineError::Gpu(_) => Self::running(error),
            EngineError::Memory(_) | EngineError::Canvas(_) | EngineError::Stage(_) => {
                Self::usage(error)
            }
        }
    }
}

impl From<OutputError> for Failure {
    fn from(error: OutputError) -> Self {
        match error {
            OutputError::Write { .. } | OutputError::Encode { .. } | OutputError::Nothing(_) => {
                Self::running(error)
            }
            _ => Self::usage(error),
        }
    }
}

/// The library of built-in effects and those in the user's folder, `$XDG_CONFIG_HOME/afterimage/effects`. Where
/// the program runs from its checkout, the built-in ones are those of its `shaders/`.
#[must_use]
pub fn library() -> Library {
    let folder = config_folder().map(|folder| folder.join("afterimage/effects"));
    Library::new(checkout("shaders").into_iter().chain(folder).collect())
}

/// Where the user's settings lie, `$XDG_CONFIG_HOME` or `~/.config`.
pub(super) fn config_folder() -> Option<PathBuf> {
    let config = std::env::var_os("XDG_CONFIG_HOME").map(PathBuf::from);
    let home = || std::env::var_os("HOME").map(|home| PathBuf::from(home).join(".config"));
    config.or_else(home)
}

/// A show that is ready to be played: its instance and its sources.
#[derive(Debug)]
pub struct Stage {
    instance: Instance,
    feeds: Feeds,
    fps: (u32, u32),
    tick: u64,
    captured: Option<Instant>,
    /// What it hears.
    sound: Option<Choice>,
    listener: Option<Listener>,
    /// When the sound of a file of its own began, in seconds of the show.
    begun: f64,
}

impl Stage {
    /// Opens a show's sources and compiles its effects: not for the frame loop. `size` is what the command
    /// line asks for, `usual` the rate where neither show nor source has one.
    ///
    /// # Errors
    /// A source that cannot be opened, a canvas that cannot be.
    pub fn new(
        pipelines: &Pipelines,
        show: &Arc<Show>,
        size: Option<Size>,
        usual: (u32, u32),
    ) -> Result<Self, Failure> {
        let first = Successor::new(pipelines, show, size, usual, None)?;
        let stage = Self {
            feeds: first.feeds.begin(Feeds::default(), false, 0.0),
            instance: first.instance,
            fps: first.fps,
            tick: 0,
            captured: None,
            sound: first.sound,
            listener: first.listener,
            begun: 0.0,
        };
        stage.rehearse(pipelines);
        Ok(stage)
    }

    /// Whether a show can take the place of this one without a wrong picture; if not, that is worked at.
    pub fn is_ready_for(&self, successor: &mut Successor, pipelines: &Pipelines) -> bool {
        let next = &mut successor.instance;
        next.is_ready_to_succeed(&self.instance, pipelines)
    }

    /// Lets another show take the place of this one, at the same moment of its time. What is the same in both
    /// goes on: see [`Instance::succeed`].
    pub fn succeed(&mut self, successor: Successor, pipelines: &Pipelines) {
        let before = successor.feeds.before();
        self.tick = at_rate(self.tick, self.rate(), rate(successor.fps));
        self.fps = successor.fps;
        let playing = mem::take(&mut self.feeds);
        let now = self.time();
        self.feeds = successor.feeds.begin(playing, successor.gives_again, now);
        self.sound = successor.sound;
        match (&self.sound, successor.listener) {
            (Some(_), None) => {}
            (_, listener) => {
                self.listener = listener;
                self.listen_from(now);
            }
        }
        let previous = mem::replace(&mut self.instance, successor.instance);
        self.instance.succeed(previous, &before);
        self.rehearse(pipelines);
    }

    /// Takes the place of a show whose time is over. A sound that is a file of its own plays on, and who listens to it goes on;
    /// that of a film begins with it.
    pub fn follow(&mut self, before: Self) {
        let passed = before.time();
        self.begun = before.begun - passed;
        let is_same = match (&self.sound, &before.sound) {
            (Some(sound), Some(before)) => sound.source().is_none() && sound.is_same(before),
            _ => false,
        };
        match before.listener.filter(|_| is_same) {
            Some(mut listener) => {
                listener.shift(passed);
                self.listener = Some(listener);
            }
            None => self.listen_from(0.0),
        }
    }

    /// Lets a listener that is new know when its sound began, and that it hears what was since the last tick.
    fn listen_from(&mut self, now: f64) {
        let source = self.sound.as_ref().and_then(Choice::source);
        let begun = source.map_or(self.begun, |index| self.feeds.feeds[index].begun);
        let last = now - 1.0 / self.rate();
        if let Some(listener) = &mut self.listener {
            listener.begin(begun, last);
        }
    }

    /// Seconds of the show before the next tick.
    fn time(&self) -> f64 {
        self.tick as f64 / self.rate()
    }

    /// Has each source's own thread make ready for pictures of another kind than those before.
    fn rehearse(&self, pipelines: &Pipelines) {
        self.feeds
            .on_another_kind(|source| self.instance.rehearsal(pipelines, source));
    }

    /// The canvas's size.
    #[must_use]
    pub const fn size(&self) -> Size {
        self.instance.size()
    }

    /// Ticks a second, as a fraction.
    #[must_use]
    pub const fn fps(&self) -> (u32, u32) {
        self.fps
    }

    /// Ticks a second.
    #[must_use]
    pub fn rate(&self) -> f64 {
        rate(self.fps)
    }

    /// The number of the next tick.
    #[must_use]
    pub const fn next_tick(&self) -> u64 {
        self.tick
    }

    /// The show.
    #[must_use]
    pub const fn show(&self) -> &Arc<Show> {
        self.instance.show()
    }

    /// The tempo in BPM.
    pub fn tempo(&mut self) -> f64 {
        self.instance.conductor().tempo()
    }

    /// Its sources.
    pub const fn feeds(&mut self) -> &mut Feeds {
        &mut self.feeds
    }

    /// What another GPU, or another show, needs to play on from here.
    #[must_use]
    pub fn score(&self) -> Score {
        Score {
            show: Arc::clone(self.show()),
            size: self.size(),
            rate: self.rate(),
            sources: self.feeds.opened(),
            sound: self.sound.clone(),
        }
    }

    /// Plays on with an instance that was made of its [`Self::score`], and gives the old one.
    pub fn move_to(&mut self, instance: Instance, pipelines: &Pipelines) -> Instance {
        self.feeds.give_again();
        let before = self.instance.move_to(instance);
        self.rehearse(pipelines);
        before
    }

    /// When the oldest of the pictures that were new in the last tick was captured; none where none was new
    /// or they come from files.
    #[must_use]
    pub const fn captured(&self) -> Option<Instant> {
        self.captured
    }

    /// Leaves out ticks that came too late.
    pub fn skip(&mut self, ticks: u64) {
        self.instance.conductor().skip(ticks);
        self.feeds.skip(ticks as f64 / self.rate());
        self.tick += ticks;
    }

    /// One tick, encoded; `None` once a source has ended.
    ///
    /// # Errors
    /// A picture that the GPU cannot take.
    pub fn tick(
        &mut self,
        engine: &mut Engine,
        commands: &[Command],
        wait: Wait,
    ) -> Result<Option<Tick>, Failure> {
        let (waits, now) = (wait == Wait::Block, self.time());
        if let Some(listener) = &mut self.listener {
            listener.tick(now, wait, self.instance.conductor());
            if self.instance.show().looks_at_sound() {
                self.instance.hear(listener.sound());
            }
        }
        let playing = engine.begin(&mut self.instance, commands, waits);
        self.feeds.play(&playing, 1.0 / self.rate());
        let Some(pictures) = self.feeds.take(wait) else {
            return Ok(None);
        };
        let captured = pictures
            .iter()
            .flatten()
            .filter_map(|picture| picture.captured);
        self.captured = captured.min();
        let tick = engine.run(&mut self.instance, &pictures)?;
        self.tick += 1;
        Ok(Some(tick))
    }
}

/// Ticks a second of a fraction.
pub(super) fn rate(fps: (u32, u32)) -> f64 {
    f64::from(fps.0) / f64::from(fps.1)
}
