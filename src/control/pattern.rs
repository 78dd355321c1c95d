//! OSC's address patterns: `?` is any letter, `*` any letters, `[a-z]` and `[!a-z]` one of some, `{one,two}` one of some words;
//! none of them goes beyond a slash.

/// Whether a text is more than an address.
pub(super) fn is_pattern(text: &str) -> bool {
    text.contains(['?', '*', '[', ']', '{', '}'])
}

/// A pattern that has been read.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Pattern {
    parts: Vec<Part>,
}

#[derive(Clone, Debug, PartialEq)]
enum Part {
    Letter(u8),
    Any,
    Run,
    Set { not: bool, ranges: Vec<(u8, u8)> },
    Words(Vec<Vec<u8>>),
}

impl Pattern {
    /// `None` where a bracket is not closed.
    pub(super) fn read(text: &str) -> Option<Self> {
        let (mut rest, mut parts) = (text.as_bytes(), Vec::new());
        while let [first, after @ ..] = rest {
            let (part, after) = match first {
                b'?' => (Part::Any, after),
                b'*' => (Part::Run, after),
                b'[' => until(after, b']').map(|(inside, after)| (set(inside), after))?,
                b'{' => until(after, b'}').map(|(inside, after)| (words(inside), after))?,
                b']' | b'}' => return None,
                letter => (Part::Letter(*letter), after),
            };
            parts.push(part);
            rest = after;
        }
        Some(Self { parts })
    }

    /// Whether an address is one of those that it means. All places that the parts so far can end at are followed at once, so
    /// that no pattern takes longer than its length times the address's.
    pub(super) fn matches(&self, address: &str) -> bool {
        let text = address.as_bytes();
        let mut places = vec![0];
        for part in &self.parts {
            places = part.ends(text, &places);
            if places.is_empty() {
                return false;
            }
        }
        places.contains(&text.len())
    }
}

impl Part {
    /// Where it can end, if it can begin at these places. Ascending, each once.
    fn ends(&self, text: &[u8], starts: &[usize]) -> Vec<usize> {
        let mut is_end = vec![false; text.len() + 1];
        for start in starts {
            let rest = &text[*start..];
            match self {
                Self::Words(words) => {
                    let fitting = words.iter().filter(|word| rest.starts_with(word));
                    fitting.for_each(|word| is_end[start + word.len()] = true);
                }
                Self::Run => {
                    let run = rest.iter().take_while(|letter| **letter != b'/').count();
                    is_end[*start..=start + run].fill(true);
                }
                one => {
                    if rest.first().is_some_and(|letter| one.is(*letter)) {
                        is_end[start + 1] = true;
                    }
                }
            }
        }
        let places = is_end.iter().enumerate();
        places
            .filter_map(|(place, is_end)| is_end.then_some(place))
            .collect()
    }

    fn is(&self, letter: u8) -> bool {
        match self {
            Self::Letter(wanted) => letter == *wanted,
            Self::Any => letter != b'/',
            Self::Set { not, ranges } => {
                let is_in = ranges
                    .iter()
                    .any(|(low, high)| (*low..=*high).contains(&letter));
                letter != b'/' && is_in != *not
            }
            Self::Run | Self::Words(_) => false,
        }
    }
}

fn until(text: &[u8], end: u8) -> Option<(&[u8], &[u8])> {
    let place = text.iter().position(|letter| *letter == end)?;
    Some((&text[..place], &text[place + 1..]))
}

fn set(inside: &[u8]) -> Part {
    let (not, mut rest) = match inside {
        [b'!', rest @ ..] => (true, rest),
        rest => (false, rest),
    };
    let mut ranges = Vec::new();
    while let [low, after @ ..] = rest {
        // A dash at the end is itself.
        let (high, after) = match after {
            [b'-', high, after @ ..] => (high, after),
            after => (low, after),
        };
        ranges.push((*low, *high));
        rest = after;
    }
    Part::Set { not, ranges }
}

fn words(inside: &[u8]) -> Part {
    let words = inside.split(|letter| *letter == b',');
    Part::Words(words.map(<[u8]>::to_vec).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matches(pattern: &str, address: &str) -> bool {
        Pattern::read(pattern).is_some_and(|pattern| pattern.matches(address))
    }

    #[test]
    fn patterns_mean_what_osc_says() {
        for (pattern, address) in [
            ("/layers/*/mix", "/layers/melt_2/mix"),
            ("/layers/melt*/m?x", "/layers/melt_2/mix"),
            ("/layers/{melt,tear}/mix", "/layers/tear/mix"),
            ("/layers/[a-fk-z]elt/mix", "/layers/melt/mix"),
            ("/layers/[!a-l]elt/mix", "/layers/melt/mix"),
            ("/*/*/*", "/layers/melt/mix"),
            ("/a[0-]", "/a-"),
            ("/a{,b}c", "/ac"),
            ("/*a*b", "/xaab"),
        ] {
            assert!(matches(pattern, address), "{pattern} {address}");
        }
        for (pattern, address) in [
            ("/layers/*", "/layers/melt/mix"),
            ("/layers?melt", "/layers/melt"),
            ("/layers[!a]melt", "/layers/melt"),
            ("/layers/{melt,tear}/mix", "/layers/melted/mix"),
            ("/layers/[a-c]elt", "/layers/melt"),
            ("/layers/melt?", "/layers/melt"),
            ("/layers/{melt", "/layers/melt"),
            ("/layers/melt}", "/layers/melt}"),
        ] {
            assert!(!matches(pattern, address), "{pattern} {address}");
        }
    }

    #[test]
    fn no_pattern_takes_for_ever() {
        let pattern = format!("/{}b", "*a".repeat(120));
        let address = format!("/{}", "a".repeat(250));
        assert!(!matches(&pattern, &address));
    }
}
