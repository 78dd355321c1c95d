//! What stands for the sound of films in a build that plays none.

use super::{Device, Failure, Feeds};

/// Nobody: it never begins.
#[derive(Debug)]
pub(super) enum Voice {}

impl Voice {
    /// Says that this build cannot.
    ///
    /// # Errors
    /// Always.
    pub(super) fn begin(_: &str) -> Result<Self, Failure> {
        let advice = "this build plays no sound; build with the features 'audio' and 'media'";
        Err(Failure::usage(advice))
    }

    pub(super) fn play(&self, _: &mut Feeds) -> bool {
        match *self {}
    }

    pub(super) fn device(&self) -> Device {
        match *self {}
    }
}
