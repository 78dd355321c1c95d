//! Who drives the engine: `live` by the wall clock, `render` by its own.

mod checkout;
mod coming;
mod ear;
mod feeds;
mod flow;
mod hearing;
pub mod live;
mod options;
mod own_source;
mod part;
mod recorder;
pub mod render;
mod score;
pub mod snapshot;
mod stage;
mod successor;
#[cfg(feature = "media")]
mod track;
mod usual;
#[cfg(all(feature = "audio", feature = "media"))]
mod voice;
#[cfg(not(all(feature = "audio", feature = "media")))]
mod voiceless;
mod writer;

pub use ear::{Device, Ear};
pub use feeds::{Feeds, SourceHealth};
pub use flow::{flow, flow_of};
pub use hearing::{Heard, hear};
pub use options::Options;
pub use score::Score;
use stage::config_folder;
pub use stage::{Failure, Stage, library};
pub use successor::Successor;
#[cfg(all(feature = "audio", feature = "media"))]
use voice::Voice;
#[cfg(not(all(feature = "audio", feature = "media")))]
use voiceless::Voice;
