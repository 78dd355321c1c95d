use std::sync::Arc;
use std::time::Instant;

use super::board::Board;
use super::clock::WallClock;
use super::hands::Hands;
use super::latency::LatencyMeter;
use super::loader::Loader;
use super::play::Live;
use super::rebuild;
use super::recovery::Recovery;
use super::reload::Reloader;
use super::repertoire::Repertoire;
use super::screen::Screen;
use super::{Pace, Report, Session, USUAL_FPS, Window};
use crate::effect::Library;
use crate::engine::Engine;
use crate::session::feeds::refuse_live;
use crate::session::recorder::{Place, Recorder};
use crate::session::usual::{complete, usual_source};
use crate::session::{Failure, Options, Stage, Voice, library};
use crate::show::Show;
use crate::signal::Taps;

/// The show that `live` plays: where it needs a picture and has none, the first camera, else the bundled clip.
/// A source named on the command line loops.
///
/// # Errors
/// As [`Options::show`].
pub fn show(options: &Options) -> Result<Show, Failure> {
    read(options, &mut library())
}

/// As [`show`], with the effects of a library.
pub(super) fn read(options: &Options, library: &mut Library) -> Result<Show, Failure> {
    complete(options, library, usual_source)
}

/// Makes everything ready to be played.
pub(super) fn begin(
    options: &Options,
    session: &Session,
    window: Option<Arc<dyn Window>>,
) -> Result<Live, Failure> {
    let show = Arc::new(show(options)?);
    if session.pace == Pace::Stepped {
        refuse_live(&show)?;
    }
    let voice = voice(session)?;
    let place = Place::new(session.record_to.as_deref())?;
    let repertoire = Repertoire::of(options);
    let hands = Hands::open(&session.ports, repertoire.shows())?;
    let (gpu, presenter) =
        rebuild::open(options.gpu.as_deref(), window.as_ref()).map_err(Failure::running)?;
    let engine = Engine::new(&gpu);
    let mut stage = Stage::new(engine.pipelines(), &show, options.size, USUAL_FPS)?;
    if !voice.as_ref().is_none_or(|voice| voice.play(stage.feeds())) {
        let advice =
            "no source of this show is a film with sound: name one, or leave --play-sound out";
        return Err(Failure::usage(advice));
    }
    let mut recorder = Recorder::new(&gpu, place, session.pace);
    if let Some(out) = &session.out {
        recorder.begin(out, &stage, window.is_none())?;
    }
    let live = Live {
        hands,
        reloader: Reloader::new(engine.pipelines(), options, stage.score())?,
        loader: Loader::new(engine.pipelines(), options, repertoire),
        clock: WallClock::new(),
        pace: session.pace,
        recorder,
        most_ticks: most_ticks(options, session, stage.rate()),
        stop: Arc::clone(&session.stop),
        engine,
        stage,
        voice,
        screen: Screen::new(presenter),
        commands: Vec::new(),
        frozen: false,
        begun: Instant::now(),
        taps: Taps::default(),
        board: Board::new(window.as_deref()),
        recovery: Recovery::new(options.gpu.clone(), window, session),
        trouble: None,
        beat: 0.0,
        latency: LatencyMeter::default(),
        hearing: LatencyMeter::default(),
        report: Report::default(),
    };
    live.announce();
    live.hands.await_announcement();
    Ok(live)
}

/// Who plays a film's own sound, if that is asked for.
fn voice(session: &Session) -> Result<Option<Voice>, Failure> {
    let Some(name) = &session.play_sound else {
        return Ok(None);
    };
    if session.pace == Pace::Stepped {
        let advice =
            "a stepped session keeps no device's time: leave --play-sound or --stepped out";
        return Err(Failure::usage(advice));
    }
    Voice::begin(name).map(Some)
}

/// How many ticks there are, if there is an end.
fn most_ticks(options: &Options, session: &Session, rate: f64) -> Option<u64> {
    let seconds = session
        .seconds
        .map(|seconds| (seconds * rate).round().max(1.0) as u64);
    options.frames.into_iter().chain(seconds).min()
}
