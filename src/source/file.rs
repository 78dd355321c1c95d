use std::fs::Metadata;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use super::pattern::Pattern;
use super::{Info, Options, Source, SourceError, open_path};
use crate::picture::Picture;

/// A film, an image or a sequence that may be replaced while it plays: it knows the path that it came from,
/// and what was there.
pub(super) struct File {
    path: PathBuf,
    options: Options,
    stamp: Stamp,
    source: Box<dyn Source>,
}

impl File {
    /// Opens what is at `path`.
    pub(super) fn open(path: &Path, options: &Options) -> Result<Self, SourceError> {
        let stamp = Stamp::of(path);
        Ok(Self {
            path: path.to_owned(),
            options: options.clone(),
            source: open_path(path, options)?,
            stamp,
        })
    }
}

impl Source for File {
    fn info(&self) -> &Info {
        self.source.info()
    }

    fn next(&mut self) -> Result<Option<Picture>, SourceError> {
        self.source.next()
    }

    fn rewind(&mut self) -> Result<(), SourceError> {
        self.source.rewind()
    }

    fn seek(&mut self, seconds: f64) -> Result<(), SourceError> {
        self.source.seek(seconds)
    }

    fn end(&self) -> f64 {
        self.source.end()
    }

    fn recycle(&mut self, picture: Picture) {
        self.source.recycle(picture);
    }

    fn is_replaced(&self) -> bool {
        Stamp::of(&self.path) != self.stamp
    }

    /// A file that changes while it is read is still being written: the old one stays.
    fn reopen(&mut self) -> Result<(), SourceError> {
        let new = Self::open(&self.path, &self.options)?;
        if new.is_replaced() {
            let problem = "is being written; it plays when it is whole";
            return Err(SourceError::contents(self.path.display(), problem));
        }
        *self = new;
        Ok(())
    }
}

/// What tells one file at a path from the next; of a sequence it is the folder's. Nothing where there is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Stamp(Option<(u64, u64, Option<SystemTime>)>);

impl Stamp {
    fn of(path: &Path) -> Self {
        let of_folder = || Pattern::of(path)?.folder().metadata().ok();
        let metadata = path.metadata().ok().or_else(of_folder);
        Self(metadata.map(|data| (number(&data), data.len(), data.modified().ok())))
    }
}

/// The number by which the file system knows a file.
#[cfg(unix)]
fn number(metadata: &Metadata) -> u64 {
    std::os::unix::fs::MetadataExt::ino(metadata)
}

/// Elsewhere the length and the time have to do.
#[cfg(not(unix))]
fn number(_: &Metadata) -> u64 {
    0
}

#[cfg(test)]
mod tests {
    use super::*;
    use ::image::{GrayImage, Luma};

    fn level(source: &mut File) -> u8 {
        source.next().unwrap().unwrap().planes[0].bytes[0]
    }

    #[test]
    fn a_replaced_file_is_seen_and_read_once_it_is_whole() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.png");
        let write = |level: u8| {
            let image =
                GrayImage::from_fn(64, 64, |x, y| Luma([level.wrapping_add((x * y) as u8)]));
            image.save(&path).unwrap();
        };
        write(7);
        let mut file = File::open(&path, &Options::default()).unwrap();
        assert_eq!(level(&mut file), 7);
        assert!(!file.is_replaced());
        write(9);
        let whole = std::fs::read(&path).unwrap();
        std::fs::write(&path, &whole[..whole.len() / 2]).unwrap();
        assert!(file.is_replaced() && file.reopen().is_err());
        std::fs::remove_file(&path).unwrap();
        assert!(file.is_replaced() && file.reopen().is_err());
        file.rewind().unwrap();
        assert_eq!(level(&mut file), 7, "the old one stays");
        std::fs::write(&path, &whole).unwrap();
        file.reopen().unwrap();
        assert_eq!(level(&mut file), 9);
        assert!(!file.is_replaced());
    }
}
