use std::collections::HashMap;
use std::mem;

use super::calculation::Calculation;
use super::expression::Expression;
use super::memory::Owner;
use super::random::{combine, text_hash};
use super::signals::{Signal, Signals};
use crate::param::Value;

/// Tells the use of a whole expression as a trigger from the calls in it, which are counted from 0: an expression may be
/// one call.
const WHOLE: u64 = u64::MAX;

/// Calculates expressions tick by tick and keeps what their calls remember (`smooth`, `decay`, `every`, …).
///
/// Memory belongs to an owner, a stable path such as `melt.amount` or `signals.kick`, and to the call's text: it
/// lives on while that text is calculated each time its owner is, and no two owners share any. A call advances once a
/// tick, however often it is asked. The same seed, ticks and texts yield the same bits.
#[derive(Clone, Debug)]
pub struct Evaluator {
    seed: u64,
    owners: HashMap<u64, Owner>,
    /// Kept from one calculation to the next, so that none allocates.
    results: Vec<Signal>,
}

impl Evaluator {
    /// Without memories. The show's seed decides `random` and `noise`.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self {
            seed,
            owners: HashMap::new(),
            results: Vec::new(),
        }
    }

    /// The expression's value in this tick. It may be NaN or infinite.
    pub fn value(&mut self, owner: &str, expression: &Expression, signals: &Signals) -> Value {
        self.signal(owner, expression, signals).value()
    }

    /// How many events fired in this tick: a trigger's own count; anything else fires once where its first lane
    /// goes from at most 0 to above 0, and before its first tick it was 0.
    pub fn events(&mut self, owner: &str, expression: &Expression, signals: &Signals) -> u32 {
        let whole = self.signal(owner, expression, signals);
        let mut calculation = calculation(&mut self.owners, self.seed, owner, signals);
        calculation.fired(expression.key(), WHOLE, whole)
    }

    /// Value and events together, as a signal of the show hands them on by [`Signals::set`].
    pub fn signal(&mut self, owner: &str, expression: &Expression, signals: &Signals) -> Signal {
        let mut results = mem::take(&mut self.results);
        results.clear();
        let mut calculation = calculation(&mut self.owners, self.seed, owner, signals);
        for node in expression.nodes() {
            let result = calculation.node(node, &results);
            results.push(result);
        }
        let whole = results.last().copied();
        self.results = results;
        whole.unwrap_or(Signal::from(0.0))
    }

    /// Takes over what the calls of these owners remember; whatever else `previous` remembers is forgotten.
    pub fn inherit<'a>(&mut self, mut previous: Self, owners: impl Iterator<Item = &'a str>) {
        let keys = owners.map(|owner| text_hash(owner.bytes()));
        self.owners
            .extend(keys.filter_map(|key| previous.owners.remove_entry(&key)));
    }

    /// Every call forgets what it remembers, as at the start of the show.
    pub fn forget(&mut self) {
        self.owners.clear();
    }
}

fn calculation<'a>(
    owners: &'a mut HashMap<u64, Owner>,
    seed: u64,
    owner: &str,
    signals: &'a Signals,
) -> Calculation<'a> {
    let key = text_hash(owner.bytes());
    let owner = owners.entry(key).or_default();
    owner.begin(signals.tick().tick);
    Calculation {
        seed: combine(seed, key),
        signals,
        owner,
    }
}

#[cfg(test)]
mod tests {
    use super::super::clock::Clock;
    use super::*;

    const OWNER: &str = "melt.amount";

    fn read(text: &str) -> Expression {
        Expression::parse(text).unwrap_or_else(|fault| panic!("{text}: {fault}"))
    }

    #[test]
    fn chance_is_repeatable_and_its_calls_are_apart() {
        let text = "(random(), random(), random(5, 6), noise(time))";
        let run = |seed, owner: &str| {
            let (expression, mut evaluator) = (read(text), Evaluator::new(seed));
            let mut clock = Clock::new(60.0, 120.0);
            let mut signals = Signals::default();
            let ticks = (0..20).map(|_| {
                signals.begin(clock.advance());
                evaluator.value(owner, &expression, &signals)
            });
            ticks.collect::<Vec<_>>()
        };
        let first = run(1, OWNER);
        assert_eq!(first, run(1, OWNER));
        for (this, other) in first
            .iter()
            .zip(run(2, OWNER))
            .chain(first.iter().zip(run(1, "b.amount")))
        {
            assert!((0..4).all(|lane| this.lane(lane) != other.lane(lane)));
        }
        assert!(first.iter().all(|value| value.lane(0) != value.lane(1)));
        assert!(
            first
                .windows(2)
                .all(|pair| pair[0].lane(0) != pair[1].lane(0))
        );
        let third = first.iter().map(|value| value.lane(2));
        assert!(third.into_iter().all(|number| (5.0..6.0).contains(&number)));
    }

    #[test]
    fn memory_lives_as_long_as_its_text() {
        let mut evaluator = Evaluator::new(1);
        let (mut clock, mut signals) = (Clock::new(60.0, 120.0), Signals::default());
        let mut tick = |evaluator: &mut Evaluator, text: &str, owner: &str| {
            signals.begin(clock.advance());
            signals.set_events("trigger", 1);
            evaluator.value(owner, &read(text), &signals).lane(0)
        };
        let evaluator = &mut evaluator;
        assert_eq!(tick(evaluator, "count(trigger)", OWNER), 1.0);
        assert_eq!(tick(evaluator, "count(trigger)", OWNER), 2.0);
        assert_eq!(
            tick(evaluator, "count(trigger)", "b.amount"),
            1.0,
            "owners share nothing"
        );
        assert_eq!(
            tick(evaluator, "10 * count( trigger )", OWNER),
            30.0,
            "the same call"
        );
        assert_eq!(tick(evaluator, "0", OWNER), 0.0);
        assert_eq!(
            tick(evaluator, "count(trigger)", OWNER),
            1.0,
            "it was gone for a tick"
        );
        evaluator.forget();
        assert_eq!(tick(evaluator, "count(trigger)", OWNER), 1.0);
    }

    #[test]
    fn only_the_owners_that_stay_hand_their_memory_on() {
        let (mut clock, mut signals) = (Clock::new(60.0, 120.0), Signals::default());
        let mut before = Evaluator::new(1);
        let mut ask = |evaluator: &mut Evaluator, owner: &str| {
            signals.begin(clock.advance());
            signals.set_events("trigger", 1);
            let text = read("count(trigger)");
            evaluator.value(owner, &text, &signals).lane(0)
        };
        for _ in 0..3 {
            ask(&mut before, "a.x");
            ask(&mut before, "b.x");
        }
        let mut after = Evaluator::new(2);
        after.inherit(before, ["a.x", "c.x"].into_iter());
        assert_eq!(ask(&mut after, "a.x"), 4.0);
        assert_eq!(ask(&mut after, "b.x"), 1.0);
    }

    #[test]
    fn a_clock_that_starts_again_does_not_stop_the_filters() {
        let (expression, mut evaluator) = (read("smooth(tick < 9, 1)"), Evaluator::new(1));
        let (mut clock, mut signals) = (Clock::new(60.0, 120.0), Signals::default());
        let mut value = |clock: &mut Clock| {
            signals.begin(clock.advance());
            evaluator.value(OWNER, &expression, &signals).lane(0)
        };
        let before = (0..31).map(|_| value(&mut clock)).last().expect("31 ticks");
        clock.restart();
        assert!(value(&mut clock) > before);
    }
}
