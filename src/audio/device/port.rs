use cpal::traits::{DeviceTrait, HostTrait};
use cpal::{Host, HostId};

use super::DeviceError;
use crate::frame_loop::may_block;

/// Which way sound goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// In from a device, to be heard by the program.
    In,
    /// Out to a device, to be heard by people.
    Out,
}

/// What sound comes from, or goes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Port {
    /// The name that it keeps, as `host:name`.
    pub id: String,
    /// The name that people read.
    pub name: String,
    /// Whether it is the system's default one of its direction.
    pub is_default: bool,
    /// Whether it gives what the machine plays, and not what comes in.
    pub is_monitor: bool,
}

/// Which device to open, and which way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// The way.
    pub direction: Direction,
    /// The [`Port::id`] of the one that is meant, wherever it is plugged in; else the system's default one, whichever it is
    /// at the time.
    pub id: Option<String>,
}

/// What the default device is asked for by.
const DEFAULT: &str = "default";

/// All devices of a direction, the default one first. Blocks while the system is asked.
#[must_use]
pub fn ports(direction: Direction) -> Vec<Port> {
    may_block("list the sound devices");
    let hosts = hosts();
    let default = (hosts.iter()).find_map(|host| default_id(host, direction));
    let mut ports: Vec<_> = hosts
        .iter()
        .flat_map(|host| devices(host, direction))
        .filter_map(|device| Port::of(&device, default.as_deref()))
        .collect();
    ports.sort_by_key(|port| !port.is_default);
    ports
}

impl Port {
    fn of(device: &cpal::Device, default: Option<&str>) -> Option<Self> {
        let id = device.id().ok()?.to_string();
        Some(Self {
            name: device.to_string(),
            is_default: default == Some(id.as_str()),
            is_monitor: id.ends_with(".monitor"),
            id,
        })
    }

    /// Whether `part`, in small letters, is in one of its names.
    fn has(&self, part: &str) -> bool {
        let names = [&self.id, &self.name].map(|name| name.to_lowercase());
        names.iter().any(|name| name.contains(part))
    }
}

impl Choice {
    /// The default device of a direction.
    #[must_use]
    pub const fn usual(direction: Direction) -> Self {
        let id = None;
        Self { direction, id }
    }

    /// The device that `text` names: `default`, a whole name, or a part of one that no other has. Blocks while the system
    /// is asked.
    ///
    /// # Errors
    /// None or several are called so.
    pub fn find(text: &str, direction: Direction) -> Result<Self, DeviceError> {
        if text == DEFAULT {
            return Ok(Self::usual(direction));
        }
        // What is not listed for being of little use can be had by its whole name.
        let is_exact = |host: &Host| {
            let device = device_of(host, text);
            device.is_some_and(|device| is_for(&device, direction))
        };
        let id = match hosts().iter().any(is_exact) {
            true => text.to_owned(),
            false => among(&ports(direction), text)?.id.clone(),
        };
        let id = Some(id);
        Ok(Self { direction, id })
    }

    /// The name that it is told by.
    pub(super) fn name(&self) -> &str {
        match (&self.id, self.direction) {
            (Some(id), _) => id,
            (None, Direction::In) => "the default input",
            (None, Direction::Out) => "the default output",
        }
    }

    /// The device, as of now; the default one of `host` if one is named, so that a server that is started anew is waited
    /// for and the hardware left to it. Blocks while the system is asked.
    pub(super) fn device(&self, host: Option<HostId>) -> Result<cpal::Device, DeviceError> {
        may_block("look for a sound device");
        let hosts = hosts();
        let mut asked = (hosts.iter()).filter(|other| host.is_none_or(|host| host == other.id()));
        match &self.id {
            None => asked
                .find_map(|host| default_of(host, self.direction))
                .ok_or(DeviceError::None),
            Some(id) => asked
                .find_map(|host| device_of(host, id))
                .ok_or_else(|| DeviceError::Gone(id.clone())),
        }
    }
}

/// The one device among these that `text` names.
fn among<'a>(ports: &'a [Port], text: &str) -> Result<&'a Port, DeviceError> {
    let is_whole = |port: &&Port| {
        let short = port.id.split_once(':').map(|(_, name)| name);
        port.id == text || short == Some(text) || port.name == text
    };
    let part = text.to_lowercase();
    let mut found: Vec<_> = ports.iter().filter(is_whole).collect();
    if found.is_empty() {
        found = ports.iter().filter(|port| port.has(&part)).collect();
    }
    match found[..] {
        [] => Err(DeviceError::Unknown {
            text: text.to_owned(),
            nearest: nearest(ports, text),
            all: all(ports),
        }),
        [port] => Ok(port),
        _ => Err(DeviceError::Several {
            text: text.to_owned(),
            names: list(found),
        }),
    }
}

fn nearest(ports: &[Port], text: &str) -> String {
    let likeness = |port: &&Port| {
        let names = port.id.split(':').chain([port.id.as_str(), &port.name]);
        let likeness = names.map(|name| strsim::jaro_winkler(name, text));
        likeness.fold(0.0, f64::max)
    };
    let nearest = ports
        .iter()
        .max_by(|a, b| likeness(a).total_cmp(&likeness(b)));
    nearest.map_or_else(String::new, |port| {
        format!(" (did you mean '{}'?)", port.id)
    })
}

