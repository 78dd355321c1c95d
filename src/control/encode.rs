use crate::param::{Access, Address, Kind, Standing};

/// OSC's types of what an address takes or tells.
pub(super) const fn tags(address: &Address) -> &'static str {
    match (&address.param.kind, address.access) {
        // How many there were.
        (Kind::Event, Access::Read) | (Kind::Long(_), _) => "i",
        (Kind::Event, _) => "I",
        (Kind::Bool, _) => "T",
        (Kind::Float, _) => "f",
        (Kind::Point2D, _) => "ff",
        (Kind::Color, _) => "ffff",
    }
}

/// What an address stands at, as a message.
pub(super) fn encode(address: &Address, standing: &Standing) -> Vec<u8> {
    let tags = match (tags(address), standing.value.lane(0)) {
        ("T", 0.0) => "F",
        (tags, _) => tags,
    };
    let mut packet = Vec::new();
    text(&mut packet, &address.path);
    text(&mut packet, &format!(",{tags}"));
    for (lane, tag) in tags.bytes().enumerate() {
        let number = match address.param.kind {
            Kind::Event => f64::from(standing.events),
            _ => standing.value.lane(lane),
        };
        match tag {
            b'i' => packet.extend((number as i32).to_be_bytes()),
            b'f' => packet.extend((number as f32).to_be_bytes()),
            _ => {}
        }
    }
    packet
}

/// With one to four zeros.
fn text(packet: &mut Vec<u8>, text: &str) {
    packet.extend(text.as_bytes());
    packet.push(0);
    packet.resize(packet.len().next_multiple_of(4), 0);
}
