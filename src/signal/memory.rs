//! What calls remember from one tick to the next.

use super::clock::Tick;
use crate::param::Value;

/// What a call left behind in the last tick that calculated it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Memory {
    key: u64,
    tick: u64,
    time: f64,
    pub(super) value: Value,
    pub(super) fired: u32,
}

/// The memories of the expressions of one owner: one parameter of one layer, or one signal of the show.
#[derive(Clone, Debug, Default)]
pub(super) struct Owner {
    tick: Option<u64>,
    memories: Vec<Memory>,
}

impl Owner {
    /// The first calculation of a tick forgets the calls that the last one did not make: their text is gone.
    pub(super) fn begin(&mut self, tick: u64) {
        if self.tick != Some(tick) {
            let last = self.tick.replace(tick);
            self.memories.retain(|memory| Some(memory.tick) == last);
        }
    }

    /// Advances a call, once a tick however often it is calculated. `update` gets the call's last value, if it
    /// has one, and the seconds since, and yields the new value and how many events fired.
    pub(super) fn advance(
        &mut self,
        key: u64,
        now: &Tick,
        update: impl FnOnce(Option<Value>, f64) -> (Value, u32),
    ) -> Memory {
        let index = self.memories.iter().position(|memory| memory.key == key);
        let last = index.map(|index| self.memories[index]);
        if let Some(memory) = last.filter(|memory| memory.tick == now.tick) {
            return memory;
        }
        let (value, fired) = update(last.map(|memory| memory.value), elapsed(last, now));
        let memory = Memory {
            key,
            tick: now.tick,
            time: now.time,
            value,
            fired,
        };
        match index {
            Some(index) => self.memories[index] = memory,
            None => self.memories.push(memory),
        }
        memory
    }
}

/// Ticks may be left out; after a restart of the clock one tick has passed.
fn elapsed(last: Option<Memory>, now: &Tick) -> f64 {
    match last {
        Some(memory) if memory.time < now.time => now.time - memory.time,
        _ => now.delta,
    }
}
