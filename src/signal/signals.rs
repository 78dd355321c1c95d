use std::collections::HashMap;

use super::clock::{Clock, Tick};
use super::random::{combine, text_hash};
use crate::param::Value;

/// What a signal, or any part of an expression, yields in one tick.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Signal {
    /// A number or a vector. It fires where it goes from at most 0 to above 0.
    Number(Value),
    /// How many events fired in this tick; as a number 1 if any did, else 0.
    Trigger(u32),
    /// A control that keeps its last value and counts the messages of this tick that were not zero.
    Control {
        /// The last value.
        value: Value,
        /// The messages of this tick.
        events: u32,
    },
}

impl Signal {
    /// As a number or a vector.
    #[must_use]
    pub fn value(self) -> Value {
        match self {
            Self::Number(value) | Self::Control { value, .. } => value,
            Self::Trigger(events) => Value::from(events > 0),
        }
    }

    /// The events of this tick, where they are counted: `None` for a plain number.
    #[must_use]
    pub const fn events(self) -> Option<u32> {
        match self {
            Self::Number(_) => None,
            Self::Trigger(events) | Self::Control { events, .. } => Some(events),
        }
    }

    const fn clear_events(&mut self) {
        if let Self::Trigger(events) | Self::Control { events, .. } = self {
            *events = 0;
        }
    }
}

impl From<Value> for Signal {
    fn from(value: Value) -> Self {
        Self::Number(value)
    }
}

impl From<f64> for Signal {
    fn from(number: f64) -> Self {
        Self::Number(Value::number(number))
    }
}

/// The named values of one tick. A name that nothing has set reads 0.
#[derive(Clone, Debug)]
pub struct Signals {
    tick: Tick,
    table: HashMap<u64, Signal>,
}

impl Default for Signals {
    /// Before the first tick.
    fn default() -> Self {
        let mut signals = Self {
            tick: Clock::new(60.0, 120.0).advance(),
            table: HashMap::new(),
        };
        signals.begin(signals.tick);
        signals
    }
}

impl Signals {
    /// Starts a tick: the clock's own signals get their values, all event counts fall to 0, and everything else
    /// keeps its value.
    pub fn begin(&mut self, tick: Tick) {
        self.tick = tick;
        self.table.values_mut().for_each(Signal::clear_events);
        for (name, number) in [
            ("time", tick.time),
            ("delta", tick.delta),
            ("tick", tick.tick as f64),
            ("beat", tick.beat),
            ("bar", tick.bar),
            ("beat.phase", tick.beat - tick.beat.floor()),
            ("bar.phase", tick.bar - tick.bar.floor()),
            ("tempo", tick.tempo),
        ] {
            self.set(name, number);
        }
    }

    /// The tick that these values belong to.
    #[must_use]
    pub const fn tick(&self) -> &Tick {
        &self.tick
    }

    /// Sets a signal by name (`controls.melt`, `audio.level`, a signal of the show); an OSC control's name is its
    /// address, `/fader/1`.
    pub fn set(&mut self, name: &str, signal: impl Into<Signal>) {
        self.table.insert(key(name), signal.into());
    }

    /// Makes a signal a trigger that fired so many times in this tick.
    pub fn set_events(&mut self, name: &str, events: u32) {
        self.set(name, Signal::Trigger(events));
    }

    /// Sets one member of a family: `set_at("audio.band", &[3], …)` is what `audio.band(3)` reads.
    pub fn set_at(&mut self, name: &str, indices: &[i64], signal: impl Into<Signal>) {
        let key = key_at(key(name), indices.iter().copied());
        self.table.insert(key, signal.into());
    }

    /// Reads a signal by name; 0 where nothing has set it.
    #[must_use]
    pub fn get(&self, name: &str) -> Signal {
        self.at(key(name)).unwrap_or(Signal::from(0.0))
    }

    /// Reads one member of a family; 0 where nothing has set it.
    #[must_use]
    pub fn get_at(&self, name: &str, indices: &[i64]) -> Signal {
        let key = key_at(key(name), indices.iter().copied());
        self.at(key).unwrap_or(Signal::from(0.0))
    }

    pub(super) fn at(&self, key: u64) -> Option<Signal> {
        self.table.get(&key).copied()
    }
}

/// What a name is found by, so that the frame loop compares no texts.
pub(super) fn key(name: &str) -> u64 {
    text_hash(name.bytes())
}

/// What a member of a family is found by.
pub(super) fn key_at(family: u64, indices: impl Iterator<Item = i64>) -> u64 {
    indices.fold(family, |key, index| combine(key, index as u64))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_tick_clears_events_and_keeps_values() {
        let mut clock = Clock::new(30.0, 120.0);
        let mut signals = Signals::default();
        signals.begin(clock.advance());
        signals.set_events("trigger", 3);
        signals.set("controls.melt", 0.25);
        let value = Value::number(0.5);
        signals.set("/fader", Signal::Control { value, events: 2 });
        assert_eq!(signals.get("trigger").value(), Value::number(1.0));
        signals.begin(clock.advance());
        assert_eq!(signals.get("trigger"), Signal::Trigger(0));
        assert_eq!(signals.get("controls.melt"), Signal::from(0.25));
        assert_eq!(signals.get("/fader"), Signal::Control { value, events: 0 });
        assert_eq!(signals.get("time"), Signal::from(1.0 / 30.0));
    }

    #[test]
    fn members_of_a_family_are_apart() {
        let mut signals = Signals::default();
        signals.set_at("midi.cc", &[1, 7], 0.1);
        signals.set_at("midi.cc", &[7, 1], 0.7);
        assert_eq!(signals.get_at("midi.cc", &[1, 7]), Signal::from(0.1));
        assert_eq!(signals.get_at("midi.cc", &[7, 1]), Signal::from(0.7));
        assert_eq!(signals.get_at("midi.cc", &[1, 1]), Signal::from(0.0));
    }
}
