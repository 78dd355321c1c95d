use std::sync::Arc;

use super::space::Space;
use crate::param::Standing;

/// What there is, and what it stands at.
#[derive(Clone, Debug, Default)]
pub(super) struct Board {
    pub(super) space: Arc<Space>,
    /// One for each address of the space.
    pub(super) standings: Arc<Vec<Standing>>,
}

impl Board {
    /// Before the first tick.
    pub(super) fn new(space: Space) -> Self {
        Self {
            standings: Arc::new(space.defaults()),
            space: Arc::new(space),
        }
    }
}
