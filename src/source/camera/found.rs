use std::io;

use super::super::{Live, Options, Source, SourceError};
use super::driver::{DRIVERS, Driver, Stream};
use super::find::{Identity, select};
use super::mode::{Canvas, choose, words};
use super::{Camera, Device, Mode, Selection};
use crate::picture::{Capture, Wire};

/// A camera that was found, and is found again wherever it is plugged in.
pub(in super::super) struct Found {
    pub(super) identity: Identity,
    driver: &'static dyn Driver,
    capture: Capture,
    canvas: Canvas,
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
    pub(in super::super) fn find(
        which: &Selection,
        options: &Options,
    ) -> Result<Self, SourceError> {
        let driver = driver(options.capture.driver.as_deref())?;
        let devices = driver.devices();
        let device = select(which, &devices)?;
        Ok(Self {
            identity: Identity::of(device, &devices),
            driver,
            capture: options.capture.clone(),
            canvas: Canvas {
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
        before.or_else(|| choose(&device.modes, &self.capture, self.canvas))
    }

    /// Lets the camera run.
    pub(super) fn start(&mut self) -> Result<Box<dyn Stream>, SourceError> {
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

fn driver(name: Option<&str>) -> Result<&'static dyn Driver, SourceError> {
    let Some(name) = name else {
        return Ok(DRIVERS[0]);
    };
    let named = DRIVERS.iter().find(|driver| driver.name() == name);
    named.copied().ok_or_else(|| {
        let names: Vec<_> = DRIVERS.iter().map(|driver| driver.name()).collect();
        let problem = format!(
            "is no driver of cameras here: choose one of {}",
            names.join(", ")
        );
        SourceError::contents(format!("'{name}'"), problem)
    })
}

/// Why a camera has no mode that is wished for, and what it has.
fn advice(device: &Device, capture: &Capture) -> String {
    if device.modes.is_empty() {
        let names = Wire::NAMES.map(|row| row.0).join(", ");
        return format!("gives none of {names}; use another camera");
    }
    let mut modes: Vec<_> = device.modes.iter().map(Mode::to_string).collect();
    modes.dedup();
    format!("has no {}: it has {}", words(capture), modes.join(", "))
}

fn unopened(cause: &io::Error) -> String {
    match cause.kind() {
        io::ErrorKind::ResourceBusy => "is in use; close the program that has it".to_owned(),
        _ => format!("does not run ({cause}); unplug it and plug it in again"),
    }
}
