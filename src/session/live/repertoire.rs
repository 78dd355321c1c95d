use std::fs;
use std::path::{Path, PathBuf};

use crate::frame_loop::may_block;
use crate::session::Options;
use crate::show::presets;

/// The shows that keys go through: those in the folder of the file that was opened, else the built-in presets.
#[derive(Debug)]
pub(super) struct Repertoire {
    /// Each as [`Options::preset`] takes it.
    shows: Vec<String>,
    current: Option<usize>,
}

impl Repertoire {
    /// Looks into the folder: not for the frame loop.
    pub(super) fn of(options: &Options) -> Self {
        let opened = options.preset.as_deref();
        let file = opened.map(Path::new).filter(|path| path.is_file());
        let shows = file.map_or_else(|| presets().map(ToOwned::to_owned).collect(), beside);
        let mut repertoire = Self {
            shows,
            current: None,
        };
        if let Some(opened) = opened {
            repertoire.turn_to(opened);
        }
        repertoire
    }

    /// All of them, each as [`Options::preset`] takes it.
    pub(super) fn shows(&self) -> &[String] {
        &self.shows
    }

    /// The one that steps begin at.
    pub(super) fn current(&self) -> Option<&str> {
        self.number(self.current?)
    }

    /// The show of this number, from 0.
    pub(super) fn number(&self, number: usize) -> Option<&str> {
        self.shows.get(number).map(String::as_str)
    }

    /// How many there are.
    pub(super) fn count(&self) -> usize {
        self.shows.len()
    }

    /// The show so many places on, the first after the last.
    pub(super) fn step(&self, by: isize) -> Option<&str> {
        let count = self.shows.len() as isize;
        let start = match self.current {
            Some(current) => current as isize,
            // Before the first one, so that a step on gives it and a step back the last.
            None => -isize::from(by > 0),
        };
        let number = (start + by).checked_rem_euclid(count)?;
        self.number(number as usize)
    }

    /// From now on steps begin at this show, if it is one of them.
    pub(super) fn turn_to(&mut self, show: &str) {
        let same = |other: &String| other == show || Path::new(other) == Path::new(show);
        self.current = self.shows.iter().position(same);
    }
}

/// The shows in a file's folder, sorted.
fn beside(file: &Path) -> Vec<String> {
    may_block("look into a folder");
    let is_show = |path: &PathBuf| {
        path.extension()
            .is_some_and(|extension| extension == "toml")
    };
    let folder = file.parent().unwrap_or(Path::new(""));
    let opened = if folder == Path::new("") {
        Path::new(".")
    } else {
        folder
    };
    let entries = fs::read_dir(opened).into_iter().flatten().flatten();
    let paths = entries.map(|entry| folder.join(entry.file_name()));
    let mut shows: Vec<_> = paths
        .filter(is_show)
        .map(|path| path.display().to_string())
        .collect();
    shows.sort();
    shows
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(preset: Option<String>) -> Repertoire {
        Repertoire::of(&Options {
            preset,
            ..Options::default()
        })
    }

    #[test]
    fn without_a_file_it_is_the_presets() {
        let names: Vec<_> = presets().collect();
        let mut none = of(None);
        assert_eq!(none.step(1), Some(names[0]));
        assert_eq!(none.step(-1), names.last().copied());
        none.turn_to(names[names.len() - 1]);
        assert_eq!((none.step(1), none.count()), (Some(names[0]), names.len()));
        assert_eq!(of(Some(names[1].to_owned())).step(-1), Some(names[0]));
    }

    #[test]
    fn a_file_brings_those_beside_it() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["b.toml", "a.toml", "c.toml", "notes.txt"] {
            fs::write(folder.path().join(name), "").unwrap();
        }
        let path = |name: &str| folder.path().join(name).display().to_string();
        let shows = of(Some(path("b.toml")));
        assert_eq!(shows.step(1), Some(&*path("c.toml")));
        assert_eq!(shows.step(2), Some(&*path("a.toml")));
        assert_eq!(
            (shows.number(0), shows.count()),
            (Some(&*path("a.toml")), 3)
        );
    }
}