/// What there is instead.
fn all(ports: &[Port]) -> String {
    match ports {
        [] => "see 'afterimage devices'".to_owned(),
        _ => format!("there are {}", list(ports)),
    }
}

fn list<'a>(ports: impl IntoIterator<Item = &'a Port>) -> String {
    let names: Vec<_> = ports.into_iter().map(|port| port.id.as_str()).collect();
    names.join(", ")
}

/// What answers for the machine's sound, the best first: a sound server before the bare hardware.
fn hosts() -> Vec<Host> {
    let ids = cpal::available_hosts().into_iter();
    ids.filter_map(|id| cpal::host_from_id(id).ok()).collect()
}

/// The devices of a host in a direction.
fn devices(host: &Host, direction: Direction) -> Vec<cpal::Device> {
    if is_alsa(host.id()) {
        return hardware(host, direction);
    }
    let devices = match direction {
        Direction::In => host.input_devices().map(Iterator::collect),
        Direction::Out => host.output_devices().map(Iterator::collect),
    };
    devices.unwrap_or_default()
}

/// ALSA lists every plug-in as a device, and asking one what it can do opens it: only the hardware is of use, which its
/// name tells.
fn hardware(host: &Host, direction: Direction) -> Vec<cpal::Device> {
    let is_hardware = |device: &cpal::Device| {
        let id = device.id();
        id.is_ok_and(|id| id.id().starts_with("hw:"))
    };
    let devices = host.devices().map(Iterator::collect);
    let mut devices: Vec<_> = devices.unwrap_or_default();
    devices.retain(|device| is_hardware(device) && is_for(device, direction));
    devices
}

/// Whether a device takes part in a direction, as far as it says.
fn is_for(device: &cpal::Device, direction: Direction) -> bool {
    let other = match direction {
        Direction::In => cpal::DeviceDirection::Output,
        Direction::Out => cpal::DeviceDirection::Input,
    };
    let own = device.description().map(|about| about.direction());
    !own.is_ok_and(|own| own == other)
}

#[cfg(target_os = "linux")]
fn is_alsa(host: HostId) -> bool {
    host == HostId::Alsa
}

#[cfg(not(target_os = "linux"))]
const fn is_alsa(_: HostId) -> bool {
    false
}

/// The default device of a host. ALSA names one even where there is no hardware, and complains when it is opened.
fn default_of(host: &Host, direction: Direction) -> Option<cpal::Device> {
    if is_alsa(host.id()) && hardware(host, direction).is_empty() {
        return None;
    }
    match direction {
        Direction::In => host.default_input_device(),
        Direction::Out => host.default_output_device(),
    }
}

/// The name of a host's default device.
pub(super) fn default_id(host: &Host, direction: Direction) -> Option<String> {
    Some(default_of(host, direction)?.id().ok()?.to_string())
}

/// The device of a host by its whole name.
fn device_of(host: &Host, id: &str) -> Option<cpal::Device> {
    let id = id.parse::<cpal::DeviceId>().ok()?;
    let is_own = id.host() == host.id();
    is_own.then(|| host.device_by_id(&id)).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ports() -> Vec<Port> {
        [
            ("pulseaudio:stage.monitor", "Monitor of Stage"),
            ("pulseaudio:desk", "Mixing desk"),
            ("alsa:hw:CARD=1,DEV=0", "USB desk"),
        ]
        .map(|(id, name)| Port {
            id: id.to_owned(),
            name: name.to_owned(),
            is_default: false,
            is_monitor: id.ends_with("monitor"),
        })
        .to_vec()
    }

    #[test]
    fn a_device_is_named_by_its_whole_name_or_by_a_part_that_no_other_has() {
        let ports = ports();
        for (text, id) in [
            ("pulseaudio:desk", "pulseaudio:desk"),
            ("desk", "pulseaudio:desk"),
            ("Mixing", "pulseaudio:desk"),
            ("monitor of", "pulseaudio:stage.monitor"),
            ("usb", "alsa:hw:CARD=1,DEV=0"),
        ] {
            assert_eq!(among(&ports, text).unwrap().id, id, "{text}");
        }
    }

    #[test]
    fn a_wrong_name_gets_the_nearest_one_and_a_common_part_all_of_them() {
        let ports = ports();
        assert_eq!(
            among(&ports, "stage.monitr").unwrap_err().to_string(),
            "there is no sound device 'stage.monitr' (did you mean 'pulseaudio:stage.monitor'?); there are pulseaudio:stage.monitor, pulseaudio:desk, alsa:hw:CARD=1,DEV=0"
        );
        assert_eq!(
            among(&[], "x").unwrap_err().to_string(),
            "there is no sound device 'x'; see 'afterimage devices'"
        );
        assert_eq!(
            among(&ports, "pulse").unwrap_err().to_string(),
            "'pulse' is a part of several sound devices: say which of pulseaudio:stage.monitor, pulseaudio:desk"
        );
    }

    #[test]
    fn the_default_is_asked_for_by_its_word() {
        assert_eq!(
            Choice::find("default", Direction::Out),
            Ok(Choice::usual(Direction::Out))
        );
    }
}
