use cpal::traits::{DeviceTrait, HostTrait};
use cpal::{Host, HostId};

use super::DeviceError;
use crate::frame_loop::may_block;

/// Something to listen to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Input {
    /// The name that it keeps, as `host:name`.
    pub id: String,
    /// The name that people read.
    pub name: String,
    /// Whether it is the system's default input.
    pub is_default: bool,
    /// Whether it gives what the machine plays, and not what comes in.
    pub is_monitor: bool,
}

/// Which device to listen to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Choice {
    /// The system's default input, whichever it is at the time.
    Default,
    /// The one of this [`Input::id`], wherever it is plugged in.
    Named(String),
}

/// What the default device is asked for by.
const DEFAULT: &str = "default";

/// All devices that sound comes from, the default one first. Blocks while the system is asked.
#[must_use]
pub fn inputs() -> Vec<Input> {
    may_block("list the sound devices");
    let hosts = hosts();
    let default = hosts.iter().find_map(default_id);
    let mut inputs: Vec<_> = hosts
        .iter()
        .flat_map(devices)
        .filter_map(|device| Input::of(&device, default.as_deref()))
        .collect();
    inputs.sort_by_key(|input| !input.is_default);
    inputs
}

impl Input {
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
    /// The device that `text` names: `default`, a whole name, or a part of one that no other has. Blocks while the system
    /// is asked.
    ///
    /// # Errors
    /// None or several are called so.
    pub fn find(text: &str) -> Result<Self, DeviceError> {
        if text == DEFAULT {
            return Ok(Self::Default);
        }
        // What is not listed for being of little use can be had by its whole name.
        let is_exact = |host: &Host| device_of(host, text).is_some();
        if hosts().iter().any(is_exact) {
            return Ok(Self::Named(text.to_owned()));
        }
        among(&inputs(), text).map(|input| Self::Named(input.id.clone()))
    }

    /// The name that it is told by.
    pub(super) fn name(&self) -> &str {
        match self {
            Self::Default => "the default input",
            Self::Named(id) => id,
        }
    }

    /// The device, as of now; the default one of `host` if one is named, so that a server that is started anew is waited
    /// for and the hardware left to it. Blocks while the system is asked.
    pub(super) fn device(&self, host: Option<HostId>) -> Result<cpal::Device, DeviceError> {
        may_block("look for a sound device");
        let hosts = hosts();
        let mut asked = (hosts.iter()).filter(|other| host.is_none_or(|host| host == other.id()));
        match self {
            Self::Default => asked.find_map(default_of).ok_or(DeviceError::None),
            Self::Named(id) => asked
                .find_map(|host| device_of(host, id))
                .ok_or_else(|| DeviceError::Gone(id.clone())),
        }
    }
}

/// The one device among these that `text` names.
fn among<'a>(inputs: &'a [Input], text: &str) -> Result<&'a Input, DeviceError> {
    let is_whole = |input: &&Input| {
        let short = input.id.split_once(':').map(|(_, name)| name);
        input.id == text || short == Some(text) || input.name == text
    };
    let part = text.to_lowercase();
    let mut found: Vec<_> = inputs.iter().filter(is_whole).collect();
    if found.is_empty() {
        found = inputs.iter().filter(|input| input.has(&part)).collect();
    }
    match found[..] {
        [] => Err(DeviceError::Unknown {
            text: text.to_owned(),
            nearest: nearest(inputs, text),
        }),
        [input] => Ok(input),
        _ => Err(DeviceError::Several {
            text: text.to_owned(),
            names: list(&found),
        }),
    }
}

fn nearest(inputs: &[Input], text: &str) -> String {
    let likeness = |input: &&Input| {
        let names = input.id.split(':').chain([input.id.as_str(), &input.name]);
        let likeness = names.map(|name| strsim::jaro_winkler(name, text));
        likeness.fold(0.0, f64::max)
    };
    let nearest = inputs
        .iter()
        .max_by(|a, b| likeness(a).total_cmp(&likeness(b)));
    nearest.map_or_else(String::new, |input| {
        format!(" (did you mean '{}'?)", input.id)
    })
}

