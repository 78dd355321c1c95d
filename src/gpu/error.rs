//! What can go wrong between the CPU and the GPU.

use crate::picture::Size;

/// What went wrong with the GPU, and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum GpuError {
    /// No adapter at all: no driver is installed, or none that can draw on this window.
    #[error(
        "no GPU driver was found (looked for {looked_for}): install the package \
         mesa-vulkan-drivers (Debian, Ubuntu, Fedora) or vulkan-swrast (Arch), which also runs \
         without a graphics card"
    )]
    NoDriver {
        /// The interfaces that were tried.
        looked_for: String,
    },
    /// There are adapters, but none of that name.
    #[error("no GPU is called '{wanted}': there are {found}")]
    NoSuchAdapter {
        /// The part of a name that was asked for.
        wanted: String,
        /// The names of those that exist.
        found: String,
    },
    /// Adapters were found, but none gave a device.
    #[error("the GPU {adapter} could not be opened: {reason}; update its driver or choose another")]
    NoDevice {
        /// The last adapter tried.
        adapter: String,
        /// What its driver said.
        reason: String,
    },
    /// A picture with a side that the base limits of WebGPU do not hold, or without pixels.
    #[error(
        "a picture of {0} does not fit on the GPU: a side has 1 to {max} pixels, so scale it first",
        max = Size::LARGEST_SIDE
    )]
    TooLarge(Size),
    /// A picture whose planes are not what its format says.
    #[error("a picture is malformed: {0}; its source is broken")]
    Malformed(String),
    /// A frame was awaited that can never come.
    #[error("the GPU did not hand back a frame: {0}")]
    NoFrame(String),
    /// A plan was prepared before its passes were compiled.
    #[error("the pass {0} was not compiled before it was needed")]
    NotCompiled(String),
    /// A pass that the driver does not compile.
    #[error(
        "the GPU refuses the pass {pass}: {reason}; make it simpler, or read fewer pictures in it"
    )]
    Refused {
        /// The effect's name and the pass's.
        pass: String,
        /// What wgpu or the driver says, in one line.
        reason: String,
    },
    /// A window that cannot be drawn on.
    #[error("the window cannot be drawn on: {0}; use --headless, or another GPU with --gpu")]
    NoSurface(String),
}
