//! The only room that names wgpu: device, intake, executor, readback, timing, presenting.

mod adapter;
mod convert;
pub mod device;
mod drawing;
mod errand;
mod error;
pub mod executor;
mod fit;
mod floats;
mod health;
pub mod intake;
mod numbers;
mod overlay;
mod pass;
mod pass_run;
pub mod pipeline;
mod planes;
mod pool;
mod present;
pub mod readback;
mod reads;
mod sounds;
mod stage_run;
mod staging;
mod state;
mod stored;
mod timing;
mod uniforms;

pub use adapter::AdapterSummary;
pub use device::Gpu;
pub use error::GpuError;
pub use executor::{Executor, NewPictures, Prepared};
pub use floats::Floats;
pub use intake::Intake;
pub use overlay::{Panel, Row, Tone};
pub use pass::PICTURE_FORMAT;
pub use pipeline::{Compiled, Pipelines};
pub use present::{Presenter, Shown, WindowSurface};
pub use readback::{Frame, Readback};
pub use state::{State, Succession};
pub use timing::PassTime;

/// A view of a picture on the GPU.
pub type View = wgpu::TextureView;

/// Work for the GPU that is not yet sent.
pub type Encoder = wgpu::CommandEncoder;
