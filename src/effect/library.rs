use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::{Effect, EffectError};
use crate::frame_loop::may_block;

const BUILT_IN: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/shaders.rs"));

/// An effect that cannot be had.
#[derive(Clone, Debug, thiserror::Error)]
pub enum LibraryError {
    /// No file of that name.
    #[error("unknown effect '{name}'{}", did_you_mean(.nearest.as_deref()))]
    Unknown {
        /// What was asked for.
        name: String,
        /// The nearest name there is.
        nearest: Option<String>,
    },
    /// The file is broken.
    #[error(transparent)]
    Broken(#[from] EffectError),
    /// The file cannot be read.
    #[error("{path}: {reason}")]
    Unreadable {
        /// The file.
        path: String,
        /// What the system says.
        reason: String,
    },
}

fn did_you_mean(nearest: Option<&str>) -> String {
    nearest.map_or_else(
        || ": 'afterimage effects' lists them".to_owned(),
        |nearest| format!(": did you mean '{nearest}'?"),
    )
}

/// The effects there are: the built-in ones, and those of the user's folders, which win.
#[derive(Debug, Default)]
pub struct Library {
    folders: Vec<PathBuf>,
    read: BTreeMap<String, Arc<Effect>>,
    files: BTreeSet<PathBuf>,
}

impl Library {
    /// A library of the built-in effects and every `.wgsl` file in the given folders; a later folder wins.
    #[must_use]
    pub fn new(folders: Vec<PathBuf>) -> Self {
        Self {
            folders,
            ..Self::default()
        }
    }

    /// All names, sorted.
    #[must_use]
    pub fn names(&self) -> Vec<String> {
        let built_in = BUILT_IN.iter().map(|(name, _)| (*name).to_owned());
        let own = self.folders.iter().flat_map(|folder| stems(folder));
        let mut names: Vec<_> = built_in.chain(own).collect();
        names.sort();
        names.dedup();
        names
    }

    /// Every file that was read or looked for: what [`Self::get`] gave, or why it gave nothing, hangs on these
    /// alone.
    #[must_use]
    pub const fn files(&self) -> &BTreeSet<PathBuf> {
        &self.files
    }

    /// The effect of a name, or of a path that ends in `.wgsl`; read once.
    ///
    /// # Errors
    /// No such effect (with the nearest name), or a broken one (with its line and column).
    pub fn get(&mut self, name: &str) -> Result<Arc<Effect>, LibraryError> {
        if let Some(effect) = self.read.get(name) {
            return Ok(effect.clone());
        }
        let effect = Arc::new(self.find(name)?);
        self.read.insert(name.to_owned(), effect.clone());
        Ok(effect)
    }

    fn find(&mut self, name: &str) -> Result<Effect, LibraryError> {
        may_block("read an effect");
        if name.ends_with(".wgsl") {
            self.files.insert(PathBuf::from(name));
            return Self::read_file(Path::new(name));
        }
        for folder in self.folders.iter().rev() {
            let path = folder.join(format!("{name}.wgsl"));
            self.files.insert(path.clone());
            if path.is_file() {
                return Self::read_file(&path);
            }
        }
        match BUILT_IN.iter().find(|(stem, _)| *stem == name) {
            Some((stem, text)) => Ok(Effect::parse(stem, None, text)?),
            None => Err(LibraryError::Unknown {
                name: name.to_owned(),
                nearest: self.nearest(name),
            }),
        }
    }

    fn read_file(path: &Path) -> Result<Effect, LibraryError> {
        let text = fs::read_to_string(path).map_err(|error| LibraryError::Unreadable {
            path: path.display().to_string(),
            reason: error.to_string(),
        })?;
        let stem = path.file_stem().unwrap_or_default().to_string_lossy();
        Ok(Effect::parse(&stem, Some(path.to_owned()), &text)?)
    }

    fn nearest(&self, name: &str) -> Option<String> {
        let rated = self
            .names()
            .into_iter()
            .map(|other| (strsim::jaro_winkler(name, &other), other));
        let best = rated.max_by(|a, b| a.0.total_cmp(&b.0))?;
        (best.0 > 0.75).then_some(best.1)
    }
}

fn stems(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let paths = entries.map(|entry| entry.path());
    let shaders = paths.filter(|path| {
        path.extension()
            .is_some_and(|extension| extension == "wgsl")
    });
    shaders
        .filter_map(|path| Some(path.file_stem()?.to_string_lossy().into_owned()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const COPY: &str = r#"/*{"DESCRIPTION": "The picture.", "NO_IDENTITY": "nothing to set",
        "INPUTS": [{"NAME": "inputImage", "TYPE": "image"}]}*/
        fn effect(at: vec2i) -> vec4f { return load(inputImage, at, SMEAR); }"#;

    #[test]
    fn what_was_looked_for_is_known_whether_it_is_there_or_not() {
        let [first, second] = [(); 2].map(|()| tempfile::tempdir().expect("a folder"));
        let folders = [&first, &second].map(|folder| folder.path().to_owned());
        for name in ["one.wgsl", "two.wgsl", "other.wgsl"] {
            fs::write(first.path().join(name), COPY).expect("a file");
        }
        fs::write(second.path().join("two.wgsl"), COPY).expect("a file");
        let mut library = Library::new(folders.to_vec());
        let in_both = |name: &str| folders.clone().map(|folder| folder.join(name));
        assert!(library.get("one").is_ok());
        assert!(library.get("two").is_ok());
        assert!(library.get("neither").is_err());
        assert!(library.get("gone/path.wgsl").is_err());
        let mut expected: BTreeSet<PathBuf> = in_both("one.wgsl").into();
        expected.extend(in_both("neither.wgsl"));
        // What the later folder has hides the earlier one's.
        expected.insert(second.path().join("two.wgsl"));
        expected.insert(PathBuf::from("gone/path.wgsl"));
        assert_eq!(*library.files(), expected);
    }
}
