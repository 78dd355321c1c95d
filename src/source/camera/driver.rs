use std::io;
use std::time::{Duration, Instant};

use super::{Device, Mode};
use crate::picture::Encoding;

/// A way to the cameras of a system.
pub(super) trait Driver: Sync {
    /// Its name in a show file.
    fn name(&self) -> &'static str;

    /// Every camera there is, in the system's order. Blocks while it asks them.
    fn devices(&self) -> Vec<Device>;

    /// Lets a camera run.
    ///
    /// # Errors
    /// It is gone, in use, or does not take the mode.
    fn open(&self, device: &Device, mode: Mode) -> io::Result<Box<dyn Stream>>;
}

/// A camera that runs. Dropping it may block, but never panics.
pub(super) trait Stream: Send {
    /// What the camera agreed to.
    fn grant(&self) -> Grant;

    /// The next picture; none if there was none for as long as `patience`. The first one may take longer.
    ///
    /// # Errors
    /// The camera is gone, or failed.
    fn next(&mut self, patience: Duration) -> io::Result<Option<Sample<'_>>>;
}

/// What a camera agreed to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Grant {
    pub(super) mode: Mode,
    /// How samples become colours.
    pub(super) encoding: Encoding,
    /// Bytes from one row of luma to the next; 0 where there is no padding.
    pub(super) stride: usize,
}

/// One picture as it came.
pub(super) struct Sample<'a> {
    pub(super) bytes: &'a [u8],
    pub(super) captured: Instant,
    /// Whether the driver says that it is not whole.
    pub(super) damaged: bool,
}

/// The drivers of this system; the first one is taken where none is named.
pub(super) const DRIVERS: &[&dyn Driver] = &[
    #[cfg(target_os = "linux")]
    &super::v4l2::V4l2,
    &super::nokhwa::Nokhwa,
];
