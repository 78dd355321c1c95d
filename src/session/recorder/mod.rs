//! Takes pictures out of a live session: a film, single pictures. On the loop's thread it opens nothing and
//! waits for nothing.

mod aside;
mod film;
mod place;

use std::collections::VecDeque;
use std::path::PathBuf;

use self::aside::{Aside, Opened, Saved};
use self::film::Film;
use super::live::Pace;
use super::own_source::refuse_own_source;
use super::{Failure, Stage};
use crate::engine::Tick;
use crate::gpu::{Encoder, Frame, Gpu, Readback, View};
use crate::output::{self, Settings, Target};
use crate::picture::Size;

pub use self::film::FilmStatus;
pub(super) use self::film::Moment;
pub(super) use self::place::Place;

/// What a performer should know of recordings.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RecordingStatus {
    /// The film that is being recorded.
    pub film: Option<FilmStatus>,
    /// What was completed last, a film or a picture.
    pub saved: Option<PathBuf>,
    /// Why the last recording ended early, or a picture was not saved.
    pub error: Option<String>,
}

/// Brings pictures back from the GPU and has them written. By the wall clock it never waits: a frame that finds
/// no room is left out and the one before it stands longer, so that a film keeps its length.
#[derive(Debug)]
pub(super) struct Recorder {
    pace: Pace,
    /// Whether the film is all that the session is for, and the session ends with it.
    film_is_all: bool,
    /// None while there is no GPU.
    readback: Option<Readback>,
    /// The numbers of the frames that are on their way, and what they are for.
    sent: VecDeque<(u64, Purpose)>,
    film: Option<Film>,
    /// The title of the show whose next picture is to be saved.
    still: Option<String>,
    aside: Aside,
    saved: Option<PathBuf>,
    error: Option<String>,
}

#[derive(Clone, Debug, PartialEq)]
enum Purpose {
    /// The film, from this tick of it on.
    Film(u64),
    /// A picture of its own, of the show with this title.
    Still(String),
}

impl Recorder {
    /// Compiles what brings pictures back: not for the frame loop.
    pub(super) fn new(gpu: &Gpu, place: Place, pace: Pace) -> Self {
        Self {
            pace,
            film_is_all: false,
            readback: Some(Readback::new(gpu)),
            sent: VecDeque::new(),
            film: None,
            still: None,
            aside: Aside::new(place),
            saved: None,
            error: None,
        }
    }

    /// Begins a film with a name, from the session's first tick on: not for the frame loop.
    ///
    /// # Errors
    /// A name that cannot be, or that the show reads; a file that cannot be begun.
    pub(super) fn begin(&mut self, out: &str, stage: &Stage, is_all: bool) -> Result<(), Failure> {
        let target = Target::parse(out).map_err(Failure::usage)?;
        refuse_own_source(&target, stage.show(), None)?;
        let settings = settings(stage);
        let output = output::create(&target, &settings)?;
        self.film = Some(Film::begin(output, &settings)?);
        self.film_is_all = is_all;
        Ok(())
    }

    /// Begins or ends a film; does nothing where it is so already.
    pub(super) fn record(&mut self, on: bool, stage: &Stage, now: Moment) {
        if on == self.is_recording() {
            return;
        }
        self.error = None;
        if on {
            self.aside.open_film(settings(stage), &stage.show().title);
        } else if !self.aside.forget_opening()
            && let Some(film) = self.film.take()
        {
            // What is on its way is younger than a few ticks: the last frame stands for them.
            self.sent
                .retain(|(_, purpose)| matches!(purpose, Purpose::Still(_)));
            self.aside.complete(film.end(now));
            self.film_is_all = false;
        }
    }

    /// Whether a film is being recorded, or about to.
    pub(super) const fn is_recording(&self) -> bool {
        self.film.is_some() || self.aside.is_opening()
    }

    /// Saves the next picture that comes.
    pub(super) fn save_still(&mut self, stage: &Stage) {
        self.still = Some(stage.show().title.clone());
    }

    /// What is done on every turn of the loop, whether there is a tick or not.
    ///
    /// # Errors
    /// What ended the film, if that is all that the session is for.
    pub(super) fn turn(&mut self, now: Moment) -> Result<(), Failure> {
        if let Some(opened) = self.aside.opened() {
            self.opened(opened)?;
        }
        while let Some(saved) = self.aside.saved() {
            self.saved(saved);
        }
        while self.take_ready()? {}
        if let Some(film) = self.film.as_mut().filter(|_| self.sent.is_empty()) {
            film.hold(now);
        }
        Ok(())
    }

    /// Sends a tick's picture on its way.
    ///
    /// # Errors
    /// As [`Self::turn`].
    pub(super) fn encode(&mut self, tick: &mut Tick, now: Moment) -> Result<(), Failure> {
        self.encode_still(&mut tick.encoder, &tick.picture, tick.size);
        if self.pace == Pace::Stepped && self.readback.as_ref().is_some_and(Readback::is_full) {
            let frame = self.oldest();
            self.deliver(frame)?;
        }
        let (Some(film), Some(readback)) = (&mut self.film, &mut self.readback) else {
            return Ok(());
        };
        let at = film.tick(now);
        let (encoder, picture) = (&mut tick.encoder, &tick.picture);
        match readback.encode_fitted(encoder, picture, tick.size, film.size) {
            Some(number) => self.sent.push_back((number, Purpose::Film(at))),
            None => film.drop_frame(),
        }
        Ok(())
    }

