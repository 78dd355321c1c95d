//! An effect as data.
