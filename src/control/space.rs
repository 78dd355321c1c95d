use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::message::Message;
use super::pattern::{Pattern, is_pattern};
use crate::param::{Access, Address, Standing, Value};

/// What gives an address back to the show, below it.
const RELEASE: &str = "/release";

/// An address that takes a text.
#[derive(Clone, Debug, PartialEq)]
pub struct TextAddress {
    /// As in a message: `/show`.
    pub path: String,
    /// What it does.
    pub description: String,
    /// What it stands at, where it is one of the options.
    pub value: Option<String>,
    /// The texts that mean something for certain.
    pub options: Vec<String>,
}

/// What a hand has done at one address.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    /// The address.
    pub path: String,
    /// What was sent last.
    pub sent: Sent,
    /// How many messages that were not zero it stands for.
    pub events: u32,
}

/// What a message brought.
#[derive(Clone, Debug, PartialEq)]
pub enum Sent {
    /// Numbers.
    Value(Value),
    /// A text.
    Text(String),
}

/// Everything that can be sent to, or listened to, while a show plays.
#[derive(Debug)]
pub struct Space {
    title: String,
    addresses: Vec<Address>,
    texts: Vec<TextAddress>,
    /// Each path with what is there.
    leaves: HashMap<String, Leaf>,
    /// Each path, containers too, with the names below it.
    tree: BTreeMap<String, BTreeSet<String>>,
}

/// What is at a path.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Leaf {
    /// An index into the addresses.
    Address(usize),
    /// What gives that address back.
    Release(usize),
    /// An index into the texts.
    Text(usize),
}

/// What a hand sent to means here.
pub(super) enum Meaning {
    Events(Vec<Event>),
    /// No address of this show, or none that takes this.
    Unknown,
}

impl Default for Space {
    /// A root with nothing below it.
    fn default() -> Self {
        Self {
            title: String::new(),
            addresses: Vec::new(),
            texts: Vec::new(),
            leaves: HashMap::new(),
            tree: BTreeMap::from([("/".to_owned(), BTreeSet::new())]),
        }
    }
}

impl Space {
    /// The space of a show of this title. Where a path comes twice, the first one counts; the order of addresses is that of
    /// their standings.
    #[must_use]
    pub fn new(title: &str, addresses: Vec<Address>, texts: Vec<TextAddress>) -> Self {
        let mut space = Self {
            title: title.to_owned(),
            ..Self::default()
        };
        for (index, address) in addresses.iter().enumerate() {
            space.grow(&address.path, Leaf::Address(index));
            if address.releases {
                space.grow(&format!("{}{RELEASE}", address.path), Leaf::Release(index));
            }
        }
        for (index, text) in texts.iter().enumerate() {
            space.grow(&text.path, Leaf::Text(index));
        }
        Self {
            addresses,
            texts,
            ..space
        }
    }

    fn grow(&mut self, path: &str, leaf: Leaf) {
        self.leaves.entry(path.to_owned()).or_insert(leaf);
        self.tree.entry(path.to_owned()).or_default();
        let mut below = path;
        while let Some((above, name)) = below.rsplit_once('/') {
            let parent = if above.is_empty() { "/" } else { above };
            let names = self.tree.entry(parent.to_owned()).or_default();
            if !names.insert(name.to_owned()) || above.is_empty() {
                break;
            }
            below = above;
        }
    }

    /// What the show is called.
    pub(super) fn title(&self) -> &str {
        &self.title
    }

    pub(super) fn addresses(&self) -> &[Address] {
        &self.addresses
    }

    pub(super) fn texts(&self) -> &[TextAddress] {
        &self.texts
    }

    /// What is at a path, if it is no container alone.
    pub(super) fn leaf(&self, path: &str) -> Option<Leaf> {
        self.leaves.get(path).copied()
    }

    /// The names right below a path; none where there is no such path.
    pub(super) fn below(&self, path: &str) -> Option<&BTreeSet<String>> {
        self.tree.get(path)
    }

    /// All paths, containers too.
    pub(super) fn paths(&self) -> impl Iterator<Item = &String> {
        self.tree.keys()
    }

    /// Where every address stands before the first tick.
    pub(super) fn defaults(&self) -> Vec<Standing> {
        let addresses = self.addresses.iter();
        addresses
            .map(|address| Standing::of(address.param.default))
            .collect()
    }

