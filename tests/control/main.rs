//! Ports that hands play through: real sockets, real senders, and strangers.
#![cfg(feature = "media")]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod ahead;
#[path = "../gpu/mod.rs"]
mod gpu;
mod hand;
mod played;
#[path = "../program/mod.rs"]
mod program;
mod query;
mod strangers;

use std::io::Write;
use std::net::UdpSocket;
use std::time::{Duration, SystemTime};

use afterimage::control::{Event, Ports, Sent};
use afterimage::param::{Standing, Value};
use hand::{
    await_that, bundle, call, event, frame, head, message, next_frame, open, open_space, received,
    sender, space, web_socket,
};

/// What osc-js 2.4.1 sends in Node, as `osc_js.mjs` recorded it.
const OSC_JS: &[u8] = include_bytes!("osc_js.bin");

#[test]
fn ten_thousand_messages_in_one_tick_are_one_for_each_address() {
    let control = open_space();
    let socket = sender(&control);
    for part in 0..100_u16 {
        let pairs = (0..50).flat_map(|index| {
            let number = f32::from(part * 50 + index) / 5000.0;
            [
                message("/layers/a/amount", &[number]),
                message("/trigger", &[1.0]),
            ]
        });
        socket.send(&bundle(&pairs.collect::<Vec<_>>())).unwrap();
        await_that("they are read", || {
            control.counts().messages == (u64::from(part) + 1) * 100
        });
    }
    let last = f64::from(4999.0_f32 / 5000.0);
    let amount = event("/layers/a/amount", &[last], 4999);
    assert_eq!(
        control.received(),
        [amount, event("/trigger", &[1.0], 5000)]
    );
    assert_eq!(control.received(), []);
}

#[test]
fn a_pattern_plays_all_that_it_means_and_a_bundle_waits_for_its_time() {
    let control = open_space();
    let socket = sender(&control);
    socket
        .send(&message("/layers/*/{amount,on}", &[0.0]))
        .unwrap();
    let mut both = received(&control, 1);
    both.sort_by(|a, b| a.path.cmp(&b.path));
    let [amount, on] = ["amount", "on"].map(|name| event(&format!("/layers/a/{name}"), &[0.0], 0));
    assert_eq!(both, [amount, on]);
    let mut later = bundle(&[message("/trigger", &[])]);
    let since_1900 = Duration::from_secs(2_208_988_800 + 1);
    let time = SystemTime::UNIX_EPOCH.elapsed().unwrap() + since_1900;
    later[8..12].copy_from_slice(&(time.as_secs() as u32).to_be_bytes());
    socket.send(&later).unwrap();
    assert_eq!(received(&control, 2), []);
    let mut events = Vec::new();
    await_that("its time has come", || {
        events.extend(control.received());
        !events.is_empty()
    });
    assert_eq!(events, [event("/trigger", &[1.0], 1)]);
}

#[test]
fn what_osc_js_sends_arrives_and_its_end_without_a_word_is_one() {
    let control = open_space();
    let mut stream = call(&control);
    stream.write_all(OSC_JS).unwrap();
    assert!(head(&mut stream).starts_with("HTTP/1.1 101 "));
    let expected = [
        event("/layers/a/amount", &[0.25], 2),
        event("/layers/a/at", &[3.0, 0.5], 1),
        event("/layers/a/on", &[1.0], 1),
        Event {
            path: "/show".to_owned(),
            sent: Sent::Text("silk".to_owned()),
            events: 1,
        },
        event("/trigger", &[0.0], 2),
    ];
    assert_eq!(received(&control, 8), expected);
    drop(stream);
    let counts = control.counts();
    assert_eq!(
        (counts.malformed, counts.unknown, counts.refused),
        (0, 0, 0)
    );
    // Others are still heard.
    web_socket(&control)
        .write_all(&frame(2, &message("/trigger", &[])))
        .unwrap();
    assert_eq!(received(&control, 9), [event("/trigger", &[1.0], 1)]);
}

#[test]
fn only_known_pages_may_connect() {
    let control = open(Ports {
        origins: vec!["https://stage.example".to_owned()],
        ..Ports::default()
    });
    let status = |origin: &str| {
        let page = hand::get(&control, "/", &format!("Origin: {origin}\r\n")).0;
        let mut stream = call(&control);
        let request = format!(
            "GET / HTTP/1.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nOrigin: {origin}\r\n\
             Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
        );
        stream.write_all(request.as_bytes()).unwrap();
        (page, head(&mut stream)[9..12].to_owned())
    };
    for origin in [
        "http://localhost:5173",
        "https://hydra.ojack.xyz",
        "https://stage.example",
    ] {
        assert_eq!(status(origin), (200, "101".to_owned()), "{origin}");
    }
    for origin in ["https://evil.example", "null"] {
        assert_eq!(status(origin), (403, "403".to_owned()), "{origin}");
    }
    assert_eq!(control.counts().refused, 4);
}

