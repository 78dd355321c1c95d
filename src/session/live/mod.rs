//! Live: the wall clock decides, the newest picture wins, late ticks are left out.

mod clock;
mod loader;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, TryRecvError};
use std::thread;
use std::time::Duration;

use self::clock::WallClock;
use self::loader::Loader;
use super::recorder::Recorder;
use super::{Failure, Options, Stage, bundled_clip, library};
use crate::engine::{Command, Engine, Tick};
use crate::frame_loop::FrameLoop;
use crate::gpu::{Gpu, Presenter, View, WindowSurface};
use crate::picture::Size;
use crate::show::Show;
use crate::source::Wait;

/// The rate where neither show nor source has one.
const USUAL_FPS: (u32, u32) = (60, 1);

/// The longest sleep while nothing is due: requests are looked at this often.
const NAP: Duration = Duration::from_millis(4);

/// What the performer asks for.
#[derive(Clone, Debug, PartialEq)]
pub enum Request {
    /// A message to the show.
    Command(Command),
    /// Black, or back.
    Blackout,
    /// The picture stands, or goes on.
    Freeze,
    /// The built-in preset of this number, from 0.
    Preset(usize),
    /// The window has another size.
    Resize(Size),
    /// Whether the window can be seen.
    Visible(bool),
    /// The end.
    Quit,
}

/// How a live session's clock runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Pace {
    /// By the wall clock.
    #[default]
    Wall,
    /// One tick after another, each with all its pictures, as `render` does: for tests.
    Stepped,
}

/// What a live session is besides its show.
#[derive(Clone, Debug, Default)]
pub struct Session {
    /// How the clock runs.
    pub pace: Pace,
    /// Seconds, then it ends.
    pub seconds: Option<f64>,
    /// Where the pictures are written as well; a blackout is for the screen only.
    pub out: Option<String>,
    /// Raised from outside, it ends the session as Ctrl-C does.
    pub stop: Arc<AtomicBool>,
}

/// How a live session went.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Ticks that were shown.
    pub ticks: u64,
    /// Ticks that were left out.
    pub left_out: u64,
    /// What the loop may have waited for, by the wall clock; empty unless the program is at fault.
    pub blocked: Vec<&'static str>,
}

impl Report {
    /// Ticks that are over.
    const fn over(&self) -> u64 {
        self.ticks + self.left_out
    }
}

