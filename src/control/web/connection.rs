use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use tungstenite::handshake::derive_accept_key;

use super::super::query::{Answer, answer, host_info};
use super::House;
use super::head::{self, Head, LONGEST_HEAD, Reading};
use super::origin::is_allowed;
use super::socket::Socket;

/// How long a request may take to come in, and an answer to go out.
const PATIENCE: Duration = Duration::from_secs(5);

/// A caller who has not been heard yet.
pub(super) struct Connection<'a> {
    house: &'a House,
    stream: TcpStream,
}

impl<'a> Connection<'a> {
    pub(super) fn new(house: &'a House, stream: TcpStream) -> io::Result<Self> {
        stream.set_nonblocking(false)?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        stream.set_write_timeout(Some(PATIENCE))?;
        Ok(Self { house, stream })
    }

    /// Answers one request, or stays with a WebSocket to its end.
    pub(super) fn serve(mut self) -> io::Result<()> {
        let (head, rest) = match self.head()? {
            Ok(found) => found,
            Err(status) => return self.answer(&reply(status, None, "")),
        };
        if !is_allowed(head.origin.as_deref(), &self.house.origins) {
            let origin = head.origin.unwrap_or_default();
            let why =
                format!("the page {origin:?} is not allowed: say --allow-origin to let it in");
            self.house.reception.tally.refused(&why);
            return self.answer(&reply("403 Forbidden", None, ""));
        }
        match &head.key {
            Some(key) => {
                self.stream.write_all(welcome(key).as_bytes())?;
                Socket::new(self.house, self.stream, rest)?.serve()
            }
            None => {
                let text = respond(self.house, &head);
                self.answer(&text)
            }
        }
    }

    /// The head of the request, and what came after it; else the status that says what is wrong.
    fn head(&mut self) -> io::Result<Result<(Head, Vec<u8>), &'static str>> {
        let (mut bytes, begun) = (Vec::new(), Instant::now());
        let mut buffer = [0; 1024];
        loop {
            match head::read(&bytes) {
                Reading::Complete(head, length) => return Ok(Ok((head, bytes.split_off(length)))),
                Reading::Wrong => return Ok(Err("400 Bad Request")),
                Reading::Partial if bytes.len() >= LONGEST_HEAD => {
                    return Ok(Err("431 Request Header Fields Too Large"));
                }
                Reading::Partial => {}
            }
            // One letter at a time is no way to stay.
            if begun.elapsed() > PATIENCE {
                return Ok(Err("408 Request Timeout"));
            }
            match self.stream.read(&mut buffer)? {
                0 => return Err(io::ErrorKind::UnexpectedEof.into()),
                count => bytes.extend(&buffer[..count]),
            }
        }
    }

    fn answer(&mut self, text: &str) -> io::Result<()> {
        self.stream.write_all(text.as_bytes())?;
        self.stream.shutdown(std::net::Shutdown::Write)
    }
}

/// The answer to a request that is no WebSocket's.
fn respond(house: &House, head: &Head) -> String {
    let origin = head.origin.as_deref();
    if !matches!(head.method.as_str(), "GET" | "HEAD") {
        return reply("405 Method Not Allowed", origin, "");
    }
    // Some clients write `?VALUE=`.
    let query = head
        .query
        .as_deref()
        .map(|query| query.trim_end_matches('='));
    let query = query.filter(|query| !query.is_empty());
    let found = match query {
        Some("HOST_INFO") => Answer::Json(host_info(house.udp, house.web)),
        query => answer(&house.reception.board(), &head.path, query),
    };
    match found {
        Answer::Json(_) if head.method == "HEAD" => reply("200 OK", origin, ""),
        Answer::Json(json) => reply("200 OK", origin, &json.to_string()),
        Answer::Nothing => reply("204 No Content", origin, ""),
        Answer::BadRequest => reply("400 Bad Request", origin, ""),
        Answer::NotFound => reply("404 Not Found", origin, ""),
    }
}

/// An HTTP answer. A page that may ask may also read.
fn reply(status: &str, origin: Option<&str>, json: &str) -> String {
    let length = match status {
        "204 No Content" => String::new(),
        _ => format!("Content-Length: {}\r\n", json.len()),
    };
    let reader = origin.map_or_else(String::new, |origin| {
        format!("Access-Control-Allow-Origin: {origin}\r\nVary: Origin\r\n")
    });
    format!(
        "HTTP/1.1 {status}\r\nContent-Type: application/json\r\n{length}{reader}Cache-Control: no-store\r\n\
         Connection: close\r\n\r\n{json}"
    )
}

/// The answer that opens a WebSocket.
fn welcome(key: &str) -> String {
    format!(
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
         Sec-WebSocket-Accept: {}\r\n\r\n",
        derive_accept_key(key.as_bytes())
    )
}
