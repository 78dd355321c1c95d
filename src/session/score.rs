use std::sync::Arc;

use super::coming::Open;
use super::ear::Choice;
use crate::engine::{EngineError, Instance};
use crate::gpu::Pipelines;
use crate::picture::Size;
use crate::show::Show;

/// What a show is played from, without a GPU and without its sources.
#[derive(Clone, Debug)]
pub struct Score {
    pub(super) show: Arc<Show>,
    pub(super) size: Size,
    pub(super) rate: f64,
    pub(super) sources: Vec<Open>,
    /// What it hears.
    pub(super) sound: Option<Choice>,
}

impl Score {
    /// Makes an instance, with everything compiled: not for the frame loop.
    ///
    /// # Errors
    /// As [`Instance::new`].
    pub fn instance(&self, pipelines: &Pipelines) -> Result<Instance, EngineError> {
        let mut instance = Instance::new(pipelines, &self.show, self.size, self.rate)?;
        for (source, open) in self.sources.iter().enumerate() {
            if let Some(outline) = &open.outline {
                instance.rehearse(pipelines, source, outline);
            }
        }
        Ok(instance)
    }

    /// The show.
    #[must_use]
    pub const fn show(&self) -> &Arc<Show> {
        &self.show
    }

    /// Whether pictures on a show's canvas are of the same size and arithmetic.
    pub(super) fn is_drawn_as(&self, show: &Show, size: Size) -> bool {
        (self.size, self.show.canvas.bits) == (size, show.canvas.bits)
    }
}
