//! Pixel sorting: a host stage that moves pixels along paths, in order of a key within runs.
//!
//! A *path* orders the pixels of a picture into lines of cells. A *run* is a stretch of a line that is sorted for itself.
//! Kernels give each cell a key and say where runs begin, sort line by line, and fetch each pixel from its new place.

mod path;
mod recipe;
mod rotation;

use std::sync::Arc;

use crate::plan::{Recipe, Shape, Site, Stage};

/// The host stages of this room.
#[must_use]
pub fn stages() -> Vec<Arc<dyn Stage>> {
    vec![Arc::new(PixelSort)]
}

/// The host stage behind `shaders/pixel_sort.wgsl`.
#[derive(Debug)]
struct PixelSort;

impl Stage for PixelSort {
    fn name(&self) -> &'static str {
        "pixel_sort"
    }

    fn shape(&self, site: &Site<'_>) -> Shape {
        Shape {
            size: site.images[0].size,
            float: false,
        }
    }

    fn recipe(&self, site: &Site<'_>) -> Recipe {
        recipe::recipe(site)
    }
}
