use std::ops::Range;

/// Why a text is no expression: what is wrong there and what to write instead.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct ExpressionError {
    /// The bytes of the text that are at fault; empty at the end of the text where something is missing.
    pub span: Range<usize>,
    /// One line with the advice.
    pub message: String,
}

impl ExpressionError {
    pub(super) fn new(span: &Range<usize>, message: impl Into<String>) -> Self {
        Self {
            span: span.clone(),
            message: message.into(),
        }
    }
}

/// The name most like the one written, if any is like it at all.
pub(super) fn nearest<'n>(wrong: &str, names: impl Iterator<Item = &'n str>) -> Option<&'n str> {
    names
        .map(|name| (name, strsim::jaro_winkler(wrong, name)))
        .filter(|(_, likeness)| *likeness > 0.75)
        .max_by(|a, b| a.1.total_cmp(&b.1))
        .map(|(name, _)| name)
}
