use std::io;
use std::net::SocketAddr;

/// What keeps the hands out.
#[derive(Debug, thiserror::Error)]
pub enum ControlError {
    /// Another program listens there, or the system does not allow it.
    #[error("cannot listen on {protocol} {address}: {error}; name another port")]
    Taken {
        /// UDP or TCP.
        protocol: &'static str,
        /// Where.
        address: SocketAddr,
        /// What the system says.
        error: io::Error,
    },
    /// The system gives no thread.
    #[error("cannot start a thread for OSC: {0}")]
    Thread(io::Error),
}
