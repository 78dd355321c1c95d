use std::sync::OnceLock;

use super::{Failure, Options};
use crate::effect::Library;
use crate::show::{Show, SoundRef};
use crate::source::bundled_clip;

/// What is played where no source is named: the first camera, else the bundled clip; `None` if there is no
/// place to write that to. Blocks while it looks for cameras, and decides once for this run: presets that
/// come later go on with the same.
pub(super) fn usual_source() -> Option<&'static str> {
    static FIRST: OnceLock<Option<&str>> = OnceLock::new();
    *FIRST.get_or_init(|| match has_camera() {
        true => Some("camera"),
        false => clip(),
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

/// The bundled clip, where it can be written out.
pub(super) fn clip() -> Option<&'static str> {
    bundled_clip()?.to_str()
}

/// Whether a preset of several films has the clip in the place that is for the player's own.
fn shows_the_clip(show: &Show, options: &Options) -> bool {
    let is_preset = show.path.is_none() && options.preset.is_some() && options.source.is_none();
    let first = show.sources.first();
    is_preset && first.is_some_and(|first| first.location == "clip")
}

/// The show of some options; where it needs a picture and has none, `usual` says what is played. That, and a
/// source or a sound named on the command line, loops.
///
/// # Errors
/// As [`Options::show`].
pub(super) fn complete(
    options: &Options,
    library: &mut Library,
    usual: fn() -> Option<&'static str>,
) -> Result<Show, Failure> {
    let mut show = options.show(library)?;
    let open = show.needs_source() || shows_the_clip(&show, options);
    let usual = open.then(usual).flatten();
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
    if let SoundRef::File { looping, .. } = &mut show.audio.sound {
        *looping = true;
    }
    Ok(show)
}
