//! As much of D-Bus as one call takes, after the D-Bus Specification 0.43: a desktop forgets what it was asked
//! when the connection closes, so that no program beside this one can ask for it.

use std::env;
use std::io::{self, Read, Write};
use std::os::linux::net::SocketAddrExt;
use std::os::unix::fs::MetadataExt;
use std::os::unix::net::{SocketAddr, UnixStream};
use std::time::Duration;

/// How long the bus may take to answer.
const PATIENCE: Duration = Duration::from_secs(5);

/// Longer than any answer that is of use here.
const LONGEST_BODY: usize = 1 << 16;

const METHOD_RETURN: u8 = 2;
const ERROR: u8 = 3;

/// A connection to the message bus of the user's session.
#[derive(Debug)]
pub(super) struct Bus {
    stream: UnixStream,
    serial: u32,
}

/// A call with texts as arguments.
#[derive(Debug)]
pub(super) struct Call<'a> {
    pub(super) destination: &'a str,
    pub(super) path: &'a str,
    pub(super) interface: &'a str,
    pub(super) member: &'a str,
    pub(super) arguments: &'a [&'a str],
}

impl Bus {
    /// Connects to the bus that the environment names.
    pub(super) fn session() -> io::Result<Self> {
        let named = env::var("DBUS_SESSION_BUS_ADDRESS");
        let usual = || env::var("XDG_RUNTIME_DIR").map(|folder| format!("unix:path={folder}/bus"));
        let address = named.or_else(|_| usual());
        Self::connect(&address.map_err(|_| other("there is no session bus"))?)
    }

    fn connect(address: &str) -> io::Result<Self> {
        let socket = address.split(';').find_map(socket);
        let socket = socket.ok_or_else(|| other("the session bus is not a local socket"))??;
        let stream = UnixStream::connect_addr(&socket)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        let mut bus = Self { stream, serial: 0 };
        bus.introduce()?;
        bus.call(&Call {
            destination: "org.freedesktop.DBus",
            path: "/org/freedesktop/DBus",
            interface: "org.freedesktop.DBus",
            member: "Hello",
            arguments: &[],
        })?;
        Ok(bus)
    }

    /// Says who calls: the socket tells the bus whether it is true.
    fn introduce(&mut self) -> io::Result<()> {
        let user = std::fs::metadata("/proc/self")?.uid().to_string();
        let user: String = user.bytes().map(|digit| format!("{digit:02x}")).collect();
        write!(self.stream, "\0AUTH EXTERNAL {user}\r\n")?;
        let mut answer = Vec::new();
        while !answer.ends_with(b"\r\n") {
            answer.extend(self.read::<1>()?);
        }
        if !answer.starts_with(b"OK ") {
            return Err(other("the session bus refuses this user"));
        }
        self.stream.write_all(b"BEGIN\r\n")
    }

    /// Calls, and waits for the answer.
    pub(super) fn call(&mut self, call: &Call<'_>) -> io::Result<()> {
        self.serial += 1;
        self.stream.write_all(&message(self.serial, call))?;
        loop {
            // The one call that is under way has the one answer; all else are signals.
            match self.receive()? {
                (METHOD_RETURN, _) => return Ok(()),
                (ERROR, body) => {
                    let text = body
                        .get(4..body.len().saturating_sub(1))
                        .unwrap_or_default();
                    return Err(other(&String::from_utf8_lossy(text)));
                }
                _ => {}
            }
        }
    }

    /// Keeps the connection until the bus closes it.
    pub(super) fn hold(mut self) -> io::Result<()> {
        self.stream.set_read_timeout(None)?;
        io::copy(&mut self.stream, &mut io::sink()).map(drop)
    }

    /// The next message's kind and body.
    fn receive(&mut self) -> io::Result<(u8, Vec<u8>)> {
        let head = self.read::<16>()?;
        let number = |at: usize| -> usize {
            let bytes = [head[at], head[at + 1], head[at + 2], head[at + 3]];
            let little = head[0] == b'l';
            let number = if little {
                u32::from_le_bytes
            } else {
                u32::from_be_bytes
            };
            number(bytes) as usize
        };
        let (body, fields) = (number(4), number(12).next_multiple_of(8));
        if body.max(fields) > LONGEST_BODY {
            return Err(other("the session bus sends too much"));
        }
        let mut rest = vec![0; fields + body];
        self.stream.read_exact(&mut rest)?;
        Ok((head[1], rest.split_off(fields)))
    }

