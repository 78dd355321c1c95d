//! A file that has its name only when it is whole.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use super::OutputError;
use super::target::folder_of;

/// A file under construction, `.NAME.partial-XXXXXX` beside its place. Dropped, it is removed.
pub(super) struct Partial {
    file: NamedTempFile,
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
        let path = path.to_owned();
        Ok(Self { file, path })
    }

    /// The place it will take.
    #[cfg(feature = "media")]
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Its name until then.
    #[cfg(feature = "media")]
    pub(super) fn temporary_path(&self) -> &Path {
        self.file.path()
    }

    /// The open file.
    pub(super) fn file(&self) -> &File {
        self.file.as_file()
    }

    /// Waits until the bytes are on the disk, so that not even a power cut leaves a whole name with
    /// half a file.
    #[cfg(feature = "media")]
    pub(super) fn synchronize(&self) -> Result<(), OutputError> {
        let result = self.file().sync_all();
        result.map_err(|source| self.write_error(source))
    }

    /// Takes the place, of an older file too, and gives the size in bytes.
    pub(super) fn commit(self) -> Result<u64, OutputError> {
        let bytes = self.file().metadata().map(|data| data.len());
        let bytes = bytes.map_err(|source| self.write_error(source))?;
        let Self { file, path } = self;
        let renamed = file.persist(&path);
        renamed.map_err(|error| write_error(&path, error.error))?;
        Ok(bytes)
    }

    /// The error of this file.
    pub(super) fn write_error(&self, source: io::Error) -> OutputError {
        write_error(&self.path, source)
    }
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
        assert_eq!(partial.commit().unwrap(), 5);
        assert_eq!(fs::read(&path).unwrap(), b"newer");
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
        Partial::begin(&path).unwrap().commit().unwrap();
        let plain = folder.path().join("plain");
        fs::write(&plain, "").unwrap();
        let mode = |path| fs::metadata(path).unwrap().permissions().mode();
        assert_eq!(mode(&path), mode(&plain));
    }
}
