//! One expression in one tick: what each node yields, and what a call makes of its memory.

mod remembered;

use super::clock::Tick;
use super::expression::{Node, calculate, lanes};
use super::function::{Action, MOST_ARGUMENTS};
use super::memory::Owner;
use super::random::{combine, noise, unit};
use super::signals::{Signal, Signals, key_at};
use crate::param::Value;

/// An expression's surroundings in one tick.
#[derive(Debug)]
pub(super) struct Calculation<'a> {
    /// Of the show and the owner.
    pub(super) seed: u64,
    pub(super) signals: &'a Signals,
    pub(super) owner: &'a mut Owner,
}

impl<'a> Calculation<'a> {
    pub(super) fn node(&mut self, node: &Node, results: &[Signal]) -> Signal {
        match *node {
            Node::Number(number) => Signal::from(number),
            Node::Signal { key, .. } => self.signals.at(key).unwrap_or(Signal::from(0.0)),
            Node::Family { key, arguments } => {
                let indices = arguments.of(results).into_iter().take(arguments.len());
                let index = |argument: Signal| argument.value().lane(0).round() as i64;
                let member = self.signals.at(key_at(key, indices.map(index)));
                member.unwrap_or(Signal::from(0.0))
            }
            Node::Address { key, default } => {
                let [value, ..] = default.of(results).map(Signal::value);
                let unheard = Signal::Control { value, events: 0 };
                self.signals.at(key).unwrap_or(unheard)
            }
            Node::Call {
                action,
                key,
                arguments,
            } => self.call(action, key, &arguments.of(results)[..arguments.len()]),
        }
    }

    fn call(&mut self, action: Action, key: u64, signals: &[Signal]) -> Signal {
        let mut values = [Value::number(0.0); MOST_ARGUMENTS];
        for (value, signal) in values.iter_mut().zip(signals) {
            *value = signal.value();
        }
        let values = &values[..signals.len()];
        if let Some(value) = calculate(action, values) {
            return self.with_events(action, key, signals, value);
        }
        match action {
            Action::Random => Signal::from(self.random(key, values)),
            Action::Noise => Signal::from(self.noise(values[0])),
            _ => self.remembered(action, key, signals, values),
        }
    }

    /// `and`, `or` and `?:` hand the events of triggers on; everything else makes numbers of them.
    fn with_events(&mut self, action: Action, key: u64, from: &[Signal], value: Value) -> Signal {
        use Signal::{Control, Number, Trigger};
        let open = |gate: &Signal| u32::from(gate.value().lane(0) > 0.0);
        match (action, from) {
            (Action::And, [Trigger(this), Trigger(that)]) => Trigger(*this.min(that)),
            (Action::And, [Trigger(events), gate] | [gate, Trigger(events)]) => {
                Trigger(events * open(gate))
            }
            (
                Action::And,
                [Control { events, .. }, gate @ Number(_)]
                | [gate @ Number(_), Control { events, .. }],
            ) => Control {
                value,
                events: events * open(gate),
            },
            (Action::Or, either) => self.either(key, either, value, u32::saturating_add),
            (Action::Choose, [condition, either @ ..]) => {
                let first = open(condition) > 0;
                let chosen = |this, that| if first { this } else { that };
                self.either(key, either, value, chosen)
            }
            _ => Number(value),
        }
    }

    /// Two signals with one value: a trigger if both are, a plain number if neither counts events.
    fn either(
        &mut self,
        key: u64,
        signals: &[Signal],
        value: Value,
        join: impl Fn(u32, u32) -> u32,
    ) -> Signal {
        let [this, that] = [0, 1].map(|slot| self.fired(key, slot as u64 + 1, signals[slot]));
        let events = join(this, that);
        match signals {
            [Signal::Trigger(_), Signal::Trigger(_)] => Signal::Trigger(events),
            [Signal::Number(_), Signal::Number(_)] => Signal::Number(value),
            _ => Signal::Control { value, events },
        }
    }

