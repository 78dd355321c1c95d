//! PNG sequences, compressed on all cores.

use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};

use super::image::write_png;
use super::partial::Partial;
use super::{Finished, Output, OutputError, Pattern, Settings};
use crate::picture::Size;

/// More threads than this only wait for the disk.
const MOST_WORKERS: usize = 8;

type Job = (u64, Vec<u8>);

/// One file per picture, numbered from 0. Files appear in any order, each one whole.
pub(super) struct Sequence {
    settings: Settings,
    made_folder: bool,
    shared: Arc<Shared>,
    jobs: Option<SyncSender<Job>>,
    workers: Vec<JoinHandle<()>>,
    pictures: u64,
}

/// What the workers know.
struct Shared {
    pattern: Pattern,
    size: Size,
    alpha: bool,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    bytes: u64,
    error: Option<OutputError>,
    failed: bool,
}

impl Sequence {
    pub(super) fn create(pattern: &Pattern, settings: &Settings) -> Result<Self, OutputError> {
        settings.check_no_film_keys()?;
        let made_folder = make_folder(pattern)?;
        drop(Partial::begin(&pattern.path(0))?);
        let shared = Arc::new(Shared {
            pattern: pattern.clone(),
            size: settings.size,
            alpha: settings.alpha,
            state: Mutex::default(),
        });
        let count =
            thread::available_parallelism().map_or(1, |cores| cores.get().min(MOST_WORKERS));
        let (jobs, queue) = sync_channel(count);
        let queue = Arc::new(Mutex::new(queue));
        let start = |_| {
            let (shared, queue) = (Arc::clone(&shared), Arc::clone(&queue));
            thread::spawn(move || shared.work(&queue))
        };
        Ok(Self {
            settings: settings.clone(),
            made_folder,
            jobs: Some(jobs),
            workers: (0..count).map(start).collect(),
            shared,
            pictures: 0,
        })
    }

    /// Lets the workers finish what is queued.
    fn join(&mut self) {
        self.jobs = None;
        for worker in self.workers.drain(..) {
            if worker.join().is_err() {
                log::error!("a worker of the PNG sequence panicked");
            }
        }
    }
}

/// Makes the folder where there is none; whether it did.
fn make_folder(pattern: &Pattern) -> Result<bool, OutputError> {
    let folder = pattern.folder();
    if folder.is_dir() {
        return Ok(false);
    }
    std::fs::create_dir(folder)
        .map(|()| true)
        .map_err(|source| OutputError::Write {
            path: folder.to_owned(),
            source,
        })
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn work(&self, queue: &Mutex<Receiver<Job>>) {
        loop {
            let job = queue.lock().unwrap_or_else(PoisonError::into_inner).recv();
            let Ok((number, frame)) = job else { return };
            if self.state().failed {
                continue;
            }
            self.note(self.write(number, &frame));
        }
    }

    fn write(&self, number: u64, frame: &[u8]) -> Result<u64, OutputError> {
        let partial = write_png(&self.pattern.path(number), self.size, self.alpha, frame)?;
        partial.commit(true).map(|(_, bytes)| bytes)
    }

    fn note(&self, result: Result<u64, OutputError>) {
        let mut state = self.state();
        match result {
            Ok(bytes) => state.bytes += bytes,
            Err(error) => {
                state.failed = true;
                state.error.get_or_insert(error);
            }
        }
    }

    /// The first error, once.
    fn check(&self) -> Result<(), OutputError> {
        self.state().error.take().map_or(Ok(()), Err)
    }
}

impl Output for Sequence {
    fn write(&mut self, frame: &[u8]) -> Result<(), OutputError> {
        self.settings.check_frame(frame)?;
        self.shared.check()?;
        let jobs = self.jobs.as_ref().expect("the queue is open until the end");
        jobs.send((self.pictures, frame.to_owned()))
            .expect("workers live as long as the queue");
        self.pictures += 1;
        Ok(())
    }

    fn finish(mut self: Box<Self>) -> Result<Finished, OutputError> {
        self.join();
        self.shared.check()?;
        if self.pictures == 0 {
            return Err(OutputError::Nothing(self.shared.pattern.path(0)));
        }
        Ok(Finished {
            pictures: self.pictures,
            bytes: self.shared.state().bytes,
            file: None,
        })
    }
}

impl Drop for Sequence {
    fn drop(&mut self) {
        self.join();
        if self.made_folder {
            // Only an empty folder goes: an error says that it is not.
            let _ = std::fs::remove_dir(self.shared.pattern.folder());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn begin(folder: &std::path::Path) -> Box<Sequence> {
        let pattern = Pattern::parse(folder.join("%03d.png").to_str().unwrap()).unwrap();
        let settings = Settings::new(Size::new(1, 1), (30, 1));
        Box::new(Sequence::create(&pattern, &settings).unwrap())
    }

    #[test]
    fn each_picture_has_its_number() {
        let parent = tempfile::tempdir().unwrap();
        let folder = parent.path().join("frames");
        let mut output = begin(&folder);
        for level in 0..40 {
            output.write(&[level, 0, 0, 255]).unwrap();
        }
        let finished = output.finish().unwrap();
        assert_eq!(finished.pictures, 40);
        assert_eq!(std::fs::read_dir(&folder).unwrap().count(), 40);
        for level in 0..40 {
            let picture = image::open(folder.join(format!("{level:03}.png"))).unwrap();
            assert_eq!(picture.as_bytes(), [level, 0, 0]);
        }
    }

    #[test]
    fn an_unused_folder_goes_again() {
        let parent = tempfile::tempdir().unwrap();
        let folder = parent.path().join("frames");
        drop(begin(&folder));
        assert!(!folder.exists());
    }

    #[test]
    fn a_worker_s_error_is_told() {
        let parent = tempfile::tempdir().unwrap();
        let folder = parent.path().join("frames");
        let mut output = begin(&folder);
        std::fs::remove_dir_all(&folder).unwrap();
        output.write(&[0; 4]).unwrap();
        let error = output.finish().unwrap_err();
        assert!(matches!(error, OutputError::Write { .. }), "{error}");
    }
}
