use std::ops::Range;

use super::error::ExpressionError;

/// One word of an expression.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Token<'t> {
    Number(f64),
    /// With its dots: `beat.phase`, `$WIDTH`.
    Name(&'t str),
    /// Without its quotes.
    Text(&'t str),
    /// What stands after the dot: the `x` in `(1, 2).x`.
    Lane(&'t str),
    /// Operators and punctuation, each in one spelling.
    Symbol(&'static str),
}

/// What is written, and the one symbol that it means; longer spellings before their beginnings.
const SYMBOLS: &[(&str, &str)] = &[
    ("&&", "and"),
    ("||", "or"),
    ("<=", "<="),
    (">=", ">="),
    ("==", "=="),
    ("!=", "!="),
    ("<", "<"),
    (">", ">"),
    ("!", "!"),
    ("+", "+"),
    ("-", "-"),
    ("*", "*"),
    ("/", "/"),
    ("%", "%"),
    ("^", "^"),
    ("(", "("),
    (")", ")"),
    ("[", "["),
    ("]", "]"),
    (",", ","),
    ("?", "?"),
    (":", ":"),
];

/// Splits a text into words, each with its bytes.
pub(super) fn tokens(text: &str) -> Result<Vec<(Token<'_>, Range<usize>)>, ExpressionError> {
    let mut found = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let start = text.len() - rest.len();
        let (token, length) = token(rest, first)
            .map_err(|message| ExpressionError::new(&(start..start + first.len_utf8()), message))?;
        found.push((token, start..start + length));
        rest = rest[length..].trim_start();
    }
    Ok(found)
}

/// The word at the beginning of `rest`, and how many bytes it takes.
fn token(rest: &str, first: char) -> Result<(Token<'_>, usize), String> {
    let follower = rest[first.len_utf8()..].chars().next().unwrap_or(' ');
    match first {
        '0'..='9' => number(rest),
        '.' if follower.is_ascii_digit() => number(rest),
        '.' if starts_name(follower) => {
            let length = 1 + word(&rest[1..]);
            Ok((Token::Lane(&rest[1..length]), length))
        }
        '"' | '\'' => quoted(rest, first),
        '$' if starts_name(follower) => Ok(name(rest)),
        _ if starts_name(first) => Ok(name(rest)),
        _ => symbol(rest).ok_or_else(|| unexpected(first)),
    }
}

fn number(rest: &str) -> Result<(Token<'_>, usize), String> {
    let digits = |from: usize| {
        let is_digit = |byte: &u8| byte.is_ascii_digit();
        rest.bytes().skip(from).take_while(is_digit).count()
    };
    let mut end = digits(0);
    if rest[end..].starts_with('.') && digits(end + 1) > 0 {
        end += 1 + digits(end + 1);
    }
    if rest[end..].starts_with(['e', 'E']) {
        let sign = usize::from(rest[end + 1..].starts_with(['+', '-']));
        let exponent = digits(end + 1 + sign);
        if exponent > 0 {
            end += 1 + sign + exponent;
        }
    }
    let number: f64 = rest[..end].parse().map_err(|_| "not a number".to_owned())?;
    if !number.is_finite() {
        return Err("this number is too large: at most 1.7e308".to_owned());
    }
    Ok((Token::Number(number), end))
}

fn quoted(rest: &str, quote: char) -> Result<(Token<'_>, usize), String> {
    let end = rest[1..].find(quote);
    let end = end.ok_or_else(|| format!("this text has no end: close it with {quote}"))?;
    Ok((Token::Text(&rest[1..=end]), end + 2))
}

fn name(rest: &str) -> (Token<'_>, usize) {
    let mut end = word(rest);
    while let Some(after) = rest[end..].strip_prefix('.') {
        if !after.starts_with(starts_name) {
            break;
        }
        end += 1 + word(after);
    }
    let token = match &rest[..end] {
        "and" => Token::Symbol("and"),
        "or" => Token::Symbol("or"),
        "not" => Token::Symbol("not"),
        name => Token::Name(name),
    };
    (token, end)
}

fn symbol(rest: &str) -> Option<(Token<'_>, usize)> {
    SYMBOLS
        .iter()
        .find(|(spelling, _)| rest.starts_with(spelling))
        .map(|(spelling, symbol)| (Token::Symbol(symbol), spelling.len()))
}

fn unexpected(character: char) -> String {
    match character {
        '=' => "unexpected '=': compare with '=='".to_owned(),
        '&' => "unexpected '&': write 'and'".to_owned(),
        '|' => "unexpected '|': write 'or'".to_owned(),
        '$' | '.' => format!("expected a name after '{character}'"),
        other => format!("unexpected '{}'", other.escape_debug()),
    }
}

fn starts_name(character: char) -> bool {
    character.is_alphabetic() || character == '_'
}

/// The bytes up to the end of a name's segment; its first character has been looked at.
fn word(rest: &str) -> usize {
    rest.char_indices()
        .skip(1)
        .find(|(_, character)| !character.is_alphanumeric() && *character != '_')
        .map_or(rest.len(), |(at, _)| at)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<Token<'_>> {
        let found = tokens(text).expect("words");
        found.into_iter().map(|(token, _)| token).collect()
    }

    #[test]
    fn numbers_end_where_they_should() {
        use Token::{Lane, Name, Number, Symbol};
        assert_eq!(words(".5 1e-3"), [Number(0.5), Number(0.001)]);
        assert_eq!(words("2e"), [Number(2.0), Name("e")]);
        assert_eq!(words("1.5.x"), [Number(1.5), Lane("x")]);
        assert_eq!(words("1-2"), [Number(1.0), Symbol("-"), Number(2.0)]);
    }

    #[test]
    fn names_keep_their_dots_and_words_become_operators() {
        use Token::{Name, Symbol, Text};
        let expected = [
            Name("beat.phase"),
            Symbol("and"),
            Name("größe"),
            Symbol("or"),
            Name("$W"),
        ];
        assert_eq!(words("beat.phase && größe or $W"), expected);
        assert_eq!(words("'/a b'"), [Text("/a b")]);
    }

    #[test]
    fn faults_have_their_place() {
        for (text, span) in [
            ("1 = 2", 2..3),
            ("ä € b", 3..6),
            ("'abc", 0..1),
            ("1e999", 0..1),
            ("$", 0..1),
        ] {
            assert_eq!(tokens(text).expect_err(text).span, span, "{text}");
        }
    }
}
