//! A parameter: type, unit, range, default, identity; parse, clamp, print.

mod address;
mod value;

pub use address::{Access, Address, Standing};
pub use value::Value;

/// The type of a parameter, in ISF's words.
#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    /// A trigger: the number of events that fired this tick.
    Event,
    /// Off (0) or on (1).
    Bool,
    /// A whole number; with options, one of the listed values, each with its label.
    Long(Vec<(i64, String)>),
    /// A real number.
    Float,
    /// Two real numbers, x and y.
    Point2D,
    /// Red, green, blue, alpha, 0 to 1.
    Color,
}

impl Kind {
    /// How many numbers a value of this type has.
    #[must_use]
    pub const fn width(&self) -> usize {
        match self {
            Self::Event | Self::Bool | Self::Long(_) | Self::Float => 1,
            Self::Point2D => 2,
            Self::Color => 4,
        }
    }

    /// The name in an effect's header.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Event => "event",
            Self::Bool => "bool",
            Self::Long(_) => "long",
            Self::Float => "float",
            Self::Point2D => "point2D",
            Self::Color => "color",
        }
    }
}

/// One knob of an effect, of a layer or of a show.
#[derive(Clone, Debug, PartialEq)]
pub struct Param {
    /// The stem: show key, address segment, field of `params` in WGSL.
    pub name: String,
    /// What a panel shows.
    pub label: String,
    /// What it does and what both ends mean.
    pub description: String,
    /// Its type.
    pub kind: Kind,
    /// `px`, `s`, `deg`, `Hz`, `ratio`, `beats`, … or empty.
    pub unit: String,
    /// Whether it stays what the show says for as long as the show plays.
    pub fixed: bool,
    /// The value where the show is silent.
    pub default: Value,
    /// Hard lower limit, one number per lane: the maths breaks below.
    pub min: Value,
    /// Hard upper limit, one number per lane: the maths breaks above.
    pub max: Value,
    /// The slider's travel.
    pub soft: (Value, Value),
    /// The value at which the effect leaves the picture as it is, if this parameter takes part in that.
    pub identity: Option<Value>,
}

impl Param {
    /// A float between two hard limits, which are the slider's travel too.
    #[must_use]
    pub fn float(name: &str, default: f64, min: f64, max: f64) -> Self {
        let (low, high) = (Value::number(min), Value::number(max));
        Self::new(name, Kind::Float, Value::number(default), low, high)
    }

    /// A trigger.
    #[must_use]
    pub fn event(name: &str) -> Self {
        let most = Value::number(f64::from(u16::MAX));
        Self::new(
            name,
            Kind::Event,
            Value::number(0.0),
            Value::number(0.0),
            most,
        )
    }

    /// A switch.
    #[must_use]
    pub fn bool(name: &str, default: bool) -> Self {
        Self::new(
            name,
            Kind::Bool,
            Value::from(default),
            Value::from(false),
            Value::from(true),
        )
    }

    /// A choice among labels, numbered from 0; `default` is an index into them.
    #[must_use]
    pub fn choice(name: &str, labels: &[&str], default: usize) -> Self {
        let options: Vec<_> = (0i64..)
            .zip(labels.iter().map(ToString::to_string))
            .collect();
        let last = Value::number((options.len().max(1) - 1) as f64);
        let default = Value::number(default as f64);
        Self::new(name, Kind::Long(options), default, Value::number(0.0), last)
    }

    /// A parameter whose slider travels its whole range, without unit, description or identity.
    #[must_use]
    pub fn new(name: &str, kind: Kind, default: Value, min: Value, max: Value) -> Self {
        Self {
            name: name.to_owned(),
            label: name.replace('_', " "),
            description: String::new(),
            kind,
            unit: String::new(),
            fixed: false,
            default,
            min,
            max,
            soft: (min, max),
            identity: None,
        }
    }

    /// The same with a description.
    #[must_use]
    pub fn describe(mut self, text: &str) -> Self {
        text.clone_into(&mut self.description);
        self
    }

    /// Brings a value into this parameter's type and range. One number is spread over all lanes (a colour
    /// keeps alpha 1), whole-number types round half away from zero, and a lane that is NaN or infinite
    /// takes its lane of `previous`.
    #[must_use]
    pub fn clamp(&self, value: Value, previous: Value) -> Value {
        let lanes: Vec<f64> = (0..self.kind.width())
            .map(|lane| {
                let wanted = self.lane(value, lane);
                let number = if wanted.is_finite() {
                    wanted
                } else {
                    previous.lane(lane)
                };
                self.whole(number)
                    .clamp(self.min.lane(lane), self.max.lane(lane))
            })
            .collect();
        Value::lanes(&lanes)
    }

