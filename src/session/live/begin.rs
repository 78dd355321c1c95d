use std::sync::Arc;
use std::time::Instant;

use super::board::Board;
use super::clock::WallClock;
use super::loader::Loader;
use super::play::Live;
use super::rebuild;
use super::recovery::Recovery;
use super::reload::Reloader;
use super::screen::Screen;
use super::{Report, Session, USUAL_FPS, Window};
use crate::effect::Library;
use crate::engine::Engine;
use crate::session::recorder::{Place, Recorder};
use crate::session::{Failure, Options, Stage, bundled_clip, library};
use crate::show::Show;
use crate::signal::Taps;

/// The show that `live` plays: where it needs a picture and has none, the bundled clip. A source named on the
/// command line loops.
///
/// # Errors
/// As [`Options::show`].
pub fn show(options: &Options) -> Result<Show, Failure> {
    read(options, &mut library())
}

/// As [`show`], with the effects of a library.
pub(super) fn read(options: &Options, library: &mut Library) -> Result<Show, Failure> {
    let mut show = options.show(library)?;
    let bundled = if show.needs_source() {
        bundled_clip()
    } else {
        None
    };
    if let Some(clip) = &bundled {
        show.replace_first_source(clip, library)
            .map_err(Failure::usage)?;
    }
    if bundled.is_some() || options.source.is_some() {
        show.sources
            .iter_mut()
            .take(1)
            .for_each(|source| source.looping = true);
    }
    Ok(show)
}

/// Makes everything ready to be played.
pub(super) fn begin(
    options: &Options,
    session: &Session,
    window: Option<Arc<dyn Window>>,
) -> Result<Live, Failure> {
    let show = Arc::new(show(options)?);
    let place = Place::new(session.record_to.as_deref())?;
    let (gpu, presenter) =
        rebuild::open(options.gpu.as_deref(), window.as_ref()).map_err(Failure::running)?;
    let engine = Engine::new(&gpu);
    let stage = Stage::new(engine.pipelines(), &show, options.size, USUAL_FPS)?;
    let mut recorder = Recorder::new(&gpu, place, session.pace);
    if let Some(out) = &session.out {
        recorder.begin(out, &stage, window.is_none())?;
    }
    Ok(Live {
        reloader: Reloader::new(engine.pipelines(), options, stage.score())?,
        loader: Loader::new(engine.pipelines(), options),
        clock: WallClock::new(),
        pace: session.pace,
        recorder,
        most_ticks: most_ticks(options, session, stage.rate()),
        stop: Arc::clone(&session.stop),
        engine,
        stage,
        screen: Screen::new(presenter),
        commands: Vec::new(),
        frozen: false,
        begun: Instant::now(),
        taps: Taps::default(),
        board: Board::new(window.as_deref()),
        recovery: Recovery::new(options.gpu.clone(), window, &session.losses),
        trouble: None,
        beat: 0.0,
        report: Report::default(),
    })
}

/// How many ticks there are, if there is an end.
fn most_ticks(options: &Options, session: &Session, rate: f64) -> Option<u64> {
    let seconds = session
        .seconds
        .map(|seconds| (seconds * rate).round().max(1.0) as u64);
    options.frames.into_iter().chain(seconds).min()
}
