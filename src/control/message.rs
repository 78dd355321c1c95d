use std::time::{Duration, Instant};

use rosc::{OscPacket, OscType};

use super::packet::Packet;
use crate::param::Value;

/// The longest address that counts, in bytes.
pub(super) const LONGEST_ADDRESS: usize = 255;

/// The most arguments of a message: more are for nobody here.
const MOST_ARGUMENTS: usize = 64;

/// How deep bundles may lie in each other.
const DEEPEST: usize = 8;

/// How far ahead a message may be sent; one that is for later comes then.
const FARTHEST: Duration = Duration::from_secs(10);

/// One message to one address, or to all that its pattern matches.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Message {
    pub(super) address: String,
    pub(super) arguments: Vec<Argument>,
    /// When it is to be heard; none is now.
    pub(super) due: Option<Instant>,
}

/// What a message can say here.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Argument {
    Number(f64),
    Text(String),
}

impl Message {
    /// The numbers as lanes; 1 where there is no argument at all.
    pub(super) fn value(&self) -> Option<Value> {
        if self.arguments.is_empty() {
            return Some(Value::number(1.0));
        }
        let number = |argument: &Argument| match argument {
            Argument::Number(number) => Some(*number),
            Argument::Text(_) => None,
        };
        let numbers: Option<Vec<f64>> = self.arguments.iter().map(number).collect();
        numbers.map(|numbers| Value::lanes(&numbers))
    }

    /// The text, where that is all it says.
    pub(super) fn text(&self) -> Option<&str> {
        match self.arguments.as_slice() {
            [Argument::Text(text)] => Some(text),
            _ => None,
        }
    }
}

/// The messages of a packet, in order (Open Sound Control 1.0, opensoundcontrol.org/spec-1_0). One that is wrong is left out
/// of its bundle; `None` counts it. Bundles are opened here: rosc refuses one whole for one message, and goes as deep as it is
/// told to.
pub(super) fn messages(packet: &[u8], now: Instant) -> Vec<Option<Message>> {
    let (mut found, mut bundles) = (Vec::new(), vec![(packet, None, 0)]);
    while let Some((bytes, due, depth)) = bundles.pop() {
        let mut packet = Packet::new(bytes);
        if !packet.skip(b"#bundle\0") {
            found.push(message(bytes, due));
            continue;
        }
        let elements = (depth < DEEPEST).then(|| elements(&mut packet)).flatten();
        let Some((ahead, elements)) = elements else {
            found.push(None);
            continue;
        };
        let own = ahead.map(|ahead| now + ahead.min(FARTHEST));
        // The one in front is taken first.
        let inner = elements.into_iter().rev();
        bundles.extend(inner.map(|bytes| (bytes, own.max(due), depth + 1)));
    }
    found
}

type Elements<'a> = (Option<Duration>, Vec<&'a [u8]>);

/// How far in the future a bundle is, and its elements.
fn elements<'a>(packet: &mut Packet<'a>) -> Option<Elements<'a>> {
    let ahead = packet.time()?;
    let mut elements = Vec::new();
    while !packet.is_empty() {
        let size = packet.size()?;
        elements.push(packet.bytes(size)?);
    }
    Some((ahead, elements))
}

/// Addresses and types are looked at before anything is made of them: a list in a list in a list could be as deep as it is long.
fn message(bytes: &[u8], due: Option<Instant>) -> Option<Message> {
    let mut head = Packet::new(bytes);
    let address = head.text()?;
    let is_address = address.starts_with('/')
        && address.len() <= LONGEST_ADDRESS
        && !address.chars().any(char::is_control);
    if !is_address {
        return None;
    }
    // Old senders leave the types out where there is no argument.
    let tags = if head.is_empty() { "," } else { head.text()? };
    let count = tags.strip_prefix(',')?.len();
    if count > MOST_ARGUMENTS {
        return None;
    }
    let arguments = match count {
        0 => Vec::new(),
        _ => arguments(bytes)?,
    };
    // What says nothing that is understood here must not count as a push of a button.
    if arguments.is_empty() && count > 0 {
        return None;
    }
    Some(Message {
        address: address.to_owned(),
        arguments,
        due,
    })
}

fn arguments(bytes: &[u8]) -> Option<Vec<Argument>> {
    match rosc::decoder::decode_udp(bytes).ok()? {
        (_, OscPacket::Message(message)) => Some(message.args.into_iter().flat_map(said).collect()),
        _ => None,
    }
}

/// What an argument says: all kinds of numbers alike, a colour four of them; nothing where it is no number and no text. The items
/// of a list count as those of the message.
fn said(argument: OscType) -> Vec<Argument> {
    let number = |number: f64| vec![Argument::Number(number)];
    match argument {
        OscType::Int(whole) => number(f64::from(whole)),
        OscType::Float(real) => number(f64::from(real)),
        OscType::Double(real) => number(real),
        OscType::Long(whole) => number(whole as f64),
        OscType::Char(letter) => number(f64::from(u32::from(letter))),
        OscType::Bool(on) => number(f64::from(u8::from(on))),
        OscType::Nil | OscType::Inf => number(1.0),
        OscType::Color(color) => [color.red, color.green, color.blue, color.alpha]
            .map(|lane| Argument::Number(f64::from(lane) / 255.0))
            .to_vec(),
        OscType::String(text) => vec![Argument::Text(text)],
        OscType::Array(list) => list.content.into_iter().flat_map(said).collect(),
        OscType::Blob(_) | OscType::Midi(_) | OscType::Time(_) => Vec::new(),
    }
}

#[cfg(test)]
mod tests;
