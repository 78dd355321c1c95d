use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::Receiver;
use std::thread;
use std::time::{Duration, Instant};

use super::board::Board;
use super::clock::WallClock;
use super::hands::Hands;
use super::latency::LatencyMeter;
use super::loader::Loader;
use super::recovery::Recovery;
use super::reload::Reloader;
use super::screen::Screen;
use super::status::Status;
use super::{Pace, Report, Request};
use crate::engine::{Command, Engine, Tick};
use crate::frame_loop::FrameLoop;
use crate::gpu::Gpu;
use crate::session::recorder::{Moment, Recorder};
use crate::session::{Failure, Stage, Voice};
use crate::signal::{BEATS_PER_BAR, Taps};
use crate::source::Wait;

/// The longest sleep while nothing is due: requests are looked at this often.
pub(super) const NAP: Duration = Duration::from_millis(4);

/// Passes that the status names.
const PASSES: usize = 4;

/// The loop's own things. It waits for no device, file or compiler.
pub(super) struct Live {
    pub(super) engine: Engine,
    pub(super) stage: Stage,
    pub(super) voice: Option<Voice>,
    pub(super) screen: Screen,
    pub(super) recorder: Recorder,
    pub(super) loader: Loader,
    pub(super) hands: Hands,
    pub(super) reloader: Reloader,
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
    /// The beat of the last tick, as bars count it.
    pub(super) beat: f64,
    pub(super) latency: LatencyMeter,
    /// The same of strokes that were heard.
    pub(super) hearing: LatencyMeter,
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
        self.report.fault = self.reloader.fault().map(ToString::to_string);
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
        self.report.hearing = self.hearing.latency();
        if let Some(latency) = self.report.latency {
            log::info!("from camera or network to the screen: {latency}");
        }
        if let Some(latency) = self.report.hearing {
            log::info!("from a stroke that is heard to the screen: {latency}");
        }
        let over = self.report.over();
        let now = self.now();
        let finished = self.recorder.finish(now);
        self.report.recording = self.recorder.status();
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
        if self
            .most_ticks
            .is_some_and(|most| self.report.over() >= most)
        {
            return Ok(false);
        }
        self.recorder.turn(self.now())?;
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
        let is_behind = self.recovery.is_over() && self.is_behind();
        if due < next || is_behind {
            thread::sleep(wait.clamp(Duration::from_micros(200), NAP));
            return false;
        }
        self.leave_out(due - next);
        true
    }

    /// Whether the GPU has as much before it as it may; the age of what it has finished is noted.
    fn is_behind(&mut self) -> bool {
        let gpu = self.engine.gpu();
        let in_flight = gpu.in_flight();
        let finished = gpu.sent().saturating_sub(in_flight as u64);
        let now = Instant::now();
        self.latency.finished(finished, now);
        self.hearing.finished(finished, now);
        in_flight >= Gpu::MOST_IN_FLIGHT
    }

    /// Leaves ticks out, but not the last one.
    fn leave_out(&mut self, late: u64) {
        let left = self
            .most_ticks
            .map_or(u64::MAX, |most| most - self.report.over());
        let late = late.min(left.saturating_sub(1));
        self.stage.skip(late);
        self.report.left_out += late;
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
        self.beat = tick.values.frame.bar * BEATS_PER_BAR;
        self.tell_hands();
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
        self.recorder.encode(&mut tick, self.now())?;
        self.write_board();
        let begun = Instant::now();
        let shown = self.screen.draw(&mut tick, self.board.panels());
        let waited = begun.elapsed();
        self.engine.submit(tick);
        self.screen.show(shown);
        if let Some(captured) = self.stage.captured() {
            self.latency.sent(self.engine.gpu().sent(), captured);
        }
        if let Some(struck) = self.stage.struck() {
            self.hearing.sent(self.engine.gpu().sent(), struck);
        }
        Ok(waited)
    }

    /// Shows the last picture once more: the show stands still, its clock goes on.
    fn hold(&mut self) {
        let begun = Instant::now();
        self.stage.skip(1);
        self.tell_hands();
        self.report.ticks += 1;
        self.write_board();
        self.board.meter.tick(begun, begun.elapsed());
        self.screen.hold(self.engine.gpu(), self.board.panels());
        self.recorder.hold(self.engine.gpu(), self.screen.picture());
    }

    pub(super) fn now(&self) -> Moment {
        Moment {
            tick: self.report.over(),
            rate: self.stage.rate(),
        }
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
            sound: self.stage.device(),
            played: self.voice.as_ref().map(Voice::device),
            hands: self.hands.status(),
            recording: self.recorder.status(),
            black: self.screen.is_black(),
            frozen: self.frozen,
            fault: self.reloader.fault().map(ToString::to_string),
            trouble: self.trouble.clone(),
        }
    }

    /// Plays the sound of the film that there is now, if that is asked for.
    fn play_sound(&mut self) {
        if let Some(voice) = &self.voice
            && !voice.play(self.stage.feeds())
        {
            log::warn!("no source of this show is a film with sound: there is silence");
        }
    }

    /// Takes over what has become ready: a preset, or the show as it was saved.
    fn swap_in(&mut self) {
        match self.loader.ready() {
            Some(Ok((options, stage))) => {
                // The film goes on from now, not from the last tick.
                let next = self.stage.next_tick();
                let (due, _) = self.clock.due(next, self.stage.rate());
                self.leave_out(due.saturating_sub(next));
                let before = std::mem::replace(&mut self.stage, stage);
                self.stage.follow(before);
                self.play_sound();
                self.clock = WallClock::new();
                self.commands.clear();
                self.reloader.play(options, self.stage.score());
                self.announce();
            }
            Some(Err(failure)) => self.trouble(failure.to_string()),
            None => {}
        }
        let pipelines = self.engine.pipelines();
        if let Some(successor) = self.reloader.ready(&self.stage, pipelines) {
            self.stage.succeed(successor, self.engine.pipelines());
            self.play_sound();
            self.report.reloaded += 1;
            self.reloader.go_on(self.stage.score());
            self.announce();
        }
    }
}
