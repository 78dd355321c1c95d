use std::f64::consts::TAU;

use self::Action::{
    Address, Count, Decay, Every, Follow, Gate, Hold, Lanes, Length, Noise, Quantize, Random,
    Smooth, Toggle,
};
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
    Quantize,
    Gate,
    Smooth,
    Follow,
    Decay,
}

impl Action {
    /// Whether this argument has to be one number; the others may be vectors.
    pub(super) const fn wants_number(self, argument: usize) -> bool {
        match self {
            Self::Vector | Self::Every | Self::Count | Self::Toggle | Self::Address => true,
            _ => self.keeps_width() && argument > 0,
        }
    }

    /// Whether it yields as many numbers as its first argument has, whose other arguments are one number each.
    pub(super) const fn keeps_width(self) -> bool {
        use Action::{Decay, Follow, Gate, Hold, Quantize, Smooth};
        matches!(self, Hold | Quantize | Gate | Smooth | Follow | Decay)
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

/// A row a function: its call with defaults, what it yields, how.
macro_rules! functions {
    ($($name:ident($($parameter:ident $(= $default:literal)?),+), $doc:literal, $action:expr;)+) => {
        &[$(Function {
            name: stringify!($name),
            parameters: &[$(stringify!($parameter)),+],
            defaults: &[$($($default,)?)+],
            doc: $doc,
            action: $action,
        }),+]
    };
}

/// Every function.
pub static FUNCTIONS: &[Function] = functions! {
    abs(x), "x without its sign", Lanes(|a| a[0].abs());
    sign(x), "-1, 0 or 1", Lanes(|a| if a[0] == 0.0 { 0.0 } else { a[0].signum() });
    floor(x), "the next whole number below", Lanes(|a| a[0].floor());
    ceil(x), "the next whole number above", Lanes(|a| a[0].ceil());
    round(x), "the nearest whole number, halves away from 0", Lanes(|a| a[0].round());
    fract(x), "x - floor(x)", Lanes(|a| fract(a[0]));
    sqrt(x), "square root", Lanes(|a| a[0].sqrt());
    exp(x), "e to the power of x", Lanes(|a| a[0].exp());
    log(x), "natural logarithm", Lanes(|a| a[0].ln());
    pow(x, y), "x ^ y", Lanes(|a| a[0].powf(a[1]));
    min(a, b), "the smaller", Lanes(|a| lesser(a[0], a[1]));
    max(a, b), "the larger", Lanes(|a| -lesser(-a[0], -a[1]));
    clamp(x, low, high), "x held between low and high", Lanes(|a| clamp(a[0], a[1], a[2]));
    mix(a, b, t), "a at t = 0, b at t = 1, straight on outside", Lanes(|a| mix(a[0], a[1], a[2]));
    step(edge, x), "0 where x is less than edge, else 1", Lanes(|a| truth(a[1] >= a[0]));
    smoothstep(low, high, x), "0 up to low, 1 from high on, an S-curve between",
        Lanes(|a| s_curve(clamp(share(a[2], a[0], a[1]), 0.0, 1.0)));
    map(x, in_low, in_high, out_low, out_high), "moves x from one range to another, straight on outside",
        Lanes(|a| mix(a[3], a[4], share(a[0], a[1], a[2])));
    curve(x, power), "x ^ power with the sign of x: above 1 small values grow smaller, below 1 they grow larger; -1, 0 and 1 stay",
        Lanes(|a| if a[0] == 0.0 { 0.0 } else { a[0].abs().powf(a[1]).copysign(a[0]) });
    sin(x), "sine of degrees, -1 to 1", Lanes(|a| a[0].to_radians().sin());
    cos(x), "cosine of degrees, -1 to 1", Lanes(|a| a[0].to_radians().cos());
    tan(x), "tangent of degrees", Lanes(|a| a[0].to_radians().tan());
    asin(x), "degrees, -90 to 90", Lanes(|a| a[0].asin().to_degrees());
    acos(x), "degrees, 0 to 180", Lanes(|a| a[0].acos().to_degrees());
    atan2(y, x), "direction of (x, y) in degrees, -180 to 180",
        Lanes(|a| a[0].atan2(a[1]).to_degrees());
    length(v), "length of a vector", Length;
    sine(x), "LFO, 0 to 1: 0 at whole x, 1 half-way, round",
        Lanes(|a| 0.5 - 0.5 * (fract(a[0]) * TAU).cos());
    triangle(x), "LFO, 0 to 1: 0 at whole x, 1 half-way, straight",
        Lanes(|a| 1.0 - (2.0 * fract(a[0]) - 1.0).abs());
    saw(x), "LFO, 0 to 1: rises from 0 at whole x, then drops", Lanes(|a| fract(a[0]));
    square(x, duty = 0.5), "LFO, 0 or 1: 1 for the first duty (0 to 1) of each whole x",
        Lanes(|a| if a[0].is_finite() { truth(fract(a[0]) < a[1]) } else { f64::NAN });
    random(low = 0.0, high = 1.0), "a new number each tick, from low up to, not including, high", Random;
    noise(x), "smooth noise, 0 to 1: another random number at each whole x", Noise;
    every(x, n), "trigger: fires when floor(x / n) changes, so after each n of x", Every;
    hold(x, trigger), "x as it was when trigger last fired; before that, x of the first tick", Hold;
    quantize(x, clock, n), "x that waits for the next n of clock: a number is taken there, a trigger fires there, once", Quantize;
    gate(x, open, close), "1 from where x exceeds open until it falls below close, else 0", Gate;
    count(trigger), "how many times trigger has fired", Count;
    toggle(trigger), "0, then 1, then 0, … each time trigger fires", Toggle;
    smooth(x, seconds),
        "follows x: 63 % of a step are done after seconds, 95 % after three times as long", Smooth;
    follow(x, attack, release),
        "as smooth, with one time in seconds for the way up and another for the way down: an envelope follower", Follow;
    decay(x, seconds),
        "jumps up to x (to 1 when a trigger fires), falls to 37 % in seconds, 5 % in three times as long", Decay;
    osc(address, default = 0.0),
        "the last value sent to an OSC address, default before the first; a message that is not 0 is an event", Address;
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

fn mix(a: f64, b: f64, t: f64) -> f64 {
    a + (b - a) * t
}

/// How far x is from low to high.
fn share(x: f64, low: f64, high: f64) -> f64 {
    (x - low) / (high - low)
}

/// 3t² - 2t³, GLSL's.
fn s_curve(t: f64) -> f64 {
    t * t * (3.0 - 2.0 * t)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn call(name: &str, arguments: &[f64]) -> f64 {
        match find(name).expect("a function").action {
            Lanes(function) => function(arguments),
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
    fn curves_keep_the_sign_and_the_ends() {
        for (x, power, expected) in [
            (0.5, 2.0, 0.25),
            (-0.5, 2.0, -0.25),
            (0.25, 0.5, 0.5),
            (-1.0, 7.0, -1.0),
            (1.0, 0.1, 1.0),
            (0.0, 0.5, 0.0),
            (0.0, -1.0, 0.0),
            (0.3, 0.0, 1.0),
        ] {
            assert_eq!(call("curve", &[x, power]), expected, "curve({x}, {power})");
        }
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
