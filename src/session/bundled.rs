use std::io::Write;
use std::sync::OnceLock;

use tempfile::NamedTempFile;

const CLIP: &[u8] = include_bytes!("../../assets/rabbit.mp4");

static FILE: OnceLock<Option<NamedTempFile>> = OnceLock::new();

/// The path of the bundled clip, written out once for this run; `None` if there is no place for it.
#[must_use]
pub fn bundled_clip() -> Option<String> {
    let file = FILE.get_or_init(|| {
        let mut file = tempfile::Builder::new().suffix(".mp4").tempfile().ok()?;
        file.write_all(CLIP).ok()?;
        Some(file)
    });
    file.as_ref().map(|file| file.path().display().to_string())
}
