use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, TryRecvError};
use std::thread;
use std::time::{Duration, Instant};

use super::clock::WallClock;
use super::latency::LatencyMeter;
use super::loader::Loader;
use super::screen::Screen;
use super::{Pace, Report, Request};
use crate::engine::{Command, Engine, Tick};
use crate::frame_loop::FrameLoop;
use crate::gpu::Gpu;
use crate::session::recorder::Recorder;
use crate::session::{Failure, Stage};
use crate::source::Wait;

/// The longest sleep while nothing is due: requests are looked at this often.
const NAP: Duration = Duration::from_millis(4);

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
    pub(super) latency: LatencyMeter,
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
        let passed = self.stage.feeds().passed_over();
        log::info!(
            "{ticks} ticks shown, {left_out} left out; {late} pictures came late, {passed} were passed over"
        );
        self.report.latency = self.latency.latency();
        if let Some(latency) = self.report.latency {
            log::info!("from camera or network to the screen: {latency}");
        }
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
        if self.frozen && self.screen.has_picture() {
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
        let gpu = self.engine.gpu();
        let in_flight = gpu.in_flight();
        self.latency
            .finished(gpu.sent() - in_flight as u64, Instant::now());
        if due < next || in_flight >= Gpu::MOST_IN_FLIGHT {
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
        if let Some(recorder) = &mut self.recorder {
            recorder.encode(&mut tick, self.report.over(), self.pace)?;
        }
        let shown = self.screen.draw(&mut tick);
        self.engine.submit(tick);
        self.screen.show(shown);
        if let Some(captured) = self.stage.captured() {
            self.latency.sent(self.engine.gpu().sent(), captured);
        }
        Ok(())
    }

    /// Shows the last picture once more: the show stands still, its clock goes on.
    fn hold(&mut self) {
        self.stage.skip(1);
        self.report.ticks += 1;
        self.screen.hold(self.engine.gpu());
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
            Request::Blackout => self.screen.black_out(!self.screen.is_black()),
            Request::Freeze => self.frozen = !self.frozen,
            Request::Preset(number) => self.loader.begin(number),
            Request::Visible(visible) => self.screen.set_visible(visible),
            Request::Resize(size) => self.screen.resize(size),
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
