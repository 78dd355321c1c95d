use std::path::Path;
use std::sync::mpsc::{SyncSender, TrySendError, sync_channel};
use std::thread::{self, JoinHandle};

use super::Failure;
use crate::frame_loop::may_block;
use crate::gpu::Frame;
use crate::output::{self, Finished, Output, OutputError, Pattern, Settings, Target};
use crate::show::Show;
use crate::source::Location;

/// Frames that may wait to be encoded.
const WAITING: usize = 4;

/// An output on a thread of its own: encoding goes on while the GPU works. Dropped without
/// [`Self::finish`], it removes what is not complete.
#[derive(Debug)]
pub(super) struct Writer {
    jobs: Option<SyncSender<Job>>,
    thread: Option<JoinHandle<Result<Option<Finished>, OutputError>>>,
}

enum Job {
    /// A frame and how many ticks it stands for.
    Frame(Frame, u64),
    /// That was the last one.
    Finish,
}

impl Writer {
    pub(super) fn begin(target: &Target, settings: &Settings) -> Result<Self, Failure> {
        let mut output = output::create(target, settings)?;
        let (jobs, received) = sync_channel(WAITING);
        let write = move || {
            for job in received {
                match job {
                    Job::Frame(frame, ticks) => write(output.as_mut(), &frame, ticks)?,
                    Job::Finish => return output.finish().map(Some),
                }
            }
            Ok(None)
        };
        let thread = thread::Builder::new()
            .name("output".to_owned())
            .spawn(write);
        let thread = thread.map_err(Failure::running)?;
        Ok(Self {
            jobs: Some(jobs),
            thread: Some(thread),
        })
    }

    /// Hands a frame on that stands for so many ticks, waiting for room.
    ///
    /// # Errors
    /// What stopped the output.
    pub(super) fn write(&mut self, frame: Frame, ticks: u64) -> Result<(), Failure> {
        may_block("wait for the encoder");
        let sent = self
            .jobs
            .as_ref()
            .is_some_and(|jobs| jobs.send(Job::Frame(frame, ticks)).is_ok());
        if sent { Ok(()) } else { Err(self.stopped()) }
    }

    /// Hands a frame on that stands for so many ticks, if there is room; says whether there was.
    ///
    /// # Errors
    /// What stopped the output.
    pub(super) fn offer(&mut self, frame: Frame, ticks: u64) -> Result<bool, Failure> {
        let sent = self
            .jobs
            .as_ref()
            .map(|jobs| jobs.try_send(Job::Frame(frame, ticks)));
        match sent {
            Some(Ok(())) => Ok(true),
            Some(Err(TrySendError::Full(_))) => Ok(false),
            Some(Err(TrySendError::Disconnected(_))) | None => Err(self.stopped()),
        }
    }

    /// Completes the file.
    ///
    /// # Errors
    /// What stopped the output.
    pub(super) fn finish(&mut self) -> Result<Finished, Failure> {
        if let Some(jobs) = self.jobs.take() {
            // An output that has stopped tells why below.
            let _ = jobs.send(Job::Finish);
        }
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
        self.finish()
            .err()
            .unwrap_or_else(|| Failure::running("the output has ended already"))
    }

    fn join(&mut self) -> Option<Result<Option<Finished>, OutputError>> {
        self.thread.take()?.join().ok()
    }
}

impl Drop for Writer {
    /// Waits until the thread has removed what is not complete.
    fn drop(&mut self) {
        self.jobs = None;
        drop(self.join());
    }
}

fn write(output: &mut dyn Output, frame: &Frame, ticks: u64) -> Result<(), OutputError> {
    (0..ticks).try_for_each(|_| output.write(&frame.bytes))
}

/// Refuses to write over a file that the show reads.
pub(super) fn refuse_own_source(
    target: &Target,
    show: &Show,
    sound: Option<&str>,
) -> Result<(), Failure> {
    let pictures = show.sources.iter().map(|source| source.location.as_str());
    let own = pictures.chain(sound).find(|location| {
        matches!(Location::parse(location), Ok(Location::Path(path)) if is_same(target, &path))
    });
    own.map_or(Ok(()), |own| {
        let advice = format!("'{own}' is read by this show: write to another name");
        Err(Failure::usage(advice))
    })
}

fn is_same(target: &Target, source: &Path) -> bool {
    let is_one = |a: &Path, b: &Path| matches!((a.canonicalize(), b.canonicalize()), (Ok(a), Ok(b)) if a == b);
    match target {
        Target::Null => false,
        Target::Film(path) | Target::Image(path) => is_one(path, source),
        Target::Sequence(pattern) => {
            let name = |pattern: &Pattern| pattern.path(0).file_name().map(ToOwned::to_owned);
            let other = source
                .to_str()
                .and_then(|source| Pattern::parse(source).ok());
            other.is_some_and(|other| {
                name(&other) == name(pattern) && is_one(other.folder(), pattern.folder())
            })
        }
    }
}
