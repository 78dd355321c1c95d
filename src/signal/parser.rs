use std::ops::Range;

use super::builder::{Builder, Operand, lane};
use super::error::ExpressionError;
use super::function::Action;
use super::lexer::{Token, tokens};
use super::operator::{self, COMPARISON, NOT, OR, POWER, truth};

/// Longer texts are refused, so that a node's number fits 16 bits.
const LONGEST_TEXT: usize = 4096;
/// Deeper nesting is refused, so that reading a text cannot exhaust the stack.
const DEEPEST_NESTING: usize = 64;

type Parsed = Result<Operand, ExpressionError>;

/// Reads by recursive descent, operators by their strength.
#[derive(Debug)]
pub(super) struct Parser<'t> {
    text: &'t str,
    tokens: Vec<(Token<'t>, Range<usize>)>,
    at: usize,
    depth: usize,
    builder: Builder<'t>,
}

/// Reads a whole text: its nodes in order of calculation, and the last one's operand.
pub(super) fn parse(text: &str) -> Result<(Builder<'_>, Operand), ExpressionError> {
    if text.len() > LONGEST_TEXT {
        let message = format!("an expression has at most {LONGEST_TEXT} bytes: use [signals]");
        return Err(ExpressionError::new(&(LONGEST_TEXT..text.len()), message));
    }
    let mut parser = Parser {
        text,
        tokens: tokens(text)?,
        at: 0,
        depth: 0,
        builder: Builder::new(text),
    };
    let whole = parser.choice()?;
    match parser.peek() {
        None => Ok((parser.builder, whole)),
        Some(_) => Err(parser.expected("an operator or the end")),
    }
}

impl<'t> Parser<'t> {
    /// `condition ? this : that`
    fn choice(&mut self) -> Parsed {
        self.enter()?;
        let mut operand = self.binary(OR)?;
        if self.take("?") {
            let this = self.choice()?;
            self.expect(":")?;
            let that = self.choice()?;
            let span = operand.span.start..that.span.end;
            operand = self
                .builder
                .call(Action::Choose, &[operand, this, that], &span)?;
        }
        self.depth -= 1;
        Ok(operand)
    }

    /// Operators of at least this strength, from the left.
    fn binary(&mut self, least: u8) -> Parsed {
        let mut left = self.negation(least)?;
        let mut compared = false;
        while let Some(Token::Symbol(symbol)) = self.peek() {
            let found = operator::find(symbol).filter(|operator| operator.strength >= least);
            let Some(operator) = found else { break };
            if operator.strength == COMPARISON && compared {
                let message = "comparisons don't chain: write 'a < b and b < c'";
                return Err(ExpressionError::new(&self.place(), message));
            }
            compared = operator.strength == COMPARISON;
            self.at += 1;
            let right = self.binary(operator.strength + 1)?;
            let span = left.span.start..right.span.end;
            left = self.builder.call(operator.action, &[left, right], &span)?;
        }
        Ok(left)
    }

    /// `not`, where an operand so weakly bound may stand, else a sign.
    fn negation(&mut self, least: u8) -> Parsed {
        let start = self.place().start;
        if least <= NOT && self.take("not") {
            self.enter()?;
            let operand = self.binary(NOT)?;
            self.depth -= 1;
            return self.unary(start, not, operand);
        }
        self.sign()
    }

    /// `-` and `!`
    fn sign(&mut self) -> Parsed {
        let start = self.place().start;
        let action: fn(&[f64]) -> f64 = if self.take("-") {
            |a| -a[0]
        } else if self.take("!") {
            not
        } else {
            return self.power();
        };
        self.enter()?;
        let operand = self.sign()?;
        self.depth -= 1;
        self.unary(start, action, operand)
    }

    fn unary(&mut self, start: usize, action: fn(&[f64]) -> f64, operand: Operand) -> Parsed {
        let span = start..operand.span.end;
        self.builder.call(Action::Lanes(action), &[operand], &span)
    }

