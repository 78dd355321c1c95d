use serde_json::{Value, json};

use super::arguments::Devices;
use super::say;
use crate::gpu::Gpu;
use crate::session::Failure;

/// Says what GPUs, cameras and sound devices there are.
pub(super) fn list(arguments: &Devices) -> Result<(), Failure> {
    if arguments.json {
        let all = json!({"gpus": gpus_as_json(), "cameras": cameras_as_json(), "sound": sounds_as_json()});
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
         Sound (--audio takes a part of the name; a monitor is what the machine plays):{}",
        cameras(),
        sounds()
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
fn sounds() -> String {
    let row = |input: &crate::audio::device::Input| {
        let marks = [
            (input.is_default, ", default"),
            (input.is_monitor, ", monitor"),
        ];
        let marks: String = marks
            .iter()
            .filter_map(|(is, mark)| is.then_some(*mark))
            .collect();
        format!("\n  {}  {}{marks}", input.id, input.name)
    };
    let rows: String = crate::audio::device::inputs().iter().map(row).collect();
    if rows.is_empty() {
        "\n  none".to_owned()
    } else {
        rows
    }
}

#[cfg(not(feature = "audio"))]
fn sounds() -> String {
    "\n  this build hears none: build with the feature 'audio'".to_owned()
}

#[cfg(feature = "audio")]
fn sounds_as_json() -> Vec<Value> {
    let row = |input: &crate::audio::device::Input| json!({"id": input.id, "name": input.name, "default": input.is_default, "monitor": input.is_monitor});
    crate::audio::device::inputs().iter().map(row).collect()
}

#[cfg(not(feature = "audio"))]
const fn sounds_as_json() -> Vec<Value> {
    Vec::new()
}
