//! Offline: every picture, in order, as fast as it goes; the same show gives the same bytes.

use std::io::IsTerminal;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use indicatif::{ProgressBar, ProgressStyle};

use super::feeds::refuse_live;
use super::own_source::refuse_own_source;
use super::writer::Writer;
use super::{Failure, Options, Stage, library};
use crate::engine::Engine;
use crate::gpu::{Frame, Gpu, Readback};
use crate::output::{self, Settings, Sound, Target};
use crate::show::Show;
use crate::source::{Location, Wait};

/// The rate where neither show nor source has one.
const USUAL_FPS: (u32, u32) = (30, 1);

/// Where a render goes.
#[derive(Clone, Debug)]
pub struct Destination {
    /// The file, pattern or `null`.
    pub out: String,
    /// The encoder's name.
    pub codec: Option<String>,
    /// The constant rate factor.
    pub crf: Option<u32>,
    /// The pixel format's name.
    pub pixel_format: Option<String>,
}

/// What was rendered.
#[derive(Clone, Copy, Debug)]
pub struct Rendered {
    /// Frames written.
    pub frames: u64,
}

/// Renders a show to its destination. `stop` ends it early; the file is then finished.
///
/// # Errors
/// Whatever keeps it from being complete; [`Failure::Stopped`] if it was stopped.
pub fn render(
    options: &Options,
    destination: &Destination,
    stop: &Arc<AtomicBool>,
) -> Result<Rendered, Failure> {
    let target = Target::parse(&destination.out).map_err(Failure::usage)?;
    let show = Arc::new(options.show(&mut library())?);
    refuse_live(&show)?;
    refuse_own_source(&target, &show, options.audio.as_deref())?;
    let gpu = Gpu::open(options.gpu.as_deref(), None).map_err(Failure::running)?;
    let mut engine = Engine::new(&gpu);
    let mut stage = Stage::new(engine.pipelines(), &show, options.size, USUAL_FPS)?;
    let frames = frames(options, &target, &mut stage)?;
    let settings = settings(options, destination, &show, &mut stage)?;
    let writer = Writer::begin(output::create(&target, &settings)?)?;
    let progress = progress(frames.or_else(|| {
        let rate = stage.rate();
        stage.feeds().ticks(rate)
    }));
    // Where nothing is written, nothing is fetched either: that tells what the GPU's work alone costs.
    let readback = (target != Target::Null).then(|| Readback::new(&gpu));
    let mut run = Run {
        gpu,
        readback,
        writer,
        fetched: 0,
        progress,
        stop: Arc::clone(stop),
    };
    let stopped = run.all(&mut engine, &mut stage, frames)?;
    stage.feeds().close();
    if stopped && stage.next_tick() == 0 {
        return Err(Failure::Stopped(0));
    }
    run.writer.end(run.fetched);
    run.writer.finish()?;
    run.progress.finish_and_clear();
    let frames = stage.next_tick();
    if stopped {
        Err(Failure::Stopped(frames))
    } else {
        Ok(Rendered { frames })
    }
}

/// How many ticks there are; `None` until a source ends.
fn frames(options: &Options, target: &Target, stage: &mut Stage) -> Result<Option<u64>, Failure> {
    match (options.frames, target) {
        (Some(frames), _) => Ok(Some(frames)),
        (None, Target::Image(_)) => Ok(Some(1)),
        (None, _) if stage.feeds().will_end() => Ok(None),
        (None, _) => {
            let advice = "nothing in this show comes to an end: say how long with --frames N";
            Err(Failure::usage(advice))
        }
    }
}

fn settings(
    options: &Options,
    destination: &Destination,
    show: &Show,
    stage: &mut Stage,
) -> Result<Settings, Failure> {
    let mut settings = Settings::new(stage.size(), stage.fps());
    settings.alpha = show.canvas.alpha;
    settings.codec.clone_from(&destination.codec);
    settings.crf = destination.crf;
    settings.pixel_format.clone_from(&destination.pixel_format);
    settings.sound = match options.audio.as_deref() {
        Some("none") => None,
        Some(file) => Some(Sound::of(file)),
        None => source_sound(show, stage)?,
    };
    Ok(settings)
}

