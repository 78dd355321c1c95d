use std::ops::Range;

/// What is wrong with a show, and where. What came from the command line is a file of its own: `-e`, where the
/// line says which one, or `--set`.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{file}:{line}:{column}: {message}")]
pub struct ShowError {
    /// The file, as the user would name it.
    pub file: String,
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
    /// What is wrong and what to do.
    pub message: String,
}

/// A text under examination, to say where in it something is wrong.
#[derive(Clone, Debug)]
pub(super) struct Place<'a> {
    /// The file, as the user would name it.
    pub(super) file: String,
    /// Its text.
    pub(super) text: &'a str,
    /// The number of the text's first line.
    pub(super) first_line: usize,
}

impl Place<'_> {
    /// An error at a byte of the text.
    pub(super) fn at(&self, byte: usize, message: impl Into<String>) -> ShowError {
        let before = self.text.get(..byte).unwrap_or(self.text);
        ShowError {
            file: self.file.clone(),
            line: self.first_line + before.matches('\n').count(),
            column: 1 + before.chars().rev().take_while(|c| *c != '\n').count(),
            message: message.into(),
        }
    }

    /// An error at the start of a part of the text.
    pub(super) fn on(&self, span: &Range<usize>, message: impl Into<String>) -> ShowError {
        self.at(span.start, message)
    }
}
