mod addresses;
mod knob;
mod succession;

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::Arc;

use super::Command;
use crate::effect::{Effect, Keys};
use crate::param::{Kind, Param, Value};
use crate::plan::{FrameValues, LayerValues, Values};
use crate::show::{Layer, Playback, Setting, Show, SourceEntry};
use crate::signal::{Clock, Evaluator, Pulse, Signal, Signals, Tick, USUAL_TEMPO};
use addresses::{Spot, spots};
use knob::{Knob, Part, evaluate};

pub use addresses::addresses;

/// How often a pass may run in one tick.
const MOST_REPEATS: f64 = 256.0;

/// Unknown addresses that are remembered, so that each is told of once.
const MOST_UNKNOWN: usize = 256;

/// Which layers have a new picture of what advances them.
pub type Readiness = [bool];

/// Steps 1, 2 and 4 of a tick, without a GPU: the clock, the commands in order, signals to values.
#[derive(Debug)]
pub struct Conductor {
    show: Arc<Show>,
    clock: Clock,
    signals: Signals,
    evaluator: Evaluator,
    layers: Vec<Part>,
    sources: Vec<Part>,
    /// The tick that has begun and has no values yet.
    begun: Option<Tick>,
    control_owners: Vec<String>,
    signal_owners: Vec<String>,
    controls: Vec<Value>,
    /// What px values are multiplied by: the canvas's height over the show's own.
    scale: f64,
    triggers: u32,
    cleans: bool,
    unknown: BTreeSet<String>,
    /// What was measured and heard since the last tick.
    heard: Vec<Heard>,
    /// The beat that was heard for the next tick.
    pulse: Option<Pulse>,
    /// Addresses that the show's expressions name.
    named: BTreeSet<String>,
    /// What came to them since the last tick.
    messages: Vec<Command>,
    spots: Vec<Spot>,
}

