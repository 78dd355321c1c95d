use super::ShowError;
use super::error::Place;
use super::written::{Field, Text};

/// Reads `EFFECT:key=value:key=value`, ffmpeg's way to write a filter. `:` separates and the first `=` splits; a
/// `:` inside `()`, `[]` or `''` or after `\` is meant literally. The effect comes as the field `effect`.
pub(super) fn fields(chain: &Text, place: &Place<'_>) -> Result<Vec<Field>, ShowError> {
    let mut pieces = pieces(chain, place)?.into_iter();
    let effect = pieces.next().unwrap_or_default().text;
    if effect.content.is_empty() {
        return Err(place.at(
            chain.place(0),
            "name an effect first, like lagfun:decay=0.9",
        ));
    }
    let named = Field {
        key: "effect".to_owned(),
        key_span: effect.span(),
        value: effect.into(),
    };
    let rest = pieces.map(|piece| piece.field(place));
    std::iter::once(Ok(named)).chain(rest).collect()
}

/// What stands between two separators.
#[derive(Debug, Default)]
struct Piece {
    start: usize,
    key: Option<Text>,
    text: Text,
}

impl Piece {
    fn at(start: usize) -> Self {
        Self {
            start,
            key: None,
            text: Text::plain("", start),
        }
    }

    fn field(self, place: &Place<'_>) -> Result<Field, ShowError> {
        let Some(key) = self.key.filter(|key| !key.content.is_empty()) else {
            let message = format!("'{}' has no key: write key=value", self.text.content);
            return Err(place.at(self.start, message));
        };
        Ok(Field {
            key_span: key.span(),
            key: key.content,
            value: self.text.into(),
        })
    }
}

fn pieces(chain: &Text, place: &Place<'_>) -> Result<Vec<Piece>, ShowError> {
    let mut pieces = Vec::new();
    let mut piece = Piece::at(chain.place(0));
    let mut depth = 0_usize;
    let mut quote = None;
    let mut letters = chain.content.char_indices();
    while let Some((byte, letter)) = letters.next() {
        let at = chain.place(byte);
        match letter {
            '\'' => quote = if quote.is_some() { None } else { Some(at) },
            _ if quote.is_some() => piece.text.push(letter, at),
            '\\' => {
                let next = letters.next();
                let (byte, letter) = next.ok_or_else(|| place.at(at, "nothing follows the \\"))?;
                piece.text.push(letter, chain.place(byte));
            }
            ':' if depth == 0 => {
                let next = Piece::at(chain.place(byte + 1));
                pieces.push(std::mem::replace(&mut piece, next));
            }
            '=' if piece.key.is_none() && depth == 0 && !pieces.is_empty() => {
                let empty = Text::plain("", chain.place(byte + 1));
                piece.key = Some(std::mem::replace(&mut piece.text, empty));
            }
            _ => {
                depth = match letter {
                    '(' | '[' => depth + 1,
                    ')' | ']' => depth.saturating_sub(1),
                    _ => depth,
                };
                piece.text.push(letter, at);
            }
        }
    }
    if let Some(at) = quote {
        return Err(place.at(at, "this ' is not closed"));
    }
    pieces.push(piece);
    Ok(pieces)
}

#[cfg(test)]
mod tests {
    use super::super::written::Form;
    use super::*;

    fn place(text: &str) -> Place<'_> {
        Place {
            file: "-e".to_owned(),
            text,
            first_line: 1,
        }
    }

    fn read(text: &str) -> Vec<(String, String)> {
        let fields =
            fields(&Text::plain(text, 0), &place(text)).unwrap_or_else(|error| panic!("{error}"));
        let pair = |field: Field| match field.value.form {
            Form::Text(text) => (field.key, text.content),
            other => panic!("{other:?}"),
        };
        fields.into_iter().map(pair).collect()
    }

    #[test]
    fn the_grammar_is_that_of_ffmpeg() {
        let table: &[(&str, &[(&str, &str)])] = &[
            ("lagfun", &[("effect", "lagfun")]),
            (
                "lagfun:decay=0.9",
                &[("effect", "lagfun"), ("decay", "0.9")],
            ),
            ("a:x=8,0:y=1", &[("effect", "a"), ("x", "8,0"), ("y", "1")]),
            (
                "a:x=(b ? c : d):y=1",
                &[("effect", "a"), ("x", "(b ? c : d)"), ("y", "1")],
            ),
            ("a:x=[1:2]", &[("effect", "a"), ("x", "[1:2]")]),
            ("a:x='b ? c : d'", &[("effect", "a"), ("x", "b ? c : d")]),
            ("a:x=b ? c \\: d", &[("effect", "a"), ("x", "b ? c : d")]),
            ("a:x=b==c", &[("effect", "a"), ("x", "b==c")]),
            ("a:x=b\\\\c", &[("effect", "a"), ("x", "b\\c")]),
            ("a:x=", &[("effect", "a"), ("x", "")]),
            (
                "./my=fx.wgsl:x=1",
                &[("effect", "./my=fx.wgsl"), ("x", "1")],
            ),
        ];
        for (text, wanted) in table {
            let wanted: Vec<_> = wanted
                .iter()
                .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()))
                .collect();
            assert_eq!(read(text), wanted, "{text}");
        }
    }

    #[test]
    fn slips_are_placed() {
        for (text, wanted) in [
            ("", "-e:1:1: name an effect"),
            (":decay=1", "-e:1:1: name an effect"),
            ("lagfun:0.9", "-e:1:8: '0.9' has no key"),
            ("lagfun:=0.9", "-e:1:8: '0.9' has no key"),
            ("lagfun::", "-e:1:8: '' has no key"),
            ("lagfun:decay='0.9", "-e:1:14: this ' is not closed"),
            ("lagfun:decay=\\", "-e:1:14: nothing follows"),
        ] {
            let error = fields(&Text::plain(text, 0), &place(text))
                .expect_err(text)
                .to_string();
            assert!(error.starts_with(wanted), "{text}: {error}");
        }
    }
}
