//! What a name on the command line means.

use std::path::{Path, PathBuf};

use super::OutputError;

/// Where pictures go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// A film: `.mp4`, `.mkv`, `.mov` or `.webm`.
    Film(PathBuf),
    /// One PNG file per picture.
    Sequence(Pattern),
    /// One PNG file for one picture.
    Image(PathBuf),
    /// Nowhere, for measuring: `null`.
    Null,
}

impl Target {
    /// Reads a target by its extension, upper or lower case: `film.mp4`, `frames/%05d.png`,
    /// `picture.png`, or the word `null`.
    ///
    /// # Errors
    /// A folder, an extension that is none of these, a missing folder to write to.
    pub fn parse(text: &str) -> Result<Self, OutputError> {
        if text == "null" {
            return Ok(Self::Null);
        }
        let path = Path::new(text);
        if path.is_dir() || text.ends_with(std::path::is_separator) {
            return Err(OutputError::Folder(path.to_owned()));
        }
        match extension(path).as_str() {
            "mp4" | "mkv" | "mov" | "webm" => in_folder(path, path).map(Self::Film),
            "png" if text.contains('%') => {
                let pattern = Pattern::parse(text)?;
                // A sequence makes its own folder, one level deep.
                let folder = if pattern.folder.is_dir() {
                    path
                } else {
                    pattern.folder.as_path()
                };
                in_folder(folder, path)?;
                Ok(Self::Sequence(pattern))
            }
            "png" => in_folder(path, path).map(Self::Image),
            _ => Err(OutputError::Extension(text.to_owned())),
        }
    }
}

/// The extension in lower case, empty where there is none.
pub(super) fn extension(path: &Path) -> String {
    let extension = path.extension().unwrap_or_default();
    extension.to_string_lossy().to_lowercase()
}

/// The folder a file lies in, `.` for a bare name.
pub(super) fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

pub(super) fn in_folder(inner: &Path, path: &Path) -> Result<PathBuf, OutputError> {
    let folder = folder_of(inner);
    if folder.is_dir() {
        return Ok(path.to_owned());
    }
    Err(OutputError::NoFolder {
        folder: folder.to_owned(),
        name: path.display().to_string(),
    })
}

/// The names of a sequence: a folder, and a file name with one `%d` or `%0Nd` for the number, which
/// counts from 0 and is filled up with zeros to N digits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern {
    folder: PathBuf,
    before: String,
    digits: usize,
    after: String,
}

impl Pattern {
    /// Reads a pattern like `frames/%05d.png`.
    ///
    /// # Errors
    /// Where the file's name has not exactly one number pattern.
    pub fn parse(text: &str) -> Result<Self, OutputError> {
        let error = || OutputError::NoPattern(text.to_owned());
        let path = Path::new(text);
        let name = path.file_name().and_then(|name| name.to_str());
        let (before, rest) = name
            .and_then(|name| name.split_once('%'))
            .ok_or_else(error)?;
        let (digits, after) = rest.split_once('d').ok_or_else(error)?;
        if after.contains('%') {
            return Err(error());
        }
        Ok(Self {
            folder: folder_of(path).to_owned(),
            before: before.to_owned(),
            digits: parse_digits(digits).ok_or_else(error)?,
            after: after.to_owned(),
        })
    }

    /// The folder that the pictures lie in.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The file of a picture, the first being 0.
    #[must_use]
    pub fn path(&self, number: u64) -> PathBuf {
        let (before, digits, after) = (&self.before, self.digits, &self.after);
        self.folder
            .join(format!("{before}{number:0digits$}{after}"))
    }
}

/// The width between `%` and `d`: nothing, or a zero and a number up to 20.
fn parse_digits(text: &str) -> Option<usize> {
    if text.is_empty() {
        return Some(0);
    }
    let digits = text.strip_prefix('0')?.parse().ok()?;
    (digits <= 20).then_some(digits)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn in_temporary(name: &str) -> Result<Target, OutputError> {
        let folder = tempfile::tempdir().unwrap();
        Target::parse(folder.path().join(name).to_str().unwrap())
    }

    #[test]
    fn extensions_decide() {
        assert_eq!(Target::parse("null").unwrap(), Target::Null);
        assert_eq!(
            Target::parse("a.MKV").unwrap(),
            Target::Film("a.MKV".into())
        );
        assert!(matches!(in_temporary("a b.png"), Ok(Target::Image(_))));
        assert!(matches!(
            in_temporary("new/%05d.png"),
            Ok(Target::Sequence(_))
        ));
        assert!(matches!(in_temporary("100%.mp4"), Ok(Target::Film(_))));
    }

    #[test]
    fn what_cannot_be_is_refused_with_advice() {
        for name in ["a.avi", "a", "a.jpg", ".mp4"] {
            let error = in_temporary(name).unwrap_err().to_string();
            assert!(error.contains(".mp4 .mkv .mov .webm"), "{error}");
        }
        assert!(matches!(
            in_temporary("no/a.mp4"),
            Err(OutputError::NoFolder { .. })
        ));
        assert!(matches!(
            in_temporary("no/no/%d.png"),
            Err(OutputError::NoFolder { .. })
        ));
        assert!(matches!(Target::parse("/tmp"), Err(OutputError::Folder(_))));
        assert!(matches!(Target::parse("no/"), Err(OutputError::Folder(_))));
        for name in ["%5d.png", "%d_%d.png", "50%.png", "%d/a.png", "%099d.png"] {
            let error = in_temporary(name).unwrap_err();
            assert!(
                matches!(error, OutputError::NoPattern(_)),
                "{name}: {error}"
            );
        }
    }

    #[test]
    fn patterns_count_from_zero() {
        let pattern = Pattern::parse("a/b_%05d.x.png").unwrap();
        assert_eq!(pattern.path(0), Path::new("a/b_00000.x.png"));
        assert_eq!(pattern.path(1_234_567), Path::new("a/b_1234567.x.png"));
        assert_eq!(
            Pattern::parse("%d.png").unwrap().path(7),
            Path::new("./7.png")
        );
    }
}
