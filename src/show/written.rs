use std::ops::Range;

use toml_edit::{Array, Item, TableLike, Value as Toml};

use super::ShowError;
use super::error::Place;

/// What the author wrote, with its place: the same for a TOML file and for the command line.
#[derive(Clone, Debug)]
pub(super) struct Written {
    /// The bytes of the source text.
    pub(super) span: Range<usize>,
    pub(super) form: Form,
}

#[derive(Clone, Debug)]
pub(super) enum Form {
    Number(f64),
    Switch(bool),
    Text(Text),
    List(Vec<Written>),
    Table(Vec<Field>),
    Date,
}

/// A key with its value.
#[derive(Clone, Debug)]
pub(super) struct Field {
    pub(super) key: String,
    pub(super) key_span: Range<usize>,
    pub(super) value: Written,
}

/// A text whose quotes and escapes are undone, and where each of its bytes stands in the source.
#[derive(Clone, Debug, Default)]
pub(super) struct Text {
    pub(super) content: String,
    /// One for each byte; at the end of the text, [`Self::end`].
    places: Vec<usize>,
    end: usize,
}

impl Text {
    /// A text that stands in the source letter by letter.
    pub(super) fn plain(content: &str, start: usize) -> Self {
        let end = start + content.len();
        Self {
            content: content.to_owned(),
            places: (start..end).collect(),
            end,
        }
    }

    /// Adds a character that stands at `place`.
    pub(super) fn push(&mut self, character: char, place: usize) {
        self.content.push(character);
        self.places.resize(self.content.len(), place);
        self.end = place + character.len_utf8();
    }

    /// Where a byte of the content stands in the source.
    pub(super) fn place(&self, byte: usize) -> usize {
        self.places.get(byte).copied().unwrap_or(self.end)
    }

    /// What follows a beginning, if the text begins so.
    pub(super) fn after(&self, beginning: &str) -> Option<Self> {
        let rest = self.content.strip_prefix(beginning)?;
        Some(Self {
            content: rest.to_owned(),
            places: self.places[beginning.len()..].to_vec(),
            end: self.end,
        })
    }

    /// From the first byte to the last in the source.
    pub(super) fn span(&self) -> Range<usize> {
        self.place(0)..self.end
    }
}

impl From<Text> for Written {
    fn from(text: Text) -> Self {
        Self {
            span: text.span(),
            form: Form::Text(text),
        }
    }
}

