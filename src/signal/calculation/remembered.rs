//! The calls that remember something from tick to tick.

use super::Calculation;
use crate::param::Value;
use crate::signal::expression::lanes;
use crate::signal::function::Action;
use crate::signal::operator::truth;
use crate::signal::random::combine;
use crate::signal::signals::Signal;

/// A boundary counts as reached this near to it, so that no rounding error makes `every(time, 0.1)` a tick late.
const BOUNDARY: f64 = 1e-9;

/// The memories of `quantize` beside its value's: the clock's period, and the events that wait.
const PERIOD: u64 = 2;
const WAITING: u64 = 3;

impl Calculation<'_> {
    pub(super) fn remembered(
        &mut self,
        action: Action,
        key: u64,
        signals: &[Signal],
        values: &[Value],
    ) -> Signal {
        match action {
            Action::Every => Signal::Trigger(self.every(key, values)),
            Action::Count | Action::Toggle | Action::Hold => self.on_trigger(action, key, signals),
            Action::Quantize => self.quantize(key, signals[0], &values[1..]),
            Action::Gate => Signal::from(self.gate(key, values)),
            _ => Signal::from(self.filter(action, key, values)),
        }
    }

    /// Whether `floor(x / n)` of these two changed.
    fn every(&mut self, key: u64, values: &[Value]) -> u32 {
        let period = (values[0].lane(0) / values[1].lane(0) + BOUNDARY).floor();
        let memory = self.owner.advance(key, self.now(), |last, _| {
            let old = last.map_or(period, |last| last.lane(0));
            let new = if period.is_finite() { period } else { old };
            let changed = old.is_finite() && new != old;
            (Value::number(new), u32::from(changed))
        });
        memory.fired
    }

    fn on_trigger(&mut self, action: Action, key: u64, signals: &[Signal]) -> Signal {
        let fired = self.fired(key, 1, signals[signals.len() - 1]);
        let x = signals[0].value();
        let memory = self.owner.advance(key, self.now(), |last, _| {
            let count = last.map_or(0.0, |last| last.lane(0)) + f64::from(fired);
            let value = match (action, last) {
                (Action::Count, _) => Value::number(count),
                (Action::Toggle, _) => Value::number(count % 2.0),
                (_, Some(last)) if fired == 0 => last,
                _ => x,
            };
            (value, fired)
        });
        Signal::Number(memory.value)
    }

    /// Values and events wait for the clock's next period: values are taken there, and events fire there, as one.
    fn quantize(&mut self, key: u64, x: Signal, clock: &[Value]) -> Signal {
        let is_due = self.every(combine(key, PERIOD), clock) > 0;
        let held = self.owner.advance(key, self.now(), |last, _| match last {
            Some(last) if !is_due => (last, 0),
            _ => (x.value(), 0),
        });
        match x {
            Signal::Number(_) => Signal::Number(held.value),
            Signal::Trigger(new) => Signal::Trigger(self.released(key, new, is_due)),
            Signal::Control { events, .. } => Signal::Control {
                value: held.value,
                events: self.released(key, events, is_due),
            },
        }
    }

    /// 1 where events wait and are due, else 0.
    fn released(&mut self, key: u64, new: u32, is_due: bool) -> u32 {
        let key = combine(key, WAITING);
        let memory = self.owner.advance(key, self.now(), |last, _| {
            let waits = new > 0 || last.is_some_and(|last| last.lane(0) > 0.0);
            (Value::from(waits && !is_due), u32::from(waits && is_due))
        });
        memory.fired
    }

    /// Opens above one threshold and closes below a lower one, each lane by itself. A `close` above `open` counts as it.
    fn gate(&mut self, key: u64, values: &[Value]) -> Value {
        let [x, open, close] = [0, 1, 2].map(|argument| values[argument]);
        let memory = self.owner.advance(key, self.now(), |last, _| {
            let was_open = last.unwrap_or(Value::number(0.0));
            let switched = |a: &[f64]| match a {
                [x, _, open, _] if x > open => 1.0,
                [x, _, open, close] if *x < close.min(*open) => 0.0,
                [_, was_open, ..] => truth(*was_open > 0.0),
                _ => 0.0,
            };
            (lanes(switched, &[x, was_open, open, close]), 0)
        });
        memory.value
    }

    /// `smooth`, `follow` and `decay`: one-pole filters, exact for any distance of ticks while x stands still. What
    /// arrives moves them in the tick in which it arrives.
    fn filter(&mut self, action: Action, key: u64, values: &[Value]) -> Value {
        let (x, seconds) = (values[0], &values[1..]);
        let memory = self.owner.advance(key, self.now(), |last, elapsed| {
            let Some(last) = last else { return (x, 0) };
            let left = |argument: usize| left(elapsed, seconds[argument].lane(0));
            let filtered = match action {
                Action::Smooth => lanes(|a| toward(a, left(0)), &[x, last]),
                Action::Follow => {
                    let (attack, release) = (left(0), left(1));
                    let pace = |a: &[f64]| if a[0] > a[1] { attack } else { release };
                    lanes(|a| toward(a, pace(a)), &[x, last])
                }
                _ => lanes(|a| a[0].max(a[1] * left(0)), &[x, last]),
            };
            (lanes(first_finite, &[filtered, x, last]), 0)
        });
        memory.value
    }
}

