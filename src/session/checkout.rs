use std::env;
use std::path::{Path, PathBuf};

/// A folder of the checkout that the program was built in, where it runs from there: who works on the built-in
/// effects and presets sees what is saved at once.
#[must_use]
pub(super) fn checkout(folder: &str) -> Option<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let runs_below =
        |root: PathBuf| env::current_exe().is_ok_and(|program| program.starts_with(root));
    let runs_there = root.canonicalize().is_ok_and(runs_below);
    let folder = root.join(folder);
    (runs_there && folder.is_dir()).then_some(folder)
}
