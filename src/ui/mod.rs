//! The window and its keys: only events live on this thread, the engine has its own.

mod keys;
mod monitors;
mod place;
mod pointer;
mod surfaces;
mod window;

pub use window::run;
