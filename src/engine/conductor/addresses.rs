//! Everything that a show takes and tells, and what it stands at: derived from the same parameters that commands reach.

use std::collections::BTreeSet;

use super::Conductor;
use super::knob::{Knob, Part};
use crate::effect::Keys;
use crate::param::{Access, Address, Kind, Param, Standing, Value};
use crate::show::{Playback, Show};
use crate::signal::{FASTEST_TEMPO, Leader, SIGNALS, SignalDoc, USUAL_TEMPO, of_source};

/// Where the conductor has what an address stands at.
#[derive(Clone, Debug)]
pub(super) enum Spot {
    /// It only takes.
    None,
    Tempo,
    Control(usize),
    /// A parameter of a layer, its keys counted first.
    Layer(usize, usize),
    Source(usize, usize),
    /// A signal by its name.
    Signal(String),
}

/// Every address of a show but those of the session: in the order of [`Conductor::standings`].
#[must_use]
pub fn addresses(show: &Show) -> Vec<Address> {
    let spots = spots(show).into_iter();
    spots.map(|(address, _)| address).collect()
}

pub(super) fn spots(show: &Show) -> Vec<(Address, Spot)> {
    let own = own(show).into_iter();
    let all = own
        .chain(controls(show))
        .chain(layers(show))
        .chain(sources(show))
        .chain(signals(show))
        .chain(named(show));
    let mut paths = BTreeSet::new();
    // What a show's expression calls like an address of its own is that.
    all.filter(|(address, _)| paths.insert(address.path.clone()))
        .collect()
}

/// What every show takes.
fn own(show: &Show) -> Vec<(Address, Spot)> {
    let tempo = Param {
        unit: "BPM".to_owned(),
        ..Param::float(
            "tempo",
            show.canvas.tempo.unwrap_or(USUAL_TEMPO),
            0.0,
            FASTEST_TEMPO,
        )
    };
    let tempo = tempo.describe("Beats per minute.");
    let event = |name: &str, does: &str| {
        let param = Param::event(name).describe(does);
        (
            Address::new(format!("/{name}"), param, Access::Write),
            Spot::None,
        )
    };
    vec![
        event("trigger", "Fires the show's trigger."),
        event("sync", "Moves the nearest beat to now."),
        event("clean", "Forgets all state: trails, echoes, feedback."),
        (
            Address {
                releases: true,
                ..Address::new("/tempo".to_owned(), tempo, Access::Both)
            },
            Spot::Tempo,
        ),
    ]
}

fn controls(show: &Show) -> impl Iterator<Item = (Address, Spot)> {
    let controls = show.controls.iter().enumerate();
    controls.map(|(index, param)| {
        let path = format!("/controls/{}", param.name);
        (played(path, param, false), Spot::Control(index))
    })
}

fn layers(show: &Show) -> impl Iterator<Item = (Address, Spot)> {
    let keys = Keys::new().params;
    show.layers.iter().enumerate().flat_map(move |(at, layer)| {
        let params = keys.iter().chain(&layer.effect.header.params);
        let params: Vec<_> = params.cloned().collect();
        part("layers", &layer.name, &params, move |knob| {
            Spot::Layer(at, knob)
        })
    })
}

fn sources(show: &Show) -> impl Iterator<Item = (Address, Spot)> {
    let params = Playback::new().params;
    show.sources
        .iter()
        .enumerate()
        .flat_map(move |(at, source)| {
            part("sources", &source.name, &params, move |knob| {
                Spot::Source(at, knob)
            })
        })
}

/// The parameters of a layer or a source that can be played.
fn part(
    section: &str,
    name: &str,
    params: &[Param],
    spot: impl Fn(usize) -> Spot,
) -> Vec<(Address, Spot)> {
    let params = params.iter().enumerate();
    let params = params.filter(|(_, param)| !param.fixed);
    let address = |(index, param): (usize, &Param)| {
        let path = format!("/{section}/{name}/{}", param.name);
        (played(path, param, true), spot(index))
    };
    params.map(address).collect()
}