/// The share of the way that is left after so much time.
fn left(elapsed: f64, seconds: f64) -> f64 {
    if seconds > 0.0 {
        (-elapsed / seconds).exp()
    } else {
        0.0
    }
}

/// From the last value to the new one, but for what is left.
fn toward(new_and_last: &[f64], left: f64) -> f64 {
    let (new, last) = (new_and_last[0], new_and_last[1]);
    new + (last - new) * left
}

/// So that one NaN does not stay in a filter for ever.
fn first_finite(numbers: &[f64]) -> f64 {
    let found = numbers.iter().find(|number| number.is_finite());
    found.copied().unwrap_or(f64::NAN)
}

#[cfg(test)]
mod tests {
    use super::super::tests::{fires, play, values};
    use super::*;

    /// A bumpy number from -1 to 1, as an expression and in Rust, in ticks at 60 a second.
    const BUMPY: &str = "sin(tick * 17) * cos(tick * 5)";

    fn bumpy(tick: u64) -> f64 {
        let [fast, slow] = [17.0, 5.0].map(|degrees| (tick as f64 * degrees).to_radians());
        fast.sin() * slow.cos()
    }

    fn assert_near(text: &str, mut next: impl FnMut(f64) -> f64) {
        for (tick, value) in (0..).zip(values(text, 300)) {
            let expected = next(bumpy(tick));
            assert!(
                (value - expected).abs() < 1e-12,
                "{text}, tick {tick}: {value}, {expected}"
            );
        }
    }

    #[test]
    fn an_envelope_follower_has_two_paces() {
        let (up, down) = ((-1.0f64 / 60.0 / 0.02).exp(), (-1.0f64 / 60.0 / 0.5).exp());
        let mut level = bumpy(0);
        assert_near(&format!("follow({BUMPY}, 0.02, 0.5)"), |x| {
            let keep = if x > level { up } else { down };
            level = x * (1.0 - keep) + level * keep;
            level
        });
        assert_eq!(values("follow(tick, 0, 1)", 3), [0.0, 1.0, 2.0]);
        assert_eq!(values("follow(-tick, 1, 0)", 3), [0.0, -1.0, -2.0]);
        assert_eq!(values("follow(tick == 1 ? 0 / 0 : 7, 1, 1)", 3), [7.0; 3]);
        assert_eq!(values("follow((0, tick), 0, 1).y", 3), [0.0, 1.0, 2.0]);
    }

    #[test]
    fn a_gate_has_hysteresis() {
        let mut open = false;
        assert_near(&format!("gate({BUMPY}, 0.6, -0.2)"), |x| {
            open = if open { x >= -0.2 } else { x > 0.6 };
            truth(open)
        });
        assert_eq!(
            values("gate(tick / 4, 0.5, 0.5)", 5),
            [0.0, 0.0, 0.0, 1.0, 1.0]
        );
        assert_eq!(
            values("gate(tick, 1, 5)", 4),
            [0.0, 0.0, 1.0, 1.0],
            "close above open"
        );
        assert_eq!(values("gate(tick == 1 ? 0 / 0 : 7, 1, 0)", 3), [1.0; 3]);
        assert_eq!(values("gate((0, tick), 1, 0).y", 3), [0.0, 0.0, 1.0]);
        assert_eq!(
            fires("gate(triangle(tick / 10), 0.7, 0.3)", 30),
            [4, 14, 24]
        );
    }

    /// Beats fall on every 30th tick.
    #[test]
    fn what_is_quantized_waits_for_the_clock() {
        let pressed = play(
            "quantize(trigger, beat, 1)",
            100,
            |tick, signals, result| {
                signals.set_events("trigger", u32::from([3, 5, 60, 61].contains(&tick)));
                result(signals).1
            },
        );
        let fired: Vec<_> = (0..100).filter(|tick| pressed[*tick] > 0).collect();
        assert_eq!((fired, pressed.iter().sum::<u32>()), (vec![30, 60, 90], 3));
        let stepped = values("quantize(tick, beat, 2)", 130);
        assert_eq!(
            [0, 59, 60, 119, 120].map(|tick| stepped[tick]),
            [0.0, 0.0, 60.0, 60.0, 120.0]
        );
        assert_eq!(
            values("quantize((0, tick), beat, 1).y", 32)[29..],
            [0.0, 30.0, 30.0]
        );
        assert!(fires("quantize(every(tick, 2), beat, 0)", 70).is_empty());
    }

    #[test]
    fn a_control_is_quantized_with_its_messages() {
        let heard = play(
            "quantize(osc('/pad'), beat, 1)",
            32,
            |tick, signals, result| {
                if tick == 7 {
                    let value = Value::number(0.5);
                    signals.set("/pad", Signal::Control { value, events: 2 });
                }
                result(signals)
            },
        );
        assert_eq!(
            (heard[7], heard[29], heard[30]),
            ((0.0, 0), (0.0, 0), (0.5, 1))
        );
        assert_eq!(heard[31], (0.5, 0));
    }

    #[test]
    fn what_arrives_is_seen_in_the_same_tick() {
        for call in [
            "smooth(x, 0.5)",
            "follow(x, 0.5, 0.5)",
            "decay(x, 0.5)",
            "gate(x, 0.5, 0.5)",
        ] {
            let heard = values(&call.replace('x', "tick >= 5"), 6);
            assert!(heard[4] == 0.0 && heard[5] > 0.0, "{call}: {heard:?}");
        }
    }
}
