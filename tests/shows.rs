//! Shows that are wrong are refused, each at its own place and with its own advice.

use std::fs;
use std::path::{Path, PathBuf};

use afterimage::effect::Library;
use afterimage::show::{Show, preset, presets};

fn broken_shows() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/broken/shows");
    let entries = fs::read_dir(folder).expect("the folder tests/broken/shows");
    let mut paths: Vec<_> = entries
        .map(|entry| entry.expect("an entry").path())
        .collect();
    paths.sort();
    paths
}

/// The first line of a broken show says where the error is and how its message begins.
fn complaint(path: &Path, library: &mut Library) -> Option<String> {
    let text = fs::read_to_string(path).expect("a show to read");
    let wanted = text.lines().next().and_then(|line| line.strip_prefix("# "));
    let wanted = wanted.unwrap_or_else(|| panic!("{}: no expectation", path.display()));
    let (place, advice) = wanted.split_once(' ').unwrap_or((wanted, ""));
    let beginning = format!("{}:{place}: {}", path.display(), advice.trim_end());
    match Show::read(path, library) {
        Ok(_) => Some(format!("{}: is not refused", path.display())),
        Err(error) if error.to_string().starts_with(&beginning) => None,
        Err(error) => Some(format!("wanted {beginning}\n   got {error}")),
    }
}

#[test]
fn broken_shows_are_refused_where_they_are_broken() {
    let mut library = Library::default();
    let paths = broken_shows();
    assert!(paths.len() >= 25, "only {} broken shows", paths.len());
    let complaints: Vec<_> = paths
        .iter()
        .filter_map(|path| complaint(path, &mut library))
        .collect();
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
}

#[test]
fn a_preset_can_be_played_over_any_source() {
    let mut library = Library::default();
    for name in presets() {
        let text = preset(name).expect("a preset that is listed");
        let mut show = Show::parse(text, None, &mut library).expect(name);
        let takes = show.needs_source() || !show.sources.is_empty();
        assert!(takes, "{name} takes no picture");
        show.replace_first_source("clip.mp4", &mut library)
            .expect("a path");
        assert!(!show.needs_source(), "{name}");
    }
}
