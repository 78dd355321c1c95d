//! Sound from devices and to them: a microphone, a line, or what the machine itself plays (a monitor); loudspeakers.
//!
//! The system calls back on a thread of its own, which only puts samples into a ring, or takes them out. What comes in, one
//! thread makes moments of; another opens the device, watches it, and opens it again after a loss. Who listens takes what has
//! come, and waits for none of them; who plays is told how far it is heard.

mod error;
mod hearer;
mod heartbeat;
mod inlet;
mod listener;
mod open;
mod outlet;
mod played;
mod port;
mod queue;
mod ring;
#[cfg(target_os = "linux")]
mod server;
mod speaker;
mod state;
mod supervisor;
mod supply;
mod wanted;
mod watcher;

pub use error::DeviceError;
pub use listener::Listener;
pub use port::{Choice, Direction, Port, ports};
pub use queue::Heard;
pub use ring::{Reader, Writer, ring};
pub use speaker::Speaker;
pub use supply::{Frame, Supply, Tap, supply};
pub use wanted::Wanted;
