use rosc::{OscMessage, OscPacket, OscType};

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
    let argument = |(lane, tag): (usize, char)| {
        let number = match address.param.kind {
            Kind::Event => f64::from(standing.events),
            _ => standing.value.lane(lane),
        };
        match tag {
            'i' => OscType::Int(number as i32),
            'f' => OscType::Float(number as f32),
            'T' => OscType::Bool(number != 0.0),
            _ => OscType::Inf,
        }
    };
    let message = OscMessage {
        addr: address.path.clone(),
        args: tags(address).chars().enumerate().map(argument).collect(),
    };
    // Into memory nothing fails.
    rosc::encoder::encode(&OscPacket::Message(message)).unwrap_or_default()
}
