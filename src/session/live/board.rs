use std::time::{Duration, Instant};

use super::Window;
use super::meter::Meter;
use super::status::Status;
use crate::gpu::{Panel, Row};

/// How often what stands on the window is written anew.
const REFRESH: Duration = Duration::from_millis(200);

/// What stands over the picture on the window: the status and the keys. Nobody else sees it.
#[derive(Debug, Default)]
pub(super) struct Board {
    pub(super) meter: Meter,
    keys: Panel,
    panels: Vec<Panel>,
    written: Option<Instant>,
    is_open: bool,
}

impl Board {
    /// The board of a window, with its keys.
    pub(super) fn new(window: Option<&dyn Window>) -> Self {
        let keys = window.map(Window::keys).unwrap_or_default();
        let row = |(key, does): &(&str, &str)| Row::new(*key, *does);
        Self {
            keys: Panel {
                title: "Keys".to_owned(),
                rows: keys.iter().map(row).collect(),
            },
            ..Self::default()
        }
    }

    /// Opens it, or closes it.
    pub(super) fn toggle(&mut self) {
        self.is_open = !self.is_open;
        self.written = None;
    }

    /// Whether it has to be written now.
    pub(super) fn is_stale(&self, now: Instant) -> bool {
        self.is_open && self.written.is_none_or(|written| now - written >= REFRESH)
    }

    pub(super) fn write(&mut self, status: &Status, now: Instant) {
        self.panels = vec![status.panel(), self.keys.clone()];
        self.written = Some(now);
    }

    /// What is drawn: nothing while it is closed.
    pub(super) fn panels(&self) -> &[Panel] {
        if self.is_open { &self.panels } else { &[] }
    }
}