    /// The events of a signal that a call uses as a trigger; `slot` tells the call's uses apart.
    pub(super) fn fired(&mut self, key: u64, slot: u64, signal: Signal) -> u32 {
        let x = signal.value().lane(0);
        let risen = |last: Option<Value>, _| {
            let was_high = last.is_some_and(|last| last.lane(0) > 0.0);
            let is_high = if x.is_nan() { was_high } else { x > 0.0 };
            (Value::from(is_high), u32::from(is_high && !was_high))
        };
        let edge = self.owner.advance(combine(key, slot), self.now(), risen);
        signal.events().unwrap_or(edge.fired)
    }

    fn random(&self, key: u64, range: &[Value]) -> Value {
        let seed = combine(combine(self.seed, key), self.now().tick);
        let mut lane = 0;
        let low_to_high = |range: &[f64]| {
            let share = unit(combine(seed, lane));
            lane += 1;
            range[0] + (range[1] - range[0]) * share
        };
        lanes(low_to_high, range)
    }

    fn noise(&self, x: Value) -> Value {
        let mut lane = 0;
        let lattice = |x: &[f64]| {
            lane += 1;
            noise(combine(self.seed, lane), x[0])
        };
        lanes(lattice, &[x])
    }

    const fn now(&self) -> &'a Tick {
        self.signals.tick()
    }
}

#[cfg(test)]
mod tests {
    use super::super::clock::Clock;
    use super::super::evaluator::Evaluator;
    use super::super::expression::Expression;
    use super::*;

    const OWNER: &str = "melt.amount";

    fn read(text: &str) -> Expression {
        Expression::parse(text).unwrap_or_else(|fault| panic!("{text}: {fault}"))
    }

    /// Plays a text at 60 ticks a second and 120 BPM; `each` prepares a tick and takes its result.
    pub(super) fn play<T>(
        text: &str,
        ticks: u64,
        mut each: impl FnMut(u64, &mut Signals, &mut dyn FnMut(&Signals) -> (f64, u32)) -> T,
    ) -> Vec<T> {
        let (expression, mut evaluator) = (read(text), Evaluator::new(1));
        let (mut clock, mut signals) = (Clock::new(60.0, 120.0), Signals::default());
        let mut run = |tick| {
            signals.begin(clock.advance());
            each(tick, &mut signals, &mut |signals| {
                let value = evaluator.value(OWNER, &expression, signals).lane(0);
                (value, evaluator.events(OWNER, &expression, signals))
            })
        };
        (0..ticks).map(&mut run).collect()
    }

    pub(super) fn values(text: &str, ticks: u64) -> Vec<f64> {
        play(text, ticks, |_, signals, result| result(signals).0)
    }

    /// The ticks at which a text fires.
    pub(super) fn fires(text: &str, ticks: u64) -> Vec<u64> {
        let events = play(text, ticks, |_, signals, result| result(signals).1);
        (0u64..)
            .zip(events)
            .filter(|(_, events)| *events > 0)
            .map(|(tick, _)| tick)
            .collect()
    }

    #[test]
    fn every_fires_at_boundaries_and_not_at_the_start() {
        assert_eq!(fires("every(beat, 1)", 100), [30, 60, 90]);
        assert_eq!(fires("every(time, 0.1)", 31), [6, 12, 18, 24, 30]);
        assert!(fires("every(1 / 0, 1)", 10).is_empty());
        assert_eq!(values("every(beat, 1)", 32)[29..], [0.0, 1.0, 0.0]);
    }

    #[test]
    fn numbers_fire_when_they_rise_above_zero() {
        assert_eq!(fires("sin(360 * 6 * time + 1)", 25), [0, 10, 20]);
        assert_eq!(fires("1", 10), [0]);
        assert!(fires("-1", 10).is_empty());
        assert_eq!(fires("hold(tick, tick == 3)", 10), [3]);
        assert_eq!(fires("smooth(tick == 5, 0.01)", 10), [5]);
        assert_eq!(fires("tick == 5 ? 0 / 0 : 1", 10), [0]);
        assert_eq!(fires("tick == 5 ? 1 / 0 : 1", 10), [0]);
    }

