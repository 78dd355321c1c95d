use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use super::Failure;
use crate::frame_loop::may_block;
use crate::gpu::Frame;
use crate::output::{Finished, Output, OutputError};

/// Frames that may wait to be encoded.
const WAITING: usize = 4;

/// Without a new frame for so long, the last one is written for as long as it is known to stand.
const PATIENCE: Duration = Duration::from_millis(100);

/// An output on a thread of its own: encoding goes on while the GPU works. Dropped before it is ended, it
/// removes what is not complete.
#[derive(Debug)]
pub(super) struct Writer {
    frames: Option<SyncSender<(u64, Frame)>>,
    thread: Option<JoinHandle<Result<Option<Finished>, OutputError>>>,
    progress: Arc<Mutex<Progress>>,
}

/// How far an output is.
#[derive(Clone, Debug, Default)]
pub(super) struct Progress {
    /// The ticks that are written.
    pub(super) written: u64,
    /// The file, as soon as others can read it.
    pub(super) file: Option<PathBuf>,
    /// The tick before which no other frame will come.
    known: u64,
    /// Whether that is the end.
    ended: bool,
}

impl Writer {
    pub(super) fn begin(output: Box<dyn Output>) -> Result<Self, Failure> {
        let (frames, received) = sync_channel(WAITING);
        let progress = Arc::<Mutex<Progress>>::default();
        let standing = Standing {
            output,
            frame: None,
            written: 0,
            progress: Arc::clone(&progress),
        };
        let thread = thread::Builder::new()
            .name("output".to_owned())
            .spawn(move || standing.write_all(&received));
        Ok(Self {
            frames: Some(frames),
            thread: Some(thread.map_err(Failure::running)?),
            progress,
        })
    }

    /// Hands a frame on that stands from `tick` on, the first one from the beginning, waiting for room.
    ///
    /// # Errors
    /// What stopped the output.
    pub(super) fn write(&mut self, frame: Frame, tick: u64) -> Result<(), Failure> {
        may_block("wait for the encoder");
        let sent = self
            .frames
            .as_ref()
            .is_some_and(|frames| frames.send((tick, frame)).is_ok());
        if sent { Ok(()) } else { Err(self.stopped()) }
    }

    /// Hands a frame on that stands from `tick` on, if there is room; says whether there was. If not, the frame
    /// before it stands on.
    ///
    /// # Errors
    /// What stopped the output.
    pub(super) fn offer(&mut self, frame: Frame, tick: u64) -> Result<bool, Failure> {
        let sent = self.frames.as_ref();
        match sent.map(|frames| frames.try_send((tick, frame))) {
            Some(Ok(())) => Ok(true),
            Some(Err(TrySendError::Full(_))) => Ok(false),
            Some(Err(TrySendError::Disconnected(_))) | None => Err(self.stopped()),
        }
    }

    /// Says that no other frame comes before `tick`.
    pub(super) fn hold(&self, tick: u64) {
        lock(&self.progress).known = tick;
    }

    pub(super) fn progress(&self) -> Progress {
        lock(&self.progress).clone()
    }

    /// Ends the output, which then lasts `ticks` ticks. It is completed on its thread.
    pub(super) fn end(&mut self, ticks: u64) {
        let mut progress = lock(&self.progress);
        (progress.known, progress.ended) = (ticks, true);
        self.frames = None;
    }

    /// Waits until an output that was ended is complete.
    ///
    /// # Errors
    /// What stopped the output.
    pub(super) fn finish(mut self) -> Result<Finished, Failure> {
        match self.join() {
            Some(Ok(Some(finished))) => Ok(finished),
            Some(Err(error)) => Err(error.into()),
            Some(Ok(None)) | None => {
                Err(Failure::running("the output stopped: nothing was written"))
            }
        }
    }

    /// Why the output takes nothing more.
    fn stopped(&mut self) -> Failure {
        match self.join() {
            Some(Err(error)) => error.into(),
            Some(Ok(_)) | None => Failure::running("the output has ended already"),
        }
    }

    fn join(&mut self) -> Option<Result<Option<Finished>, OutputError>> {
        self.thread.take()?.join().ok()
    }
}

impl Drop for Writer {
    /// Waits until the thread has removed what is not complete.
    fn drop(&mut self) {
        self.frames = None;
        drop(self.join());
    }
}