fn played(path: String, param: &Param, releases: bool) -> Address {
    let is_event = param.kind == Kind::Event;
    let access = if is_event {
        Access::Write
    } else {
        Access::Both
    };
    Address {
        releases: releases && !is_event,
        ..Address::new(path, param.clone(), access)
    }
}

/// The show's own signals, then those that every show has and that are fed.
fn signals(show: &Show) -> Vec<(Address, Spot)> {
    let own = show.signals.iter().map(|(name, _)| {
        let path = format!("/signals/{name}");
        let param = open(name).describe("A signal of the show; of a vector, the first number.");
        heard(path, param, name)
    });
    let simple = |signal: &&SignalDoc| !signal.later && signal.indices.is_empty();
    let usual = SIGNALS.iter().filter(simple);
    let usual = usual.filter(|signal| signal.gauge.is_none());
    let usual = usual.map(|signal| told(signal, signal.name.to_owned()));
    let first = show.sources.first().map(|source| &source.name);
    let measured = show.measured().into_iter();
    let measured = measured.filter(|(signal, _)| signal.indices.is_empty());
    let measured = measured.flat_map(|(signal, source)| {
        let source = &show.sources[source].name;
        let is_first = first == Some(source);
        let short = is_first.then(|| told(signal, signal.name.to_owned()));
        [Some(told(signal, of_source(signal.name, source))), short]
    });
    own.chain(usual).chain(measured.flatten()).collect()
}

fn told(signal: &SignalDoc, name: String) -> (Address, Spot) {
    let mut param = if signal.trigger {
        Param::event(&name)
    } else {
        let (low, high) = signal.limits();
        Param::float(&name, 0.0, low, high)
    };
    signal.unit.clone_into(&mut param.unit);
    heard(
        format!("/{}", name.replace('.', "/")),
        param.describe(signal.doc),
        &name,
    )
}

/// What the show's expressions listen to by name.
fn named(show: &Show) -> impl Iterator<Item = (Address, Spot)> {
    show.named_addresses().into_iter().map(|path| {
        let param = open(&path).describe("This show's expressions listen to it.");
        let spot = Spot::Signal(path.clone());
        (Address::new(path, param, Access::Both), spot)
    })
}

fn heard(path: String, param: Param, signal: &str) -> (Address, Spot) {
    let spot = Spot::Signal(signal.to_owned());
    (Address::new(path, param, Access::Read), spot)
}

/// Any number.
fn open(name: &str) -> Param {
    Param::float(name, 0.0, f64::NEG_INFINITY, f64::INFINITY)
}

impl Conductor {
    /// What each of the show's [`addresses`] stands at after the last tick, in their order.
    pub fn standings(&self) -> impl Iterator<Item = Standing> {
        self.spots.iter().map(|spot| self.standing(spot))
    }

    fn standing(&self, spot: &Spot) -> Standing {
        match spot {
            Spot::None => Standing::of(Value::number(0.0)),
            Spot::Tempo => Standing {
                held: self.clock.leader() == Leader::Hand,
                ..Standing::of(Value::number(self.clock.tempo()))
            },
            Spot::Control(index) => Standing::held(self.controls[*index]),
            Spot::Layer(layer, knob) => self.layers[*layer].standing(*knob),
            Spot::Source(source, knob) => self.sources[*source].standing(*knob),
            Spot::Signal(name) => {
                let signal = self.signals.get(name);
                Standing {
                    events: signal.events().unwrap_or_default(),
                    ..Standing::of(signal.value())
                }
            }
        }
    }
}

impl Part {
    fn standing(&self, knob: usize) -> Standing {
        let mut knobs = self.keys.iter().chain(&self.params);
        let standing = |knob: &Knob| Standing {
            held: knob.taken.is_some(),
            ..Standing::of(knob.last)
        };
        let none = || Standing::of(Value::number(0.0));
        knobs.nth(knob).map_or_else(none, standing)
    }
}

#[cfg(test)]
mod tests;
