use std::sync::Arc;

use super::coming::ComingFeeds;
use super::ear::{Choice, Listener};
use super::stage::rate;
use super::{Failure, Score};
use crate::engine::Instance;
use crate::gpu::Pipelines;
use crate::picture::Size;
use crate::plan::tables;
use crate::show::Show;

/// The canvas of a show that has neither a size nor a source.
const SIZE: Size = Size::new(1280, 720);

/// A show that is ready to take the place of another: checked, compiled, its new sources open.
#[derive(Debug)]
pub struct Successor {
    pub(super) instance: Instance,
    pub(super) feeds: ComingFeeds,
    pub(super) fps: (u32, u32),
    /// What it hears, and who listens where the show before has nobody who does.
    pub(super) sound: Option<Choice>,
    pub(super) listener: Option<Listener>,
    /// Whether the pictures that are there must be given again: the canvas has another size or arithmetic than
    /// the one before, or they are tables, which nobody kept.
    pub(super) gives_again: bool,
}

impl Successor {
    /// Makes a show ready to follow the one that plays, if any does: not for the frame loop. `size` is what the command line
    /// asks for, `usual` the rate where neither show nor source has one.
    ///
    /// # Errors
    /// A source that cannot be opened, a canvas that cannot be.
    pub fn new(
        pipelines: &Pipelines,
        show: &Arc<Show>,
        size: Option<Size>,
        usual: (u32, u32),
        playing: Option<&Score>,
    ) -> Result<Self, Failure> {
        if show.needs_source() {
            let advice =
                "the show needs a picture: name a SOURCE, a film, an image or dir/%05d.png";
            return Err(Failure::usage(advice));
        }
        let open = playing.map_or(&[][..], |score| &score.sources);
        let wanted = size.or(show.canvas.size);
        let mut feeds = ComingFeeds::open(show, wanted, open).map_err(Failure::usage)?;
        let size = wanted.or_else(|| feeds.display_size()).unwrap_or(SIZE);
        let from_source = || feeds.first()?.rate;
        let fps = show.canvas.fps.or_else(from_source).unwrap_or(usual);
        let sound = Choice::of(show, feeds.infos());
        let goes_on = |sound: &Choice| {
            let before = playing.and_then(|score| score.sound.as_ref());
            before.is_some_and(|before| sound.is_same(before)) && feeds.go_on(sound.source())
        };
        let opened = sound.as_ref().filter(|sound| !goes_on(sound));
        let listener = opened.map(Choice::open).transpose()?;
        let mut instance = Instance::new(pipelines, show, size, rate(fps))?;
        let rehearsal =
            feeds.rehearse(|source, picture| instance.rehearse(pipelines, source, picture));
        rehearsal.map_err(Failure::usage)?;
        Ok(Self {
            instance,
            feeds,
            fps,
            sound,
            listener,
            gives_again: playing
                .is_some_and(|score| !score.is_drawn_as(show, size) || !tables(show).is_empty()),
        })
    }
}