impl Written {
    /// What it is, in TOML's words.
    pub(super) const fn what(&self) -> &'static str {
        match self.form {
            Form::Number(_) => "a number",
            Form::Switch(_) => "true or false",
            Form::Text(_) => "a text",
            Form::List(_) => "a list",
            Form::Table(_) => "a table",
            Form::Date => "a date",
        }
    }

    /// The text, if it is one.
    pub(super) const fn as_text(&self) -> Option<&Text> {
        match &self.form {
            Form::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The text it must be; `wanted` says what for.
    pub(super) fn text(&self, place: &Place<'_>, wanted: &str) -> Result<&Text, ShowError> {
        match &self.form {
            Form::Text(text) => Ok(text),
            _ => Err(self.wrong(place, wanted)),
        }
    }

    /// The number it must be, between both ends; a text may hold it.
    pub(super) fn number(
        &self,
        place: &Place<'_>,
        ends: (f64, f64),
        wanted: &str,
    ) -> Result<f64, ShowError> {
        let number = match &self.form {
            Form::Number(number) => Some(*number),
            Form::Text(text) => text.content.parse().ok(),
            _ => None,
        };
        number
            .filter(|number| (ends.0..=ends.1).contains(number))
            .ok_or_else(|| self.wrong(place, wanted))
    }

    /// The switch it must be; a text may hold it.
    pub(super) fn switch(&self, place: &Place<'_>, wanted: &str) -> Result<bool, ShowError> {
        let word = match &self.form {
            Form::Switch(on) => return Ok(*on),
            Form::Text(text) => text.content.as_str(),
            _ => "",
        };
        match word {
            "true" | "on" => Ok(true),
            "false" | "off" => Ok(false),
            _ => Err(self.wrong(place, wanted)),
        }
    }

    /// The table it must be.
    pub(super) fn table(&self, place: &Place<'_>, wanted: &str) -> Result<&[Field], ShowError> {
        match &self.form {
            Form::Table(fields) => Ok(fields),
            _ => Err(self.wrong(place, wanted)),
        }
    }

    /// The list it must be.
    pub(super) fn list(&self, place: &Place<'_>, wanted: &str) -> Result<&[Self], ShowError> {
        match &self.form {
            Form::List(items) => Ok(items),
            _ => Err(self.wrong(place, wanted)),
        }
    }

    /// An error that says what was wanted here and what stands here.
    pub(super) fn wrong(&self, place: &Place<'_>, wanted: &str) -> ShowError {
        let found = match &self.form {
            Form::Text(text) => format!("'{}'", text.content),
            Form::Number(number) => number.to_string(),
            Form::Switch(on) => on.to_string(),
            _ => self.what().to_owned(),
        };
        place.on(&self.span, format!("{wanted}, not {found}"))
    }
}

/// The fields of a TOML table, in the order of the text.
pub(super) fn fields(text: &str, table: &dyn TableLike) -> Vec<Field> {
    let read = |(name, item): (&str, &Item)| {
        let key_span = table.key(name).and_then(toml_edit::Key::span);
        let key_span = key_span.or_else(|| item.span()).unwrap_or_default();
        let value = written(text, item, &key_span)?;
        Some(Field {
            key: name.to_owned(),
            key_span,
            value,
        })
    };
    table.iter().filter_map(read).collect()
}

fn written(text: &str, item: &Item, key: &Range<usize>) -> Option<Written> {
    let span = item.span().unwrap_or_else(|| key.clone());
    let form = match item {
        Item::None => return None,
        Item::Value(value) => return Some(value_written(text, value, key)),
        Item::Table(table) => Form::Table(fields(text, table)),
        Item::ArrayOfTables(tables) => Form::List(
            tables
                .iter()
                .map(|table| Written {
                    span: table.span().unwrap_or_else(|| key.clone()),
                    form: Form::Table(fields(text, table)),
                })
                .collect(),
        ),
    };
    Some(Written { span, form })
}

fn value_written(text: &str, value: &Toml, key: &Range<usize>) -> Written {
    let span = value.span().unwrap_or_else(|| key.clone());
    let form = match value {
        Toml::String(string) => Form::Text(unquoted(text, &span, string.value())),
        Toml::Integer(number) => Form::Number(*number.value() as f64),
        Toml::Float(number) => Form::Number(*number.value()),
        Toml::Boolean(on) => Form::Switch(*on.value()),
        Toml::Datetime(_) => Form::Date,
        Toml::Array(list) => Form::List(elements(text, list, key)),
        Toml::InlineTable(table) => Form::Table(fields(text, table)),
    };
    Written { span, form }
}

fn elements(text: &str, list: &Array, key: &Range<usize>) -> Vec<Written> {
    list.iter()
        .map(|value| value_written(text, value, key))
        .collect()
}

/// Finds each character of a TOML string in its source.
fn unquoted(text: &str, span: &Range<usize>, content: &str) -> Text {
    let after = |at: usize| text.get(at..).unwrap_or_default();
    let raw = text.get(span.clone()).unwrap_or_default();
    let multiline = raw.starts_with("\"\"\"") || raw.starts_with("'''");
    let mut at = span.start + if multiline { 3 } else { 1 };
    if multiline {
        at += line_break(after(at));
    }
    let escapes = raw.starts_with('"');
    let mut found = Text::plain("", at);
    for character in content.chars() {
        if escapes {
            at += continuation(after(at));
        }
        found.push(character, at);
        at += match character {
            '\n' if line_break(after(at)) > 0 => line_break(after(at)),
            _ if escapes && after(at).starts_with('\\') => escape_length(after(at)),
            _ => character.len_utf8(),
        };
        found.end = at;
    }
    found
}

/// The bytes of the line break that a text begins with, if any.
fn line_break(rest: &str) -> usize {
    let breaks = ["\r\n", "\n"].into_iter();
    breaks
        .filter(|end| rest.starts_with(end))
        .map(str::len)
        .next()
        .unwrap_or(0)
}

/// The bytes of a backslash at the end of a line with the white space after it: they stand for nothing.
fn continuation(rest: &str) -> usize {
    let after = rest.strip_prefix('\\').unwrap_or_default();
    if after
        .trim_start_matches([' ', '\t', '\r'])
        .starts_with('\n')
    {
        1 + after.len() - after.trim_start().len()
    } else {
        0
    }
}

/// The bytes of the escape that a text begins with.
fn escape_length(rest: &str) -> usize {
    match rest.as_bytes().get(1) {
        Some(b'x') => 4,
        Some(b'u') => 6,
        Some(b'U') => 10,
        _ => 2,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text_of(source: &str) -> Text {
        let document = toml_edit::Document::parse(source.to_owned()).expect("a TOML text");
        let mut fields = fields(source, document.as_table());
        match fields.remove(0).value.form {
            Form::Text(text) => text,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn every_letter_of_a_string_is_found_in_its_source() {
        for source in [
            "k = \"a\\tb\\u00e9X\"",
            "k = 'a\tbéX'",
            "k = \"\"\"\na\tb\\\n   éX\"\"\"",
            "k = '''\na\tbéX'''",
            "k = \"a\\tb\\xe9X\"",
        ] {
            let text = text_of(source);
            assert_eq!(text.content, "a\tbéX", "{source}");
            let last = text.place(text.content.len() - 1);
            assert_eq!(&source[last..=last], "X", "{source}");
            assert_eq!(text.place(text.content.len()), last + 1, "{source}");
        }
    }
}
