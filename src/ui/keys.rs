use std::time::{Duration, Instant};

use winit::keyboard::{Key, NamedKey};

use crate::engine::Command;
use crate::session::live::Request;

/// Escape leaves when it is pressed twice within this time.
const TWICE: Duration = Duration::from_secs(1);

/// What a key does.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Action {
    /// Something for the session.
    Ask(Request),
    /// Full screen, or back.
    FullScreen,
    /// Full screen on the next monitor.
    NextMonitor,
    /// The end, if it was asked for just before too.
    Leave,
    /// Nothing.
    Nothing,
}

/// A key, or several that do the like.
struct Binding {
    /// As it is written on a keyboard.
    key: &'static str,
    does: &'static str,
    act: fn(Key<&str>) -> Option<Action>,
}

/// All keys: the help and the README's table follow it.
const BINDINGS: &[Binding] = &[
    Binding {
        key: "1–9",
        does: "the presets, or the file's folder",
        act: |key| digit(key).map(|number| Action::Ask(Request::Preset(number - 1))),
    },
    Binding {
        key: "← →",
        does: "the one before, the one after",
        act: |key| match key {
            Key::Named(NamedKey::ArrowLeft) => Some(Action::Ask(Request::Step(-1))),
            Key::Named(NamedKey::ArrowRight) => Some(Action::Ask(Request::Step(1))),
            _ => None,
        },
    },
    Binding {
        key: "Space",
        does: "the show's trigger",
        act: |key| {
            let space = key == Key::Named(NamedKey::Space) || key == Key::Character(" ");
            space.then(|| command("/trigger"))
        },
    },
    Binding {
        key: "T",
        does: "tap the tempo",
        act: |key| letter(key, "t", || command("/tap")),
    },
    Binding {
        key: "F",
        does: "full screen, and back",
        act: |key| letter(key, "f", || Action::FullScreen),
    },
    Binding {
        key: "M",
        does: "full screen on the next monitor",
        act: |key| letter(key, "m", || Action::NextMonitor),
    },
    Binding {
        key: "B",
        does: "blackout, and back",
        act: |key| letter(key, "b", || Action::Ask(Request::Blackout)),
    },
    Binding {
        key: "Z",
        does: "freeze, and go on",
        act: |key| letter(key, "z", || Action::Ask(Request::Freeze)),
    },
    Binding {
        key: "C",
        does: "clean: forget trails and echoes",
        act: |key| letter(key, "c", || command("/clean")),
    },
    Binding {
        key: "R",
        does: "record, and end the recording",
        act: |key| letter(key, "r", || Action::Ask(Request::Record)),
    },
    Binding {
        key: "S",
        does: "save the picture",
        act: |key| letter(key, "s", || Action::Ask(Request::Still)),
    },
    Binding {
        key: "H",
        does: "keys and status, and away",
        act: |key| letter(key, "h", || Action::Ask(Request::Help)),
    },
    Binding {
        key: "Esc twice",
        does: "leave",
        act: |key| (key == Key::Named(NamedKey::Escape)).then_some(Action::Leave),
    },
];

/// The keys, each with what it does.
pub(super) fn keys() -> Vec<(&'static str, &'static str)> {
    let row = |binding: &Binding| (binding.key, binding.does);
    BINDINGS.iter().map(row).collect()
}

/// The keyboard: it remembers the first of two Escapes.
#[derive(Debug, Default)]
pub(super) struct Keys {
    leaving: Option<Instant>,
}

impl Keys {
    /// What a key that was pressed now does.
    pub(super) fn press(&mut self, key: &Key, now: Instant) -> Action {
        let before = self.leaving.take();
        let mut actions = BINDINGS
            .iter()
            .filter_map(|binding| (binding.act)(key.as_ref()));
        match actions.next() {
            Some(Action::Leave) if before.is_some_and(|before| now - before < TWICE) => {
                Action::Ask(Request::Quit)
            }
            Some(Action::Leave) => {
                self.leaving = Some(now);
                Action::Leave
            }
            action => action.unwrap_or(Action::Nothing),
        }
    }
}

fn command(address: &str) -> Action {
    Action::Ask(Request::Command(Command::event(address)))
}

/// The action of a letter, in either case.
fn letter(key: Key<&str>, wanted: &str, action: impl FnOnce() -> Action) -> Option<Action> {
    let is_it = matches!(key, Key::Character(text) if text.eq_ignore_ascii_case(wanted));
    is_it.then(action)
}

fn digit(key: Key<&str>) -> Option<usize> {
    let Key::Character(text) = key else {
        return None;
    };
    let number = text.parse::<usize>().ok();
    number.filter(|number| (1..=9).contains(number))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escape_leaves_when_pressed_twice_in_time() {
        let (mut keys, escape, now) = (
            Keys::default(),
            Key::Named(NamedKey::Escape),
            Instant::now(),
        );
        assert_eq!(keys.press(&escape, now), Action::Leave);
        assert_eq!(keys.press(&escape, now + TWICE * 2), Action::Leave);
        assert_eq!(
            keys.press(&Key::Character("x".into()), now + TWICE * 2),
            Action::Nothing
        );
        assert_eq!(keys.press(&escape, now + TWICE * 2), Action::Leave);
        assert_eq!(
            keys.press(&escape, now + TWICE * 2),
            Action::Ask(Request::Quit)
        );
    }

    #[test]
    fn letters_digits_and_arrows_play() {
        let mut keys = Keys::default();
        let mut press = |key: Key| keys.press(&key, Instant::now());
        let character = |text: &str| Key::Character(text.into());
        assert_eq!(press(character("2")), Action::Ask(Request::Preset(1)));
        assert_eq!(press(character("0")), Action::Nothing);
        assert_eq!(press(character("B")), Action::Ask(Request::Blackout));
        assert_eq!(press(character("f")), Action::FullScreen);
        assert_eq!(press(character("c")), command("/clean"));
        assert_eq!(press(Key::Named(NamedKey::Space)), command("/trigger"));
        let left = press(Key::Named(NamedKey::ArrowLeft));
        assert_eq!(left, Action::Ask(Request::Step(-1)));
    }

    #[test]
    fn every_key_does_something_else() {
        let typed = ('0'..='z').map(|letter| Key::Character(letter.to_string().into()));
        let named = [NamedKey::Space, NamedKey::Escape, NamedKey::ArrowLeft].map(Key::Named);
        for key in typed.chain(named) {
            let bound = BINDINGS
                .iter()
                .filter(|binding| (binding.act)(key.as_ref()).is_some());
            assert!(bound.count() <= 1, "{key:?}");
        }
    }

    #[test]
    fn the_readme_has_this_table() {
        let readme = include_str!("../../README.md").replace('`', "");
        for (key, does) in keys() {
            let row = format!("| {key} | {does} |");
            assert!(readme.contains(&row), "the README lacks: {row}");
        }
    }
}
