//! What the tests of open ports share: ports in this process, and callers as plain as can be.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream, UdpSocket};
use std::thread::sleep;
use std::time::{Duration, Instant};

use afterimage::control::{Control, Event, Ports, Sent, Space, TextAddress};
use afterimage::effect::Library;
use afterimage::engine::addresses;
use afterimage::param::{Access, Address, Kind, Param, Value};
use afterimage::show::Show;
use serde_json::Value as Json;

/// Longer than anything here takes, on a busy machine too.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);

/// Ports that the system chooses.
pub(crate) fn open(ports: Ports) -> Control {
    let any = SocketAddr::from(([127, 0, 0, 1], 0));
    Control::open(&Ports {
        udp: vec![any],
        web: Some(any),
        ..ports
    })
    .unwrap()
}

/// Ports, and a space with a parameter of each kind.
pub(crate) fn open_space() -> Control {
    let control = open(Ports::default());
    control.describe(space);
    control.await_description();
    control
}

pub(crate) fn space() -> Space {
    let point = Param::new(
        "at",
        Kind::Point2D,
        Value::point(0.0, 0.0),
        Value::point(-9.0, -9.0),
        Value::point(9.0, 9.0),
    );
    let params = [
        ("/layers/a/amount", Param::float("amount", 0.5, 0.0, 1.0)),
        ("/layers/a/at", point),
        ("/layers/a/on", Param::bool("on", true)),
    ];
    let both = params.map(|(path, param)| Address::new(path.to_owned(), param, Access::Both));
    let trigger = Address::new(
        "/trigger".to_owned(),
        Param::event("trigger"),
        Access::Write,
    );
    let show = TextAddress {
        path: "/show".to_owned(),
        description: "Plays another show.".to_owned(),
        value: Some("silk".to_owned()),
        options: vec!["silk".to_owned()],
    };
    Space::new(
        "a show",
        both.into_iter().chain([trigger]).collect(),
        vec![show],
    )
}

/// The space of a show.
pub(crate) fn space_of(text: &str) -> Space {
    let show = Show::parse(text, None, &mut Library::new(Vec::new())).unwrap();
    Space::new(&show.name(), addresses(&show), Vec::new())
}

/// A message of numbers, as floats.
pub(crate) fn message(address: &str, numbers: &[f32]) -> Vec<u8> {
    let text = |text: &str| {
        let mut bytes = [text.as_bytes(), b"\0"].concat();
        bytes.resize(bytes.len().next_multiple_of(4), 0);
        bytes
    };
    let mut packet = [
        text(address),
        text(&format!(",{}", "f".repeat(numbers.len()))),
    ]
    .concat();
    packet.extend(numbers.iter().flat_map(|number| number.to_be_bytes()));
    packet
}

/// Messages in one packet, for now.
pub(crate) fn bundle(messages: &[Vec<u8>]) -> Vec<u8> {
    let mut packet = b"#bundle\0\0\0\0\0\0\0\0\x01".to_vec();
    for message in messages {
        packet.extend((message.len() as u32).to_be_bytes());
        packet.extend(message);
    }
    packet
}

/// Someone who sends to the first UDP port.
pub(crate) fn sender(control: &Control) -> UdpSocket {
    let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
    socket.connect(control.udp()[0]).unwrap();
    socket.set_read_timeout(Some(PATIENCE)).unwrap();
    socket
}

pub(crate) fn await_that(what: &str, mut condition: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !condition() {
        assert!(begun.elapsed() < PATIENCE, "waited in vain until {what}");
        sleep(Duration::from_millis(2));
    }
}

/// What came in, once there are so many messages.
pub(crate) fn received(control: &Control, messages: u64) -> Vec<Event> {
    await_that("the messages are there", || {
        control.counts().messages >= messages
    });
    control.received()
}

pub(crate) fn event(path: &str, lanes: &[f64], events: u32) -> Event {
    Event {
        path: path.to_owned(),
        sent: Sent::Value(Value::lanes(lanes)),
        events,
    }
}

/// A connection to the web port.
pub(crate) fn call(control: &Control) -> TcpStream {
    let stream = TcpStream::connect(control.web().unwrap()).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    stream
}

/// Sends a request, and gives the status and the body of the answer.
pub(crate) fn ask(control: &Control, request: &str) -> (u16, String) {
    let mut stream = call(control);
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    (status, body.to_owned())
}

/// GET, with headers of one's own.
pub(crate) fn get(control: &Control, path: &str, headers: &str) -> (u16, String) {
    ask(
        control,
        &format!("GET {path} HTTP/1.1\r\nHost: x\r\n{headers}\r\n"),
    )
}

pub(crate) fn json(control: &Control, path: &str) -> Json {
    let (status, body) = get(control, path, "");
    assert_eq!(status, 200, "{path}");
    serde_json::from_str(&body).unwrap()
}

/// A WebSocket, opened by hand.
pub(crate) fn web_socket(control: &Control) -> TcpStream {
    let mut stream = call(control);
    let request = "GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
                   Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
    stream.write_all(request.as_bytes()).unwrap();
    let head = head(&mut stream);
    // The key's answer is RFC 6455's own example.
    assert!(head.contains("s3pPLMBiTxaQ9kYGzzhZRbK+xOo="), "{head}");
    stream
}

/// The head of an answer.
pub(crate) fn head(stream: &mut TcpStream) -> String {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        stream.read_exact(&mut byte).unwrap();
        head.push(byte[0]);
    }
    String::from_utf8(head).unwrap()
}

/// A frame as clients send it, shorter than 126 bytes: masked, with a mask of zeros.
pub(crate) fn frame(kind: u8, content: &[u8]) -> Vec<u8> {
    let length = u8::try_from(content.len()).unwrap();
    assert!(length < 126);
    [&[0x80 | kind, 0x80 | length, 0, 0, 0, 0], content].concat()
}

/// The next frame of the server's: its kind and its content.
pub(crate) fn next_frame(stream: &mut TcpStream) -> (u8, Vec<u8>) {
    let mut start = [0; 2];
    stream.read_exact(&mut start).unwrap();
    let length = match start[1] {
        126 => {
            let mut length = [0; 2];
            stream.read_exact(&mut length).unwrap();
            usize::from(u16::from_be_bytes(length))
        }
        length => usize::from(length),
    };
    let mut content = vec![0; length];
    stream.read_exact(&mut content).unwrap();
    (start[0] & 15, content)
}
