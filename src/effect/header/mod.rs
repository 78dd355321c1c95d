//! The ISF header at the top of an effect file: read, checked, as data.

mod input;
mod model;
mod pass;
mod read;

pub use model::{Clock, Header, Image, ImageKind, Output, Pass, PassSize, SoundImage};
pub(super) use model::{INPUT_IMAGE, MOST_HISTORIES, STAGED};
