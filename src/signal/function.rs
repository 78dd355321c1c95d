use super::operator::truth;

/// The largest number of arguments that a call has.
pub(super) const MOST_ARGUMENTS: usize = 5;

/// A function of expressions. Parser, evaluator and documentation read the same row.
#[derive(Clone, Copy, Debug)]
pub struct Function {
    /// As written in an expression.
    pub name: &'static str,
    /// The names of its arguments.
    pub parameters: &'static [&'static str],
    /// What the last arguments are where none of them is written.
    pub defaults: &'static [f64],
    /// What it yields, with units.
    pub doc: &'static str,
    pub(super) action: Action,
}

/// How a call is calculated.
#[derive(Clone, Copy, Debug)]
pub(super) enum Action {
    /// Each lane by itself.
    Lanes(fn(&[f64]) -> f64),
    Vector,
    Lane(usize),
    Length,
    And,
    Or,
    Choose,
    Address,
    Random,
    Noise,
    Every,
    Count,
    Toggle,
    Hold,
    Smooth,
    Decay,
}

impl Action {
    /// Whether this argument has to be one number; the others may be vectors.
    pub(super) const fn wants_number(self, argument: usize) -> bool {
        match self {
            Self::Vector | Self::Every | Self::Count | Self::Toggle | Self::Address => true,
            Self::Hold | Self::Smooth | Self::Decay => argument > 0,
            _ => false,
        }
    }

    /// Whether two calls of the same text have to be told apart.
    pub(super) const fn has_identity(self) -> bool {
        !matches!(
            self,
            Self::Lanes(_) | Self::Vector | Self::Lane(_) | Self::Length | Self::Address
        )
    }
}

impl Function {
    const fn new(
        name: &'static str,
        parameters: &'static [&'static str],
        doc: &'static str,
        action: Action,
    ) -> Self {
        Self {
            name,
            parameters,
            defaults: &[],
            doc,
            action,
        }
    }

    const fn lanes(
        name: &'static str,
        parameters: &'static [&'static str],
        doc: &'static str,
        action: fn(&[f64]) -> f64,
    ) -> Self {
        Self::new(name, parameters, doc, Action::Lanes(action))
    }

    const fn defaults(self, defaults: &'static [f64]) -> Self {
        Self { defaults, ..self }
    }

    /// How many arguments must be written.
    #[must_use]
    pub const fn required(&self) -> usize {
        self.parameters.len() - self.defaults.len()
    }

    /// The call with its arguments' names and defaults: `square(x, duty = 0.5)`.
    #[must_use]
    pub fn signature(&self) -> String {
        let parameter = |(index, name): (usize, &&str)| match index.checked_sub(self.required()) {
            Some(optional) => format!("{name} = {}", self.defaults[optional]),
            None => (*name).to_owned(),
        };
        let parameters: Vec<String> = self.parameters.iter().enumerate().map(parameter).collect();
        format!("{}({})", self.name, parameters.join(", "))
    }
}

/// Whether the name is a function's, so that it can't be given to a signal of the show.
#[must_use]
pub fn is_function(name: &str) -> bool {
    find(name).is_some()
}

pub(super) fn find(name: &str) -> Option<&'static Function> {
    FUNCTIONS.iter().find(|function| function.name == name)
}

