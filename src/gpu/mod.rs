//! The only room that names wgpu.

mod convert;
pub mod device;
mod error;
mod fit;
pub mod intake;
mod pass;
mod planes;
pub mod readback;
mod staging;

pub use device::{AdapterSummary, Gpu};
pub use error::GpuError;
pub use intake::Intake;
pub use pass::PICTURE_FORMAT;
pub use readback::{Frame, Readback};
