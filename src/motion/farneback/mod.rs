//! Dense motion by polynomial expansion: G. Farnebäck, "Two-Frame Motion Estimation Based on Polynomial Expansion",
//! SCIA 2003, with every rule of OpenCV's `calcOpticalFlowFarneback` (modules/video/src/optflowgf.cpp).
//!
//! A picture becomes grey, then a pyramid; on each level a quadratic polynomial is fitted around each pixel, and the
//! last picture's polynomials are kept. From the coarsest level to the finest, some times each: compare the
//! polynomials where the field so far points to (`equations`), add up over a window (`columns`, `solve`), solve.
//!
//! # What it moves
//! At the least, for each pixel of the field: grey 4 bytes written and read, expansion 20 (fast: 16) written, read
//! where it is and where it points to, equations and their column sums 20 each written and read, the field 8. With all
//! levels (4/3 of a pixel) and three iterations that is a floor of 550 bytes a pixel (fast: 500): 1.1 GB for a field
//! of 1920x1080, 2.3 ms at 500 GB/s; 125 MB at 640x360. [`Recipe`] says what it really binds.

mod constants;
mod field;
mod level;
mod module;
mod pyramid;
mod recipe;
mod settings;
mod slide;

use crate::plan::{Recipe, Shape, Site, Stage};
use settings::Settings;

/// The host stage behind `shaders/flow.wgsl`.
#[derive(Debug)]
pub(super) struct Farneback;

impl Stage for Farneback {
    fn name(&self) -> &'static str {
        "farneback"
    }

    fn shape(&self, site: &Site<'_>) -> Shape {
        let settings = Settings::of(site);
        Shape {
            size: settings.field(site.images[0].size),
            float: settings.exact,
        }
    }

    fn recipe(&self, site: &Site<'_>) -> Recipe {
        recipe::recipe(
            &Settings::of(site),
            site.images[0].size,
            site.canvas,
            site.cpu,
        )
    }
}
