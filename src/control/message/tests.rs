use std::time::SystemTime;

use super::*;
use crate::control::spoiled::Chance;

fn text(text: &str) -> Vec<u8> {
    let mut bytes = [text.as_bytes(), b"\0"].concat();
    bytes.resize(bytes.len().next_multiple_of(4), 0);
    bytes
}

fn packet(address: &str, tags: &str, arguments: &[u8]) -> Vec<u8> {
    [&text(address), &text(tags), arguments].concat()
}

fn bundle(time: u64, elements: &[Vec<u8>]) -> Vec<u8> {
    let mut bytes = [b"#bundle\0".as_slice(), &time.to_be_bytes()].concat();
    for element in elements {
        bytes.extend((element.len() as u32).to_be_bytes());
        bytes.extend(element);
    }
    bytes
}

fn read(packet: &[u8]) -> Vec<Option<Message>> {
    messages(packet, Instant::now())
}

fn value(packet: &[u8]) -> Option<Value> {
    match &read(packet)[..] {
        [Some(message)] => message.value(),
        _ => None,
    }
}

#[test]
fn numbers_of_all_kinds_are_alike() {
    for (tags, bytes) in [
        (",i", 1_i32.to_be_bytes().to_vec()),
        (",f", 1_f32.to_be_bytes().to_vec()),
        (",d", 1_f64.to_be_bytes().to_vec()),
        (",h", 1_i64.to_be_bytes().to_vec()),
        (",c", 1_u32.to_be_bytes().to_vec()),
        (",T", Vec::new()),
        (",N", Vec::new()),
        (",I", Vec::new()),
        (",[i]", 1_i32.to_be_bytes().to_vec()),
        (",", Vec::new()),
    ] {
        let packet = packet("/a", tags, &bytes);
        assert_eq!(value(&packet), Some(Value::number(1.0)), "{tags}");
    }
    assert_eq!(value(&packet("/a", ",F", &[])), Some(Value::number(0.0)));
    let color = value(&packet("/a", ",r", &[255, 0, 51, 255]));
    assert_eq!(color, Some(Value::lanes(&[1.0, 0.0, 0.2, 1.0])));
    let point = [2_i32.to_be_bytes(), 0.5_f32.to_be_bytes()].concat();
    let point = value(&packet("/a", ",if", &point));
    assert_eq!(point, Some(Value::point(2.0, 0.5)));
}

#[test]
fn a_message_without_types_is_a_push() {
    assert_eq!(value(&text("/a")), Some(Value::number(1.0)));
}

#[test]
fn what_is_no_message_is_counted_and_none_is_made_up() {
    let endless = |open: &str, depth: usize| packet("/a", &format!(",{}", open.repeat(depth)), &[]);
    for (what, packet) in [
        ("nothing", Vec::new()),
        ("no slash", packet("a", ",", &[])),
        ("no end", b"/abc".to_vec()),
        ("an unknown type", packet("/a", ",x", &[])),
        ("too short", packet("/a", ",f", &[0, 0])),
        ("a blob alone", packet("/a", ",b", &[0; 4])),
        ("a blob beyond the end", packet("/a", ",b", &[127; 4])),
        ("a negative size", packet("/a", ",b", &[255; 4])),
        ("not UTF-8", packet("/a", ",s", &[255, 0, 0, 0])),
        (
            "a letter that moves the cursor",
            packet("/a\u{1b}", ",", &[]),
        ),
        (
            "a long address",
            packet(&format!("/{}", "a".repeat(255)), ",", &[]),
        ),
        ("lists in lists", endless("[", 60_000)),
        ("no comma", packet("/a", "f", &[0; 4])),
    ] {
        assert_eq!(read(&packet), [None], "{what}");
    }
}

#[test]
fn a_million_packets_without_sense_are_read_to_their_ends() {
    let inner = bundle(1, &[packet("/b", ",fTs", b"\0\0\0\0abc\0")]);
    let sound = [
        packet("/a/b", ",ifd[r]", &[1; 20]),
        packet(
            "/a",
            ",bmthcNs",
            b"\0\0\0\x04blob\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0abc\0",
        ),
        bundle(1, &[inner, packet("/c", ",", &[])]),
    ];
    let (mut chance, mut understood) = (Chance::new(), 0);
    for _ in 0..1_000_000 {
        let bytes = chance.spoiled(&sound);
        let found = read(&bytes);
        assert!(found.len() <= bytes.len(), "{bytes:?}");
        understood += found.iter().flatten().count();
    }
    assert!(understood > 10_000, "{understood}");
}

#[test]
fn bundles_keep_their_order_and_lose_what_is_wrong_in_them() {
    let message = |name: &str| packet(name, ",", &[]);
    let inner = bundle(1, &[message("/b"), packet("/x", ",?", &[]), message("/c")]);
    let found = read(&bundle(1, &[message("/a"), inner, message("/d")]));
    let names: Vec<_> = found
        .iter()
        .map(|found| found.as_ref().map_or("-", |message| &*message.address))
        .collect();
    assert_eq!(names, ["/a", "/b", "-", "/c", "/d"]);
    let mut deep = message("/a");
    for _ in 0..2000 {
        deep = bundle(1, &[deep]);
    }
    assert_eq!(read(&deep), [None]);
}

#[test]
fn what_is_for_later_waits_and_what_is_past_does_not() {
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    let second = now.unwrap().as_secs() + 2_208_988_800;
    let due = |seconds: u64| {
        let begun = Instant::now();
        let found = messages(&bundle(seconds << 32, &[packet("/a", ",", &[])]), begun);
        let due = found[0].as_ref().unwrap().due;
        due.map(|due| (due - begun).as_secs_f64())
    };
    assert_eq!(due(second - 5), None);
    let soon = due(second + 4).unwrap();
    assert!((2.0..4.1).contains(&soon), "{soon}");
    // Nobody waits for a year, and nobody keeps anything for a year.
    assert_eq!(due(second + 31_000_000), Some(10.0));
    assert_eq!(due(u64::from(u32::MAX)), Some(10.0));
}
