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
    /// Nothing.
    Nothing,
}

/// The keyboard: it remembers the first of two Escapes.
#[derive(Debug, Default)]
pub(super) struct Keys {
    escape: Option<Instant>,
}

impl Keys {
    /// What a key that was pressed now does.
    pub(super) fn press(&mut self, key: &Key, now: Instant) -> Action {
        let first = self.escape.take();
        match key.as_ref() {
            Key::Named(NamedKey::Escape) if first.is_some_and(|first| now - first < TWICE) => {
                Action::Ask(Request::Quit)
            }
            Key::Named(NamedKey::Escape) => {
                self.escape = Some(now);
                Action::Nothing
            }
            Key::Named(NamedKey::Space) => {
                Action::Ask(Request::Command(Command::event("/trigger")))
            }
            Key::Character(text) => letter(text),
            _ => Action::Nothing,
        }
    }
}

fn letter(text: &str) -> Action {
    let preset = text
        .parse::<usize>()
        .ok()
        .filter(|number| (1..=9).contains(number));
    if let Some(number) = preset {
        return Action::Ask(Request::Preset(number - 1));
    }
    match text.to_lowercase().as_str() {
        " " => Action::Ask(Request::Command(Command::event("/trigger"))),
        "b" => Action::Ask(Request::Blackout),
        "z" => Action::Ask(Request::Freeze),
        "c" => Action::Ask(Request::Command(Command::event("/clean"))),
        "r" => Action::Ask(Request::Record),
        "s" => Action::Ask(Request::Still),
        "f" => Action::FullScreen,
        _ => Action::Nothing,
    }
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
        assert_eq!(keys.press(&escape, now), Action::Nothing);
        assert_eq!(keys.press(&escape, now + TWICE * 2), Action::Nothing);
        assert_eq!(
            keys.press(&Key::Character("x".into()), now + TWICE * 2),
            Action::Nothing
        );
        assert_eq!(keys.press(&escape, now + TWICE * 2), Action::Nothing);
        assert_eq!(
            keys.press(&escape, now + TWICE * 2),
            Action::Ask(Request::Quit)
        );
    }

    #[test]
    fn letters_and_digits_play() {
        let mut keys = Keys::default();
        let mut press = |text: &str| keys.press(&Key::Character(text.into()), Instant::now());
        assert_eq!(press("2"), Action::Ask(Request::Preset(1)));
        assert_eq!(press("0"), Action::Nothing);
        assert_eq!(press("B"), Action::Ask(Request::Blackout));
        assert_eq!(press("f"), Action::FullScreen);
        assert_eq!(press("r"), Action::Ask(Request::Record));
        assert_eq!(press("S"), Action::Ask(Request::Still));
        let clean = Action::Ask(Request::Command(Command::event("/clean")));
        assert_eq!(press("c"), clean);
    }
}