    /// The picture stands still: what is to be saved is this one.
    pub(super) fn hold(&mut self, gpu: &Gpu, picture: Option<(&View, Size)>) {
        if let (Some(_), Some((picture, size))) = (&self.still, picture) {
            let mut encoder = gpu.encoder("still");
            self.encode_still(&mut encoder, picture, size);
            gpu.submit(encoder);
        }
    }

    fn encode_still(&mut self, encoder: &mut Encoder, picture: &View, size: Size) {
        if let (Some(title), Some(readback)) = (&self.still, &mut self.readback)
            && let Some(number) = readback.encode(encoder, picture, size)
        {
            let purpose = Purpose::Still(title.clone());
            self.sent.push_back((number, purpose));
            self.still = None;
        }
    }

    /// The GPU is gone, and the frames that were on their way with it: the one before them stands for their
    /// time too.
    pub(super) fn lose_gpu(&mut self) {
        self.readback = None;
        self.sent.clear();
    }

    /// There is a GPU again.
    pub(super) fn resume(&mut self, readback: Readback) {
        self.readback = Some(readback);
    }

    fn take_ready(&mut self) -> Result<bool, Failure> {
        let Some(readback) = self.readback.as_mut().filter(|_| !self.sent.is_empty()) else {
            return Ok(false);
        };
        // A frame that cannot be had is one that is dropped.
        let ready = readback.try_take().unwrap_or_default();
        let is_there = ready.is_some();
        self.deliver(ready)?;
        Ok(is_there)
    }

    /// Waits for the oldest frame that is on its way. A GPU that is lost now keeps its last frames.
    fn oldest(&mut self) -> Option<Frame> {
        let oldest = self.readback.as_mut().map(Readback::take_blocking)?;
        oldest.unwrap_or_default()
    }

    fn deliver(&mut self, frame: Option<Frame>) -> Result<(), Failure> {
        let Some(frame) = frame else { return Ok(()) };
        // One that was lost on its way is older than this one.
        self.sent.retain(|(number, _)| *number >= frame.number);
        // One that nobody waits for any more was on its way when its film ended.
        let is_wanted = |(number, _): &(u64, Purpose)| *number == frame.number;
        let Some((_, purpose)) = self
            .sent
            .front()
            .is_some_and(is_wanted)
            .then(|| self.sent.pop_front())
            .flatten()
        else {
            return Ok(());
        };
        match (purpose, &mut self.film) {
            (Purpose::Still(title), _) => self.aside.save_still(frame, title),
            (Purpose::Film(tick), Some(film)) => {
                let accepted = film.accept(frame, tick, self.pace);
                return accepted.or_else(|failure| self.lose_film(failure));
            }
            (Purpose::Film(_), None) => {}
        }
        Ok(())
    }

    fn opened(&mut self, opened: Opened) -> Result<(), Failure> {
        match opened {
            Ok((output, settings)) => self.film = Some(Film::begin(output, &settings)?),
            Err(failure) => self.complain("nothing is recorded", &failure),
        }
        Ok(())
    }

    fn saved(&mut self, saved: Saved) {
        match saved {
            Ok(finished) => {
                if let Some(file) = finished.file {
                    log::info!("'{}' is complete", file.display());
                    self.saved = Some(file);
                }
            }
            Err(failure) => self.complain("it is not saved", &failure),
        }
    }

    /// The show goes on without its film, unless that is all it is for.
    fn lose_film(&mut self, failure: Failure) -> Result<(), Failure> {
        self.film = None;
        if self.film_is_all {
            return Err(failure);
        }
        self.complain("the recording has ended", &failure);
        Ok(())
    }

    fn complain(&mut self, what: &str, why: &Failure) {
        let text = format!("{what}: {why}");
        log::error!("{text}");
        self.error = Some(text);
    }

    /// What a performer should know now.
    pub(super) fn status(&self) -> RecordingStatus {
        RecordingStatus {
            film: self.film.as_ref().map(Film::status),
            saved: self.saved.clone(),
            error: self.error.clone(),
        }
    }

    /// Completes everything: not for the frame loop.
    ///
    /// # Errors
    /// What keeps the film from being complete.
    pub(super) fn finish(&mut self, now: Moment) -> Result<(), Failure> {
        while let Some(frame) = self.oldest() {
            self.deliver(Some(frame))?;
        }
        let film = self.film.take().map(|film| film.end(now));
        while let Some(saved) = self.aside.wait() {
            self.saved(saved);
        }
        if let Some(writer) = film {
            self.saved(Ok(writer.finish()?));
        }
        Ok(())
    }
}

/// How a session's pictures are recorded.
fn settings(stage: &Stage) -> Settings {
    let mut settings = Settings::new(stage.size(), stage.fps());
    settings.alpha = stage.show().canvas.alpha;
    settings.growing = true;
    settings
}
