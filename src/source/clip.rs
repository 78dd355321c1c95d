//! The clip that comes with the program.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use tempfile::NamedTempFile;

const CLIP: &[u8] = include_bytes!("../../assets/rabbit.mp4");

/// What a SOURCE is that stands for it.
pub(super) const WORD: &str = "clip";

/// Its path, written out once for this run; `None` if there is no place to write it to.
pub fn bundled_clip() -> Option<&'static Path> {
    static FILE: OnceLock<Option<NamedTempFile>> = OnceLock::new();
    let file = FILE.get_or_init(|| {
        let mut file = tempfile::Builder::new().suffix(".mp4").tempfile().ok()?;
        file.write_all(CLIP).ok()?;
        Some(file)
    });
    file.as_ref().map(NamedTempFile::path)
}

/// The same as a place to open, which says what is wrong.
pub(super) fn path() -> PathBuf {
    bundled_clip().map_or_else(|| WORD.into(), Path::to_owned)
}
