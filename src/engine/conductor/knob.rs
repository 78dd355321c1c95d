use crate::engine::Command;
use crate::param::{Kind, Param, Value};
use crate::show::Setting;
use crate::signal::{Evaluator, Signals};

/// What is kept of a layer or a source between ticks.
#[derive(Debug)]
pub(super) struct Part {
    pub(super) name: String,
    pub(super) keys: Vec<Knob>,
    pub(super) params: Vec<Knob>,
    pub(super) seed: u32,
}

/// What is kept of one parameter of a layer.
#[derive(Debug)]
pub(super) struct Knob {
    pub(super) param: Param,
    pub(super) owner: String,
    pub(super) last: Value,
    /// What a control set it to, until it is released.
    pub(super) taken: Option<Value>,
    /// Events, or values, that a control sent since the last tick.
    pub(super) sent: u32,
    /// Events since the layer last advanced: a tick that is done over counts them once more.
    pub(super) since: u32,
}

impl Part {
    pub(super) fn new(section: &str, name: &str, keys: &[Param], params: &[Param]) -> Self {
        let knob = |param: &Param| Knob::new(section, name, param);
        Self {
            name: name.to_owned(),
            keys: keys.iter().map(knob).collect(),
            params: params.iter().map(knob).collect(),
            seed: hash(name),
        }
    }
}

impl Knob {
    fn new(section: &str, name: &str, param: &Param) -> Self {
        Self {
            owner: format!("{section}.{name}.{}", param.name),
            last: param.default,
            param: param.clone(),
            taken: None,
            sent: 0,
            since: 0,
        }
    }

    pub(super) fn receive(&mut self, command: &Command) {
        if self.param.kind == Kind::Event {
            self.sent = self.sent.saturating_add(command.events);
        } else {
            self.sent = self.sent.saturating_add(1);
            self.taken = Some(self.param.clamp(command.value, self.last));
        }
    }

    pub(super) fn value(
        &mut self,
        setting: &Setting,
        fresh: bool,
        evaluator: &mut Evaluator,
        signals: &Signals,
    ) -> Value {
        if self.param.kind == Kind::Event {
            return self.events(setting, fresh, evaluator, signals);
        }
        let wanted = self
            .taken
            .unwrap_or_else(|| evaluate(&self.owner, setting, evaluator, signals));
        self.sent = 0;
        self.last = self.param.clamp(wanted, self.last);
        self.last
    }

    fn events(
        &mut self,
        setting: &Setting,
        fresh: bool,
        evaluator: &mut Evaluator,
        signals: &Signals,
    ) -> Value {
        let fired = match setting {
            Setting::Expression(expression) => evaluator.events(&self.owner, expression, signals),
            Setting::Value(_) | Setting::Vector(_) => 0,
        };
        let new = fired.saturating_add(std::mem::take(&mut self.sent));
        let before = if fresh { 0 } else { self.since };
        self.since = before.saturating_add(new);
        Value::number(f64::from(self.since))
    }
}

pub(super) fn evaluate(
    owner: &str,
    setting: &Setting,
    evaluator: &mut Evaluator,
    signals: &Signals,
) -> Value {
    match setting {
        Setting::Value(value) => *value,
        Setting::Expression(expression) => evaluator.value(owner, expression, signals),
        Setting::Vector(lanes) => {
            let lanes = lanes.iter().enumerate().map(|(lane, setting)| {
                evaluate(&lane_owner(owner, lane), setting, evaluator, signals).lane(0)
            });
            Value::lanes(&lanes.collect::<Vec<_>>())
        }
    }
}

/// Who owns what the calls of one lane of a vector remember.
pub(super) fn lane_owner(owner: &str, lane: usize) -> String {
    format!("{owner}.{lane}")
}

/// FNV-1a: the same name gives the same chance in every build.
fn hash(name: &str) -> u32 {
    name.bytes().fold(0x811c_9dc5, |hash, byte| {
        (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)
    })
}
