//! The show file: what is played, as data, read and checked with line and column.
//!
//! [`Show::parse`] is pure: a text that is refused changes nothing, so the show that plays goes on.

mod audio;
mod branch;
mod canvas;
mod chain;
mod change;
mod channels;
mod control;
mod error;
mod layer;
mod model;
mod names;
mod playback;
mod preset;
mod read;
mod setting;
mod source;
mod written;

pub use audio::{Audio, SoundRef};
pub use error::ShowError;
pub use model::{Bits, Canvas, Layer, Matte, PictureRef, Show, SourceEntry};
pub use playback::Playback;
pub use preset::{UnknownPreset, preset, presets};
pub use setting::Setting;

#[cfg(test)]
mod tests;