/// The show that `live` plays: where it needs a picture and has none, the bundled clip. A source named on the
/// command line loops.
///
/// # Errors
/// As [`Options::show`].
pub fn show(options: &Options) -> Result<Show, Failure> {
    let mut library = library();
    let mut show = options.show(&mut library)?;
    let bundled = if show.needs_source() {
        bundled_clip()
    } else {
        None
    };
    if let Some(clip) = &bundled {
        show.replace_first_source(clip, &mut library)
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

/// Plays a show until it is told to quit, its time is over, or a source that does not loop ends.
///
/// # Errors
/// Whatever keeps it from starting, a lost GPU, an output that fails; [`Failure::Stopped`] if it was stopped.
pub fn run(
    options: &Options,
    session: &Session,
    requests: &Receiver<Request>,
    window: Option<WindowSurface>,
) -> Result<Report, Failure> {
    let show = Arc::new(show(options)?);
    let (gpu, presenter) = match window {
        Some(window) => {
            let (gpu, presenter) = window
                .open(options.gpu.as_deref())
                .map_err(Failure::running)?;
            (gpu, Some(presenter))
        }
        None => (
            Gpu::open(options.gpu.as_deref(), None).map_err(Failure::running)?,
            None,
        ),
    };
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
    let live = Live {
        loader: Loader::new(engine.pipelines(), &options),
        clock: WallClock::new(),
        pace: session.pace,
        recorder,
        most_ticks: most_ticks(&options, session, stage.rate()),
        stop: Arc::clone(&session.stop),
        engine,
        stage,
        presenter,
        commands: Vec::new(),
        shown: None,
        black: false,
        frozen: false,
        visible: true,
        report: Report::default(),
    };
    live.play(requests)
}

/// How many ticks there are, if there is an end.
fn most_ticks(options: &Options, session: &Session, rate: f64) -> Option<u64> {
    let seconds = session
        .seconds
        .map(|seconds| (seconds * rate).round().max(1.0) as u64);
    options.frames.into_iter().chain(seconds).min()
}

/// The loop's own things. It waits for no device, file or compiler.
struct Live {
    engine: Engine,
    stage: Stage,
    presenter: Option<Presenter>,
    recorder: Option<Recorder>,
    loader: Loader,
    clock: WallClock,
    pace: Pace,
    most_ticks: Option<u64>,
    stop: Arc<AtomicBool>,
    commands: Vec<Command>,
    shown: Option<(View, Size)>,
    black: bool,
    frozen: bool,
    visible: bool,
    report: Report,
}

impl Live {
    /// Runs the loop to its end; then the recording is completed, also after a failure.
    fn play(mut self, requests: &Receiver<Request>) -> Result<Report, Failure> {
        let frame_loop = (self.pace == Pace::Wall).then(FrameLoop::enter);
        let played = loop {
            match self.step(requests) {
                Ok(true) => {}
                end => break end.map(|_| ()),
            }
        };
        self.report.blocked = frame_loop.map(|mark| mark.blocked()).unwrap_or_default();
        let Report {
            ticks, left_out, ..
        } = self.report;
        let late = self.stage.feeds().late();
        log::info!("{ticks} ticks shown, {left_out} left out; {late} pictures came late");
        let over = self.report.over();
        let finished = self
            .recorder
            .take()
            .map_or(Ok(()), |recorder| recorder.finish(over));
        self.stage.feeds().close();
        played.and(finished)?;
        let stopped = self.stop.load(Ordering::Relaxed);
        if stopped {
            Err(Failure::Stopped(over))
        } else {
            Ok(self.report)
        }
    }

    /// One turn of the loop; whether there is another.
    fn step(&mut self, requests: &Receiver<Request>) -> Result<bool, Failure> {
        if !self.requests(requests) || self.stop.load(Ordering::Relaxed) {
            return Ok(false);
        }
        self.swap_in();
        if self.engine.gpu().is_lost() {
            return Err(Failure::running(
                "the GPU was lost: start again, or choose another with --gpu",
            ));
        }
        if self
            .most_ticks
            .is_some_and(|most| self.report.over() >= most)
        {
            return Ok(false);
        }
        if !self.is_due() {
            return Ok(true);
        }
        if self.frozen && self.shown.is_some() {
            self.hold();
            return Ok(true);
        }
        self.tick()
    }

    /// Whether a tick is due now. If not, sleeps a little; ticks that are late are left out.
    fn is_due(&mut self) -> bool {
        if self.pace == Pace::Stepped {
            return true;
        }
        let next = self.stage.next_tick();
        let (due, wait) = self.clock.due(next, self.stage.rate());
        if due < next || self.engine.gpu().in_flight() >= Gpu::MOST_IN_FLIGHT {
            thread::sleep(wait.clamp(Duration::from_micros(200), NAP));
            return false;
        }
        let left = self
            .most_ticks
            .map_or(u64::MAX, |most| most - self.report.over());
        let late = (due - next).min(left.saturating_sub(1));
        self.stage.skip(late);
        self.report.left_out += late;
        true
    }

    fn tick(&mut self) -> Result<bool, Failure> {
        let wait = if self.pace == Pace::Stepped {
            Wait::Block
        } else {
            Wait::Never
        };
        let commands = std::mem::take(&mut self.commands);
        let Some(tick) = self.stage.tick(&mut self.engine, &commands, wait)? else {
            return Ok(false);
        };
        self.show(tick)?;
        self.report.ticks += 1;
        if let Some(fault) = self.stage.feeds().fault() {
            log::warn!("{fault}: its last picture is held");
        }
        Ok(true)
    }

    fn show(&mut self, mut tick: Tick) -> Result<(), Failure> {
        self.shown = Some((tick.picture.clone(), tick.size));
        if let Some(recorder) = &mut self.recorder {
            recorder.encode(&mut tick, self.report.over(), self.pace)?;
        }
        let picture = (!self.black).then(|| tick.picture.clone());
        let visible = self.presenter.as_mut().filter(|_| self.visible);
        let size = tick.size;
        let shown = visible
            .and_then(|presenter| presenter.encode(&mut tick.encoder, picture.as_ref(), size));
        self.engine.submit(tick);
        if let (Some(presenter), Some(shown)) = (&self.presenter, shown) {
            presenter.show(shown);
        }
        Ok(())
    }

    /// Shows the last picture once more: the show stands still, its clock goes on.
    fn hold(&mut self) {
        self.stage.skip(1);
        self.report.ticks += 1;
        let Some((picture, size)) = self.shown.clone() else {
            return;
        };
        let picture = (!self.black).then_some(picture);
        let gpu = self.engine.gpu();
        let mut encoder = gpu.encoder("hold");
        if let Some(presenter) = self.presenter.as_mut().filter(|_| self.visible)
            && let Some(shown) = presenter.encode(&mut encoder, picture.as_ref(), size)
        {
            gpu.submit(encoder);
            presenter.show(shown);
        }
    }

    /// Drains what the performer asked for, in order; false at the end.
    fn requests(&mut self, requests: &Receiver<Request>) -> bool {
        loop {
            match requests.try_recv() {
                Ok(Request::Quit) | Err(TryRecvError::Disconnected) => return false,
                Ok(request) => self.request(request),
                Err(TryRecvError::Empty) => return true,
            }
        }
    }

    fn request(&mut self, request: Request) {
        match request {
            Request::Command(command) => self.commands.push(command),
            Request::Blackout => self.black = !self.black,
            Request::Freeze => self.frozen = !self.frozen,
            Request::Preset(number) => self.loader.begin(number),
            Request::Visible(visible) => self.visible = visible,
            Request::Resize(size) => {
                if let Some(presenter) = &mut self.presenter {
                    presenter.resize(size);
                }
            }
            Request::Quit => {}
        }
    }

    /// Takes a preset over that has become ready.
    fn swap_in(&mut self) {
        if let Some(stage) = self.loader.ready() {
            self.stage = stage;
            self.clock = WallClock::new();
            self.commands.clear();
        }
    }
}