/// The sound of the first source, if it is a film that plays once, as it was made.
fn source_sound(show: &Show, stage: &mut Stage) -> Result<Option<Sound>, Failure> {
    let (Some(entry), Some(info)) = (show.sources.first(), stage.feeds().first()) else {
        return Ok(None);
    };
    let location = Location::parse(&entry.location).map_err(Failure::usage)?;
    let Location::Path(path) = location else {
        return Ok(None);
    };
    let sounds = info.has_sound && !entry.looping && entry.plays_plainly();
    Ok(sounds.then_some(Sound {
        path,
        start: entry.start,
    }))
}

struct Run {
    gpu: Gpu,
    readback: Option<Readback>,
    writer: Writer,
    /// Frames that came back and were handed on.
    fetched: u64,
    progress: ProgressBar,
    stop: Arc<AtomicBool>,
}

impl Run {
    /// Runs to the end and says whether it was stopped before.
    fn all(
        &mut self,
        engine: &mut Engine,
        stage: &mut Stage,
        frames: Option<u64>,
    ) -> Result<bool, Failure> {
        let more = |tick| frames.is_none_or(|frames| tick < frames);
        let mut stopped = false;
        while more(stage.next_tick()) {
            stopped = self.stop.load(Ordering::Relaxed);
            if stopped || !self.one(engine, stage)? {
                break;
            }
        }
        while self.take()? {}
        while self.gpu.wait_oldest().map_err(Failure::running)? {}
        Ok(stopped)
    }

    fn one(&mut self, engine: &mut Engine, stage: &mut Stage) -> Result<bool, Failure> {
        let tick = stage.tick(engine, &[], Wait::Block)?;
        if let Some(fault) = stage.feeds().fault() {
            return Err(Failure::running(fault));
        }
        let Some(mut tick) = tick else {
            return Ok(false);
        };
        self.make_room()?;
        match &mut self.readback {
            Some(readback) => drop(readback.encode(&mut tick.encoder, &tick.picture, tick.size)),
            None => self.progress.inc(1),
        }
        engine.submit(tick);
        if engine.gpu().is_lost() {
            return Err(Failure::running(
                "the GPU was lost: render again, or choose another with --gpu",
            ));
        }
        Ok(true)
    }

    /// Waits for the oldest frame while those after it are being made.
    fn make_room(&mut self) -> Result<(), Failure> {
        match &self.readback {
            Some(readback) if readback.is_full() => self.take().map(drop),
            None if self.gpu.in_flight() >= Gpu::MOST_IN_FLIGHT => {
                self.gpu.wait_oldest().map(drop).map_err(Failure::running)
            }
            _ => Ok(()),
        }
    }

    /// Fetches and writes the oldest frame; whether there was one.
    fn take(&mut self) -> Result<bool, Failure> {
        let Some(readback) = &mut self.readback else {
            return Ok(false);
        };
        let frame = readback.take_blocking().map_err(Failure::running)?;
        frame.map_or(Ok(false), |frame| self.write(frame).map(|()| true))
    }

    fn write(&mut self, frame: Frame) -> Result<(), Failure> {
        self.progress.inc(1);
        self.writer.write(frame, self.fetched)?;
        self.fetched += 1;
        Ok(())
    }
}

fn progress(frames: Option<u64>) -> ProgressBar {
    if !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let (bar, template) = match frames {
        Some(frames) => (
            ProgressBar::new(frames),
            "{bar:40} {pos}/{len} frames, {per_sec}, {eta} left",
        ),
        None => (
            ProgressBar::new_spinner(),
            "{spinner} {pos} frames, {per_sec}",
        ),
    };
    match ProgressStyle::with_template(template) {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}
