//! Motion between pictures: host stages that make motion fields.

use std::sync::Arc;

use crate::plan::Stage;

/// The host stages of this room.
#[must_use]
pub fn stages() -> Vec<Arc<dyn Stage>> {
    Vec::new()
}