/// The thread's own things: a frame is written at once, and again for each tick that it is known to stand.
struct Standing {
    output: Box<dyn Output>,
    frame: Option<Frame>,
    written: u64,
    progress: Arc<Mutex<Progress>>,
}

impl Standing {
    fn write_all(
        mut self,
        frames: &Receiver<(u64, Frame)>,
    ) -> Result<Option<Finished>, OutputError> {
        loop {
            // Read before a frame is waited for: all before it have been sent by now.
            let known = lock(&self.progress).known;
            match frames.recv_timeout(PATIENCE) {
                Ok((tick, frame)) => {
                    self.write_until(tick)?;
                    self.frame = Some(frame);
                    self.write_until(tick + 1)?;
                }
                Err(RecvTimeoutError::Timeout) => self.write_until(known)?,
                Err(RecvTimeoutError::Disconnected) => break,
            }
        }
        let end = lock(&self.progress).clone();
        if !end.ended {
            return Ok(None);
        }
        self.write_until(end.known)?;
        self.output.finish().map(Some)
    }

    fn write_until(&mut self, tick: u64) -> Result<(), OutputError> {
        let times = tick.saturating_sub(self.written);
        let Some(frame) = self.frame.as_ref().filter(|_| times > 0) else {
            return Ok(());
        };
        self.output.write_times(&frame.bytes, times)?;
        self.written = tick;
        let mut progress = lock(&self.progress);
        progress.written = tick;
        if progress.file.is_none() {
            progress.file = self.output.file().map(Path::to_owned);
        }
        Ok(())
    }
}

/// Nobody holds it for longer than a few instructions.
fn lock(progress: &Mutex<Progress>) -> MutexGuard<'_, Progress> {
    progress.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::picture::Size;

    /// Keeps the first byte of each picture.
    struct Kept(Arc<Mutex<Vec<u8>>>);

    impl Output for Kept {
        fn write(&mut self, frame: &[u8]) -> Result<(), OutputError> {
            self.0.lock().unwrap().push(frame[0]);
            Ok(())
        }

        fn finish(self: Box<Self>) -> Result<Finished, OutputError> {
            let pictures = self.0.lock().unwrap().len() as u64;
            Ok(Finished {
                pictures,
                bytes: 0,
                file: None,
            })
        }
    }

    fn begin() -> (Writer, Arc<Mutex<Vec<u8>>>) {
        let kept = Arc::<Mutex<Vec<u8>>>::default();
        let output = Box::new(Kept(Arc::clone(&kept)));
        (Writer::begin(output).unwrap(), kept)
    }

    fn frame(level: u8) -> Frame {
        Frame {
            number: 0,
            bytes: vec![level],
            size: Size::new(1, 1),
        }
    }

    #[test]
    fn each_frame_stands_until_the_next_and_the_first_from_the_beginning() {
        let (mut writer, kept) = begin();
        for (level, tick) in [(1, 2), (2, 3), (3, 3), (4, 6)] {
            writer.write(frame(level), tick).unwrap();
        }
        writer.end(8);
        assert_eq!(writer.finish().unwrap().pictures, 8);
        assert_eq!(*kept.lock().unwrap(), [1, 1, 1, 2, 3, 3, 4, 4]);
    }

    #[test]
    fn a_frame_that_stands_on_is_written_before_the_end_is_known() {
        let (mut writer, kept) = begin();
        writer.write(frame(7), 0).unwrap();
        writer.hold(50);
        while writer.progress().written < 50 {
            thread::sleep(PATIENCE / 10);
        }
        drop(writer);
        assert_eq!(*kept.lock().unwrap(), [7; 50]);
    }

    #[test]
    fn a_full_queue_takes_nothing_and_tells_so() {
        let (mut writer, kept) = begin();
        let held = kept.lock().unwrap();
        writer.write(frame(0), 0).unwrap();
        let taken = (1..100)
            .filter(|tick| writer.offer(frame(1), *tick).unwrap())
            .count();
        // One is being written, the others wait.
        assert!(taken <= WAITING + 1, "{taken}");
        drop(held);
        writer.end(100);
        assert_eq!(writer.finish().unwrap().pictures, 100);
    }
}
