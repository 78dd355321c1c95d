use std::fmt;

use super::super::SourceError;
use super::{Device, Selection};

/// The camera that was asked for, of those there are.
///
/// # Errors
/// There is none of that number or name; the message lists those there are.
pub(super) fn select<'a>(
    which: &Selection,
    devices: &'a [Device],
) -> Result<&'a Device, SourceError> {
    let found = match which {
        Selection::First => {
            let usable = devices.iter().find(|device| !device.modes.is_empty());
            usable.or(devices.first())
        }
        Selection::Number(number) => devices.get(*number as usize),
        Selection::Name(part) => {
            let named = devices.iter().find(|device| contains(&device.name, part));
            named.or_else(|| devices.iter().find(|device| contains(&device.bus, part)))
        }
    };
    found.ok_or_else(|| SourceError::contents(which, missing(devices)))
}

fn contains(name: &str, part: &str) -> bool {
    name.to_lowercase().contains(&part.to_lowercase())
}

fn missing(devices: &[Device]) -> String {
    if devices.is_empty() {
        let linux = " (on Linux, the group 'video' may open it)";
        let linux = if cfg!(target_os = "linux") { linux } else { "" };
        return format!("no camera is there: plug one in{linux}, or name a film");
    }
    let names = devices.iter().enumerate();
    let names =
        names.map(|(number, device)| format!("{number} '{}' at {}", device.name, device.bus));
    let names: Vec<_> = names.collect();
    format!("no such camera: there are {}", names.join(", "))
}

/// What a camera is known by when it comes back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Identity {
    name: String,
    bus: String,
    /// Whether another camera has the same name: then only the bus tells which is which.
    twin: bool,
}

impl Identity {
    /// What `device`, one of `devices`, is known by.
    pub(super) fn of(device: &Device, devices: &[Device]) -> Self {
        let namesakes = devices.iter().filter(|other| other.name == device.name);
        Self {
            name: device.name.clone(),
            bus: device.bus.clone(),
            twin: namesakes.count() > 1,
        }
    }

    /// That camera, wherever it is now: on the same bus if it is there, else the only one of its name.
    pub(super) fn find<'a>(&self, devices: &'a [Device]) -> Option<&'a Device> {
        let mut namesakes = devices.iter().filter(|device| device.name == self.name);
        let same = namesakes.clone().find(|device| device.bus == self.bus);
        same.or_else(|| namesakes.next().filter(|_| !self.twin))
    }
}

impl fmt::Display for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { name, bus, twin } = self;
        match twin {
            true => write!(f, "camera '{name}' at {bus}"),
            false => write!(f, "camera '{name}'"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::Mode;
    use super::*;
    use crate::picture::{Size, Wire};

    fn device(name: &str, bus: &str, node: &str) -> Device {
        let mode = Mode {
            wire: Wire::Yuyv,
            size: Size::new(640, 480),
            rate: (30, 1),
        };
        Device {
            name: name.to_owned(),
            bus: bus.to_owned(),
            node: node.to_owned(),
            modes: vec![mode],
        }
    }

    fn devices() -> Vec<Device> {
        let mut odd = device("Depth", "usb-3", "0");
        odd.modes.clear();
        vec![
            odd,
            device("Brio", "usb-1", "1"),
            device("Brio", "usb-2", "3"),
        ]
    }

    #[test]
    fn a_camera_is_the_first_that_can_be_read_or_a_number_or_a_part_of_a_name() {
        let devices = devices();
        let node = |which| {
            select(&which, &devices)
                .map(|device| device.node.as_str())
                .ok()
        };
        assert_eq!(node(Selection::First), Some("1"));
        assert_eq!(node(Selection::Number(2)), Some("3"));
        assert_eq!(node(Selection::Number(3)), None);
        assert_eq!(node(Selection::Name("bri".into())), Some("1"));
        assert_eq!(node(Selection::Name("USB-2".into())), Some("3"));
        assert_eq!(node(Selection::Name("c920".into())), None);
    }

    #[test]
    fn what_is_not_there_is_told_with_what_is() {
        let message = |devices: &[Device]| {
            let which = Selection::Name("c920".into());
            select(&which, devices).unwrap_err().to_string()
        };
        assert!(message(&devices()).contains("camera:c920: no such camera: there are 0 'Depth'"));
        assert!(message(&[]).contains("no camera is there: plug one in"));
    }

    #[test]
    fn a_camera_is_found_again_under_another_number() {
        let before = [device("Brio", "usb-1", "0")];
        let identity = Identity::of(&before[0], &before);
        let node = |identity: &Identity, devices: &[Device]| {
            identity.find(devices).map(|device| device.node.clone())
        };
        let moved = [device("Brio", "usb-1", "2")];
        assert_eq!(node(&identity, &moved).as_deref(), Some("2"));
        let elsewhere = [device("Brio", "usb-9", "4")];
        assert_eq!(node(&identity, &elsewhere).as_deref(), Some("4"));
        assert_eq!(node(&identity, &[device("Other", "usb-1", "0")]), None);
    }

    #[test]
    fn a_twin_is_never_taken_for_the_other() {
        let devices = devices();
        let second = Identity::of(&devices[2], &devices);
        assert_eq!(
            second.find(&devices).map(|device| device.node.as_str()),
            Some("3")
        );
        assert_eq!(second.find(&devices[..2]).map(|device| &device.node), None);
        assert_eq!(second.to_string(), "camera 'Brio' at usb-2");
    }
}