    fn power(&mut self) -> Parsed {
        let base = self.lanes()?;
        let Some(Token::Symbol(symbol)) = self.peek() else {
            return Ok(base);
        };
        let Some(operator) = operator::find(symbol).filter(|found| found.strength == POWER) else {
            return Ok(base);
        };
        self.at += 1;
        self.enter()?;
        let exponent = self.sign()?;
        self.depth -= 1;
        let span = base.span.start..exponent.span.end;
        self.builder.call(operator.action, &[base, exponent], &span)
    }

    fn lanes(&mut self) -> Parsed {
        let mut operand = self.primary()?;
        while let Some(Token::Lane(name)) = self.peek() {
            let Some(index) = lane(name) else {
                return Err(self.expected("a lane, one of .x .y .z .w or .r .g .b .a,"));
            };
            let span = operand.span.start..self.place().end;
            self.at += 1;
            operand = self.builder.call(Action::Lane(index), &[operand], &span)?;
        }
        Ok(operand)
    }

    fn primary(&mut self) -> Parsed {
        let place = self.place();
        match self.peek() {
            Some(Token::Number(number)) => {
                self.at += 1;
                Ok(self.builder.number(number, &place))
            }
            Some(Token::Name(name)) => {
                self.at += 1;
                if self.take("(") {
                    return self.call(name, &place);
                }
                self.builder.name(name, &place)
            }
            Some(Token::Symbol("(")) => self.group(")"),
            Some(Token::Symbol("[")) => self.group("]"),
            Some(Token::Text(_)) => {
                let message = "text stands only in osc(\"/address\")";
                Err(ExpressionError::new(&place, message))
            }
            _ => Err(self.expected("a number, a name or '('")),
        }
    }

    /// Parentheses around one operand, or a vector.
    fn group(&mut self, close: &str) -> Parsed {
        let start = self.place().start;
        self.at += 1;
        let mut operands = self.list(close)?;
        let span = start..self.end();
        match operands.len() {
            1 if close == ")" => {
                let inner = operands.remove(0);
                Ok(Operand { span, ..inner })
            }
            2..=4 => self.builder.call(Action::Vector, &operands, &span),
            count => {
                let message = format!("a vector has 2 to 4 numbers, not {count}");
                Err(ExpressionError::new(&span, message))
            }
        }
    }

    /// The arguments of a call whose '(' has been read.
    fn call(&mut self, name: &str, at: &Range<usize>) -> Parsed {
        if name == "osc" {
            return self.address(at);
        }
        let operands = self.arguments()?;
        let span = at.start..self.end();
        self.builder.named_call(name, at, operands, &span)
    }

    fn address(&mut self, at: &Range<usize>) -> Parsed {
        let place = self.place();
        let Some(Token::Text(address)) = self.peek() else {
            return Err(self.expected("an address in quotes, as in osc(\"/fader\"),"));
        };
        self.at += 1;
        let operands = if self.take(",") {
            self.list(")")?
        } else {
            self.expect(")")?;
            Vec::new()
        };
        let span = at.start..self.end();
        self.builder.address((address, &place), &operands, &span)
    }

    fn arguments(&mut self) -> Result<Vec<Operand>, ExpressionError> {
        if self.take(")") {
            return Ok(Vec::new());
        }
        self.list(")")
    }

    /// One operand or more, with commas between, up to the closing bracket.
    fn list(&mut self, close: &str) -> Result<Vec<Operand>, ExpressionError> {
        let mut operands = vec![self.choice()?];
        while self.take(",") {
            operands.push(self.choice()?);
        }
        self.expect(close)?;
        Ok(operands)
    }

    fn enter(&mut self) -> Result<(), ExpressionError> {
        self.depth += 1;
        if self.depth > DEEPEST_NESTING {
            let message = format!("nested more than {DEEPEST_NESTING} deep: use [signals]");
            return Err(ExpressionError::new(&self.place(), message));
        }
        Ok(())
    }