    fn read<const COUNT: usize>(&mut self) -> io::Result<[u8; COUNT]> {
        let mut bytes = [0; COUNT];
        self.stream.read_exact(&mut bytes)?;
        Ok(bytes)
    }
}

fn other(text: &str) -> io::Error {
    io::Error::other(text.to_owned())
}

/// The socket of an address like `unix:path=/run/user/1000/bus,guid=…`.
fn socket(address: &str) -> Option<io::Result<SocketAddr>> {
    let keys = address.strip_prefix("unix:")?.split(',');
    keys.filter_map(|key| key.split_once('='))
        .find_map(|(key, value)| match key {
            "path" => Some(SocketAddr::from_pathname(value)),
            "abstract" => Some(SocketAddr::from_abstract_name(value)),
            _ => None,
        })
}

/// A method call, little-endian.
fn message(serial: u32, call: &Call<'_>) -> Vec<u8> {
    let mut body = Vec::new();
    for argument in call.arguments {
        text(&mut body, argument);
    }
    let mut fields = Vec::new();
    let named = [
        (1, b'o', call.path),
        (2, b's', call.interface),
        (3, b's', call.member),
        (6, b's', call.destination),
    ];
    for (field, kind, value) in named {
        align(&mut fields, 8);
        fields.extend([field, 1, kind, 0]);
        text(&mut fields, value);
    }
    if !call.arguments.is_empty() {
        align(&mut fields, 8);
        fields.extend([8, 1, b'g', 0, call.arguments.len() as u8]);
        fields.extend(call.arguments.iter().map(|_| b's'));
        fields.push(0);
    }
    let mut message = vec![b'l', 1, 0, 1];
    for number in [body.len() as u32, serial, fields.len() as u32] {
        message.extend(number.to_le_bytes());
    }
    message.extend(fields);
    align(&mut message, 8);
    message.extend(body);
    message
}

fn text(bytes: &mut Vec<u8>, text: &str) {
    align(bytes, 4);
    bytes.extend((text.len() as u32).to_le_bytes());
    bytes.extend(text.bytes());
    bytes.push(0);
}

fn align(bytes: &mut Vec<u8>, to: usize) {
    bytes.resize(bytes.len().next_multiple_of(to), 0);
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{BufRead, BufReader};
    use std::process::{Child, Command, Stdio};

    /// A bus of its own, without a desktop.
    struct Daemon(Child, String);

    impl Daemon {
        fn start() -> Self {
            let mut command = Command::new("dbus-daemon");
            command.args(["--session", "--nofork", "--print-address"]);
            let child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn();
            let mut child = child.unwrap_or_else(|error| {
                panic!("cannot run dbus-daemon ({error}): apt-get install dbus-daemon")
            });
            let mut address = String::new();
            let said = child.stdout.take().unwrap();
            BufReader::new(said).read_line(&mut address).unwrap();
            Self(child, address.trim().to_owned())
        }
    }

    impl Drop for Daemon {
        fn drop(&mut self) {
            let _ = self.0.kill();
            let _ = self.0.wait();
        }
    }

    #[test]
    fn the_bus_answers_and_says_who_is_missing() {
        let daemon = Daemon::start();
        let mut bus = Bus::connect(&daemon.1).unwrap();
        let mut call = Call {
            destination: "org.freedesktop.DBus",
            path: "/org/freedesktop/DBus",
            interface: "org.freedesktop.DBus",
            member: "NameHasOwner",
            arguments: &["org.freedesktop.DBus"],
        };
        bus.call(&call).unwrap();
        call.arguments = &["one", "too many"];
        assert!(bus.call(&call).is_err());
        let saver = Call {
            destination: "org.freedesktop.ScreenSaver",
            ..call
        };
        let error = bus.call(&saver).unwrap_err().to_string();
        assert!(error.contains("org.freedesktop.ScreenSaver"), "{error}");
    }

    #[test]
    fn addresses_are_found_among_others() {
        let found = |address: &str| address.split(';').find_map(socket).map(Result::unwrap);
        let path = found("tcp:host=a,port=1;unix:guid=1f,path=/run/bus").unwrap();
        assert_eq!(path.as_pathname().unwrap().to_str(), Some("/run/bus"));
        let name = found("unix:abstract=/tmp/dbus-1").unwrap();
        assert_eq!(name.as_abstract_name(), Some(&b"/tmp/dbus-1"[..]));
        assert!(found("tcp:host=a,port=1").is_none());
    }
}
