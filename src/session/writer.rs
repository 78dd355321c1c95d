use std::sync::mpsc::{SyncSender, TrySendError, sync_channel};
use std::thread::{self, JoinHandle};

use super::Failure;
use crate::gpu::Frame;
use crate::output::{self, Finished, Output, OutputError, Settings, Target};

/// Frames that may wait to be encoded.
const WAITING: usize = 4;

/// An output on a thread of its own: encoding goes on while the GPU works.
#[derive(Debug)]
pub(super) struct Writer {
    frames: Option<SyncSender<Job>>,
    thread: Option<JoinHandle<Result<Finished, OutputError>>>,
}

/// A frame and how many ticks it stands for.
struct Job {
    frame: Frame,
    ticks: u64,
}

impl Writer {
    pub(super) fn begin(target: &Target, settings: &Settings) -> Result<Self, Failure> {
        let output = output::create(target, settings).map_err(Failure::usage)?;
        let (frames, received) = sync_channel::<Job>(WAITING);
        let write = move |mut output: Box<dyn Output>| {
            for job in received {
                for _ in 0..job.ticks {
                    output.write(&job.frame.bytes)?;
                }
            }
            output.finish()
        };
        let thread = thread::Builder::new()
            .name("output".to_owned())
            .spawn(move || write(output));
        let thread = thread.map_err(Failure::running)?;
        Ok(Self {
            frames: Some(frames),
            thread: Some(thread),
        })
    }

    /// Hands a frame on, waiting for room.
    ///
    /// # Errors
    /// What stopped the output.
    pub(super) fn write(&mut self, frame: Frame) -> Result<(), Failure> {
        let job = Job { frame, ticks: 1 };
        let sent = self
            .frames
            .as_ref()
            .is_some_and(|frames| frames.send(job).is_ok());
        if sent {
            Ok(())
        } else {
            self.finish().map(|_| ())
        }
    }

    /// Hands a frame on that stands for so many ticks, if there is room; says whether there was.
    ///
    /// # Errors
    /// What stopped the output.
    pub(super) fn offer(&mut self, frame: Frame, ticks: u64) -> Result<bool, Failure> {
        let sent = self
            .frames
            .as_ref()
            .map(|frames| frames.try_send(Job { frame, ticks }));
        match sent {
            Some(Ok(())) => Ok(true),
            Some(Err(TrySendError::Full(_))) => Ok(false),
            Some(Err(TrySendError::Disconnected(_))) | None => self.finish().map(|_| false),
        }
    }

    pub(super) fn finish(&mut self) -> Result<Finished, Failure> {
        self.frames = None;
        match self.thread.take().map(JoinHandle::join) {
            Some(Ok(result)) => result.map_err(Failure::running),
            _ => Err(Failure::running("the output stopped: nothing was written")),
        }
    }
}
