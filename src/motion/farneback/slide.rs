//! WGSL of weighted sums over neighbours, written out: each neighbour is read once and stays in a register for all the
//! pixels of one invocation that need it.

use std::fmt::Write as _;

use super::constants::Polynomial;
use super::grid::Window;

/// An axis of a picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Axis {
    Across,
    Down,
}

impl Axis {
    /// The pixel so many places on from x, y.
    fn on(self, places: impl std::fmt::Display) -> String {
        match self {
            Self::Across => format!("x + {places}, y"),
            Self::Down => format!("x, y + {places}"),
        }
    }
}

/// `blurred`: a blur at the place `part` of the way from pixel `first` to the next.
pub(super) fn blurred(weights: &[f32], same: bool) -> String {
    let reach = (weights.len() / 2) as i32;
    let taps = (0..).zip(weights);
    let mut body = String::new();
    for tap in 0..weights.len() as i32 + i32::from(!same) {
        let _ = writeln!(
            body,
            "let p{tap} = picture(first + {}, across);",
            tap - reach
        );
    }
    let sum = |shift: i32| {
        let terms = taps
            .clone()
            .map(|(tap, weight)| format!("{weight:?}f * p{}", tap + shift));
        terms.collect::<Vec<_>>().join(" + ")
    };
    let value = if same {
        sum(0)
    } else {
        format!("mix({}, {}, part)", sum(0), sum(1))
    };
    format!("fn blurred(first: i32, part: f32, across: i32) -> f32 {{\n{body}return {value};\n}}")
}

/// `narrow`: the blurred pixels of each level in turn, each half as wide as the one before, from x on in a row of `width`.
pub(super) fn halved(weights: &[Vec<f32>], width: u32) -> String {
    let step = 1 << (weights.len() - 1);
    let reach = |level: usize| (weights[level].len() / 2) as i32;
    let levels = || (0..weights.len()).map(|level| (level, step >> level));
    let from = levels()
        .map(|(level, _)| first(level, 0) - reach(level))
        .min();
    let ends = levels().map(|(level, count)| first(level, count - 1) + 1 + reach(level));
    let (from, end) = (from.unwrap_or(0), ends.max().unwrap_or(0));
    let mut body = String::new();
    for place in from..=end {
        let _ = writeln!(body, "let p{} = picture(x + {place}, y);", place - from);
    }
    for (level, count) in levels() {
        for place in 0..count {
            let begin = first(level, place) - reach(level) - from;
            let value = blur("p", &weights[level], begin, level == 0);
            let wide = width >> level;
            let _ = writeln!(
                body,
                "narrow_{level}[y * {wide} + (x >> {level}) + {place}] = {value};"
            );
        }
    }
    format!("fn narrow(x: i32, y: i32) {{\n{body}}}")
}

/// The first of the pixels between which that of a level lies, each level half as large as the one before.
const fn first(level: usize, place: i32) -> i32 {
    match level {
        0 => place,
        _ => (place << level) + (1 << (level - 1)) - 1,
    }
}

/// The blur of the registers from the one with number `begin` on, and half of it from the next one on if it is between two.
fn blur(registers: &str, weights: &[f32], begin: i32, same: bool) -> String {
    let sum = |shift: i32| {
        let terms = (begin + shift..).zip(weights);
        let terms = terms.map(|(place, weight)| format!("{weight:?}f * {registers}{place}"));
        terms.collect::<Vec<_>>().join(" + ")
    };
    match same {
        true => sum(0),
        false => format!("mix({}, {}, 0.5)", sum(0), sum(1)),
    }
}

/// `slide`: the moments of `steps` pixels down from x, y of a picture.
pub(super) fn moments(polynomial: &Polynomial, steps: u32) -> String {
    let found = neighbours(polynomial, steps, "picture", Axis::Down);
    slide_moments(polynomial, steps, &found)
}

/// `slide`: the same of a picture's rows that are yet to be shrunk by halves for a level, blurred by `weights` before. The
/// level has SIZE.y rows.
pub(super) fn shrunk_moments(
    polynomial: &Polynomial,
    steps: u32,
    (level, weights): (usize, &[f32]),
) -> String {
    let (reach, places) = (polynomial.reach() as i32, polynomial.places(steps) as i32);
    let blurs = (weights.len() / 2) as i32;
    let from = first(level, -reach) - blurs;
    let end = first(level, places - 1 - reach) + 1 + blurs;
    let mut body = String::new();
    for place in from..=end {
        let _ = writeln!(
            body,
            "let q{} = picture(x, (y << {level}u) + ({place}));",
            place - from
        );
    }
    for place in 0..places {
        let begin = first(level, place - reach) - blurs - from;
        let value = blur("q", weights, begin, level == 0);
        let _ = writeln!(body, "var p{place} = {value};");
    }
    // Outwards from a row that there is, since borders are replicated.
    for place in (0..reach).rev() {
        let (next, row) = (place + 1, reach - place);
        let _ = writeln!(body, "p{place} = select(p{place}, p{next}, y < {row});");
    }
    for place in reach + 1..places {
        let (next, row) = (place - 1, place - reach);
        let _ = writeln!(
            body,
            "p{place} = select(p{place}, p{next}, y + {row} >= SIZE.y);"
        );
    }
    slide_moments(polynomial, steps, &body)
}

fn slide_moments(polynomial: &Polynomial, steps: u32, found: &str) -> String {
    let body = sums(polynomial, steps, |step| {
        format!("put(x, y + {step}, even, odd, square);")
    });
    format!("fn slide(x: i32, y: i32) {{\n{found}{body}}}")
}

