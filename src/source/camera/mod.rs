//! Cameras: found by number or name, set to what costs least, read with a time-out, found again under
//! another number.

mod decode;
mod driver;
mod find;
mod found;
mod mode;
mod nokhwa;
#[cfg(target_os = "linux")]
mod v4l2;

use std::fmt;
use std::io;
use std::thread;
use std::time::{Duration, Instant};

use self::driver::{Grant, Stream};
use super::location::Camera as Selection;
use super::planes::Spares;
use super::{Info, Source, SourceError};
use crate::frame_loop::may_block;
use crate::picture::{Picture, Plane};

pub(super) use found::Found;
pub use mode::Mode;

/// A camera as the system lists it.
#[derive(Clone, PartialEq)]
pub struct Device {
    /// What its maker calls it.
    pub name: String,
    /// Where it is plugged in: tells twins apart.
    pub bus: String,
    /// What the driver opens. It may be another one after the camera was unplugged.
    pub node: String,
    /// What it can be set to, of what this program reads.
    pub modes: Vec<Mode>,
}

impl fmt::Debug for Device {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Device({}, {}, {})", self.name, self.bus, self.node)
    }
}

/// Every camera there is, in the order in which `camera:N` counts them. Blocks while the system is asked.
#[must_use]
pub fn cameras() -> Vec<Device> {
    may_block("look for cameras");
    driver::DRIVERS[0].devices()
}

/// A picture must come within this time, or the camera has stalled.
const PATIENCE: Duration = Duration::from_secs(3);

/// How long one wait for a picture lasts: after it, the camera holds.
const GLANCE: Duration = Duration::from_millis(250);

/// A camera that is read, wherever it is plugged in.
struct Camera {
    found: Found,
    /// None while the camera is lost.
    stream: Option<Box<dyn Stream>>,
    grant: Grant,
    /// Every picture but for its planes and time.
    shape: Picture,
    info: Info,
    /// When its first picture since the last start was captured.
    first: Option<Instant>,
    /// When the last whole picture came, or the camera was started.
    last: Instant,
    /// Whether the user was told of damaged pictures.
    warned: bool,
    spares: Spares,
}

impl Camera {
    fn new(found: Found, stream: Box<dyn Stream>) -> Self {
        let grant = stream.grant();
        let shape = decode::shape(&grant);
        let info = Info {
            rate: Some(grant.mode.rate),
            rewinds: false,
            live: true,
            ..Info::of(&shape, format!("{}, {}", found.identity, grant.mode))
        };
        Self {
            found,
            stream: Some(stream),
            grant,
            shape,
            info,
            first: None,
            last: Instant::now(),
            warned: false,
            spares: Spares::default(),
        }
    }

    /// How long a picture may take before the last one counts as held: two periods of a slow camera.
    fn glance(&self) -> Duration {
        let (over, under) = self.grant.mode.rate;
        GLANCE.max(Duration::from_secs(2) * under / over.max(1))
    }

    /// The planes of the next picture that is whole, and when it was captured; none if there was none for a
    /// while.
    fn read(&mut self) -> io::Result<Option<(Vec<Plane>, Instant)>> {
        let glance = self.glance();
        let stream = self.stream.as_mut().ok_or(io::ErrorKind::NotConnected)?;
        let Some(sample) = stream.next(glance)? else {
            return Ok(None);
        };
        let planes = decode::planes(&self.grant, &sample, &mut self.spares);
        if planes.is_none() && !std::mem::replace(&mut self.warned, true) {
            let camera = &self.found.identity;
            log::warn!("{camera}: a picture came damaged; such ones are left out");
        }
        Ok(planes.map(|planes| (planes, sample.captured)))
    }

    fn picture(&mut self, planes: Vec<Plane>, captured: Instant) -> Picture {
        self.last = Instant::now();
        let first = *self.first.get_or_insert(captured);
        Picture {
            planes,
            time: captured.saturating_duration_since(first).as_secs_f64(),
            captured: Some(captured),
            ..self.shape.clone()
        }
    }

    /// Lets the camera go, and says why.
    fn lose(&mut self, cause: &io::Error) -> SourceError {
        self.release();
        let cause = match cause.kind() {
            io::ErrorKind::TimedOut => "it gives no pictures".to_owned(),
            _ => cause.to_string(),
        };
        SourceError::Lost {
            place: self.found.identity.to_string(),
            cause,
        }
    }

    /// Lets the camera go. One that is stuck may never end: whoever calls does not wait for it.
    fn release(&mut self) {
        let Some(stream) = self.stream.take() else {
            return;
        };
        // Without a thread it is dropped here.
        let _ = thread::Builder::new()
            .name("camera's end".to_owned())
            .spawn(move || drop(stream));
    }
}

impl Source for Camera {
    fn info(&self) -> &Info {
        &self.info
    }

    fn next(&mut self) -> Result<Option<Picture>, SourceError> {
        loop {
            match self.read() {
                Ok(Some((planes, captured))) => return Ok(Some(self.picture(planes, captured))),
                Ok(None) if self.last.elapsed() > PATIENCE => {
                    return Err(self.lose(&io::ErrorKind::TimedOut.into()));
                }
                Ok(None) if self.last.elapsed() >= self.glance() => {
                    return Err(SourceError::Stalled(self.found.identity.to_string()));
                }
                Ok(None) => {}
                Err(cause) => return Err(self.lose(&cause)),
            }
        }
    }

    fn reopen(&mut self) -> Result<(), SourceError> {
        let stream = self.found.start()?;
        let grant = stream.grant();
        if grant != self.grant {
            (self.grant, self.shape) = (grant, decode::shape(&grant));
        }
        (self.stream, self.first, self.last) = (Some(stream), None, Instant::now());
        Ok(())
    }

    fn rewind(&mut self) -> Result<(), SourceError> {
        Err(SourceError::OneWay(self.found.identity.to_string()))
    }

    fn end(&self) -> f64 {
        f64::INFINITY
    }

    fn recycle(&mut self, picture: Picture) {
        self.spares.give(picture.planes);
    }
}

impl Drop for Camera {
    fn drop(&mut self) {
        self.release();
    }
}
