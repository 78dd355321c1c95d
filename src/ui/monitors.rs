use std::fmt::Debug;

/// Looks after which a window that is elsewhere is put on its monitor again: a window manager takes its time.
const PATIENCE: u32 = 4;

/// How often it is put there before it is left where the system wants it.
const MOST_TRIES: u32 = 5;

/// A window among monitors, as far as it matters here.
pub(super) trait Place {
    /// The names of the monitors that are plugged in.
    fn monitors(&self) -> Vec<String>;

    /// The monitor that the window is on.
    fn monitor(&self) -> Option<String>;

    /// Whether the window fills it.
    fn is_full(&self) -> bool;

    /// Fills a monitor; the window's own where none of that name is.
    fn fill(&self, monitor: Option<&str>);

    /// Makes it a window again.
    fn shrink(&self);
}

/// Keeps the output on its monitor, by name.
#[derive(Debug, Default)]
pub(super) struct Monitors {
    /// The monitor that the output belongs on, once it was full screen or named.
    wanted: Option<String>,
    is_gone: bool,
    /// Looks that found it elsewhere.
    astray: u32,
}

impl Monitors {
    /// For an output that belongs on a monitor.
    pub(super) fn on(monitor: &str) -> Self {
        Self {
            wanted: Some(monitor.to_owned()),
            ..Self::default()
        }
    }

    /// Full screen, or back.
    pub(super) fn toggle(&mut self, place: &impl Place) {
        if place.is_full() {
            place.shrink();
        } else {
            let monitor = self.wanted.clone().or_else(|| place.monitor());
            self.fill(place, monitor);
        }
    }

    /// Full screen on the next monitor; the first comes after the last.
    pub(super) fn next(&mut self, place: &impl Place) {
        let monitors = place.monitors();
        let current = place.monitor();
        let number = monitors
            .iter()
            .position(|name| Some(name) == current.as_ref());
        let next = number.map_or(0, |number| (number + 1) % monitors.len());
        self.fill(place, monitors.get(next).cloned().or(current));
    }

    /// Looks where the window is, from time to time: a window system may have used another monitor, and puts
    /// the window on another one when its own is unplugged.
    pub(super) fn watch(&mut self, place: &impl Place) {
        let Some(wanted) = self.wanted.clone().filter(|_| place.is_full()) else {
            return;
        };
        let was_gone = self.is_gone;
        self.is_gone = !place.monitors().contains(&wanted);
        match (was_gone, self.is_gone) {
            (false, true) => {
                log::warn!("monitor {wanted} is gone: the output returns when it is back");
            }
            (true, false) => {
                log::warn!("monitor {wanted} is back");
                self.fill(place, Some(wanted));
            }
            (false, false) if place.monitor().is_some_and(|monitor| monitor != wanted) => {
                self.retry(place, &wanted);
            }
            _ => self.astray = 0,
        }
    }

    fn fill(&mut self, place: &impl Place, monitor: Option<String>) {
        // A window that is full already would stay where it is.
        if place.is_full() {
            place.shrink();
        }
        place.fill(monitor.as_deref());
        self.astray = 0;
        self.is_gone = false;
        self.wanted = monitor;
    }

    fn retry(&mut self, place: &impl Place, wanted: &str) {
        self.astray += 1;
        if !self.astray.is_multiple_of(PATIENCE) {
            return;
        }
        let tries = self.astray / PATIENCE;
        if tries <= MOST_TRIES {
            place.shrink();
            place.fill(Some(wanted));
        } else if tries == MOST_TRIES + 1 {
            log::warn!("the window does not go to monitor {wanted}: move it there by hand");
        }
    }
}