    /// What a message asks for: one event for each address that it means and that takes what it brings.
    pub(super) fn understand(&self, message: &Message) -> Meaning {
        let address = message.address.trim_end_matches('/');
        let events: Vec<Event> = if is_pattern(address) {
            let Some(pattern) = Pattern::read(address) else {
                return Meaning::Unknown;
            };
            let meant = self.leaves.iter();
            let meant = meant.filter(|(path, _)| pattern.matches(path));
            meant
                .filter_map(|(path, leaf)| self.event(path, *leaf, message))
                .collect()
        } else {
            let leaf = self.leaf(address);
            leaf.and_then(|leaf| self.event(address, leaf, message))
                .into_iter()
                .collect()
        };
        if events.is_empty() {
            Meaning::Unknown
        } else {
            Meaning::Events(events)
        }
    }

    fn event(&self, path: &str, leaf: Leaf, message: &Message) -> Option<Event> {
        let sent = match leaf {
            Leaf::Address(index) => {
                let address = &self.addresses[index];
                if address.access == Access::Read {
                    return None;
                }
                let word = || address.param.parse(message.text()?);
                Sent::Value(message.value().or_else(word)?)
            }
            Leaf::Release(_) => Sent::Value(Value::number(1.0)),
            Leaf::Text(_) => Sent::Text(message.text()?.to_owned()),
        };
        let is_event = !matches!(sent, Sent::Value(value) if value.lane(0) == 0.0);
        Some(Event {
            path: path.to_owned(),
            sent,
            events: u32::from(is_event),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::message::Argument;
    use super::*;
    use crate::param::Param;

    fn space() -> Space {
        let mix = Address {
            releases: true,
            ..Address::new(
                "/layers/a/mix".to_owned(),
                Param::float("mix", 1.0, 0.0, 1.0),
                Access::Both,
            )
        };
        let blend = Param::choice("blend", &["normal", "screen"], 0);
        let blend = Address::new("/layers/b/blend".to_owned(), blend, Access::Both);
        let beat = Address::new(
            "/beat".to_owned(),
            Param::float("beat", 0.0, 0.0, 1e9),
            Access::Read,
        );
        let show = TextAddress {
            path: "/show".to_owned(),
            description: String::new(),
            value: None,
            options: Vec::new(),
        };
        Space::new("a show", vec![mix, blend, beat], vec![show])
    }

    fn understood(address: &str, arguments: &[Argument]) -> Vec<(String, Sent)> {
        let message = Message {
            address: address.to_owned(),
            arguments: arguments.to_vec(),
            due: None,
        };
        match space().understand(&message) {
            Meaning::Unknown => Vec::new(),
            Meaning::Events(events) => {
                let mut pairs: Vec<_> = events
                    .into_iter()
                    .map(|event| (event.path, event.sent))
                    .collect();
                pairs.sort_by(|a, b| a.0.cmp(&b.0));
                pairs
            }
        }
    }

    #[test]
    fn each_address_takes_its_own_kind() {
        let half = [Argument::Number(0.5)];
        let word = [Argument::Text("screen".to_owned())];
        let value = |number| Sent::Value(Value::number(number));
        let pair = |path: &str, sent: Sent| (path.to_owned(), sent);
        assert_eq!(
            understood("/layers/a/mix", &half),
            [pair("/layers/a/mix", value(0.5))]
        );
        assert_eq!(
            understood("/layers/b/blend", &word),
            [pair("/layers/b/blend", value(1.0))]
        );
        assert_eq!(
            understood("/layers/a/mix/release", &[]),
            [pair("/layers/a/mix/release", value(1.0))]
        );
        assert_eq!(
            understood("/show", &word),
            [pair("/show", Sent::Text("screen".to_owned()))]
        );
        for (path, argument) in [
            ("/layers/a/mix", &word),
            ("/show", &half),
            ("/beat", &half),
            ("/layers/a", &half),
            ("/layers/c/mix", &half),
        ] {
            assert_eq!(understood(path, argument), [], "{path}");
        }
    }

    #[test]
    fn a_pattern_means_all_that_take_what_it_brings() {
        let found = understood("/{layers,beat}/*/*", &[Argument::Number(0.0)]);
        let paths: Vec<_> = found.iter().map(|(path, _)| &**path).collect();
        assert_eq!(paths, ["/layers/a/mix", "/layers/b/blend"]);
    }

    #[test]
    fn the_tree_has_every_container() {
        let space = space();
        let names = |path| {
            space
                .below(path)
                .map(|names| names.iter().map(String::as_str).collect::<Vec<_>>())
        };
        assert_eq!(names("/"), Some(vec!["beat", "layers", "show"]));
        assert_eq!(names("/layers/a"), Some(vec!["mix"]));
        assert_eq!(names("/layers/a/mix"), Some(vec!["release"]));
        assert_eq!(names("/layers/a/mix/release"), Some(vec![]));
        assert_eq!(names("/nothing"), None);
    }
}
