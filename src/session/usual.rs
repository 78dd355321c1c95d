use std::io::Write;
use std::sync::OnceLock;

use tempfile::NamedTempFile;

use super::{Failure, Options};
use crate::effect::Library;
use crate::show::Show;

const CLIP: &[u8] = include_bytes!("../../assets/rabbit.mp4");

static FILE: OnceLock<Option<NamedTempFile>> = OnceLock::new();

/// What is played where no source is named: the first camera, else the bundled clip; `None` if there is no
/// place to write that to. Blocks while it looks for cameras, and decides once for this run: presets that
/// come later go on with the same.
pub(super) fn usual_source() -> Option<&'static str> {
    static FIRST: OnceLock<Option<&str>> = OnceLock::new();
    *FIRST.get_or_init(|| match has_camera() {
        true => Some("camera"),
        false => bundled_clip(),
    })
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
pub(super) fn bundled_clip() -> Option<&'static str> {
    let file = FILE.get_or_init(|| {
        let mut file = tempfile::Builder::new().suffix(".mp4").tempfile().ok()?;
        file.write_all(CLIP).ok()?;
        Some(file)
    });
    file.as_ref()?.path().to_str()
}

/// The show of some options; where it needs a picture and has none, `usual` says what is played. That, and a
/// source named on the command line, loops.
///
/// # Errors
/// As [`Options::show`].
pub(super) fn complete(
    options: &Options,
    library: &mut Library,
    usual: fn() -> Option<&'static str>,
) -> Result<Show, Failure> {
    let mut show = options.show(library)?;
    let usual = show.needs_source().then(usual).flatten();
    if let Some(source) = usual {
        show.replace_first_source(source, library)
            .map_err(Failure::usage)?;
    }
    if usual.is_some() || options.source.is_some() {
        show.sources
            .iter_mut()
            .take(1)
            .for_each(|source| source.looping = true);
    }
    Ok(show)
}
