//! Cameras: found by number or name, set to what costs least, read with a time-out, found again under
//! another number.

mod decode;
mod driver;
mod find;
mod mode;
mod nokhwa;
#[cfg(target_os = "linux")]
mod v4l2;

use std::fmt;
use std::io;
use std::thread;
use std::time::{Duration, Instant};

use self::driver::{Driver, Grant, Stream};
use self::find::Identity;
use super::location::Camera as Selection;
use super::planes::Spares;
use super::{Info, Live, Options, Source, SourceError};
use crate::frame_loop::may_block;
use crate::picture::{Capture, Picture, Plane, Wire};

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

fn driver(name: Option<&str>) -> Result<&'static dyn Driver, SourceError> {
    let Some(name) = name else {
        return Ok(driver::DRIVERS[0]);
    };
    let named = driver::DRIVERS.iter().find(|driver| driver.name() == name);
    named.copied().ok_or_else(|| {
        let names: Vec<_> = driver::DRIVERS.iter().map(|driver| driver.name()).collect();
        let problem = format!(
            "is no driver of cameras here: choose one of {}",
            names.join(", ")
        );
        SourceError::contents(format!("'{name}'"), problem)
    })
}

/// A picture must come within this time, or the camera has stalled.
const PATIENCE: Duration = Duration::from_secs(3);

/// How long one wait for a picture lasts: after it, the camera holds.
const GLANCE: Duration = Duration::from_millis(250);

/// A camera that was found, and is found again wherever it is plugged in.
pub(super) struct Found {
    identity: Identity,
    driver: &'static dyn Driver,
    capture: Capture,
    canvas: mode::Canvas,
    /// Where it was found; after the first start it is looked for again.
    device: Option<Device>,
    /// What it was set to last.
    mode: Option<Mode>,
}

impl Found {
    /// Finds a camera. Blocks while the system is asked.
    ///
    /// # Errors
    /// No such camera or driver.
    pub(super) fn find(which: &Selection, options: &Options) -> Result<Self, SourceError> {
        let driver = driver(options.capture.driver.as_deref())?;
        let devices = driver.devices();
        let device = find::select(which, &devices)?;
        Ok(Self {
            identity: Identity::of(device, &devices),
            driver,
            capture: options.capture.clone(),
            canvas: mode::Canvas {
                size: options.canvas,
                rate: options.rate,
            },
            device: Some(device.clone()),
            mode: None,
        })
    }

    /// Where it is now.
    fn device(&mut self) -> Result<Device, SourceError> {
        if let Some(device) = self.device.take() {
            return Ok(device);
        }
        let found = self.identity.find(&self.driver.devices()).cloned();
        found.ok_or_else(|| self.refuse("is not connected; plug it in again"))
    }

    /// What it was set to before, if it still can be, else what was asked for.
    fn choose(&self, device: &Device) -> Option<Mode> {
        let before = self.mode.filter(|mode| device.modes.contains(mode));
        before.or_else(|| mode::choose(&device.modes, &self.capture, self.canvas))
    }

    /// Lets the camera run.
    fn start(&mut self) -> Result<Box<dyn Stream>, SourceError> {
        let device = self.device()?;
        let mode = self.choose(&device);
        let mode = mode.ok_or_else(|| self.refuse(advice(&device, &self.capture)))?;
        SourceError::check_size(&self.identity, mode.size)?;
        let stream = self.driver.open(&device, mode);
        let stream = stream.map_err(|cause| self.refuse(unopened(&cause)))?;
        self.mode = Some(mode);
        Ok(stream)
    }

    fn refuse(&self, problem: impl Into<String>) -> SourceError {
        SourceError::contents(&self.identity, problem)
    }
}

impl Live for Found {
    fn key(&self) -> String {
        self.identity.to_string()
    }

    fn open(mut self: Box<Self>) -> Result<Box<dyn Source>, SourceError> {
        let stream = self.start()?;
        Ok(Box::new(Camera::new(*self, stream)))
    }
}

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
            place: self.found.key(),
            cause,
        }
    }

    /// Lets the camera go. One that is stuck may never end: whoever calls does not wait for it.
    fn release(&mut self) {
        let stream = self.stream.take();
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
                    return Err(SourceError::Stalled(self.found.key()));
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
        Err(SourceError::OneWay(self.found.key()))
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

/// Why a camera has no mode that is wished for, and what it has.
fn advice(device: &Device, capture: &Capture) -> String {
    if device.modes.is_empty() {
        let names = Wire::NAMES.map(|row| row.0).join(", ");
        return format!("gives none of {names}; use another camera");
    }
    let mut modes: Vec<_> = device.modes.iter().map(Mode::to_string).collect();
    modes.dedup();
    format!(
        "has no {}: it has {}",
        mode::words(capture),
        modes.join(", ")
    )
}

fn unopened(cause: &io::Error) -> String {
    match cause.kind() {
        io::ErrorKind::ResourceBusy => "is in use; close the program that has it".to_owned(),
        _ => format!("does not run ({cause}); unplug it and plug it in again"),
    }
}