/// Leaves that the amount stands here, the rest where it was.
fn tell(control: &afterimage::control::Control, amount: f64, held: bool) {
    let amount = Standing {
        held,
        ..Standing::of(Value::number(amount))
    };
    let rest = [
        Value::point(0.0, 0.0),
        Value::number(1.0),
        Value::number(0.0),
    ];
    control.tell([amount].into_iter().chain(rest.map(Standing::of)));
}

#[test]
fn what_a_hand_changed_is_told_to_the_hand_that_played_last() {
    let control = open_space();
    let socket = sender(&control);
    socket.send(&message("/layers/a/amount", &[7.0])).unwrap();
    received(&control, 1);
    // What an expression changes is not.
    tell(&control, 0.75, false);
    await_that("it stands there", || {
        hand::json(&control, "/layers/a/amount?VALUE")["VALUE"][0] == 0.75
    });
    tell(&control, 1.0, true);
    let mut buffer = [0; 100];
    let size = socket.recv(&mut buffer).unwrap();
    assert_eq!(buffer[..size], message("/layers/a/amount", &[1.0]));
}

#[test]
fn a_named_target_is_told_instead() {
    let target = UdpSocket::bind("127.0.0.1:0").unwrap();
    target.set_read_timeout(Some(hand::PATIENCE)).unwrap();
    let control = open(Ports {
        targets: vec![target.local_addr().unwrap()],
        ..Ports::default()
    });
    control.describe(space);
    control.await_description();
    tell(&control, 1.0, true);
    let mut buffer = [0; 100];
    let size = target.recv(&mut buffer).unwrap();
    assert_eq!(buffer[..size], message("/layers/a/amount", &[1.0]));
}

#[test]
fn a_websocket_hears_what_it_listens_to_and_no_more() {
    let control = open_space();
    let mut caller = web_socket(&control);
    let listen = br#"{"COMMAND":"LISTEN","DATA":"/layers/a/amount"}"#;
    caller.write_all(&frame(1, listen)).unwrap();
    // What comes after it is read after it.
    caller
        .write_all(&frame(2, &message("/trigger", &[])))
        .unwrap();
    received(&control, 1);
    tell(&control, 0.25, false);
    assert_eq!(
        next_frame(&mut caller),
        (2, message("/layers/a/amount", &[0.25]))
    );
    let ignore = br#"{"COMMAND":"IGNORE","DATA":"/layers/a/amount"}"#;
    caller.write_all(&frame(1, ignore)).unwrap();
    let mut listen = b"/listen\0,s\0\0".to_vec();
    listen.extend(b"/layers/*/o?\0\0\0\0");
    caller.write_all(&frame(2, &listen)).unwrap();
    caller
        .write_all(&frame(2, &message("/trigger", &[])))
        .unwrap();
    received(&control, 2);
    tell(&control, 0.5, false);
    await_that("it stands there", || {
        hand::json(&control, "/layers/a/amount?VALUE")["VALUE"][0] == 0.5
    });
    let off = [
        Value::number(0.5),
        Value::point(0.0, 0.0),
        Value::number(0.0),
    ];
    control.tell(
        off.into_iter()
            .chain([Value::number(0.0)])
            .map(Standing::of),
    );
    assert_eq!(
        next_frame(&mut caller),
        (2, b"/layers/a/on\0\0\0\0,F\0\0".to_vec())
    );
}

#[test]
fn a_websocket_is_answered_and_closed_as_its_protocol_says() {
    let control = open_space();
    let mut caller = web_socket(&control);
    caller.write_all(&frame(9, b"are you there?")).unwrap();
    assert_eq!(next_frame(&mut caller), (10, b"are you there?".to_vec()));
    caller.write_all(&frame(8, &[])).unwrap();
    assert_eq!(next_frame(&mut caller).0, 8);
}

#[test]
fn ports_are_free_again_when_the_session_is_over() {
    let control = open_space();
    let (udp, web) = (control.udp()[0], control.web().unwrap());
    let _caller = web_socket(&control);
    drop(control);
    let again = Ports {
        udp: vec![udp],
        web: Some(web),
        ..Ports::default()
    };
    afterimage::control::Control::open(&again).unwrap();
}
