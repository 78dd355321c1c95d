use std::sync::Arc;

use super::clock::WallClock;
use super::latency::LatencyMeter;
use super::loader::Loader;
use super::play::Live;
use super::screen::Screen;
use super::{Pace, Report, Session, USUAL_FPS};
use crate::engine::Engine;
use crate::gpu::{Gpu, WindowSurface};
use crate::session::feeds::refuse_live;
use crate::session::recorder::Recorder;
use crate::session::usual::usual_source;
use crate::session::{Failure, Options, Stage, library};
use crate::show::Show;

/// The show that `live` plays: where it needs a picture and has none, the first camera, else the bundled clip.
/// A source named on the command line loops.
///
/// # Errors
/// As [`Options::show`].
pub fn show(options: &Options) -> Result<Show, Failure> {
    let mut library = library();
    let mut show = options.show(&mut library)?;
    let usual = show.needs_source().then(usual_source).flatten();
    if let Some(source) = usual {
        show.replace_first_source(source, &mut library)
            .map_err(Failure::usage)?;
    }
    if usual.is_some() || options.source.is_some() {
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
    window: Option<WindowSurface>,
) -> Result<Live, Failure> {
    let show = Arc::new(show(options)?);
    if session.pace == Pace::Stepped {
        refuse_live(&show)?;
    }
    let choice = options.gpu.as_deref();
    let (gpu, presenter) = match window {
        Some(window) => window
            .open(choice)
            .map(|(gpu, presenter)| (gpu, Some(presenter))),
        None => Gpu::open(choice, None).map(|gpu| (gpu, None)),
    }
    .map_err(Failure::running)?;
    let engine = Engine::new(&gpu);
    let stage = Stage::new(engine.pipelines(), &show, options.size, USUAL_FPS)?;
    let recorder = session
        .out
        .as_deref()
        .map(|out| Recorder::begin(&gpu, out, &stage))
        .transpose()?;
    let mut options = options.clone();
    if recorder.is_some() {
        // A film keeps its size and rate, whatever preset comes.
        (options.size, options.fps) = (Some(stage.size()), Some(stage.fps()));
    }
    Ok(Live {
        loader: Loader::new(engine.pipelines(), &options),
        clock: WallClock::new(),
        pace: session.pace,
        recorder,
        most_ticks: most_ticks(&options, session, stage.rate()),
        stop: Arc::clone(&session.stop),
        engine,
        stage,
        screen: Screen::new(presenter),
        commands: Vec::new(),
        frozen: false,
        latency: LatencyMeter::default(),
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
