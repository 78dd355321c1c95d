use winit::raw_window_handle::{HasDisplayHandle, RawDisplayHandle};
use x11_dl::xrandr::Xrandr;

/// Lets winit hear of monitors that come and go under X11. It asks the server for RandR's events, but Xlib drops
/// the events of an extension that nobody has made known to it, and libXrandr is what makes this one known.
pub(super) fn listen(window: &impl HasDisplayHandle) {
    let handle = window.display_handle().map(|handle| handle.as_raw());
    let Ok(RawDisplayHandle::Xlib(handle)) = handle else {
        return;
    };
    // It stays loaded: the display keeps pointers into it.
    let (Some(display), Ok(library)) = (handle.display, Xrandr::open()) else {
        log::info!("libXrandr is missing: monitors that come and go are not noticed");
        return;
    };
    let (mut first_event, mut first_error) = (0, 0);
    // SAFETY: the display is open while its window lives, and only the two numbers are written.
    unsafe {
        (library.XRRQueryExtension)(display.as_ptr().cast(), &mut first_event, &mut first_error);
    }
}
