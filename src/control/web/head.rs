use httparse::{EMPTY_HEADER, Status};

/// The longest head of a request.
pub(super) const LONGEST_HEAD: usize = 8192;

/// The most headers.
const MOST_HEADERS: usize = 64;

/// What is read of a request.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Head {
    pub(super) method: String,
    /// Without `%` codes.
    pub(super) path: String,
    /// What follows the `?`.
    pub(super) query: Option<String>,
    pub(super) origin: Option<String>,
    /// The key of a WebSocket, where it asks for one.
    pub(super) key: Option<String>,
}

/// How far the reading of a head is.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Reading {
    /// There is more to come.
    Partial,
    /// It is there, and so long.
    Complete(Head, usize),
    /// It is none.
    Wrong,
}

/// Reads a head from the first bytes of a connection (RFC 9112, RFC 6455 section 4.2.1).
pub(super) fn read(bytes: &[u8]) -> Reading {
    let mut headers = [EMPTY_HEADER; MOST_HEADERS];
    let mut request = httparse::Request::new(&mut headers);
    let length = match request.parse(bytes) {
        Ok(Status::Complete(length)) => length,
        Ok(Status::Partial) => return Reading::Partial,
        Err(_) => return Reading::Wrong,
    };
    head(&request).map_or(Reading::Wrong, |head| Reading::Complete(head, length))
}

fn head(request: &httparse::Request<'_, '_>) -> Option<Head> {
    let target = request.path?;
    let (path, query) = match target.split_once('?') {
        Some((path, query)) => (path, Some(query.to_owned())),
        None => (target, None),
    };
    let header = |name: &str| {
        let mut headers = request.headers.iter();
        let found = headers.find(|header| header.name.eq_ignore_ascii_case(name))?;
        std::str::from_utf8(found.value).ok()
    };
    let asks = header("Upgrade").is_some_and(|value| value.eq_ignore_ascii_case("websocket"));
    let key = if asks {
        let key = header("Sec-WebSocket-Key").filter(|key| key.len() == 24)?;
        let is_known = header("Sec-WebSocket-Version") == Some("13");
        Some(is_known.then(|| key.to_owned())?)
    } else {
        None
    };
    Some(Head {
        method: request.method?.to_owned(),
        path: decoded(path)?,
        query,
        origin: header("Origin").map(ToOwned::to_owned),
        key,
    })
}

/// A path without `%` codes.
fn decoded(path: &str) -> Option<String> {
    let (mut bytes, mut rest) = (Vec::new(), path.as_bytes());
    while let [first, after @ ..] = rest {
        rest = after;
        if *first == b'%' {
            let (digits, after) = rest.split_at_checked(2)?;
            let digits = std::str::from_utf8(digits).ok()?;
            bytes.push(u8::from_str_radix(digits, 16).ok()?);
            rest = after;
        } else {
            bytes.push(*first);
        }
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::control::spoiled::Chance;

    #[test]
    fn a_request_is_read_once_it_is_whole() {
        let text =
            "GET /layers/a%5Fb?VALUE HTTP/1.1\r\nHost: x\r\norigin: http://localhost\r\n\r\n";
        let head = Head {
            method: "GET".to_owned(),
            path: "/layers/a_b".to_owned(),
            query: Some("VALUE".to_owned()),
            origin: Some("http://localhost".to_owned()),
            key: None,
        };
        for end in 0..text.len() {
            assert_eq!(read(&text.as_bytes()[..end]), Reading::Partial, "{end}");
        }
        assert_eq!(read(text.as_bytes()), Reading::Complete(head, text.len()));
    }

    #[test]
    fn a_million_requests_without_sense_are_read_to_their_ends() {
        let sound = [
            "GET /layers/a%5Fb?VALUE HTTP/1.1\r\nHost: x\r\nOrigin: http://localhost\r\n\r\n",
            "GET / HTTP/1.1\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n\
             Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
        ];
        let sound = sound.map(|text| text.as_bytes().to_vec());
        let (mut chance, mut read_whole, mut wrong) = (Chance::new(), 0, 0);
        for _ in 0..1_000_000 {
            let bytes = chance.spoiled(&sound);
            match read(&bytes) {
                Reading::Complete(_, length) => {
                    assert!(length <= bytes.len(), "{bytes:?}");
                    read_whole += 1;
                }
                Reading::Wrong => wrong += 1,
                Reading::Partial => {}
            }
        }
        assert!(
            read_whole > 10_000 && wrong > 10_000,
            "{read_whole} {wrong}"
        );
    }

    #[test]
    fn a_websocket_needs_its_key_and_version() {
        let asked = |headers: &str| {
            let text = format!("GET / HTTP/1.1\r\nUpgrade: WebSocket\r\n{headers}\r\n");
            read(text.as_bytes())
        };
        let key = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
        let whole = asked(&format!("{key}Sec-WebSocket-Version: 13\r\n"));
        assert!(matches!(whole, Reading::Complete(head, _) if head.key.is_some()));
        for headers in [
            "",
            key,
            "Sec-WebSocket-Key: x\r\nSec-WebSocket-Version: 13\r\n",
        ] {
            assert_eq!(asked(headers), Reading::Wrong, "{headers}");
        }
        for text in [
            "\u{1}\u{2}\r\n\r\n",
            "GET /% HTTP/1.1\r\n\r\n",
            "GET /%ff HTTP/1.1\r\n\r\n",
        ] {
            assert_eq!(read(text.as_bytes()), Reading::Wrong, "{text}");
        }
    }
}
