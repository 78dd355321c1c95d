//! A file that has its name only when it is whole.

use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use tempfile::TempPath;

use super::OutputError;
use super::target::folder_of;

/// A file under construction, `.NAME.partial-XXXXXX` beside its place. Dropped before it takes its place, it
/// is removed.
pub(super) struct Partial {
    file: File,
    temporary: Option<TempPath>,
    path: PathBuf,
}

impl Partial {
    /// Begins the file that will be `path`.
    pub(super) fn begin(path: &Path) -> Result<Self, OutputError> {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let prefix = format!(".{name}.partial-");
        let mut builder = tempfile::Builder::new();
        builder.prefix(&prefix);
        // The usual rights, less the user's umask: temporary files are for their owner only.
        #[cfg(unix)]
        builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
        let file = builder
            .tempfile_in(folder_of(path))
            .map_err(|source| write_error(path, source))?;
        let (file, temporary) = file.into_parts();
        Ok(Self {
            file,
            temporary: Some(temporary),
            path: path.to_owned(),
        })
    }

    /// The place it will take, or has taken.
    #[cfg(feature = "media")]
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Whether it has taken its place.
    #[cfg(feature = "media")]
    pub(super) fn is_placed(&self) -> bool {
        self.temporary.is_none()
    }

    /// Its name now.
    #[cfg(feature = "media")]
    pub(super) fn present_path(&self) -> &Path {
        self.temporary.as_deref().unwrap_or(&self.path)
    }

    /// The open file.
    pub(super) fn file(&self) -> &File {
        &self.file
    }

    /// Waits until the bytes are on the disk, so that not even a power cut leaves a whole name with
    /// half a file.
    #[cfg(feature = "media")]
    pub(super) fn synchronize(&self) -> Result<(), OutputError> {
        let result = self.file().sync_all();
        result.map_err(|source| self.write_error(source))
    }

    /// Takes its place, and may grow on there. Where an older file has the place and is not to be replaced, a
    /// number goes behind the name.
    pub(super) fn take_place(&mut self, replace: bool) -> Result<(), OutputError> {
        let Some(mut temporary) = self.temporary.take() else {
            return Ok(());
        };
        let wanted = self.path.clone();
        for number in 2_u32.. {
            let placed = if replace {
                temporary.persist(&self.path)
            } else {
                temporary.persist_noclobber(&self.path)
            };
            let Err(refused) = placed else { break };
            if refused.error.kind() != io::ErrorKind::AlreadyExists {
                return Err(self.write_error(refused.error));
            }
            temporary = refused.path;
            self.path = numbered(&wanted, number);
        }
        Ok(())
    }

    /// Takes its place, if it has not yet, and gives that and the size in bytes.
    pub(super) fn commit(mut self, replace: bool) -> Result<(PathBuf, u64), OutputError> {
        let bytes = self.file().metadata().map(|data| data.len());
        let bytes = bytes.map_err(|source| self.write_error(source))?;
        self.take_place(replace)?;
        Ok((self.path, bytes))
    }

    /// The error of this file.
    pub(super) fn write_error(&self, source: io::Error) -> OutputError {
        write_error(&self.path, source)
    }
}

/// A file with all its bytes, which has not its place yet.
pub(super) fn whole(path: &Path, bytes: &[u8]) -> Result<Partial, OutputError> {
    let partial = Partial::begin(path)?;
    match partial.file().write_all(bytes) {
        Ok(()) => Ok(partial),
        Err(source) => Err(partial.write_error(source)),
    }
}

/// `film.mkv` as `film_2.mkv`.
fn numbered(path: &Path, number: u32) -> PathBuf {
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    let extension = path.extension().unwrap_or_default().to_string_lossy();
    path.with_file_name(format!("{stem}_{number}.{extension}"))
}

fn write_error(path: &Path, source: io::Error) -> OutputError {
    let path = path.to_owned();
    OutputError::Write { path, source }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::io::Write;

    use super::*;

    #[test]
    fn the_old_file_stays_until_the_new_one_is_whole() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.png");
        fs::write(&path, "old").unwrap();
        let partial = Partial::begin(&path).unwrap();
        partial.file().write_all(b"newer").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"old");
        assert_eq!(partial.commit(true).unwrap(), (path.clone(), 5));
        assert_eq!(fs::read(&path).unwrap(), b"newer");
        assert_eq!(fs::read_dir(&folder).unwrap().count(), 1);
    }

    #[test]
    fn an_older_file_that_stays_gives_the_new_one_a_number() {
        let folder = tempfile::tempdir().unwrap();
        let place = |name: &str| folder.path().join(name);
        fs::write(place("a.b.png"), "old").unwrap();
        for name in ["a.b_2.png", "a.b_3.png"] {
            let partial = Partial::begin(&place("a.b.png")).unwrap();
            assert_eq!(partial.commit(false).unwrap(), (place(name), 0));
        }
        assert_eq!(fs::read(place("a.b.png")).unwrap(), b"old");
        assert_eq!(fs::read_dir(&folder).unwrap().count(), 3);
    }

    #[test]
    fn in_its_place_it_grows_on_and_stays() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.mkv");
        let mut partial = Partial::begin(&path).unwrap();
        partial.take_place(true).unwrap();
        partial.file().write_all(b"more").unwrap();
        drop(partial);
        assert_eq!(fs::read(&path).unwrap(), b"more");
        assert_eq!(fs::read_dir(&folder).unwrap().count(), 1);
    }

    #[test]
    fn dropped_it_leaves_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let partial = Partial::begin(&folder.path().join("a.png")).unwrap();
        let names: Vec<_> = fs::read_dir(&folder).unwrap().collect();
        let name = names[0].as_ref().unwrap().file_name();
        assert!(
            name.to_str().unwrap().starts_with(".a.png.partial-"),
            "{name:?}"
        );
        drop(partial);
        assert_eq!(fs::read_dir(&folder).unwrap().count(), 0);
    }

    #[cfg(unix)]
    #[test]
    fn others_may_read_it_as_the_umask_says() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.png");
        Partial::begin(&path).unwrap().commit(true).unwrap();
        let plain = folder.path().join("plain");
        fs::write(&plain, "").unwrap();
        let mode = |path| fs::metadata(path).unwrap().permissions().mode();
        assert_eq!(mode(&path), mode(&plain));
    }
}
