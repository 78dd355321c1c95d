use super::function::Action;

/// An operator between two operands.
#[derive(Clone, Copy, Debug)]
pub struct Operator {
    /// As written.
    pub symbol: &'static str,
    /// Another way to write it, or empty.
    pub other: &'static str,
    /// Binds its operands more firmly than operators of less strength.
    pub strength: u8,
    /// What it yields.
    pub doc: &'static str,
    pub(super) action: Action,
}

impl Operator {
    const fn new(symbol: &'static str, strength: u8, doc: &'static str, action: Action) -> Self {
        Self {
            symbol,
            other: "",
            strength,
            doc,
            action,
        }
    }

    const fn or(self, other: &'static str) -> Self {
        Self { other, ..self }
    }
}

pub(super) const OR: u8 = 1;
/// `not` takes a comparison: `not a > b` is `not (a > b)`.
pub(super) const NOT: u8 = 3;
pub(super) const COMPARISON: u8 = 4;
const SUM: u8 = 5;
const PRODUCT: u8 = 6;
/// Groups from the right and takes a sign on its right: `-2 ^ 2` is -4, `2 ^ -1` is 0.5.
pub(super) const POWER: u8 = 8;

/// All operators between two operands, the weakest first.
pub const OPERATORS: &[Operator] = {
    use Action::{And, Lanes, Or};
    use Operator as O;
    &[
        O::new("or", OR, "1 if either is above 0, else 0", Or).or("||"),
        O::new("and", 2, "1 if both are above 0, else 0", And).or("&&"),
        O::new(
            "<",
            COMPARISON,
            "1 if less, else 0",
            Lanes(|a| truth(a[0] < a[1])),
        ),
        O::new(
            "<=",
            COMPARISON,
            "1 if less or equal, else 0",
            Lanes(|a| truth(a[0] <= a[1])),
        ),
        O::new(
            ">",
            COMPARISON,
            "1 if greater, else 0",
            Lanes(|a| truth(a[0] > a[1])),
        ),
        O::new(
            ">=",
            COMPARISON,
            "1 if greater or equal, else 0",
            Lanes(|a| truth(a[0] >= a[1])),
        ),
        O::new(
            "==",
            COMPARISON,
            "1 if equal, else 0",
            Lanes(|a| truth(a[0] == a[1])),
        ),
        O::new(
            "!=",
            COMPARISON,
            "1 if not equal, else 0",
            Lanes(|a| truth(a[0] != a[1])),
        ),
        O::new("+", SUM, "sum", Lanes(|a| a[0] + a[1])),
        O::new("-", SUM, "difference", Lanes(|a| a[0] - a[1])),
        O::new(
            "*",
            PRODUCT,
            "product, lane by lane",
            Lanes(|a| a[0] * a[1]),
        ),
        O::new("/", PRODUCT, "quotient", Lanes(|a| a[0] / a[1])),
        O::new(
            "%",
            PRODUCT,
            "remainder with the divisor's sign: `-1 % 4` is 3",
            Lanes(|a| remainder(a[0], a[1])),
        ),
        O::new("^", POWER, "power", Lanes(|a| a[0].powf(a[1]))),
    ]
};

pub(super) const fn truth(holds: bool) -> f64 {
    if holds { 1.0 } else { 0.0 }
}

fn remainder(x: f64, divisor: f64) -> f64 {
    let rest = x % divisor;
    if rest != 0.0 && (rest < 0.0) != (divisor < 0.0) {
        rest + divisor
    } else {
        rest
    }
}

pub(super) fn find(symbol: &str) -> Option<&'static Operator> {
    OPERATORS.iter().find(|operator| operator.symbol == symbol)
}
