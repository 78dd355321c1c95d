use std::ops::Range;

use super::error::ExpressionError;
use super::function::{Action, MOST_ARGUMENTS};
use super::operator::truth;
use super::parser;
use super::random::text_hash;
use crate::param::Value;

/// A calculation over signals, read from a text. The grammar is in `docs/expressions.md`.
#[derive(Clone, Debug)]
pub struct Expression {
    text: String,
    nodes: Vec<Node>,
    names: Vec<Range<usize>>,
    addresses: Vec<String>,
    width: Option<usize>,
    key: u64,
}

/// One step of a calculation; its arguments are the results of earlier ones.
#[derive(Clone, Copy, Debug)]
pub(super) enum Node {
    Number(f64),
    /// A signal by its key; `name` counts the expression's names.
    Signal {
        name: usize,
        key: u64,
    },
    /// One signal of a family, by the family's key.
    Family {
        key: u64,
        arguments: Arguments,
    },
    /// An OSC control by its address's key.
    Address {
        key: u64,
        default: Arguments,
    },
    /// `key` tells apart the calls that need it.
    Call {
        action: Action,
        key: u64,
        arguments: Arguments,
    },
}

/// Which nodes' results a node takes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Arguments {
    nodes: [u16; MOST_ARGUMENTS],
    count: u8,
}

impl Arguments {
    /// At most [`MOST_ARGUMENTS`] nodes.
    pub(super) fn new(wanted: impl Iterator<Item = u16>) -> Self {
        let mut nodes = [0; MOST_ARGUMENTS];
        let mut count = 0;
        for (slot, node) in nodes.iter_mut().zip(wanted) {
            *slot = node;
            count += 1;
        }
        Self { nodes, count }
    }

    pub(super) const fn len(self) -> usize {
        self.count as usize
    }

    /// The results of these nodes; only the first [`Self::len`] mean something.
    pub(super) fn of<T: Copy>(self, results: &[T]) -> [T; MOST_ARGUMENTS] {
        self.nodes.map(|node| results[node as usize])
    }
}

impl Expression {
    /// Reads a text.
    ///
    /// # Errors
    /// Where the text breaks the grammar, calls an unknown function or one with the wrong number of arguments,
    /// or mixes vectors of different widths. Unknown signals are for the show to refuse: see [`Self::names`].
    pub fn parse(text: &str) -> Result<Self, ExpressionError> {
        let (builder, whole) = parser::parse(text)?;
        Ok(Self {
            text: text.to_owned(),
            nodes: builder.nodes,
            names: builder.names,
            addresses: builder.addresses,
            width: whole.width,
            key: source_hash(text),
        })
    }

    /// The text as it was written.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The signals that it reads, each with its bytes in the text. A family has its bare name (`audio.band`), a
    /// lane is left out (`controls.tint` for `controls.tint.r`).
    pub fn names(&self) -> impl Iterator<Item = (&str, Range<usize>)> {
        self.names
            .iter()
            .map(|span| (&self.text[span.clone()], span.clone()))
    }

    /// The OSC addresses that it listens to.
    #[must_use]
    pub fn addresses(&self) -> &[String] {
        &self.addresses
    }

    /// How many numbers it yields, 1 to 4; `None` where that depends on a control, an OSC address or a signal of
    /// the show.
    #[must_use]
    pub const fn width(&self) -> Option<usize> {
        self.width
    }

    /// Its value where all it needs are numbers with names, as in an effect's `"$WIDTH / 2"`. `None` where `name`
    /// knows one of them not, or where time, chance or memory take part.
    #[must_use]
    pub fn evaluate_constant(&self, name: impl Fn(&str) -> Option<f64>) -> Option<Value> {
        let mut results: Vec<Value> = Vec::with_capacity(self.nodes.len());
        for node in &self.nodes {
            let result = match *node {
                Node::Number(number) => Value::number(number),
                Node::Signal { name: index, .. } => {
                    Value::number(name(&self.text[self.names[index].clone()])?)
                }
                Node::Call {
                    action, arguments, ..
                } => calculate(action, &arguments.of(&results)[..arguments.len()])?,
                Node::Family { .. } | Node::Address { .. } => return None,
            };
            results.push(result);
        }
        results.last().copied()
    }

