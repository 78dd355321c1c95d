//! Motion between pictures: host stages whose pictures are motion fields.
//!
//! A field holds, for each pixel of the current picture, where it was minus where it is, in canvas pixels (x, y),
//! and how sure that is (z, 0 to 1).

mod block_motion;
mod farneback;

use std::sync::Arc;

use crate::plan::Stage;

/// The host stages of this room.
#[must_use]
pub fn stages() -> Vec<Arc<dyn Stage>> {
    vec![
        Arc::new(farneback::Farneback),
        Arc::new(block_motion::BlockMotion),
    ]
}
