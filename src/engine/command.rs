use crate::param::Value;

/// A message to a show: an address of the show and a value, as a key, a panel or OSC sends it.
///
/// `/layers/<layer>/<param>` sets a parameter or a key of a layer and takes it over from its expression,
/// `/layers/<layer>/<param>/release` gives it back, `/controls/<name>` turns a knob of the show, `/trigger`
/// fires the show's trigger, `/tempo` sets the tempo in BPM, `/tempo/release` lets what is heard lead again, `/sync` moves the
/// nearest beat to the next tick, `/clean` forgets all state. An address that an expression of the show names is heard by it.
/// For a trigger, a value that is not zero is one event.
///
/// A live session itself answers `/tap`, whose taps make a tempo, `/blackout`, `/freeze` and `/record`, which are on
/// unless the value is 0.
#[derive(Clone, Debug, PartialEq)]
pub struct Command {
    /// The address.
    pub address: String,
    /// The value; 1 where the message has none.
    pub value: Value,
    /// How many messages that were not zero it stands for.
    pub events: u32,
}

impl Command {
    /// A message without a value of its own.
    #[must_use]
    pub fn event(address: &str) -> Self {
        Self::new(address, Value::number(1.0))
    }

    /// A message.
    #[must_use]
    pub fn new(address: &str, value: Value) -> Self {
        Self {
            address: address.to_owned(),
            value,
            events: u32::from(value.lane(0) != 0.0),
        }
    }

    /// Adds a message to those that wait. One to the same address that waits already becomes part of it, so that a
    /// show that stands still gathers no more of them than it has addresses.
    pub fn gather(waiting: &mut Vec<Self>, mut command: Self) {
        let same = |other: &Self| other.address == command.address;
        if let Some(index) = waiting.iter().position(same) {
            let before = waiting.remove(index);
            command.events = command.events.saturating_add(before.events);
        }
        waiting.push(command);
    }

    /// The parts of the address.
    pub(super) fn parts(&self) -> Vec<&str> {
        self.address.trim_matches('/').split('/').collect()
    }
}
