use super::knob::{Knob, lane_owner};
use super::{Conductor, lead};
use crate::param::{Param, Value};
use crate::show::Setting;

/// The most lanes of a vector.
const LANES: usize = 4;

impl Conductor {
    /// Takes over what the performer has done to the show before: controls keep their values and parameters
    /// stay taken over, each until its own text in the show changes. To be called any number of times.
    pub(in crate::engine) fn adopt(&mut self, previous: &Self) {
        for (control, value) in self.show.controls.iter().zip(&mut self.controls) {
            let is_same =
                |before: &Param| (&before.name, before.default) == (&control.name, control.default);
            let mut before = previous.show.controls.iter().zip(&previous.controls);
            if let Some((_, held)) = before.find(|(before, _)| is_same(before)) {
                *value = control.clamp(*held, control.default);
            }
        }
        for (layer, part) in self.show.layers.iter().zip(&mut self.layers) {
            let Some(index) = previous.show.counterpart(layer) else {
                continue;
            };
            let (settings, held) = (&previous.show.layers[index], &previous.layers[index]);
            adopt(&mut part.keys, &layer.keys, &held.keys, &settings.keys);
            adopt(
                &mut part.params,
                &layer.params,
                &held.params,
                &settings.params,
            );
        }
        for (source, part) in self.show.sources.iter().zip(&mut self.sources) {
            let mut before = previous.show.sources.iter().zip(&previous.sources);
            if let Some((entry, held)) = before.find(|(entry, _)| entry.name == source.name) {
                adopt(
                    &mut part.params,
                    &source.playback,
                    &held.params,
                    &entry.playback,
                );
            }
        }
    }

    /// Goes on where the show before is: its clock runs on, its signals and what calls remember stay.
    pub(in crate::engine) fn succeed(&mut self, previous: Self) {
        self.adopt(&previous);
        let fps = self.clock.fps();
        self.clock = previous.clock;
        self.clock.set_fps(fps);
        let tempo = self.show.canvas.tempo;
        if tempo != previous.show.canvas.tempo {
            lead(&mut self.clock, tempo);
        }
        self.signals = previous.signals;
        self.triggers += previous.triggers;
        self.unknown = previous.unknown;
        let knobs = self.layers.iter().chain(&self.sources).flat_map(|part| {
            let knobs = part.keys.iter().chain(&part.params);
            knobs.map(|knob| &knob.owner)
        });
        let owners: Vec<String> = knobs
            .chain(&self.signal_owners)
            .flat_map(|owner| {
                let lanes = (0..LANES).map(|lane| lane_owner(owner, lane));
                lanes.chain([owner.clone()]).collect::<Vec<_>>()
            })
            .collect();
        self.evaluator
            .inherit(previous.evaluator, owners.iter().map(String::as_str));
    }

    /// What the keys and parameters of a layer are set to as far as that is known before a tick: by a control,
    /// or as a constant of the show; else their defaults.
    pub(in crate::engine) fn outlook(&self, layer: usize) -> (Vec<Value>, Vec<Value>) {
        let (settings, part) = (&self.show.layers[layer], &self.layers[layer]);
        let known = |knobs: &[Knob], settings: &[Setting]| -> Vec<Value> {
            let pairs = knobs.iter().zip(settings);
            pairs.map(|(knob, setting)| knob.outlook(setting)).collect()
        };
        let keys = known(&part.keys, &settings.keys);
        let declared = &settings.effect.header.params;
        let params = known(&part.params, &settings.params).into_iter();
        let scaled = |(value, param): (Value, &Param)| param.scaled(value, self.scale);
        (keys, params.zip(declared).map(scaled).collect())
    }
}

/// Lets knobs take over what those of the same name held.
fn adopt(knobs: &mut [Knob], settings: &[Setting], held: &[Knob], before: &[Setting]) {
    for (knob, setting) in knobs.iter_mut().zip(settings) {
        let mut pairs = held.iter().zip(before);
        if let Some((held, before)) = pairs.find(|(held, _)| held.param.name == knob.param.name) {
            knob.adopt(held, setting == before);
        }
    }
}

impl Knob {
    fn adopt(&mut self, held: &Self, same_text: bool) {
        if self.param.kind != held.param.kind {
            return;
        }
        self.last = self.param.clamp(held.last, self.param.default);
        (self.sent, self.since) = (held.sent, held.since);
        let taken = held.taken.filter(|_| same_text);
        self.taken = taken.map(|value| self.param.clamp(value, self.last));
    }

    fn outlook(&self, setting: &Setting) -> Value {
        let constant = || setting.constant().unwrap_or(self.param.default);
        self.taken.unwrap_or_else(constant)
    }
}

#[cfg(test)]
mod tests;
