//! Who drives the engine: `live` by the wall clock, `render` by its own.

mod bundled;
mod feeds;
pub mod live;
mod options;
mod recorder;
pub mod render;
mod stage;
mod writer;

pub use bundled::bundled_clip;
pub use feeds::{Feeds, SourceHealth};
pub use options::Options;
pub use stage::{Failure, Stage, library};