/// What a signal says by now: its name, which member of a family it is, and its number or how many events there were.
type Heard = (Cow<'static, str>, Option<i64>, Signal);

/// How a source is to be played in one tick.
#[derive(Clone, Debug, PartialEq)]
pub struct SourceValues {
    /// One per parameter of [`Playback`]; an event's is how many fired.
    pub params: Vec<Value>,
    /// Whether it is to go to its `jump`.
    pub jumps: bool,
}

impl Conductor {
    /// A show before its first tick. `fps` is the canvas's rate, `scale` what px values are multiplied by.
    #[must_use]
    pub fn new(show: &Arc<Show>, fps: f64, scale: f64) -> Self {
        let (keys, playback) = (Keys::new(), Playback::new());
        let layer = |layer: &Layer| {
            let params = &layer.effect.header.params;
            Part::new("layers", &layer.name, &keys.params, params)
        };
        let source =
            |source: &SourceEntry| Part::new("sources", &source.name, &[], &playback.params);
        let mut clock = Clock::new(fps, USUAL_TEMPO);
        lead(&mut clock, show.canvas.tempo);
        Self {
            clock,
            signals: Signals::default(),
            evaluator: Evaluator::new(show.canvas.seed),
            layers: show.layers.iter().map(layer).collect(),
            sources: show.sources.iter().map(source).collect(),
            begun: None,
            control_owners: show
                .controls
                .iter()
                .map(|control| format!("controls.{}", control.name))
                .collect(),
            signal_owners: show
                .signals
                .iter()
                .map(|(name, _)| format!("signals.{name}"))
                .collect(),
            controls: show
                .controls
                .iter()
                .map(|control| control.default)
                .collect(),
            scale,
            triggers: 0,
            cleans: false,
            unknown: BTreeSet::new(),
            heard: Vec::new(),
            pulse: None,
            named: show.named_addresses(),
            messages: Vec::new(),
            spots: spots(show).into_iter().map(|(_, spot)| spot).collect(),
            show: Arc::clone(show),
        }
    }

    /// Leaves out ticks that came too late.
    pub fn skip(&mut self, ticks: u64) {
        self.clock.skip(ticks);
    }

    /// The tempo in BPM.
    #[must_use]
    pub const fn tempo(&self) -> f64 {
        self.clock.tempo()
    }

    /// Addresses that were sent and mean nothing, each once, the first 256.
    #[must_use]
    pub const fn unknown(&self) -> &BTreeSet<String> {
        &self.unknown
    }

    /// Whether a command of the last tick asked to forget all state.
    #[must_use]
    pub const fn cleans(&self) -> bool {
        self.cleans
    }

    /// One tick: all commands in order, then every value. `fresh` says which layers have a new picture.
    pub fn advance(&mut self, commands: &[Command], fresh: &Readiness) -> Values {
        self.begin(commands);
        self.finish(fresh)
    }

    /// Begins a tick: all commands in order, the signals, and how each source is to be played, on which it
    /// depends what pictures there are.
    pub fn begin(&mut self, commands: &[Command]) -> Vec<SourceValues> {
        self.cleans = false;
        for command in commands {
            self.receive(command);
        }
        if let Some(pulse) = self.pulse.take() {
            self.clock.follow(&pulse);
        }
        let tick = self.clock.advance();
        self.signals.begin(tick);
        self.signals
            .set_events("trigger", std::mem::take(&mut self.triggers));
        for (name, index, signal) in self.heard.drain(..) {
            take_over(&mut self.signals, &name, index, signal);
        }
        for message in std::mem::take(&mut self.messages) {
            self.hear_message(&message);
        }
        self.hand_controls_on();
        self.evaluate_signals();
        self.begun = Some(tick);
        (0..self.sources.len())
            .map(|index| self.source(index))
            .collect()
    }

    /// The values of the tick that has begun. `fresh` says which layers have a new picture.
    pub fn finish(&mut self, fresh: &Readiness) -> Values {
        let tick = self.begun.take().unwrap_or_else(|| *self.signals.tick());
        let layers = (0..self.layers.len())
            .map(|index| self.layer(index, fresh[index]))
            .collect();
        Values {
            frame: frame(&tick, self.show.canvas.seed),
            layers,
        }
    }

    /// Takes a beat as it is at the next tick, for the clock to follow.
    pub const fn follow(&mut self, pulse: Pulse) {
        self.pulse = Some(pulse);
    }

    /// Takes what a signal says, with the index of a family's member, for the next tick: the newest number counts,
    /// and every event.
    pub fn hear(&mut self, name: impl Into<Cow<'static, str>>, index: Option<i64>, signal: Signal) {
        self.heard.push((name.into(), index, signal));
    }

    /// The last value counts, and every event; what is not a number is neither.
    fn hear_message(&mut self, message: &Command) {
        let Command { address, value, .. } = message;
        if value.as_slice().iter().all(|lane| lane.is_finite()) {
            let before = self.signals.get(address).events().unwrap_or_default();
            let control = Signal::Control {
                value: *value,
                events: before.saturating_add(message.events),
            };
            self.signals.set(address, control);
        }
    }

    fn hand_controls_on(&mut self) {
        let controls = self.show.controls.iter().zip(&mut self.controls);
        for (name, (control, value)) in self.control_owners.iter().zip(controls) {
            if control.kind == Kind::Event {
                let events = std::mem::replace(value, Value::number(0.0));
                self.signals.set_events(name, events.lane(0) as u32);
            } else {
                self.signals.set(name, *value);
            }
        }
    }

    fn evaluate_signals(&mut self) {
        for ((name, setting), owner) in self.show.signals.iter().zip(&self.signal_owners) {
            match setting {
                Setting::Expression(expression) => {
                    let signal = self.evaluator.signal(owner, expression, &self.signals);
                    self.signals.set(name, signal);
                }
                _ => {
                    let value = evaluate(owner, setting, &mut self.evaluator, &self.signals);
                    self.signals.set(name, value);
                }
            }
        }
    }

    fn layer(&mut self, index: usize, fresh: bool) -> LayerValues {
        let (layer, part) = (&self.show.layers[index], &mut self.layers[index]);
        let mut values = |knobs: &mut Vec<Knob>, settings: &[Setting]| -> Vec<Value> {
            let pairs = knobs.iter_mut().zip(settings);
            pairs
                .map(|(knob, setting)| {
                    knob.value(setting, fresh, &mut self.evaluator, &self.signals)
                })
                .collect()
        };
        let keys = values(&mut part.keys, &layer.keys);
        let params = values(&mut part.params, &layer.params).into_iter();
        let scaled = |(value, param): (Value, &Param)| param.scaled(value, self.scale);
        let params: Vec<_> = params
            .zip(&layer.effect.header.params)
            .map(scaled)
            .collect();
        LayerValues {
            keys,
            repeats: repeats(&layer.effect, &params),
            params,
            matte_channel: layer.matte.and_then(|matte| matte.channel),
            matte_invert: layer.matte.is_some_and(|matte| matte.invert),
            seed: part.seed,
            shares: Vec::new(),
        }
    }

    fn source(&mut self, index: usize) -> SourceValues {
        let (source, part) = (&self.show.sources[index], &mut self.sources[index]);
        let jump = &part.params[Playback::JUMP];
        let (before, sent) = (jump.last, jump.sent);
        let pairs = part.params.iter_mut().zip(&source.playback);
        let params: Vec<_> = pairs
            .map(|(knob, setting)| knob.value(setting, true, &mut self.evaluator, &self.signals))
            .collect();
        let jumps = sent > 0 || params[Playback::JUMP] != before;
        SourceValues { params, jumps }
    }

    fn receive(&mut self, command: &Command) {
        let known = match command.parts()[..] {
            ["trigger"] => {
                self.triggers = self.triggers.saturating_add(command.events);
                true
            }
            ["clean"] => {
                if command.events > 0 {
                    self.clean();
                }
                true
            }
            ["tempo"] => {
                self.clock.set_tempo(command.value.lane(0));
                true
            }
            ["tempo", "release"] => {
                self.clock.release();
                true
            }
            ["sync"] => {
                if command.events > 0 {
                    self.clock.sync();
                }
                true
            }
            ["controls", name] => self.control(name, command),
            [section, name, param] => self.knob(section, name, param, |knob| knob.receive(command)),
            [section, name, param, "release"] => {
                self.knob(section, name, param, |knob| knob.taken = None)
            }
            _ => false,
        };
        let is_named = self.named.contains(&command.address);
        if is_named {
            self.messages.push(command.clone());
        }
        if !known && !is_named {
            self.puzzle(&command.address);
        }
    }

    /// Tells of an address that means nothing, each once; a flood of them is not remembered without end.
    fn puzzle(&mut self, address: &str) {
        let room = self.unknown.len() < MOST_UNKNOWN;
        if room && self.unknown.insert(address.to_owned()) {
            log::warn!("unknown address {address}: nothing in this show listens to it");
        }
    }

    fn clean(&mut self) {
        self.cleans = true;
        self.evaluator.forget();
    }

    fn control(&mut self, name: &str, command: &Command) -> bool {
        let found = self
            .show
            .controls
            .iter()
            .position(|control| control.name == name);
        if let Some(index) = found {
            let (control, before) = (&self.show.controls[index], self.controls[index]);
            let value = match control.kind {
                Kind::Event => Value::number(before.lane(0) + f64::from(command.events)),
                _ => command.value,
            };
            self.controls[index] = control.clamp(value, before);
        }
        found.is_some()
    }

    fn knob(
        &mut self,
        section: &str,
        name: &str,
        param: &str,
        act: impl FnOnce(&mut Knob),
    ) -> bool {
        let parts = match section {
            "layers" => &mut self.layers,
            "sources" => &mut self.sources,
            _ => return false,
        };
        let part = parts.iter_mut().find(|part| part.name == name);
        let knobs = part.map(|part| part.keys.iter_mut().chain(&mut part.params));
        let listens = |knob: &&mut Knob| knob.param.name == param && !knob.param.fixed;
        let found = knobs.and_then(|mut knobs| knobs.find(listens));
        found.map(act).is_some()
    }
}

/// Lets a show's own tempo lead, or whoever is heard.
fn lead(clock: &mut Clock, tempo: Option<f64>) {
    match tempo {
        Some(tempo) => clock.set_tempo(tempo),
        None => clock.release(),
    }
}

fn take_over(signals: &mut Signals, name: &str, index: Option<i64>, signal: Signal) {
    match (signal, index) {
        (Signal::Trigger(events), _) => {
            let before = signals.get(name).events().unwrap_or_default();
            signals.set_events(name, before + events);
        }
        (signal, None) => signals.set(name, signal),
        (signal, Some(index)) => signals.set_at(name, &[index], signal),
    }
}

fn frame(tick: &Tick, seed: u64) -> FrameValues {
    FrameValues {
        time: tick.time,
        delta: tick.delta,
        beat: tick.beat,
        bar: tick.bar,
        tick: tick.tick,
        seed: (seed ^ (seed >> 32)) as u32,
    }
}

fn repeats(effect: &Effect, params: &[Value]) -> Vec<u32> {
    let named = |name: &str| {
        let name = name.trim_start_matches('$');
        let index = effect
            .header
            .params
            .iter()
            .position(|param| param.name == name)?;
        Some(params[index].lane(0))
    };
    let last = effect.header.passes.len().saturating_sub(1);
    let count = |(index, pass): (usize, &crate::effect::Pass)| {
        let value = pass
            .repeat
            .as_ref()
            .and_then(|repeat| repeat.evaluate_constant(named));
        // The layer's picture is always written.
        let fewest = f64::from(u8::from(index == last));
        value.map_or(1, |value| {
            value.lane(0).round().clamp(fewest, MOST_REPEATS) as u32
        })
    };
    let passes = effect.header.passes.iter().enumerate();
    passes.map(count).collect()
}

#[cfg(test)]
mod tests;
