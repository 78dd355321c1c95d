use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use super::{Film, Info, Live, Source, SourceError};
use crate::picture::Picture;

/// How long nothing may come from the network before the stream counts as lost.
const PATIENCE: Duration = Duration::from_secs(3);

/// How long a stream may take from its address to its first picture: one may wait for a key frame.
const FIRST_PICTURE: Duration = Duration::from_secs(12);

/// Where a network stream comes from.
pub(super) struct Address(String);

impl Address {
    pub(super) fn new(address: &str) -> Self {
        Self(address.to_owned())
    }
}

impl Live for Address {
    fn key(&self) -> String {
        self.0.clone()
    }

    fn open(self: Box<Self>) -> Result<Box<dyn Source>, SourceError> {
        Ok(Box::new(Stream::open(&self.0)?))
    }
}

/// A network stream as FFmpeg receives it, until it fails.
struct Stream {
    address: String,
    film: Film,
    deadline: Deadline,
    info: Info,
    /// When the first picture came of a film that lies on a server.
    begun: Option<Instant>,
}

impl Stream {
    fn open(address: &str) -> Result<Self, SourceError> {
        let deadline = Deadline::default();
        deadline.set(FIRST_PICTURE);
        let watch = deadline.clone();
        let film = Film::receive(address, move || watch.is_over())?;
        let info = Info {
            rewinds: false,
            live: true,
            duration: None,
            frames: None,
            ..film.info().clone()
        };
        Ok(Self {
            address: address.to_owned(),
            deadline,
            begun: film_begun(film.info()),
            film,
            info,
        })
    }

    /// A film on a server comes as fast as it is read, so that each of its pictures has to wait for its time.
    fn wait_for(&self, time: f64) {
        if let Some(begun) = self.begun {
            let due = Duration::from_secs_f64(time.max(0.0));
            thread::sleep(due.saturating_sub(begun.elapsed()));
        }
    }

    fn lost(&self) -> SourceError {
        let cause = match self.deadline.is_over() {
            true => "nothing comes",
            false => "its sender closed it",
        };
        SourceError::Lost {
            place: self.address.clone(),
            cause: cause.to_owned(),
        }
    }
}

impl Source for Stream {
    fn info(&self) -> &Info {
        &self.info
    }

    fn next(&mut self) -> Result<Option<Picture>, SourceError> {
        self.deadline.set(PATIENCE);
        match self.film.next() {
            Ok(Some(picture)) => {
                self.wait_for(picture.time);
                Ok(Some(Picture {
                    captured: Some(Instant::now()),
                    ..picture
                }))
            }
            _ => Err(self.lost()),
        }
    }

    fn reopen(&mut self) -> Result<(), SourceError> {
        *self = Self::open(&self.address)?;
        Ok(())
    }

    fn rewind(&mut self) -> Result<(), SourceError> {
        Err(SourceError::OneWay(self.address.clone()))
    }

    fn end(&self) -> f64 {
        f64::INFINITY
    }

    fn recycle(&mut self, picture: Picture) {
        self.film.recycle(picture);
    }
}

/// Now, for a film that lies on a server: it has a length, as a live stream has none.
fn film_begun(info: &Info) -> Option<Instant> {
    info.duration.map(|_| Instant::now())
}

/// The time after which FFmpeg shall wait no longer, seen from within it.
#[derive(Clone)]
struct Deadline {
    begun: Instant,
    /// Milliseconds after `begun`.
    over: Arc<AtomicU64>,
}

impl Default for Deadline {
    fn default() -> Self {
        Self {
            begun: Instant::now(),
            over: Arc::default(),
        }
    }
}

impl Deadline {
    fn set(&self, patience: Duration) {
        let over = self.begun.elapsed() + patience;
        self.over.store(over.as_millis() as u64, Ordering::Relaxed);
    }

    fn is_over(&self) -> bool {
        self.begun.elapsed().as_millis() as u64 > self.over.load(Ordering::Relaxed)
    }
}
