//! Sound from a device, as the program plays: a microphone, a line, or what the machine itself plays (a monitor).
//!
//! The system calls back on a thread of its own, which only puts samples into a ring. One thread makes moments of them,
//! another opens the device, watches it, and opens it again after a loss. Who listens takes what has come, and waits for
//! none of them.

mod error;
mod hearer;
mod heartbeat;
mod input;
mod listener;
mod queue;
mod ring;
#[cfg(target_os = "linux")]
mod server;
mod stream;
mod supervisor;
mod watcher;

pub use error::DeviceError;
pub use input::{Choice, Input, inputs};
pub use listener::Listener;
pub use queue::Heard;
pub use ring::{Reader, Writer, ring};