/// Every function.
pub static FUNCTIONS: &[Function] = {
    use Function as F;
    const X: &[&str] = &["x"];
    &[
        F::lanes("abs", X, "x without its sign", |a| a[0].abs()),
        F::lanes("sign", X, "-1, 0 or 1", |a| if a[0] == 0.0 { 0.0 } else { a[0].signum() }),
        F::lanes("floor", X, "the next whole number below", |a| a[0].floor()),
        F::lanes("ceil", X, "the next whole number above", |a| a[0].ceil()),
        F::lanes("round", X, "the nearest whole number, halves away from 0", |a| a[0].round()),
        F::lanes("fract", X, "x - floor(x)", |a| a[0] - a[0].floor()),
        F::lanes("sqrt", X, "square root", |a| a[0].sqrt()),
        F::lanes("exp", X, "e to the power of x", |a| a[0].exp()),
        F::lanes("log", X, "natural logarithm", |a| a[0].ln()),
        F::lanes("pow", &["x", "y"], "x ^ y", |a| a[0].powf(a[1])),
        F::lanes("min", &["a", "b"], "the smaller", |a| lesser(a[0], a[1])),
        F::lanes("max", &["a", "b"], "the larger", |a| -lesser(-a[0], -a[1])),
        F::lanes("clamp", &["x", "low", "high"], "x held between low and high", |a| clamp(a[0], a[1], a[2])),
        F::lanes("mix", &["a", "b", "t"], "a at t = 0, b at t = 1, straight on outside", |a| a[0] + (a[1] - a[0]) * a[2]),
        F::lanes("step", &["edge", "x"], "0 where x is less than edge, else 1", |a| truth(a[1] >= a[0])),
        F::lanes("smoothstep", &["low", "high", "x"], "0 up to low, 1 from high on, an S-curve between", |a| {
            let t = clamp((a[2] - a[0]) / (a[1] - a[0]), 0.0, 1.0);
            t * t * (3.0 - 2.0 * t)
        }),
        F::lanes("map", &["x", "in_low", "in_high", "out_low", "out_high"],
            "moves x from one range to another, straight on outside", |a| {
            a[3] + (a[0] - a[1]) / (a[2] - a[1]) * (a[4] - a[3])
        }),
        F::lanes("sin", X, "sine of degrees, -1 to 1", |a| a[0].to_radians().sin()),
        F::lanes("cos", X, "cosine of degrees, -1 to 1", |a| a[0].to_radians().cos()),
        F::lanes("tan", X, "tangent of degrees", |a| a[0].to_radians().tan()),
        F::lanes("asin", X, "degrees, -90 to 90", |a| a[0].asin().to_degrees()),
        F::lanes("acos", X, "degrees, 0 to 180", |a| a[0].acos().to_degrees()),
        F::lanes("atan2", &["y", "x"], "direction of (x, y) in degrees, -180 to 180", |a| a[0].atan2(a[1]).to_degrees()),
        F::new("length", &["v"], "length of a vector", Action::Length),
        F::lanes("sine", X, "LFO, 0 to 1: 0 at whole x, 1 half-way, round", |a| {
            0.5 - 0.5 * (fract(a[0]) * std::f64::consts::TAU).cos()
        }),
        F::lanes("triangle", X, "LFO, 0 to 1: 0 at whole x, 1 half-way, straight", |a| 1.0 - (2.0 * fract(a[0]) - 1.0).abs()),
        F::lanes("saw", X, "LFO, 0 to 1: rises from 0 at whole x, then drops", |a| fract(a[0])),
        F::lanes("square", &["x", "duty"], "LFO, 0 or 1: 1 for the first duty (0 to 1) of each whole x", |a| {
            if a[0].is_finite() { truth(fract(a[0]) < a[1]) } else { f64::NAN }
        }).defaults(&[0.5]),
        F::new("random", &["low", "high"], "a new number each tick, low up to high", Action::Random).defaults(&[0.0, 1.0]),
        F::new("noise", X, "smooth noise, 0 to 1: another random number at each whole x", Action::Noise),
        F::new("every", &["x", "n"], "trigger: fires when floor(x / n) changes, so each n of x", Action::Every),
        F::new("hold", &["x", "trigger"], "x as it was when trigger last fired; before that, x of the first tick", Action::Hold),
        F::new("count", &["trigger"], "how many times trigger has fired", Action::Count),
        F::new("toggle", &["trigger"], "0, then 1, then 0, … each time trigger fires", Action::Toggle),
        F::new("smooth", &["x", "seconds"], "follows x: after seconds 63 % of a step are done, after three times as long 95 %", Action::Smooth),
        F::new("decay", &["x", "seconds"], "jumps up to x (to 1 when a trigger fires), then falls to 37 % in seconds, to 5 % in three times as long", Action::Decay),
        F::new("osc", &["address", "default"], "the last value sent to an OSC address, default before the first; each message that is not 0 is an event", Action::Address).defaults(&[0.0]),
    ]
};

fn fract(x: f64) -> f64 {
    x - x.floor()
}

/// Unlike `f64::min`, NaN if either is.
fn lesser(a: f64, b: f64) -> f64 {
    if a.is_nan() || a < b { a } else { b }
}

fn clamp(x: f64, low: f64, high: f64) -> f64 {
    lesser(-lesser(-x, -low), high)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn call(name: &str, arguments: &[f64]) -> f64 {
        match find(name).expect("a function").action {
            Action::Lanes(function) => function(arguments),
            other => panic!("{name} is {other:?}"),
        }
    }

    #[test]
    fn low_frequency_oscillators_have_period_one_and_range_zero_to_one() {
        for name in ["sine", "triangle", "saw", "square"] {
            for step in -40..40 {
                let x = f64::from(step) / 16.0;
                let value = call(name, &[x, 0.5]);
                assert!((0.0..=1.0).contains(&value), "{name}({x}) = {value}");
                assert_eq!(value, call(name, &[x + 3.0, 0.5]), "{name}({x})");
            }
        }
        assert_eq!(call("sine", &[0.5]), 1.0);
        assert_eq!(call("triangle", &[0.25]), 0.5);
        assert_eq!(call("saw", &[-0.25]), 0.75);
        assert_eq!([0.2, 0.3].map(|x| call("square", &[x, 0.25])), [1.0, 0.0]);
    }

    #[test]
    fn nan_goes_through_what_would_hide_it() {
        for (name, arguments) in [
            ("min", [f64::NAN, 1.0, 0.0]),
            ("min", [1.0, f64::NAN, 0.0]),
            ("max", [f64::NAN, 1.0, 0.0]),
            ("max", [1.0, f64::NAN, 0.0]),
            ("clamp", [f64::NAN, 0.0, 1.0]),
            ("square", [f64::INFINITY, 0.5, 0.0]),
        ] {
            assert!(call(name, &arguments).is_nan(), "{name}{arguments:?}");
        }
        assert_eq!(call("clamp", &[5.0, 0.0, 1.0]), 1.0);
        assert_eq!(call("clamp", &[-5.0, 0.0, 1.0]), 0.0);
    }

    #[test]
    fn every_row_is_well_formed() {
        for function in FUNCTIONS {
            let count = function.parameters.len();
            assert!((1..=MOST_ARGUMENTS).contains(&count), "{}", function.name);
            assert!(function.defaults.len() <= count, "{}", function.name);
            let same = FUNCTIONS.iter().filter(|other| other.name == function.name);
            assert_eq!(same.count(), 1, "{}", function.name);
        }
        assert_eq!(
            find("square").expect("a row").signature(),
            "square(x, duty = 0.5)"
        );
    }
}
