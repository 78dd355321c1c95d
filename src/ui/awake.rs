//! No screen saver comes while a show plays. Where that cannot be had, the log says so.

use winit::window::Window;

/// Keeps the screen on until the program ends.
#[cfg(target_os = "linux")]
pub(super) fn stay_awake(window: &Window) {
    use super::bus::{Bus, Call};

    super::x11::stay_awake(window);
    // Desktops have a saver of their own, which stays away as long as the connection is open.
    let inhibit = || {
        let mut bus = Bus::session()?;
        bus.call(&Call {
            destination: "org.freedesktop.ScreenSaver",
            path: "/org/freedesktop/ScreenSaver",
            interface: "org.freedesktop.ScreenSaver",
            member: "Inhibit",
            arguments: &["Afterimage", "a show is playing"],
        })?;
        bus.hold()
    };
    std::thread::spawn(move || {
        if let Err(error) = inhibit() {
            log::info!("the desktop's screen saver may come: {error}");
        }
    });
}

/// Keeps the screen on until the program ends.
#[cfg(target_os = "macos")]
pub(super) fn stay_awake(_: &Window) {
    let own = std::process::id().to_string();
    let started = std::process::Command::new("caffeinate")
        .args(["-d", "-w", &own])
        .spawn();
    if let Err(error) = started {
        log::info!("the screen saver may come: caffeinate: {error}");
    }
}

/// Nothing is known to work here.
#[cfg(not(any(target_os = "linux", target_os = "macos")))]
pub(super) fn stay_awake(_: &Window) {
    log::info!("the screen saver may come: it is not kept away on this system");
}
