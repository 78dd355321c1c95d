//! An effect as data: one WGSL file with an ISF header that declares its inputs and passes.
//!
//! The header gives everything that the rest of the house derives: show keys, addresses, sliders,
//! documentation, tests. See docs/writing-effects.md for the format.

mod header;
mod kernel;
mod keys;
mod layout;
mod library;
mod variant;
mod verdict;

use std::path::PathBuf;

pub use header::{Clock, Header, Image, ImageKind, Output, Pass, PassSize, SoundImage};
pub use kernel::{Written, binding, drawing, draws, entry_point, kernel};
pub use keys::{BLEND_MODES, CHANNELS_ALL, Keys, SPACES};
pub use layout::{Block, Field, params_block};
pub use library::{Library, LibraryError};
pub use variant::{Blocks, Variant, becomes_constant};
pub use verdict::{verdict, workgroup};

/// What is wrong with an effect file, and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{file}:{line}:{column}: {message}")]
pub struct EffectError {
    /// The file, as the user would name it.
    pub file: String,
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
    /// What is wrong and what to do.
    pub message: String,
}

/// One effect: its header, checked, and its text.
#[derive(Clone, Debug, PartialEq)]
pub struct Effect {
    /// The stem of its file.
    pub name: String,
    /// Where it came from; `None` for a built-in one.
    pub path: Option<PathBuf>,
    /// The whole file.
    pub text: String,
    /// The checked header.
    pub header: Header,
}

impl Effect {
    /// Reads an effect: its header, then naga's verdict on every pass.
    ///
    /// # Errors
    /// The first thing wrong, with the author's own line and column.
    pub fn parse(name: &str, path: Option<PathBuf>, text: &str) -> Result<Self, EffectError> {
        let file = path.as_ref().map_or_else(
            || format!("shaders/{name}.wgsl"),
            |path| path.display().to_string(),
        );
        let place = Place { file, text };
        let header = Header::parse(&place)?;
        let effect = Self {
            name: name.to_owned(),
            path,
            text: text.to_owned(),
            header,
        };
        verdict(&effect, &place)?;
        Ok(effect)
    }

    /// Whether it keeps anything from one tick to the next.
    #[must_use]
    pub fn has_state(&self) -> bool {
        self.header.passes.iter().any(|pass| pass.persistent)
    }

    /// Whether its pictures depend on the beat by themselves.
    #[must_use]
    pub fn reads_beat(&self) -> bool {
        ["frame.beat", "frame.bar"]
            .iter()
            .any(|read| self.text.contains(read))
    }

    /// Whether it makes pictures of its own: it has no `inputImage`.
    #[must_use]
    pub fn is_generator(&self) -> bool {
        !self
            .header
            .images
            .iter()
            .any(|image| image.name == header::INPUT_IMAGE)
    }
}

/// A text under examination, to say where in it something is wrong.
#[derive(Debug)]
pub struct Place<'a> {
    file: String,
    text: &'a str,
}

impl Place<'_> {
    fn error(&self, line: usize, column: usize, message: impl Into<String>) -> EffectError {
        EffectError {
            file: self.file.clone(),
            line,
            column,
            message: message.into(),
        }
    }

    /// An error at a byte of the text.
    fn at(&self, byte: usize, message: impl Into<String>) -> EffectError {
        let before = &self.text[..byte.min(self.text.len())];
        let line = before.matches('\n').count() + 1;
        let column = before.chars().rev().take_while(|c| *c != '\n').count() + 1;
        self.error(line, column, message)
    }

    /// An error at the first occurrence of a text, or at the start.
    fn near(&self, needle: &str, message: impl Into<String>) -> EffectError {
        self.at(self.text.find(needle).unwrap_or(0), message)
    }
}

#[cfg(test)]
mod tests;
