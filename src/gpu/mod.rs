//! The only room that names wgpu.

mod convert;
pub mod device;
mod error;
mod fit;
pub mod intake;
mod planes;
pub mod readback;
mod staging;

pub use device::{AdapterSummary, Gpu};
pub use error::GpuError;
pub use intake::Intake;
pub use readback::{Frame, Readback};
