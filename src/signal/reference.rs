use std::cmp::Reverse;
use std::fmt::Write;

use super::catalogue::{CONSTANTS, Heard, SIGNALS, SignalDoc};
use super::function::FUNCTIONS;
use super::operator::{NOT, OPERATORS};

/// The tables of `docs/expressions.md`, in Markdown: operators, functions, constants, signals.
#[must_use]
pub fn reference() -> String {
    [operators(), functions(), constants(), signals()].join("\n")
}

/// Cells with `|` in them would end there.
fn row(cells: &[&str]) -> String {
    let cells: Vec<String> = cells.iter().map(|cell| cell.replace('|', "\\|")).collect();
    format!("| {} |\n", cells.join(" | "))
}

fn code(text: &str) -> String {
    format!("`{text}`")
}

/// What stands before, after or around its operands, with its strength.
const OTHER_OPERATORS: [(&str, u8, &str); 4] = [
    ("`.x .y .z .w` `.r .g .b .a`", 9, "one lane of a vector"),
    ("`-a` `!a`", 7, "minus a; 1 if a is at most 0, else 0"),
    (
        "`not a`",
        NOT,
        "as `!`, of a whole comparison: `not a > b` is `not (a > b)`",
    ),
    ("`c ? a : b`", 0, "a where c is above 0, else b"),
];

fn operators() -> String {
    let mut rows = OTHER_OPERATORS
        .map(|(written, strength, doc)| (written.to_owned(), strength, doc))
        .to_vec();
    for operator in OPERATORS {
        let spellings = [operator.symbol, operator.other];
        let written = spellings.iter().filter(|spelling| !spelling.is_empty());
        let written: Vec<String> = written.map(|spelling| code(spelling)).collect();
        rows.push((written.join(" "), operator.strength, operator.doc));
    }
    rows.sort_by_key(|(_, strength, _)| Reverse(*strength));
    let mut table = "### Operators\n\nThe one with more strength binds first. Equal ones group from the left, `^` from \
        the right.\n\n| operator | strength | yields |\n|---|---|---|\n"
        .to_owned();
    for (written, strength, doc) in rows {
        table += &row(&[&written, &strength.to_string(), doc]);
    }
    table
}

fn functions() -> String {
    let mut table = "### Functions\n\n| function | yields |\n|---|---|\n".to_owned();
    for function in FUNCTIONS {
        table += &row(&[&code(&function.signature()), function.doc]);
    }
    table
}

fn constants() -> String {
    let mut line = "### Constants\n\n".to_owned();
    for (index, constant) in CONSTANTS.iter().enumerate() {
        let comma = if index == 0 { "" } else { ", " };
        let (name, value) = (constant.name, constant.value);
        let _infallible = write!(line, "{comma}`{name}` = {value}");
    }
    line + "\n"
}

fn signals() -> String {
    let (later, now): (Vec<_>, Vec<_>) = SIGNALS.iter().partition(|signal| signal.later);
    let (measured, now): (Vec<_>, Vec<_>) = now
        .into_iter()
        .partition(|signal: &&SignalDoc| signal.gauge.is_some());
    let is_heard = |signal: &&SignalDoc| !matches!(signal.heard, None | Some(Heard::Leads));
    let (heard, now): (Vec<_>, Vec<_>) = now.into_iter().partition(is_heard);
    format!(
        "### Signals\n\n{}\n### Signals of sound\n\n{HEARD}\n\n{}\n### Signals of pictures\n\n{MEASURED}\n\n{}\n### Signals that nothing feeds yet\n\n\
        They may be used, and read 0.\n\n{}",
        signal_table(&now),
        signal_table(&heard),
        signal_table(&measured),
        signal_table(&later)
    )
}

const HEARD: &str = "These are heard in the sound of the show; see [what sound says](#what-sound-says). In silence they read 0, \
`audio.decibels` -120.";

const MEASURED: &str = "These are measured on the pictures of the show's first source, `motion.mean`, or with its name of any other, \
`motion.b.mean`.";

fn signal_table(signals: &[&SignalDoc]) -> String {
    let mut table = "| signal | unit | range | says |\n|---|---|---|---|\n".to_owned();
    for signal in signals {
        let kind = if signal.trigger { "Trigger. " } else { "" };
        let doc = format!("{kind}{}", signal.doc);
        table += &row(&[&code(&signal.signature()), signal.unit, signal.range, &doc]);
    }
    table
}

#[cfg(test)]
mod tests {
    use super::super::catalogue::is_signal;
    use super::super::expression::Expression;
    use super::*;

    const PAGE: &str = include_str!("../../docs/expressions.md");
    const BEGIN: &str = "<!-- reference -->\n";
    const END: &str = "<!-- end of reference -->";

    #[test]
    fn the_page_has_these_tables() {
        let after = PAGE
            .split_once(BEGIN)
            .expect("the marker that begins the tables")
            .1;
        let tables = after
            .split_once(END)
            .expect("the marker that ends the tables")
            .0;
        let expected = reference();
        assert!(
            tables == expected,
            "docs/expressions.md is out of date; put this between its two markers:\n{expected}"
        );
    }

    /// `name = "expression"` lines of the page's fenced blocks.
    fn examples() -> Vec<(&'static str, &'static str)> {
        let blocks = PAGE.split("```").skip(1).step_by(2);
        let shows = blocks.filter_map(|block| block.strip_prefix("toml\n"));
        let lines = shows
            .flat_map(str::lines)
            .filter_map(|line| line.split_once('='));
        let texts = lines.filter_map(|(name, value)| {
            let value = value.trim_start().strip_prefix(['"', '\''])?;
            let end = value.rfind(['"', '\''])?;
            Some((name.trim(), &value[..end]))
        });
        texts.collect()
    }

    #[test]
    fn the_pages_examples_are_expressions_over_known_names() {
        let examples = examples();
        assert!(examples.len() >= 15, "{examples:?}");
        for (_, text) in &examples {
            let expression =
                Expression::parse(text).unwrap_or_else(|fault| panic!("{text}: {fault}"));
            for (name, _) in expression.names() {
                let own = examples.iter().any(|(other, _)| *other == name);
                assert!(
                    own || is_signal(name) || name.starts_with("controls."),
                    "{text}: {name}"
                );
            }
        }
    }
}
