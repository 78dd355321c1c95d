use std::io::Write;
use std::sync::OnceLock;

use tempfile::NamedTempFile;

const CLIP: &[u8] = include_bytes!("../../assets/rabbit.mp4");

static FILE: OnceLock<Option<NamedTempFile>> = OnceLock::new();
static SOURCE: OnceLock<Option<String>> = OnceLock::new();

/// What is played where no source is named: the first camera, else the bundled clip; `None` if there is no
/// place to write that to. Blocks while it looks for cameras, and decides once for this run: presets that
/// come later go on with the same.
pub(super) fn usual_source() -> Option<&'static str> {
    let source = SOURCE.get_or_init(|| match has_camera() {
        true => Some("camera".to_owned()),
        false => bundled_clip(),
    });
    source.as_deref()
}

#[cfg(feature = "camera")]
fn has_camera() -> bool {
    let cameras = crate::source::cameras();
    cameras.iter().any(|camera| !camera.modes.is_empty())
}

#[cfg(not(feature = "camera"))]
const fn has_camera() -> bool {
    false
}

/// The path of the bundled clip, written out once for this run.
fn bundled_clip() -> Option<String> {
    let file = FILE.get_or_init(|| {
        let mut file = tempfile::Builder::new().suffix(".mp4").tempfile().ok()?;
        file.write_all(CLIP).ok()?;
        Some(file)
    });
    file.as_ref().map(|file| file.path().display().to_string())
}
