use std::fs;
use std::path::{Path, PathBuf};

use super::super::{Failure, config_folder};
use crate::frame_loop::may_block;

/// The folder of all recordings in the user's folder of videos.
const FOLDER: &str = "afterimage";

/// The folder of videos where nothing else is said, below the user's own.
const USUAL: &str = if cfg!(target_os = "macos") {
    "Movies"
} else {
    "Videos"
};

/// The longest part of a file's name that a show's title gives, in letters.
const LONGEST_TITLE: usize = 60;

/// Where recordings go that have no name: the folder of the command line, else `afterimage` in the user's folder
/// of videos, else where the program was started.
#[derive(Clone, Debug)]
pub(in super::super) struct Place {
    folder: PathBuf,
}

impl Place {
    /// # Errors
    /// What the command line names is no folder.
    pub(in super::super) fn new(named: Option<&Path>) -> Result<Self, Failure> {
        if let Some(file) = named.filter(|path| path.exists() && !path.is_dir()) {
            let file = file.display();
            return Err(Failure::usage(format!(
                "--record-to '{file}' is a file: name a folder"
            )));
        }
        let folder = named.map(Path::to_owned).or_else(videos);
        Ok(Self {
            folder: folder.unwrap_or_else(|| ".".into()),
        })
    }

    /// A file with the time of day and the show's title in its name. The folder is made where there is none.
    ///
    /// # Errors
    /// The folder cannot be made.
    pub(super) fn file(&self, title: &str, extension: &str) -> Result<PathBuf, Failure> {
        may_block("make a folder");
        let folder = &self.folder;
        fs::create_dir_all(folder).map_err(|error| {
            let folder = folder.display();
            Failure::running(format!(
                "cannot make the folder '{folder}' ({error}): choose another with --record-to"
            ))
        })?;
        let time = jiff::Zoned::now().strftime("%Y-%m-%d_%H-%M-%S");
        let name = name(&time.to_string(), title);
        Ok(folder.join(format!("{name}.{extension}")))
    }
}

fn videos() -> Option<PathBuf> {
    let home = std::env::home_dir()?;
    let named = config_folder().and_then(|config| {
        let folders = fs::read_to_string(config.join("user-dirs.dirs")).ok()?;
        named_videos(&folders, &home)
    });
    let videos = named.unwrap_or_else(|| home.join(USUAL));
    videos.is_dir().then(|| videos.join(FOLDER))
}

/// The folder of videos that a `user-dirs.dirs` of xdg-user-dirs names, from `$HOME` on or absolute.
fn named_videos(folders: &str, home: &Path) -> Option<PathBuf> {
    let mut lines = folders.lines().map(str::trim);
    let named = lines.find_map(|line| line.strip_prefix("XDG_VIDEOS_DIR="))?;
    let named = named.trim_matches('"');
    Some(match named.strip_prefix("$HOME") {
        Some(below) => home.join(below.trim_start_matches('/')),
        None => named.into(),
    })
}

/// The time, then the title's words, so that every system takes it as a file's name.
fn name(time: &str, title: &str) -> String {
    let words = title.split(|letter: char| !letter.is_alphanumeric());
    let words: Vec<_> = words.filter(|word| !word.is_empty()).collect();
    let title: String = words.join("-").chars().take(LONGEST_TITLE).collect();
    let parts = [time, title.trim_end_matches('-')];
    let parts = parts.into_iter().filter(|part| !part.is_empty());
    parts.collect::<Vec<_>>().join("_")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_holds_time_and_title_and_nothing_that_a_system_refuses() {
        let name = |title: &str| name("T", title);
        assert_eq!(name("Melt on the kick"), "T_Melt-on-the-kick");
        assert_eq!(name("../a\\b: <50%>\n"), "T_a-b-50");
        assert_eq!(name("Größe"), "T_Größe");
        assert_eq!(name(" / "), "T");
        assert_eq!(name(&"x".repeat(300)).len(), 62);
    }

    #[test]
    fn the_user_names_the_folder_of_videos() {
        let named = |line: &str| {
            let folders = format!("# a comment\nXDG_MUSIC_DIR=\"$HOME/m\"\n{line}\n");
            named_videos(&folders, Path::new("/home/me"))
        };
        let films = |path: &str| Some(PathBuf::from(path));
        assert_eq!(
            named("XDG_VIDEOS_DIR=\"$HOME/Meine Filme\""),
            films("/home/me/Meine Filme")
        );
        assert_eq!(named("XDG_VIDEOS_DIR=\"/films\""), films("/films"));
        assert_eq!(named("# XDG_VIDEOS_DIR=\"/films\""), None);
    }

    #[test]
    fn the_folder_is_made_and_a_file_is_none() {
        let folder = tempfile::tempdir().unwrap();
        let inner = folder.path().join("a/b");
        let place = Place::new(Some(&inner)).unwrap();
        let file = place.file("Show", "mkv").unwrap();
        assert!(inner.is_dir() && file.starts_with(&inner));
        let name = file.file_name().unwrap().to_str().unwrap();
        // 2026-11-21_20-15-00_Show.mkv
        assert_eq!(
            (name.len(), &name[10..11], &name[19..]),
            (28, "_", "_Show.mkv")
        );
        fs::write(folder.path().join("file"), "").unwrap();
        let refused = Place::new(Some(&folder.path().join("file"))).unwrap_err();
        assert!(refused.to_string().contains("name a folder"), "{refused}");
    }
}
