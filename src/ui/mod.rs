//! The window and its keys: only events live on this thread, the engine has its own.

#[cfg(all(unix, not(target_os = "macos")))]
mod hotplug;
mod keys;
mod monitors;
mod place;
mod pointer;
mod surfaces;
mod window;

pub use window::run;