    fn peek(&self) -> Option<Token<'t>> {
        self.tokens.get(self.at).map(|(token, _)| *token)
    }

    /// Where the next word is, or the end of the text.
    fn place(&self) -> Range<usize> {
        let end = self.text.trim_end().len();
        self.tokens
            .get(self.at)
            .map_or(end..end, |(_, span)| span.clone())
    }

    /// Where the last word that has been read ends.
    fn end(&self) -> usize {
        self.tokens[self.at - 1].1.end
    }

    fn take(&mut self, symbol: &str) -> bool {
        let found = matches!(self.peek(), Some(Token::Symbol(next)) if next == symbol);
        self.at += usize::from(found);
        found
    }

    fn expect(&mut self, symbol: &str) -> Result<(), ExpressionError> {
        if self.take(symbol) {
            return Ok(());
        }
        Err(self.expected(&format!("'{symbol}' or an operator")))
    }

    fn expected(&self, what: &str) -> ExpressionError {
        let place = self.place();
        let message = match &self.text[place.clone()] {
            "" => format!("expected {what}, but the text ends"),
            found => format!("expected {what}, found '{found}'"),
        };
        ExpressionError::new(&place, message)
    }
}

fn not(lanes: &[f64]) -> f64 {
    1.0 - truth(lanes[0] > 0.0)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::evaluator::Evaluator;
    use super::super::expression::Expression;
    use super::super::operator::{COMPARISON, OPERATORS};
    use super::super::signals::Signals;
    use crate::param::Value;

    fn value(text: &str) -> Value {
        let expression = Expression::parse(text).unwrap_or_else(|fault| panic!("{text}: {fault}"));
        let name = |name: &str| (name == "$WIDTH").then_some(1920.0);
        expression
            .evaluate_constant(name)
            .unwrap_or_else(|| panic!("{text} is no constant"))
    }

    #[test]
    fn operators_bind_as_documented() {
        for (text, expected) in [
            ("1 + 2 * 3", 7.0),
            ("10 - 2 - 3", 5.0),
            ("-2 ^ 2", -4.0),
            ("2 ^ 3 ^ 2", 512.0),
            ("2 ^ -1", 0.5),
            ("-7 % 4", 1.0),
            ("7 % -4", -1.0),
            ("not 1 > 2", 1.0),
            ("!1 > 2", 0.0),
            ("1 or 0 and 0", 1.0),
            ("1 < 2 && 3 != 3", 0.0),
            ("0 ? 1 : 1 ? 2 : 3", 2.0),
            ("$WIDTH / 2", 960.0),
            ("(1, 2, 3).z", 3.0),
            ("length([3, 4])", 5.0),
            ("(2 * (1, 2)).y + 1", 5.0),
            ("atan2(1, -1)", 135.0),
            ("map(5, 0, 10, 100, 200)", 150.0),
        ] {
            assert_eq!(value(text), Value::number(expected), "{text}");
        }
        assert_eq!(value("(1, 2) * 3 > [3, 4]"), Value::point(0.0, 1.0));
        assert_eq!(value("1 / 0"), Value::number(f64::INFINITY));
    }

    /// Each fault with the words it marks and what the message has to say.
    const FAULTS: &[(&str, &str, &str)] = &[
        (
            "",
            "",
            "expected a number, a name or '(', but the text ends",
        ),
        (
            "1 + sinn(time)",
            "sinn",
            "unknown function 'sinn': did you mean 'sin'?",
        ),
        ("qqq(1)", "qqq", "docs/expressions.md"),
        ("clamp(1, 2)", "clamp(1, 2)", "write clamp(x, low, high)"),
        ("random(1)", "random(1)", "write random(low = 0, high = 1)"),
        ("1 + random", "random", "'random' is a function"),
        ("audio.band + 1", "audio.band", "write audio.band(n)"),
        (
            "audio.band(1, 2)",
            "audio.band(1, 2)",
            "write audio.band(n)",
        ),
        ("beat(2)", "beat", "without parentheses"),
        (
            "(1, 2) + (1, 2, 3)",
            "(1, 2, 3)",
            "this has 3 numbers, what it is used with has 2",
        ),
        ("smooth(1, (2, 3))", "(2, 3)", "one number, not 2"),
        ("((1, 2), 3)", "(1, 2)", "one number, not 2"),
        (
            "(1, 2, 3, 4, 5)",
            "(1, 2, 3, 4, 5)",
            "a vector has 2 to 4 numbers, not 5",
        ),
        ("[1]", "[1]", "a vector has 2 to 4 numbers, not 1"),
        ("(1, 2).z", "(1, 2).z", "its last lane is .y"),
        ("time.x", "time.x", "a single number has no lanes"),
        ("(1, 2).q", ".q", "expected a lane"),
        (
            "(1 + 2",
            "",
            "expected ')' or an operator, but the text ends",
        ),
        ("1 2", "2", "expected an operator or the end, found '2'"),
        ("1 < 2 < 3", "<", "comparisons don't chain"),
        ("1 + not 0", "not", "expected a number"),
        ("a = 1", "=", "compare with '=='"),
        ("osc(1)", "1", "an address in quotes"),
        ("osc('fader')", "'fader'", "write \"/fader\""),
        ("'text'", "'text'", "text stands only in osc"),
    ];

    #[test]
    fn faults_have_their_place_and_advice() {
        for (text, marked, advice) in FAULTS {
            let fault = Expression::parse(text).expect_err(text);
            assert_eq!(&text[fault.span.clone()], *marked, "{text}: {fault}");
            assert!(fault.message.contains(advice), "{text}: {fault}");
        }
    }

    #[test]
    fn deep_and_long_texts_are_refused() {
        for open in ["(", "-", "not ", "1 ^ ", "1 ? 1 : ", "sin(", "!["] {
            let fault = Expression::parse(&open.repeat(400)).expect_err(open);
            assert!(fault.message.contains("nested"), "{open}: {fault}");
        }
        let fault = Expression::parse(&"(".repeat(10_000)).expect_err("long");
        assert!(fault.message.contains("at most 4096 bytes"), "{fault}");
        assert_eq!(
            value(&format!("1{}", " + 1".repeat(1000))),
            Value::number(1001.0)
        );
        assert_eq!(
            value(&format!("{}1{}", "(".repeat(60), ")".repeat(60))),
            Value::number(1.0)
        );
    }

    fn operators() -> impl Strategy<Value = usize> {
        0..OPERATORS.len()
    }

    fn words() -> impl Strategy<Value = Vec<&'static str>> {
        let all = "1 .5 x beat sin osc '/a' ( ( ) ) [ ] , , ? : .x - ! not and + ^ < every( random() $W 1e9 \
            atan2( controls.a.r smooth( trigger audio.band(";
        let one = proptest::sample::select(all.split_whitespace().collect::<Vec<_>>());
        proptest::collection::vec(one, 0..16)
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused_within_its_bounds(text in any::<String>()) {
            if let Err(fault) = Expression::parse(&text) {
                prop_assert!(text.get(fault.span).is_some());
            }
        }

        #[test]
        fn any_row_of_words_is_refused_or_has_the_width_it_says(words in words()) {
            let text = words.join(" ");
            match Expression::parse(&text) {
                Ok(expression) => {
                    let signals = Signals::default();
                    let constant = expression.evaluate_constant(|_| Some(2.0));
                    let width = Evaluator::new(1).value("a", &expression, &signals).width();
                    prop_assert!(constant.is_none_or(|value| value.width() == width));
                    prop_assert!(expression.width().is_none_or(|known| known == width));
                }
                Err(fault) => prop_assert!(text.get(fault.span).is_some()),
            }
        }

        #[test]
        fn parentheses_by_strength_change_nothing(
            (first, second) in (operators(), operators()),
            (a, b, c) in (-3..4, -3..4, -3..4),
        ) {
            let (first, second) = (OPERATORS[first], OPERATORS[second]);
            let (f, s) = (first.symbol, second.symbol);
            let plain = format!("(0 + {a}) {f} (0 + {b}) {s} (0 + {c})");
            let equal = first.strength == second.strength;
            let from_left = first.strength > second.strength || (equal && f != "^");
            let grouped = if from_left {
                format!("((0 + {a}) {f} (0 + {b})) {s} (0 + {c})")
            } else {
                format!("(0 + {a}) {f} ((0 + {b}) {s} (0 + {c}))")
            };
            let both_compare = equal && first.strength == COMPARISON;
            prop_assert_eq!(Expression::parse(&plain).is_err(), both_compare);
            if !both_compare {
                let bits = |text: &str| value(text).lane(0).to_bits();
                prop_assert!(bits(&plain) == bits(&grouped) || value(&plain).lane(0).is_nan());
            }
        }
    }
}
