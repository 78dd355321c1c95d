use winit::monitor::MonitorHandle;
use winit::window::{Fullscreen, Window};

use super::monitors::Place;

impl Place for Window {
    fn monitors(&self) -> Vec<String> {
        self.available_monitors()
            .map(|monitor| name(&monitor))
            .collect()
    }

    fn monitor(&self) -> Option<String> {
        self.current_monitor().map(|monitor| name(&monitor))
    }

    fn is_full(&self) -> bool {
        self.fullscreen().is_some()
    }

    fn fill(&self, monitor: Option<&str>) {
        let named = |handle: &MonitorHandle| Some(name(handle).as_str()) == monitor;
        let found = self.available_monitors().find(named);
        self.set_fullscreen(Some(Fullscreen::Borderless(found)));
    }

    fn shrink(&self) {
        self.set_fullscreen(None);
    }
}

/// A monitor's name; where the system has none, its place tells it from others.
fn name(monitor: &MonitorHandle) -> String {
    let place = || {
        format!(
            "monitor at {}, {}",
            monitor.position().x,
            monitor.position().y
        )
    };
    monitor.name().unwrap_or_else(place)
}
