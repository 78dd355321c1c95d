use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::Receiver;
use std::thread;
use std::time::{Duration, Instant};

use super::board::Board;
use super::clock::WallClock;
use super::loader::Loader;
use super::recovery::Recovery;
use super::screen::Screen;
use super::status::Status;
use super::{Pace, Report, Request};
use crate::engine::{Command, Engine, Tick};
use crate::frame_loop::FrameLoop;
use crate::gpu::Gpu;
use crate::session::recorder::Recorder;
use crate::session::{Failure, Stage};
use crate::signal::Taps;
use crate::source::Wait;

/// The longest sleep while nothing is due: requests are looked at this often.
pub(super) const NAP: Duration = Duration::from_millis(4);

/// Passes that the status names.
const PASSES: usize = 4;

/// The loop's own things. It waits for no device, file or compiler.
pub(super) struct Live {
    pub(super) engine: Engine,
    pub(super) stage: Stage,
    pub(super) screen: Screen,
    pub(super) recorder: Option<Recorder>,
    pub(super) loader: Loader,
    pub(super) clock: WallClock,
    pub(super) pace: Pace,
    pub(super) most_ticks: Option<u64>,
    pub(super) stop: Arc<AtomicBool>,
    pub(super) commands: Vec<Command>,
    pub(super) frozen: bool,
    pub(super) begun: Instant,
    pub(super) taps: Taps,
    pub(super) board: Board,
    /// The last thing that went wrong.
    pub(super) trouble: Option<String>,
    pub(super) recovery: Recovery,
    /// The beat of the last tick.
    pub(super) beat: f64,
    pub(super) report: Report,
}

impl Live {
    /// Runs the loop to its end; then the recording is completed, also after a failure.
    pub(super) fn play(mut self, requests: &Receiver<Request>) -> Result<Report, Failure> {
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
        if self
            .most_ticks
            .is_some_and(|most| self.report.over() >= most)
        {
            return Ok(false);
        }
        if !self.has_gpu()? {
            self.pass_time();
            return Ok(true);
        }
        self.swap_in();
        if !self.is_due() {
            return Ok(true);
        }
        if self.frozen && self.screen.has_picture() {
            self.hold();
            return Ok(true);
        }
        match self.tick() {
            // What failed because the GPU is gone is made good with it.
            Err(_) if self.engine.gpu().is_lost() => Ok(true),
            ticked => ticked,
        }
    }

    /// Whether a tick is due now. If not, sleeps a little; ticks that are late are left out.
    pub(super) fn is_due(&mut self) -> bool {
        if self.pace == Pace::Stepped {
            return true;
        }
        let next = self.stage.next_tick();
        let (due, wait) = self.clock.due(next, self.stage.rate());
        let is_behind = || self.engine.gpu().in_flight() >= Gpu::MOST_IN_FLIGHT;
        if due < next || (self.recovery.is_over() && is_behind()) {
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
        let begun = Instant::now();
        let commands = std::mem::take(&mut self.commands);
        let Some(tick) = self.stage.tick(&mut self.engine, &commands, wait)? else {
            return Ok(false);
        };
        self.beat = tick.values.frame.beat;
        let waited = self.show(tick)?;
        self.report.ticks += 1;
        let cpu = begun.elapsed().saturating_sub(waited);
        self.board.meter.tick(begun, cpu);
        if let Some(fault) = self.stage.feeds().fault() {
            self.trouble(format!("{fault}: its last picture is held"));
        }
        Ok(true)
    }

    /// Tells of something that went wrong while the show goes on.
    pub(super) fn trouble(&mut self, text: String) {
        log::warn!("{text}");
        self.trouble = Some(text);
    }

    /// Shows a tick's picture, and says how long the window took: it may wait for the screen's next picture.
    fn show(&mut self, mut tick: Tick) -> Result<Duration, Failure> {
        if let Some(recorder) = &mut self.recorder {
            recorder.encode(&mut tick, self.report.over(), self.pace)?;
        }
        self.write_board();
        let begun = Instant::now();
        let shown = self.screen.draw(&mut tick, self.board.panels());
        let waited = begun.elapsed();
        self.engine.submit(tick);
        self.screen.show(shown);
        Ok(waited)
    }

    /// Shows the last picture once more: the show stands still, its clock goes on.
    fn hold(&mut self) {
        let begun = Instant::now();
        self.stage.skip(1);
        self.report.ticks += 1;
        self.write_board();
        self.board.meter.tick(begun, begun.elapsed());
        self.screen.hold(self.engine.gpu(), self.board.panels());
    }

    fn write_board(&mut self) {
        let now = Instant::now();
        if self.board.is_stale(now) {
            self.board.meter.passes(self.engine.times());
            let status = self.status();
            self.board.write(&status, now);
        }
    }

    fn status(&mut self) -> Status {
        let meter = &self.board.meter;
        let seconds = self.report.over() as f64 / self.stage.rate();
        Status {
            show: self.stage.show().name(),
            size: self.stage.size(),
            rate: self.stage.rate(),
            fps: meter.fps(),
            left_out: self.report.left_out,
            cpu: meter.cpu(),
            gpu: meter.gpu(),
            gpu_name: self.engine.gpu().info.name.clone(),
            passes: meter.longest(PASSES),
            tempo: self.stage.tempo(),
            beat: self.beat,
            sources: self.stage.feeds().health(),
            recording: self.recorder.as_ref().map(|_| format!("{seconds:.0} s")),
            black: self.screen.is_black(),
            frozen: self.frozen,
            trouble: self.trouble.clone(),
        }
    }

    /// Takes a preset over that has become ready.
    fn swap_in(&mut self) {
        match self.loader.ready() {
            Some(Ok(stage)) => {
                self.stage = stage;
                self.clock = WallClock::new();
                self.commands.clear();
            }
            Some(Err(failure)) => self.trouble(failure.to_string()),
            None => {}
        }
    }
}
