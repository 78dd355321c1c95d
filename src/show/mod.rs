//! The show file.
