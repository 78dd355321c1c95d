use std::collections::VecDeque;

use super::live::Pace;
use super::writer::{Writer, refuse_own_source};
use super::{Failure, Stage};
use crate::engine::Tick;
use crate::gpu::{Frame, Gpu, Readback};
use crate::output::{Settings, Target};

/// Writes what the show makes. By the wall clock it never waits: a frame that finds no room is left out and
/// the next one stands for its time as well, so that the film keeps its length.
#[derive(Debug)]
pub(super) struct Recorder {
    /// None while there is no GPU.
    readback: Option<Readback>,
    writer: Writer,
    /// The numbers of the ticks whose frames are on their way.
    sent: VecDeque<u64>,
    /// The newest frame; how long it stands is known when the next one comes.
    newest: Option<Frame>,
    /// The tick up to which everything has been handed to the writer.
    written: u64,
}

impl Recorder {
    pub(super) fn begin(gpu: &Gpu, out: &str, stage: &Stage) -> Result<Self, Failure> {
        let target = Target::parse(out).map_err(Failure::usage)?;
        refuse_own_source(&target, stage.show(), None)?;
        let mut settings = Settings::new(stage.size(), stage.fps());
        settings.alpha = stage.show().canvas.alpha;
        Ok(Self {
            readback: Some(Readback::new(gpu)),
            writer: Writer::begin(&target, &settings)?,
            sent: VecDeque::new(),
            newest: None,
            written: 0,
        })
    }

    /// Sends a tick's picture on its way. `number` counts the ticks of the session.
    pub(super) fn encode(
        &mut self,
        tick: &mut Tick,
        number: u64,
        pace: Pace,
    ) -> Result<(), Failure> {
        match pace {
            Pace::Stepped if self.is_full() => {
                let frame = self.oldest()?;
                self.accept(frame, pace)?;
            }
            Pace::Stepped => {}
            Pace::Wall => while self.take_ready()? {},
        }
        if let Some(readback) = &mut self.readback {
            let sent = readback.encode(&mut tick.encoder, &tick.picture, tick.size);
            self.sent.extend(sent.map(|_| number));
        }
        Ok(())
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

    fn is_full(&self) -> bool {
        self.readback.as_ref().is_some_and(Readback::is_full)
    }

    /// Waits for the oldest frame that is on its way.
    fn oldest(&mut self) -> Result<Option<Frame>, Failure> {
        let oldest = self.readback.as_mut().map(Readback::take_blocking);
        oldest
            .transpose()
            .map(Option::flatten)
            .map_err(Failure::running)
    }

    fn take_ready(&mut self) -> Result<bool, Failure> {
        let ready = self.readback.as_mut().map(Readback::try_take);
        let frame = ready.transpose().map_err(Failure::running)?.flatten();
        self.accept(frame, Pace::Wall)
    }

    /// Takes a frame that came back, and writes the one before it; false if none came.
    fn accept(&mut self, frame: Option<Frame>, pace: Pace) -> Result<bool, Failure> {
        let (Some(frame), Some(tick)) = (frame, self.sent.pop_front()) else {
            return Ok(false);
        };
        if let Some(before) = self.newest.replace(frame) {
            self.write(before, tick, pace)?;
        }
        Ok(true)
    }

    /// Writes a frame for all ticks before `until` that nothing was written for.
    fn write(&mut self, frame: Frame, until: u64, pace: Pace) -> Result<(), Failure> {
        let ticks = until - self.written;
        let written = match pace {
            Pace::Stepped => self.writer.write(frame, ticks).map(|()| true)?,
            Pace::Wall => self.writer.offer(frame, ticks)?,
        };
        if written {
            self.written = until;
        }
        Ok(())
    }

    /// Completes the file, which then lasts `ticks` ticks.
    pub(super) fn finish(mut self, ticks: u64) -> Result<(), Failure> {
        // A GPU that is lost now keeps its last frames: the film is complete without them.
        while let Ok(Some(frame)) = self.oldest() {
            self.accept(Some(frame), Pace::Stepped)?;
        }
        if let Some(last) = self.newest.take() {
            self.write(last, ticks, Pace::Stepped)?;
        }
        self.writer.finish().map(|_| ())
    }
}
