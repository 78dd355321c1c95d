//! What has to be asked of X11 itself.

use std::ffi::c_void;
use std::ptr::NonNull;

use winit::raw_window_handle::{HasDisplayHandle, RawDisplayHandle};
use x11_dl::xrandr::Xrandr;
use x11_dl::xss::Xss;

/// Lets winit hear of monitors that come and go. It asks the server for RandR's events, but Xlib drops the events
/// of an extension that nobody has made known to it, and libXrandr is what makes this one known.
pub(super) fn hear_of_monitors(window: &impl HasDisplayHandle) {
    let Some(display) = display(window) else {
        return;
    };
    // It stays loaded: the display keeps pointers into it.
    let Ok(library) = Xrandr::open() else {
        log::info!("libXrandr is missing: monitors that come and go are not noticed");
        return;
    };
    let (mut first_event, mut first_error) = (0, 0);
    // SAFETY: the display is open while its window lives, and only the two numbers are written.
    unsafe {
        (library.XRRQueryExtension)(display.as_ptr().cast(), &mut first_event, &mut first_error);
    }
}

/// Keeps the server's own screen saver and energy saving away until the program ends.
pub(super) fn stay_awake(window: &impl HasDisplayHandle) {
    let Some(display) = display(window) else {
        return;
    };
    let Ok(library) = Xss::open() else {
        log::info!("libXss is missing: X11's screen saver may come");
        return;
    };
    // SAFETY: the display is open while its window lives; a server without the extension is asked nothing.
    unsafe {
        (library.XScreenSaverSuspend)(display.as_ptr().cast(), 1);
    }
}

/// Xlib's connection; none under Wayland.
fn display(window: &impl HasDisplayHandle) -> Option<NonNull<c_void>> {
    match window.display_handle().ok()?.as_raw() {
        RawDisplayHandle::Xlib(handle) => handle.display,
        _ => None,
    }
}
