//! Sound from a device, of a sound server that the test starts: what is listed, heard, lost and found again.
#![cfg(feature = "audio")]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod program;
mod sound_server;

use std::process::Command;

use program::{Done, afterimage};
use serde_json::{Value, json};
use sound_server::{MONITOR, SoundServer};

fn hearing(server: &SoundServer, arguments: &str) -> Command {
    let mut command = afterimage(arguments);
    server.show_to(&mut command);
    command
}

#[test]
fn devices_are_listed_by_the_names_that_they_keep() {
    let server = SoundServer::new();
    let done = Done::new(hearing(&server, "devices --json").output().unwrap()).well();
    let all: Value = serde_json::from_str(&done.stdout).unwrap();
    let expected =
        json!({"id": MONITOR, "name": "Monitor of Null Output", "default": true, "monitor": true});
    assert!(
        all["sound"].as_array().unwrap().contains(&expected),
        "{all}"
    );
    let done = Done::new(hearing(&server, "devices").output().unwrap()).well();
    let line = format!("\n  {MONITOR}  Monitor of Null Output, default, monitor");
    assert!(done.stdout.contains(&line), "{}", done.stdout);
}
