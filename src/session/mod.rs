//! Who drives the engine: `live` by the wall clock, `render` by its own.

mod bundled;
mod feeds;
pub mod live;
mod options;
mod own_source;
mod recorder;
pub mod render;
mod stage;
mod writer;

pub use bundled::bundled_clip;
pub use feeds::{Feeds, Health};
pub use options::Options;
use stage::config_folder;
pub use stage::{Failure, Score, Stage, library};