    pub(super) fn nodes(&self) -> &[Node] {
        &self.nodes
    }

    /// Tells this text from others.
    pub(super) const fn key(&self) -> u64 {
        self.key
    }
}

impl PartialEq for Expression {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

/// A text as a number, whatever its spaces.
pub(super) fn source_hash(text: &str) -> u64 {
    text_hash(text.bytes().filter(|byte| !byte.is_ascii_whitespace()))
}

/// What needs nothing but its arguments; `None` for everything else.
pub(super) fn calculate(action: Action, arguments: &[Value]) -> Option<Value> {
    let value = match action {
        Action::Lanes(function) => lanes(function, arguments),
        Action::And => lanes(|a| truth(a[0] > 0.0 && a[1] > 0.0), arguments),
        Action::Or => lanes(|a| truth(a[0] > 0.0 || a[1] > 0.0), arguments),
        Action::Choose => lanes(|a| if a[0] > 0.0 { a[1] } else { a[2] }, arguments),
        Action::Lane(lane) => Value::number(arguments[0].lane(lane)),
        Action::Length => {
            let squares = arguments[0].as_slice().iter().map(|lane| lane * lane);
            Value::number(squares.sum::<f64>().sqrt())
        }
        Action::Vector => {
            let mut numbers = [0.0; 4];
            for (number, argument) in numbers.iter_mut().zip(arguments) {
                *number = argument.lane(0);
            }
            Value::lanes(&numbers[..arguments.len()])
        }
        _ => return None,
    };
    Some(value)
}

/// A function of numbers on each lane; the widest argument says how many there are.
pub(super) fn lanes(mut function: impl FnMut(&[f64]) -> f64, arguments: &[Value]) -> Value {
    let widths = arguments.iter().map(|argument| argument.width());
    let width = widths.max().unwrap_or(1);
    let mut result = [0.0; 4];
    for (lane, number) in result[..width].iter_mut().enumerate() {
        let mut numbers = [0.0; MOST_ARGUMENTS];
        for (number, argument) in numbers.iter_mut().zip(arguments) {
            *number = argument.lane(lane);
        }
        *number = function(&numbers[..arguments.len()]);
    }
    Value::lanes(&result[..width])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_come_with_their_places() {
        let text = "controls.tint.r + kick.y * controls.x + audio.band(beat) - motion.x + pi";
        let expression = Expression::parse(text).expect("an expression");
        let names: Vec<_> = expression.names().collect();
        let expected = [
            "controls.tint",
            "kick",
            "controls.x",
            "beat",
            "audio.band",
            "motion.x",
        ];
        assert_eq!(
            names.iter().map(|(name, _)| *name).collect::<Vec<_>>(),
            expected
        );
        assert!(
            names
                .iter()
                .all(|(name, span)| &text[span.clone()] == *name)
        );
    }

    #[test]
    fn widths_are_known_where_the_text_says_them() {
        for (text, width) in [
            ("time", Some(1)),
            ("smooth((1, 2, 3), 1)", Some(3)),
            ("controls.tint", None),
            ("controls.tint.r", Some(1)),
            ("(controls.a, controls.b)", Some(2)),
            ("every(beat, 1) ? (1, 2) : 0", Some(2)),
            ("osc('/a')", None),
        ] {
            assert_eq!(
                Expression::parse(text).expect(text).width(),
                width,
                "{text}"
            );
        }
    }

    #[test]
    fn constants_need_every_name_and_no_time() {
        let size = |text: &str| {
            let expression = Expression::parse(text).expect(text);
            expression.evaluate_constant(|name| (name == "$HEIGHT").then_some(480.0))
        };
        assert_eq!(
            size("max(1, floor($HEIGHT / 3.2))"),
            Some(Value::number(150.0))
        );
        for text in [
            "$WIDTH",
            "time",
            "random()",
            "smooth(1, 1)",
            "osc('/a')",
            "audio.band(1)",
        ] {
            assert_eq!(size(text), None, "{text}");
        }
    }
}