    #[test]
    fn triggers_pass_their_counts_through() {
        for (text, expected) in [
            ("trigger", 3),
            ("trigger or scene.cut", 5),
            ("trigger or tick == 1", 4),
            ("trigger and scene.cut", 2),
            ("controls.on and trigger", 3),
            ("trigger and not controls.on", 0),
            ("controls.on ? trigger : 0", 3),
            ("trigger * 2", 1),
            ("osc('/pad')", 2),
            ("osc('/pad') or trigger", 5),
            ("osc('/pad') and controls.on", 2),
            ("osc('/pad') > 0 and controls.on", 1),
            ("(trigger or scene.cut) and controls.on", 5),
            ("(controls.on ? trigger : scene.cut) and osc('/pad')", 3),
        ] {
            let events = play(text, 3, |tick, signals, result| {
                if tick == 1 {
                    signals.set_events("trigger", 3);
                    signals.set_events("scene.cut", 2);
                    let value = Value::number(0.5);
                    signals.set("/pad", Signal::Control { value, events: 2 });
                }
                signals.set("controls.on", 1.0);
                result(signals).1
            });
            assert_eq!(events, [0, expected, 0], "{text}");
        }
    }

    #[test]
    fn events_on_neighbouring_ticks_are_neither_lost_nor_doubled() {
        let counts = play("count(trigger)", 4, |tick, signals, result| {
            signals.set_events("trigger", tick as u32);
            (result(signals).0, result(signals).0)
        });
        assert_eq!(counts, [(0.0, 0.0), (1.0, 1.0), (3.0, 3.0), (6.0, 6.0)]);
        let toggled = play("toggle(trigger)", 4, |tick, signals, result| {
            signals.set_events("trigger", tick as u32);
            result(signals).0
        });
        assert_eq!(toggled, [0.0, 1.0, 1.0, 0.0]);
    }

    #[test]
    fn filters_do_not_depend_on_the_rate() {
        for text in [
            "smooth(time > 0 ? 1 : 0, 0.5)",
            "decay(time > 0 ? 0 : 1, 0.5)",
        ] {
            let results = [24.0, 60.0, 240.0].map(|fps| {
                let (expression, mut evaluator) = (read(text), Evaluator::new(1));
                let (mut clock, mut signals) = (Clock::new(fps, 120.0), Signals::default());
                let ticks = (0..=fps as u64).map(|_| {
                    signals.begin(clock.advance());
                    evaluator.value(OWNER, &expression, &signals).lane(0)
                });
                ticks.last().expect("a tick")
            });
            let left = (-2.0f64).exp();
            let expected = if text.starts_with('s') {
                1.0 - left
            } else {
                left
            };
            assert!(
                results
                    .iter()
                    .all(|result| (result - expected).abs() < 1e-12),
                "{results:?}"
            );
        }
    }

    #[test]
    fn filters_start_at_their_input_and_survive_nan() {
        assert_eq!(values("smooth(7, 1)", 3), [7.0, 7.0, 7.0]);
        assert_eq!(values("smooth(tick, 0)", 3), [0.0, 1.0, 2.0]);
        let survived = values("smooth(tick == 1 ? 0 / 0 : 7, 1)", 3);
        assert_eq!(survived, [7.0, 7.0, 7.0]);
        assert_eq!(values("decay(tick == 0 ? 0 / 0 : 1, 1)", 2)[1], 1.0);
        let kick = values("decay(every(beat, 1), 0.25)", 46);
        assert_eq!((kick[29], kick[30]), (0.0, 1.0));
        assert!((kick[45] - (-1.0f64).exp()).abs() < 1e-12);
    }

    #[test]
    fn hold_keeps_what_it_saw() {
        let held = values("hold(tick, every(beat, 1))", 62);
        assert_eq!(
            [held[0], held[29], held[30], held[59], held[61]],
            [0.0, 0.0, 30.0, 30.0, 60.0]
        );
    }

    #[test]
    fn names_families_and_addresses_read_what_was_set() {
        let results = play(
            "audio.band(floor(2.6)) + controls.a + osc('/f', 5)",
            2,
            |tick, signals, result| {
                if tick == 1 {
                    signals.set_at("audio.band", &[2], 0.25);
                    signals.set("controls.a", 10.0);
                    signals.set("/f", 100.0);
                }
                result(signals).0
            },
        );
        assert_eq!(results, [5.0, 110.25]);
    }
}
