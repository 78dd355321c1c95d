use std::fs::{self, Metadata};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant, SystemTime};

/// Watches a handful of files by looking at them again and again: that works on network folders, whichever way
/// an editor replaces a file, and whatever else lies beside it.
#[derive(Debug, Default)]
pub(super) struct Watch {
    files: Vec<Watched>,
    /// When any of them last looked otherwise than before.
    changed: Option<Instant>,
}

#[derive(Debug)]
struct Watched {
    path: PathBuf,
    /// What it looked like when it was read.
    read: Option<Stamp>,
    /// What it looked like last.
    seen: Option<Stamp>,
}

/// What a file looks like from outside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stamp {
    Missing,
    There {
        modified: Option<SystemTime>,
        bytes: u64,
        number: u64,
    },
}

impl Watch {
    /// Looks at all files. Where any is not as it was read, how long all have been as they are.
    pub(super) fn look(&mut self) -> Option<Duration> {
        let mut same = true;
        for file in &mut self.files {
            let stamp = Some(Stamp::of(&file.path));
            same &= file.seen == stamp;
            file.seen = stamp;
        }
        let now = Instant::now();
        let changed = match self.changed {
            Some(changed) if same => changed,
            _ => *self.changed.insert(now),
        };
        let unread = self.files.iter().any(|file| file.read != file.seen);
        unread.then(|| now - changed)
    }

    /// Whether a file that held something is gone or empty, as it is while an editor replaces it.
    pub(super) fn lacks_a_file(&self) -> bool {
        let held = |stamp: Option<Stamp>| stamp.is_some_and(Stamp::holds_something);
        self.files
            .iter()
            .any(|file| held(file.read) && !held(file.seen))
    }

    /// From now on these files are watched. They were read after the last look; one that was not watched before
    /// counts as changed once, for it may have been since it was read.
    pub(super) fn follow(&mut self, paths: impl IntoIterator<Item = PathBuf>) {
        let mut before = std::mem::take(&mut self.files);
        self.files = paths
            .into_iter()
            .map(|path| {
                let known = before.iter().position(|file| file.path == path);
                let seen = known.and_then(|index| before.swap_remove(index).seen);
                Watched {
                    path,
                    read: seen,
                    seen,
                }
            })
            .collect();
    }
}

impl Stamp {
    fn of(path: &Path) -> Self {
        match fs::metadata(path) {
            Ok(metadata) if metadata.is_file() => Self::There {
                modified: metadata.modified().ok(),
                bytes: metadata.len(),
                number: number(&metadata),
            },
            _ => Self::Missing,
        }
    }

    const fn holds_something(self) -> bool {
        matches!(self, Self::There { bytes, .. } if bytes > 0)
    }
}

/// What tells a file from one that was put in its place with the same date.
#[cfg(unix)]
fn number(metadata: &Metadata) -> u64 {
    std::os::unix::fs::MetadataExt::ino(metadata)
}

#[cfg(not(unix))]
const fn number(_: &Metadata) -> u64 {
    0
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::thread::sleep;

    /// A watch on files that were read just now.
    fn watching(files: &[&PathBuf]) -> Watch {
        let mut watch = Watch::default();
        for _ in 0..2 {
            watch.follow(files.iter().copied().cloned());
            watch.look();
        }
        watch.follow(files.iter().copied().cloned());
        watch
    }

    #[test]
    fn every_way_to_save_is_seen_and_a_look_alone_is_not() {
        let folder = tempfile::tempdir().unwrap();
        let [file, other] = ["show.toml", "other.toml"].map(|name| folder.path().join(name));
        fs::write(&file, "one").unwrap();
        fs::write(&other, "seven").unwrap();
        let date = fs::metadata(&file).unwrap().modified().unwrap();
        let mut watch = watching(&[&file, &other]);
        assert_eq!(watch.look(), None);
        fs::write(&file, "three").unwrap();
        assert!(watch.look().is_some(), "other bytes");
        let mut watch = watching(&[&file, &other]);
        fs::rename(&other, &file).unwrap();
        let renamed = fs::File::options().write(true).open(&file).unwrap();
        renamed.set_modified(date).unwrap();
        assert!(watch.look().is_some(), "another file of that name");
        assert!(watch.lacks_a_file(), "the other one is gone");
        let mut watch = watching(&[&file, &other]);
        assert_eq!(watch.look(), None);
        fs::write(&other, "new").unwrap();
        assert!(watch.look().is_some(), "a file that was not there");
        assert!(!watch.lacks_a_file());
        let mut watch = watching(&[&file, &other]);
        fs::write(&file, "").unwrap();
        assert!(
            watch.look().is_some() && watch.lacks_a_file(),
            "cut to nothing"
        );
    }

    #[test]
    fn a_file_that_keeps_changing_is_never_quiet_for_long() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("show.toml");
        let mut watch = watching(&[&file]);
        for bytes in 1..5 {
            fs::write(&file, "x".repeat(bytes)).unwrap();
            assert_eq!(watch.look(), Some(Duration::ZERO));
            sleep(Duration::from_millis(5));
        }
        assert!(
            watch
                .look()
                .is_some_and(|quiet| quiet >= Duration::from_millis(5))
        );
    }

    #[test]
    fn a_file_that_was_not_watched_before_is_read_once_more() {
        let folder = tempfile::tempdir().unwrap();
        let [file, other] = ["show.toml", "other.toml"].map(|name| folder.path().join(name));
        let mut watch = watching(&[&file]);
        watch.follow([file.clone(), other.clone()]);
        assert!(watch.look().is_some());
        watch.follow([file, other]);
        assert_eq!(watch.look(), None);
    }
}
