use serde_json::{Value, json};

use super::arguments::Devices;
use super::say;
#[cfg(feature = "audio")]
use crate::audio::device::{Direction, Port, ports};
use crate::gpu::Gpu;
use crate::session::Failure;
#[cfg(not(feature = "audio"))]
use without::{Direction, inputs_as_json, outputs_as_json, sounds};

/// Says what GPUs, cameras and sound devices there are.
pub(super) fn list(arguments: &Devices) -> Result<(), Failure> {
    if arguments.json {
        let all = json!({
            "gpus": gpus_as_json(), "cameras": cameras_as_json(),
            "sound": inputs_as_json(), "outputs": outputs_as_json(),
        });
        return say(&all.to_string());
    }
    let gpus: String = Gpu::adapters()
        .iter()
        .map(|gpu| format!("\n  {gpu}  {}", gpu.driver))
        .collect();
    if gpus.is_empty() {
        // The error of opening one names the package to install.
        return Gpu::open(None, None).map(|_| ()).map_err(Failure::running);
    }
    say(&format!(
        "GPUs (--gpu takes a part of the name):{gpus}\n\n\
         Cameras (camera:N by the number, camera:NAME by a part of the name or the place):{}\n\n\
         Sound (--audio takes a part of the name; a monitor is what the machine plays):{}\n\n\
         Sound out (--play-sound takes a part of the name):{}",
        cameras(),
        sounds(Direction::In),
        sounds(Direction::Out)
    ))
}

fn gpus_as_json() -> Vec<Value> {
    let row = |gpu: &crate::gpu::AdapterSummary| json!({"name": gpu.name, "kind": gpu.kind, "backend": gpu.backend, "driver": gpu.driver});
    Gpu::adapters().iter().map(row).collect()
}

#[cfg(feature = "camera")]
fn cameras() -> String {
    let cameras = crate::source::cameras();
    let rows = cameras.iter().enumerate().map(|(number, camera)| {
        let modes: String = camera
            .modes
            .iter()
            .map(|mode| format!("\n       {mode}"))
            .collect();
        format!(
            "\n  {number}  {} at {} ({}){modes}",
            camera.name, camera.bus, camera.node
        )
    });
    let rows: String = rows.collect();
    if rows.is_empty() {
        "\n  none".to_owned()
    } else {
        rows
    }
}

#[cfg(not(feature = "camera"))]
fn cameras() -> String {
    "\n  this build has none: build with the feature 'camera'".to_owned()
}

#[cfg(feature = "camera")]
fn cameras_as_json() -> Vec<Value> {
    let mode = |mode: &crate::source::Mode| {
        let (over, under) = mode.rate;
        json!({"format": mode.wire.name(), "size": [mode.size.width, mode.size.height], "fps": [over, under]})
    };
    let row = |camera: &crate::source::Device| {
        let modes: Vec<_> = camera.modes.iter().map(mode).collect();
        json!({"name": camera.name, "bus": camera.bus, "node": camera.node, "modes": modes})
    };
    crate::source::cameras().iter().map(row).collect()
}

#[cfg(not(feature = "camera"))]
const fn cameras_as_json() -> Vec<Value> {
    Vec::new()
}

#[cfg(feature = "audio")]
fn sounds(direction: Direction) -> String {
    let row = |port: &Port| {
        let marks = [
            (port.is_default, ", default"),
            (port.is_monitor, ", monitor"),
        ];
        let marks: String = marks
            .iter()
            .filter_map(|(is, mark)| is.then_some(*mark))
            .collect();
        format!("\n  {}  {}{marks}", port.id, port.name)
    };
    let rows: String = ports(direction).iter().map(row).collect();
    if rows.is_empty() {
        "\n  none".to_owned()
    } else {
        rows
    }
}

#[cfg(feature = "audio")]
fn inputs_as_json() -> Vec<Value> {
    let row = |port: &Port| json!({"id": port.id, "name": port.name, "default": port.is_default, "monitor": port.is_monitor});
    ports(Direction::In).iter().map(row).collect()
}

#[cfg(feature = "audio")]
fn outputs_as_json() -> Vec<Value> {
    let row = |port: &Port| json!({"id": port.id, "name": port.name, "default": port.is_default});
    ports(Direction::Out).iter().map(row).collect()
}

/// What stands for the devices in a build without them.
#[cfg(not(feature = "audio"))]
mod without {
    use serde_json::Value;

    pub(super) enum Direction {
        In,
        Out,
    }

    pub(super) fn sounds(_: Direction) -> String {
        "\n  this build has none: build with the feature 'audio'".to_owned()
    }

    pub(super) const fn inputs_as_json() -> Vec<Value> {
        Vec::new()
    }

    pub(super) const fn outputs_as_json() -> Vec<Value> {
        Vec::new()
    }
}
