use std::fmt::Display;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

use super::Feeds;
use crate::effect::Library;
use crate::engine::{Command, Engine, EngineError, Instance, Tick};
use crate::gpu::Pipelines;
use crate::output::OutputError;
use crate::picture::Size;
use crate::show::Show;
use crate::source::Wait;

/// The canvas of a show that has neither a size nor a source.
const SIZE: Size = Size::new(1280, 720);

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
            EngineError::Memory(_) | EngineError::Canvas(_) => Self::usage(error),
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

/// The library of built-in effects and those in the user's folder, `$XDG_CONFIG_HOME/afterimage/effects`.
#[must_use]
pub fn library() -> Library {
    let config = std::env::var_os("XDG_CONFIG_HOME").map(PathBuf::from);
    let home = || std::env::var_os("HOME").map(|home| PathBuf::from(home).join(".config"));
    let folder = config
        .or_else(home)
        .map(|folder| folder.join("afterimage/effects"));
    Library::new(folder.into_iter().collect())
}

/// A show that is ready to be played: its instance and its sources.
#[derive(Debug)]
pub struct Stage {
    instance: Instance,
    feeds: Feeds,
    fps: (u32, u32),
    tick: u64,
    captured: Option<Instant>,
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
        if show.needs_source() {
            let advice =
                "the show needs a picture: name a SOURCE, a film, an image or dir/%05d.png";
            return Err(Failure::usage(advice));
        }
        let wanted = size.or(show.canvas.size);
        let mut feeds = Feeds::open(show, wanted).map_err(Failure::usage)?;
        let size = wanted.or_else(|| feeds.display_size()).unwrap_or(SIZE);
        let fps = show
            .canvas
            .fps
            .or_else(|| feeds.first()?.rate)
            .unwrap_or(usual);
        let rate = f64::from(fps.0) / f64::from(fps.1);
        let mut instance = Instance::new(pipelines, show, size, rate)?;
        let rehearsal =
            feeds.rehearse(|source, picture| instance.rehearse(pipelines, source, picture));
        rehearsal.map_err(Failure::usage)?;
        feeds.on_another_kind(|source| instance.rehearsal(pipelines, source));
        Ok(Self {
            instance,
            feeds,
            fps,
            tick: 0,
            captured: None,
        })
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
        f64::from(self.fps.0) / f64::from(self.fps.1)
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

    /// Its sources.
    pub const fn feeds(&mut self) -> &mut Feeds {
        &mut self.feeds
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
        let playing = self.instance.begin(commands);
        self.feeds.play(&playing, 1.0 / self.rate());
        let Some(pictures) = self.feeds.take(wait) else {
            return Ok(None);
        };
        let new: Vec<_> = pictures.iter().map(Option::as_ref).collect();
        self.captured = new
            .iter()
            .filter_map(|picture| picture.as_ref()?.captured)
            .min();
        let tick = engine.run(&mut self.instance, &new)?;
        self.feeds.recycle(pictures);
        self.tick += 1;
        Ok(Some(tick))
    }
}
