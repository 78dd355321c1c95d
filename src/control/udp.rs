use std::io::ErrorKind;
use std::net::{SocketAddr, UdpSocket};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use super::ControlError;
use super::peers::Peer;
use super::reception::Reception;

/// The largest packet that UDP has.
const LARGEST_PACKET: usize = 65_536;

/// How often the thread looks whether all is over.
const NAP: Duration = Duration::from_millis(100);

/// Opens a port, and says where it really is.
pub(super) fn bind(address: SocketAddr) -> Result<(Arc<UdpSocket>, SocketAddr), ControlError> {
    let taken = |error| ControlError::Taken {
        protocol: "UDP",
        address,
        error,
    };
    let socket = UdpSocket::bind(address).map_err(taken)?;
    socket.set_read_timeout(Some(NAP)).map_err(taken)?;
    let address = socket.local_addr().map_err(taken)?;
    Ok((Arc::new(socket), address))
}

/// The thread that reads one port.
pub(super) struct Reader {
    pub(super) socket: Arc<UdpSocket>,
    pub(super) reception: Arc<Reception>,
    pub(super) over: Arc<AtomicBool>,
}

impl Reader {
    pub(super) fn run(self) {
        let mut buffer = vec![0; LARGEST_PACKET];
        while !self.over.load(Ordering::Relaxed) {
            match self.socket.recv_from(&mut buffer) {
                Ok((size, sender)) => {
                    let sender = Peer::Udp(Arc::clone(&self.socket), sender);
                    self.reception.receive(&buffer[..size], &sender, |_| false);
                }
                Err(error) if is_wait(error.kind()) => {}
                // What was sent from here may have met a closed port.
                Err(_) => std::thread::sleep(Duration::from_millis(1)),
            }
        }
    }
}

/// Whether a time-out is over, in the words of the systems there are.
pub(super) const fn is_wait(kind: ErrorKind) -> bool {
    matches!(
        kind,
        ErrorKind::WouldBlock | ErrorKind::TimedOut | ErrorKind::Interrupted
    )
}
