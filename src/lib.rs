//! Afterimage: GPU real-time effects for live performance, and the same shows rendered to films.
//!
//! ARCHITECTURE.md says which room does what and who may know whom.

pub mod audio;
pub mod cli;
pub mod control;
pub mod effect;
pub mod engine;
pub mod frame_loop;
pub mod gpu;
pub mod health;
pub mod measure;
pub mod motion;
pub mod output;
pub mod param;
pub mod picture;
pub mod plan;
pub mod session;
pub mod show;
pub mod signal;
pub mod sort;
pub mod source;
#[cfg(feature = "window")]
pub mod ui;