    /// Whether the value lies within the hard limits and, for a choice, is one of its options.
    #[must_use]
    pub fn allows(&self, value: Value) -> bool {
        let in_range = (0..self.kind.width()).all(|lane| {
            let number = self.lane(value, lane);
            (self.min.lane(lane)..=self.max.lane(lane)).contains(&number)
        });
        in_range && self.is_option(value.lane(0))
    }

    /// What [`Self::allows`] lets through, in words: "0 to 1", "blank, smear, wrap or mirror".
    #[must_use]
    pub fn allowed(&self) -> String {
        match &self.kind {
            Kind::Long(options) if !options.is_empty() => {
                let labels: Vec<_> = options.iter().map(|(_, label)| label.as_str()).collect();
                labels.join(", ")
            }
            Kind::Bool => "true or false".to_owned(),
            Kind::Event => "an expression or a number of events".to_owned(),
            _ => format!("{} to {}", self.min, self.max),
        }
    }

    /// The value on a canvas whose height is `scale` times the show's own: px values grow with it.
    #[must_use]
    pub fn scaled(&self, value: Value, scale: f64) -> Value {
        if self.unit == "px" {
            value.map(|pixels| pixels * scale)
        } else {
            value
        }
    }

    fn lane(&self, value: Value, lane: usize) -> f64 {
        match (value.width(), &self.kind) {
            (1, Kind::Color) if lane == 3 => 1.0,
            (1, _) => value.lane(0),
            (3, Kind::Color) if lane == 3 => 1.0,
            _ => value.lane(lane),
        }
    }

    fn whole(&self, number: f64) -> f64 {
        match self.kind {
            Kind::Bool => f64::from(u8::from(number != 0.0)),
            Kind::Event | Kind::Long(_) => number.round(),
            _ => number,
        }
    }

    fn is_option(&self, number: f64) -> bool {
        match &self.kind {
            Kind::Long(options) if !options.is_empty() => {
                options.iter().any(|(value, _)| *value as f64 == number)
            }
            _ => true,
        }
    }

    /// Reads a literal: a number, `true`/`false`/`on`/`off`, an option's label, `x,y`, `#rrggbb` or
    /// `#rrggbbaa`. `None` where the text is none of these (it may be an expression). The range is not
    /// checked.
    #[must_use]
    pub fn parse(&self, text: &str) -> Option<Value> {
        let text = text.trim();
        if let Kind::Long(options) = &self.kind {
            let found = options
                .iter()
                .find(|(_, label)| label.eq_ignore_ascii_case(text));
            if let Some((value, _)) = found {
                return Some(Value::number(*value as f64));
            }
        }
        let value = text.parse::<Value>().ok()?;
        let width = value.width();
        let fits =
            width == 1 || width == self.kind.width() || (width == 3 && self.kind == Kind::Color);
        fits.then_some(value)
    }

    /// The value as the show file and the panel write it: a choice by its label, a switch as true or false.
    #[must_use]
    pub fn print(&self, value: Value) -> String {
        match &self.kind {
            Kind::Bool => (value.lane(0) != 0.0).to_string(),
            Kind::Long(options) => options
                .iter()
                .find(|(option, _)| *option as f64 == value.lane(0))
                .map_or_else(|| value.to_string(), |(_, label)| label.clone()),
            _ => value.to_string(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn not_a_number_keeps_the_previous_value() {
        let mix = Param::float("mix", 1.0, 0.0, 1.0);
        let kept = mix.clamp(Value::number(f64::NAN), Value::number(0.25));
        assert_eq!(kept, Value::number(0.25));
        assert_eq!(mix.clamp(Value::number(7.0), kept), Value::number(1.0));
    }

    #[test]
    fn labels_and_literals_parse() {
        let edge = Param::choice("edge", &["blank", "smear"], 0);
        assert_eq!(edge.parse("Smear"), Some(Value::number(1.0)));
        assert_eq!(edge.parse("sin(time)"), None);
        assert_eq!(edge.print(Value::number(1.0)), "smear");
        let zero = Value::point(0.0, 0.0);
        let red = Param::new(
            "red",
            Kind::Point2D,
            zero,
            Value::point(-9.0, -9.0),
            Value::point(9.0, 9.0),
        );
        assert_eq!(red.parse("8,0"), Some(Value::point(8.0, 0.0)));
        assert_eq!(red.clamp(Value::number(20.0), zero), Value::point(9.0, 9.0));
    }
}
