//! The window and its keys: only events live on this thread, the engine has its own.

mod awake;
#[cfg(target_os = "linux")]
mod bus;
mod keys;
mod monitors;
mod place;
mod pointer;
mod surfaces;
mod window;
#[cfg(target_os = "linux")]
mod x11;

pub use window::run;
