//! Whatever strangers send: nothing falls over, and nothing grows.

use std::fs;
use std::io::{Read, Write};
use std::net::Shutdown;
use std::sync::Mutex;
use std::time::Duration;

use afterimage::control::Control;

use crate::hand::{
    await_that, bundle, call, event, frame, get, message, open_space, received, sender, web_socket,
};

/// Chance that is the same in every run (xorshift; Marsaglia 2003).
struct Chance(u64);

impl Chance {
    fn below(&mut self, count: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % count as u64) as usize
    }

    /// Bytes without sense, or a sound text with some changed.
    fn bytes(&mut self, sound: &[Vec<u8>]) -> Vec<u8> {
        if self.below(4) == 0 {
            let count = self.below(200);
            return (0..count).map(|_| self.below(256) as u8).collect();
        }
        let mut bytes = sound[self.below(sound.len())].clone();
        for _ in 0..=self.below(6) {
            let at = self.below(bytes.len());
            match self.below(4) {
                0 => bytes.truncate(at.max(1)),
                1 => bytes.insert(at, self.below(256) as u8),
                _ => bytes[at] = self.below(256) as u8,
            }
        }
        bytes
    }
}

/// What this process holds, in MiB.
fn held() -> usize {
    let text = fs::read_to_string("/proc/self/statm").unwrap();
    let pages: usize = text.split(' ').nth(1).unwrap().parse().unwrap();
    (pages * 4096) >> 20
}

/// More than other tests of this program hold meanwhile; a hundredth of what is sent would be more.
const ROOM: usize = 64;

/// One flood at a time, and nothing large beside it: what the process holds is measured.
pub(crate) static FLOOD: Mutex<()> = Mutex::new(());

/// Whether those who send sense are still heard.
fn assert_well(control: &Control) {
    let _ = control.received();
    let before = control.counts().messages;
    web_socket(control)
        .write_all(&frame(2, &message("/trigger", &[])))
        .unwrap();
    let heard = received(control, before + 1);
    assert_eq!(heard, [event("/trigger", &[1.0], 1)]);
    assert_eq!(
        get(control, "/trigger?ACCESS", ""),
        (200, r#"{"ACCESS":2}"#.to_owned())
    );
}

#[test]
fn packets_without_sense_do_no_harm() {
    let _alone = FLOOD.lock().unwrap();
    let (control, mut chance) = (open_space(), Chance(7));
    let socket = sender(&control);
    let sound = [
        message("/layers/a/amount", &[0.5]),
        message("/layers/{a,b}/[!x]*", &[0.5, 1.0]),
        bundle(&[
            message("/trigger", &[]),
            bundle(&[message("/layers/a/at", &[1.0, 2.0])]),
        ]),
        message(&format!("/{}", "*".repeat(200)), &[0.0; 60]),
    ];
    let begun = held();
    for index in 0..100_000 {
        // A full buffer is no fault of the one who reads.
        let _ = socket.send(&chance.bytes(&sound));
        if index % 1000 == 0 {
            let _ = control.received();
        }
    }
    // The largest there is, nested as deep as it goes.
    let mut deep = message("/trigger", &[]);
    while deep.len() < 65_000 {
        deep = bundle(&[deep]);
    }
    socket.send(&deep).unwrap();
    await_that("they are read", || control.counts().malformed > 10_000);
    assert!(held() < begun + ROOM, "{} MiB, before {begun}", held());
    std::thread::sleep(Duration::from_millis(100));
    assert_well(&control);
}

#[test]
fn requests_and_frames_without_sense_do_no_harm() {
    let _alone = FLOOD.lock().unwrap();
    let (control, mut chance) = (open_space(), Chance(11));
    let requests = [
        b"GET /layers?VALUE HTTP/1.1\r\nHost: x\r\nOrigin: http://localhost\r\n\r\n".to_vec(),
        b"GET / HTTP/1.1\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n\
          Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
            .to_vec(),
    ];
    let frames = [
        frame(2, &message("/layers/a/amount", &[0.5])),
        frame(1, br#"{"COMMAND":"LISTEN","DATA":"/layers/a/amount"}"#),
        frame(8, &[3, 232]),
        frame(9, b"ping"),
    ];
    let begun = held();
    for index in 0..400 {
        // The server may have closed already.
        let mut stream = if index % 2 == 0 {
            let mut stream = call(&control);
            let _ = stream.write_all(&chance.bytes(&requests));
            stream
        } else {
            let mut stream = web_socket(&control);
            for _ in 0..10 {
                let _ = stream.write_all(&chance.bytes(&frames));
            }
            stream
        };
        let _ = stream.shutdown(Shutdown::Write);
        let _ = stream.read_to_end(&mut Vec::new());
    }
    assert!(held() < begun + ROOM, "{} MiB, before {begun}", held());
    assert_well(&control);
}

#[test]
fn a_frame_that_says_it_is_huge_is_not_waited_for() {
    let control = open_space();
    let mut stream = web_socket(&control);
    let huge = [0x82, 0xff, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0];
    stream.write_all(&huge).unwrap();
    let mut rest = Vec::new();
    stream.read_to_end(&mut rest).unwrap();
    assert_well(&control);
}

#[test]
fn too_many_callers_are_turned_away_and_their_places_come_free() {
    let control = open_space();
    let callers: Vec<_> = (0..32).map(|_| web_socket(&control)).collect();
    let mut one_more = call(&control);
    let mut rest = Vec::new();
    // Closed, or reset.
    let _ = one_more.read_to_end(&mut rest);
    assert_eq!((rest.len(), control.counts().refused), (0, 1));
    drop(callers);
    await_that("a place is free", || {
        let mut stream = call(&control);
        let asked = stream.write_all(b"GET /?ACCESS HTTP/1.1\r\n\r\n");
        let mut answer = String::new();
        asked.is_ok() && stream.read_to_string(&mut answer).is_ok() && answer.contains("200 OK")
    });
}

#[test]
fn unknown_addresses_are_counted() {
    let control = open_space();
    let socket = sender(&control);
    for index in 0..1000 {
        socket.send(&message(&format!("/no/{index}"), &[])).unwrap();
        await_that("it is counted", || control.counts().unknown == index + 1);
    }
    assert_eq!(control.received(), []);
}