fn list(inputs: &[&Input]) -> String {
    let names: Vec<_> = inputs.iter().map(|input| input.id.as_str()).collect();
    names.join(", ")
}

/// What answers for the machine's sound, the best first: a sound server before the bare hardware.
fn hosts() -> Vec<Host> {
    let ids = cpal::available_hosts().into_iter();
    ids.filter_map(|id| cpal::host_from_id(id).ok()).collect()
}

/// The devices of a host that sound comes from.
fn devices(host: &Host) -> Vec<cpal::Device> {
    if is_alsa(host.id()) {
        return hardware(host);
    }
    let inputs = host.input_devices().map(Iterator::collect);
    inputs.unwrap_or_default()
}

/// ALSA lists every plug-in as a device, and asking one what it can do opens it: only the hardware is of use, which its
/// name tells.
fn hardware(host: &Host) -> Vec<cpal::Device> {
    let is_input = |device: &cpal::Device| {
        let direction = device.description().map(|about| about.direction());
        direction.is_ok_and(|direction| direction != cpal::DeviceDirection::Output)
    };
    let is_hardware = |device: &cpal::Device| {
        let id = device.id();
        id.is_ok_and(|id| id.id().starts_with("hw:"))
    };
    let devices = host.devices().map(Iterator::collect);
    let mut devices: Vec<_> = devices.unwrap_or_default();
    devices.retain(|device| is_hardware(device) && is_input(device));
    devices
}

#[cfg(target_os = "linux")]
fn is_alsa(host: HostId) -> bool {
    host == HostId::Alsa
}

#[cfg(not(target_os = "linux"))]
const fn is_alsa(_: HostId) -> bool {
    false
}

/// The default input of a host. ALSA names one even where there is no hardware, and complains when it is opened.
fn default_of(host: &Host) -> Option<cpal::Device> {
    if is_alsa(host.id()) && hardware(host).is_empty() {
        return None;
    }
    host.default_input_device()
}

/// The name of a host's default input.
pub(super) fn default_id(host: &Host) -> Option<String> {
    Some(default_of(host)?.id().ok()?.to_string())
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

    fn inputs() -> Vec<Input> {
        [
            ("pulseaudio:stage.monitor", "Monitor of Stage"),
            ("pulseaudio:desk", "Mixing desk"),
            ("alsa:hw:CARD=1,DEV=0", "USB desk"),
        ]
        .map(|(id, name)| Input {
            id: id.to_owned(),
            name: name.to_owned(),
            is_default: false,
            is_monitor: id.ends_with("monitor"),
        })
        .to_vec()
    }

    #[test]
    fn a_device_is_named_by_its_whole_name_or_by_a_part_that_no_other_has() {
        let inputs = inputs();
        for (text, id) in [
            ("pulseaudio:desk", "pulseaudio:desk"),
            ("desk", "pulseaudio:desk"),
            ("Mixing", "pulseaudio:desk"),
            ("monitor of", "pulseaudio:stage.monitor"),
            ("usb", "alsa:hw:CARD=1,DEV=0"),
        ] {
            assert_eq!(among(&inputs, text).unwrap().id, id, "{text}");
        }
    }

    #[test]
    fn a_wrong_name_gets_the_nearest_one_and_a_common_part_all_of_them() {
        let inputs = inputs();
        assert_eq!(
            among(&inputs, "stage.monitr").unwrap_err().to_string(),
            "there is no sound device 'stage.monitr' (did you mean 'pulseaudio:stage.monitor'?); see 'afterimage devices'"
        );
        assert_eq!(
            among(&[], "x").unwrap_err().to_string(),
            "there is no sound device 'x'; see 'afterimage devices'"
        );
        assert_eq!(
            among(&inputs, "pulse").unwrap_err().to_string(),
            "'pulse' is a part of several sound devices: say which of pulseaudio:stage.monitor, pulseaudio:desk"
        );
    }

    #[test]
    fn the_default_is_asked_for_by_its_word() {
        assert_eq!(Choice::find("default"), Ok(Choice::Default));
    }
}
