//! The pages that tell what there is, made from the effects and presets themselves.

mod effects;
mod pictures;
mod presets;

use std::fs;
use std::path::Path;

use super::arguments::Docs;
use crate::session::{Failure, library};

/// Writes `effects.md` and `presets.md` into a folder and, unless only the text is wanted, a picture of each.
pub(super) fn write(arguments: &Docs) -> Result<(), Failure> {
    let folder = &arguments.folder;
    let mut library = library();
    page(folder, "effects.md", &effects::page(&mut library)?)?;
    page(folder, "presets.md", &presets::page(&mut library)?)?;
    if arguments.text {
        return Ok(());
    }
    pictures::write(arguments, &mut library)
}

fn page(folder: &Path, name: &str, text: &str) -> Result<(), Failure> {
    let path = folder.join(name);
    let written = fs::create_dir_all(folder).and_then(|()| fs::write(&path, text));
    written.map_err(|error| refused(&path, error))
}

fn refused(path: &Path, error: impl std::fmt::Display) -> Failure {
    Failure::running(format!("{}: cannot be written: {error}", path.display()))
}

/// Text that stands in one cell of a table.
fn cell(text: &str) -> String {
    text.split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
        .replace('|', "\\|")
}