/// `slide`: the polynomials of `steps` pixels to the right from x, y.
pub(super) fn polynomials(polynomial: &Polynomial, steps: u32) -> String {
    let found = neighbours(polynomial, steps, "moment", Axis::Across);
    let body = sums(polynomial, steps, |step| {
        format!("fit(x + {step}, y, even, odd.xy, square.x);")
    });
    format!("fn slide(x: i32, y: i32) {{\n{found}{body}}}")
}

/// The registers from `p0` on: what `read` gives of the neighbours of `steps` pixels.
fn neighbours(polynomial: &Polynomial, steps: u32, read: &str, axis: Axis) -> String {
    let reach = polynomial.reach();
    let found = (0..polynomial.places(steps)).map(|place| {
        let at = axis.on(format!("({place} - {reach})"));
        format!("let p{place} = {read}({at});\n")
    });
    found.collect()
}

/// The sums of neighbours weighted by 1 (`even`), the distance (`odd`) and its square (`square`).
fn sums(polynomial: &Polynomial, steps: u32, then: impl Fn(u32) -> String) -> String {
    let reach = polynomial.reach();
    let mut body = String::new();
    for step in 0..steps {
        let middle = step + reach;
        let (mut even, mut odd, mut square) = (
            format!("{:?}f * p{middle}", polynomial.weights[0]),
            Vec::new(),
            Vec::new(),
        );
        for (distance, weight) in (1..=reach).zip(&polynomial.weights[1..]) {
            let (before, after) = (middle - distance, middle + distance);
            let (once, twice) = (
                distance as f32 * weight,
                (distance * distance) as f32 * weight,
            );
            let _ = write!(even, " + {weight:?}f * (p{after} + p{before})");
            odd.push(format!("{once:?}f * (p{after} - p{before})"));
            square.push(format!("{twice:?}f * (p{after} + p{before})"));
        }
        let (odd, square) = (odd.join(" + "), square.join(" + "));
        let then = then(step);
        let _ = writeln!(
            body,
            "{{\nlet even = {even};\nlet odd = {odd};\nlet square = {square};\n{then}\n}}"
        );
    }
    body
}

/// `slide`: window sums of `steps` pixels on from x, y, by `weights` that differ.
pub(super) fn weighted(weights: &[f32], steps: u32, axis: Axis) -> String {
    let reach = weights.len() as u32 / 2;
    let mut body = String::new();
    for step in 0..steps {
        let _ = writeln!(body, "var s{step} = Equations();");
    }
    for place in 0..steps + 2 * reach {
        let at = axis.on(format!("({place} - {reach})"));
        let _ = writeln!(body, "let p{place} = found({at});");
        for step in 0..steps {
            if let Some(weight) = place
                .checked_sub(step)
                .and_then(|tap| weights.get(tap as usize))
            {
                let _ = writeln!(body, "s{step} = plus(s{step}, p{place}, {weight:?}f);");
            }
        }
    }
    for step in 0..steps {
        let at = axis.on(step);
        let _ = writeln!(body, "put({at}, s{step});");
    }
    format!("fn slide(x: i32, y: i32) {{\n{body}}}")
}

/// The sums of a box whose ends, the places so called, count for less.
fn ended(window: Window, first: &str, last: &str) -> String {
    let less = window.end - 1.0;
    match window.end {
        1.0 => "sums".to_owned(),
        _ => format!("plus(plus(sums, {first}, {less:?}), {last}, {less:?})"),
    }
}

/// `slide`: window sums of STEPS pixels on from x, y, of a box. The running sum begins anew in each invocation, so that no
/// error grows.
pub(super) fn running(axis: Axis, window: Window) -> String {
    let (at, on, out) = (
        axis.on("step"),
        axis.on("step + REACH + 1"),
        axis.on("step - REACH"),
    );
    let box_sums = ended(window, "first", "last");
    format!(
        "fn slide(x: i32, y: i32) {{
    var sums = Equations();
    var last = Equations();
    for (var step = -REACH; step <= REACH; step++) {{
        last = found({at});
        sums = plus(sums, last, 1.0);
    }}
    for (var step = 0; step < STEPS; step++) {{
        let first = found({out});
        put({at}, {box_sums});
        last = found({on});
        sums = plus(plus(sums, last, 1.0), first, -1.0);
    }}
}}"
    )
}

/// The same with the window's pixels in registers, so that each is found once. STEPS is a multiple of its length.
pub(super) fn ringed(axis: Axis, window: Window) -> String {
    let length = window.length();
    let (mut ring, mut body) = (String::new(), String::new());
    for place in 0..length {
        let at = axis.on(format!("step + {place}"));
        let on = axis.on(format!("step + {place} + REACH + 1"));
        let last = (place + length - 1) % length;
        let box_sums = ended(window, &format!("r{place}"), &format!("r{last}"));
        let _ = writeln!(ring, "var r{place} = Equations();");
        let _ = writeln!(
            body,
            "if (step >= 0) {{ put({at}, {box_sums}); }}
let p{place} = found({on});
sums = plus(plus(sums, p{place}, 1.0), r{place}, -1.0);
r{place} = p{place};"
        );
    }
    format!(
        "fn slide(x: i32, y: i32) {{
var sums = Equations();
{ring}for (var step = -{length}; step < STEPS; step += {length}) {{
{body}}}
}}"
    )
}