/// The monitor that a part of a name means.
pub(super) fn find<'a>(names: &'a [String], part: &str) -> Option<&'a String> {
    let exact = names.iter().find(|name| *name == part);
    let part = part.to_lowercase();
    exact.or_else(|| {
        names
            .iter()
            .find(|name| name.to_lowercase().contains(&part))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::RefCell;

    /// A desk with monitors that come and go, and a window system that may not obey.
    #[derive(Default)]
    struct Desk {
        plugged: RefCell<Vec<&'static str>>,
        at: RefCell<&'static str>,
        full: RefCell<bool>,
        /// How many times it uses the old monitor.
        stubborn: RefCell<u32>,
        filled: RefCell<u32>,
    }

    impl Desk {
        fn new(plugged: &[&'static str]) -> Self {
            Self {
                plugged: RefCell::new(plugged.to_vec()),
                at: RefCell::new(plugged[0]),
                ..Self::default()
            }
        }

        fn unplug(&self, name: &str) {
            self.plugged.borrow_mut().retain(|other| *other != name);
            if *self.at.borrow() == name {
                self.at.replace(self.plugged.borrow()[0]);
            }
        }
    }

    impl Place for Desk {
        fn monitors(&self) -> Vec<String> {
            self.plugged
                .borrow()
                .iter()
                .map(ToString::to_string)
                .collect()
        }

        fn monitor(&self) -> Option<String> {
            Some(self.at.borrow().to_string())
        }

        fn is_full(&self) -> bool {
            *self.full.borrow()
        }

        fn fill(&self, monitor: Option<&str>) {
            *self.filled.borrow_mut() += 1;
            self.full.replace(true);
            if *self.stubborn.borrow() > 0 {
                *self.stubborn.borrow_mut() -= 1;
                return;
            }
            let plugged = self.plugged.borrow();
            if let Some(name) = plugged.iter().find(|name| Some(**name) == monitor) {
                self.at.replace(*name);
            }
        }

        fn shrink(&self) {
            self.full.replace(false);
        }
    }

    #[test]
    fn the_next_monitor_comes_round() {
        let (desk, mut monitors) = (Desk::new(&["desk", "stage"]), Monitors::default());
        let mut next = || {
            monitors.next(&desk);
            (desk.monitor().unwrap(), desk.is_full())
        };
        assert_eq!(next(), ("stage".to_owned(), true));
        assert_eq!(next(), ("desk".to_owned(), true));
        monitors.toggle(&desk);
        assert!(!desk.is_full());
    }

    #[test]
    fn the_output_returns_to_the_monitor_that_was_unplugged() {
        let (desk, mut monitors) = (Desk::new(&["desk", "stage"]), Monitors::on("stage"));
        monitors.toggle(&desk);
        monitors.watch(&desk);
        assert_eq!(desk.monitor().as_deref(), Some("stage"));
        desk.unplug("stage");
        for _ in 0..9 {
            monitors.watch(&desk);
        }
        assert_eq!(
            (desk.monitor().as_deref(), *desk.filled.borrow()),
            (Some("desk"), 1)
        );
        desk.plugged.borrow_mut().push("stage");
        monitors.watch(&desk);
        assert_eq!(
            (desk.monitor().as_deref(), desk.is_full()),
            (Some("stage"), true)
        );
    }

    #[test]
    fn a_window_on_the_old_monitor_is_moved_but_not_for_ever() {
        let (desk, mut monitors) = (Desk::new(&["desk", "stage"]), Monitors::on("stage"));
        desk.stubborn.replace(2);
        monitors.toggle(&desk);
        for _ in 0..3 * PATIENCE {
            monitors.watch(&desk);
        }
        assert_eq!(desk.monitor().as_deref(), Some("stage"));
        desk.at.replace("desk");
        desk.stubborn.replace(u32::MAX);
        for _ in 0..100 {
            monitors.watch(&desk);
        }
        assert_eq!(*desk.filled.borrow(), 3 + MOST_TRIES);
    }

    #[test]
    fn a_part_of_a_name_is_enough() {
        let names = ["HDMI-1", "HDMI-10", "eDP-1"].map(ToOwned::to_owned);
        assert_eq!(find(&names, "edp"), Some(&names[2]));
        assert_eq!(find(&names, "HDMI-1"), Some(&names[0]));
        assert_eq!(find(&names[1..], "HDMI-1"), Some(&names[1]));
        assert_eq!(find(&names, "DVI"), None);
    }
}
