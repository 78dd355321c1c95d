//! Who drives the engine: `live` by the wall clock, `render` by its own.

mod feeds;
pub mod live;
mod options;
mod recorder;
pub mod render;
mod stage;
mod usual;
mod writer;

pub use feeds::{Feeds, SourceHealth};
pub use options::Options;
pub use stage::{Failure, Stage, library};
