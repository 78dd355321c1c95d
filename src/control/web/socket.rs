use std::io;
use std::net::TcpStream;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::sync::mpsc::Receiver;
use std::time::{Duration, Instant};

use serde::Deserialize;
use tungstenite::protocol::{Role, WebSocketConfig};
use tungstenite::{Error, Message as Frame, WebSocket};

use super::super::message::Message;
use super::super::peers::{Caller, Letter, Peer};
use super::super::udp::is_wait;
use super::House;

/// The largest frame, and the largest message of several: that of UDP.
const LARGEST: usize = 65_536;

/// How long one reading waits: letters to the caller go out this often.
const NAP: Duration = Duration::from_millis(4);

/// How long the caller may take to take a letter.
const PATIENCE: Duration = Duration::from_secs(1);

/// After how long a silent caller is asked whether it is there.
const SILENCE: Duration = Duration::from_secs(20);

/// After how long one that does not answer is gone: a tablet out of reach sends no end.
const GONE: Duration = Duration::from_secs(60);

/// A WebSocket to its end.
pub(super) struct Socket<'a> {
    house: &'a House,
    socket: WebSocket<TcpStream>,
    caller: Arc<Caller>,
    letters: Receiver<Letter>,
    heard: Instant,
    asked: Instant,
}

/// What OSCQuery's clients ask for over a WebSocket.
#[derive(Debug, Deserialize)]
struct Request {
    #[serde(rename = "COMMAND")]
    command: String,
    #[serde(rename = "DATA")]
    data: String,
}

impl<'a> Socket<'a> {
    /// `rest` came right after the request.
    pub(super) fn new(house: &'a House, stream: TcpStream, rest: Vec<u8>) -> io::Result<Self> {
        stream.set_read_timeout(Some(NAP))?;
        stream.set_write_timeout(Some(PATIENCE))?;
        let (caller, letters) = Caller::new();
        house.reception.peers.come(&caller);
        Ok(Self {
            house,
            socket: WebSocket::from_partially_read(stream, rest, Role::Server, Some(limits())),
            caller,
            letters,
            heard: Instant::now(),
            asked: Instant::now(),
        })
    }

    /// Reads and writes in turns. However it ends, with a handshake or without, that is a normal end.
    pub(super) fn serve(mut self) -> io::Result<()> {
        while !self.house.over.load(Ordering::Relaxed) {
            let turn = self.read().and_then(|()| self.write());
            if turn.and_then(|()| self.ask()).is_err() || self.heard.elapsed() > GONE {
                return Ok(());
            }
        }
        let _ = self.socket.close(None);
        let _ = self.socket.flush();
        Ok(())
    }

    fn read(&mut self) -> Result<(), Error> {
        let frame = self.socket.read();
        if frame.is_ok() {
            self.heard = Instant::now();
        }
        match frame {
            Ok(Frame::Binary(packet)) => self.hear(&packet),
            Ok(Frame::Text(text)) => self.obey(text.as_str()),
            Ok(_) => {}
            Err(Error::Io(error)) if is_wait(error.kind()) => {}
            Err(error) => return Err(error),
        }
        Ok(())
    }

    fn ask(&mut self) -> Result<(), Error> {
        if self.heard.max(self.asked).elapsed() < SILENCE {
            return Ok(());
        }
        self.asked = Instant::now();
        self.socket.send(Frame::Ping(tungstenite::Bytes::new()))
    }

    fn hear(&self, packet: &[u8]) {
        let listen = |message: &Message| self.listens(message);
        let sender = Peer::Web(Arc::clone(&self.caller));
        self.house.reception.receive(packet, &sender, listen);
    }

    /// `/listen` and `/ignore` with an address or a pattern: LISTEN and IGNORE for those who can only send OSC.
    fn listens(&self, message: &Message) -> bool {
        match (message.address.as_str(), message.text()) {
            ("/listen", Some(path)) => self.caller.listen(path),
            ("/ignore", Some(path)) => self.caller.ignore(path),
            _ => return false,
        }
        true
    }

    fn obey(&self, text: &str) {
        let Ok(Request { command, data }) = serde_json::from_str(text) else {
            self.house.reception.tally.malformed();
            return;
        };
        match command.as_str() {
            "LISTEN" => self.caller.listen(&data),
            "IGNORE" => self.caller.ignore(&data),
            // Commands that are not known are for others.
            _ => {}
        }
    }

    fn write(&mut self) -> Result<(), Error> {
        while let Ok(letter) = self.letters.try_recv() {
            let frame = match letter {
                Letter::Osc(packet) => Frame::binary(packet),
                Letter::Json(text) => Frame::text(text),
            };
            self.socket.send(frame)?;
        }
        Ok(())
    }
}

/// What a caller may make this side keep.
fn limits() -> WebSocketConfig {
    WebSocketConfig::default()
        .read_buffer_size(8192)
        .write_buffer_size(0)
        .max_write_buffer_size(16 * LARGEST)
        .max_message_size(Some(LARGEST))
        .max_frame_size(Some(LARGEST))
}

impl Drop for Socket<'_> {
    fn drop(&mut self) {
        self.house.reception.peers.go(&self.caller);
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;
    use crate::control::reception::Reception;
    use crate::control::spoiled::Chance;

    /// A frame of a client: its first byte, and what it holds, under a mask of zeros.
    fn frame(first: u8, holds: &[u8]) -> Vec<u8> {
        let head = [first, 0x80 | holds.len() as u8, 0, 0, 0, 0];
        [&head, holds].concat()
    }

    #[test]
    fn a_million_frames_without_sense_are_read_to_their_ends() {
        const WHOLE: u8 = 0x80;
        let sound = [
            frame(WHOLE | 2, b"/a\0\0,f\0\0\x3f\x80\0\0"),
            frame(WHOLE | 1, br#"{"COMMAND":"LISTEN","DATA":"/a"}"#),
            [frame(2, b"/a\0\0"), frame(WHOLE, b",\0\0\0")].concat(),
            frame(WHOLE | 9, b"ping"),
            frame(WHOLE | 8, &[3, 232]),
        ];
        let (caller, _letters) = Caller::new();
        let (sender, reception) = (Peer::Web(caller), Reception::default());
        let (mut chance, mut packets) = (Chance::new(), 0);
        for _ in 0..250_000 {
            let bytes: Vec<u8> = (0..4).flat_map(|_| chance.spoiled(&sound)).collect();
            let stream = Cursor::new(bytes);
            let mut socket =
                WebSocket::from_partially_read(stream, Vec::new(), Role::Server, Some(limits()));
            while let Ok(frame) = socket.read() {
                if let Frame::Binary(packet) = frame {
                    reception.receive(&packet, &sender, |_| false);
                    packets += 1;
                }
            }
        }
        assert!(packets > 10_000, "{packets}");
        assert!(
            reception.counts().malformed > 1000,
            "{:?}",
            reception.counts()
        );
        assert!(reception.take().is_empty(), "there is nothing to send to");
    }
}
