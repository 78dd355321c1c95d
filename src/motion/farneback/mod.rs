//! Dense motion by polynomial expansion: G. Farnebäck, "Two-Frame Motion Estimation Based on Polynomial Expansion",
//! SCIA 2003, with every rule of OpenCV's `calcOpticalFlowFarneback` (modules/video/src/optflowgf.cpp).
//!
//! A picture becomes grey, then a pyramid; on each level a quadratic polynomial is fitted around each pixel, and the
//! last picture's polynomials are kept. From the coarsest level to the finest, some times each: compare the
//! polynomials where the field so far points to (`equations`), add up over a window (`columns`, `solve`), solve.
//!
//! Fast motion is kept in half floats, and all but a level's last iteration go over every second pixel of every second row
//! (`grid`). What they find only says where the last one looks, which finds the same from a little aside: on the bundled
//! pairs 0.002 to 0.009 px from OpenCV's on average, for half the work, and 0.016 px on one of somebody who walks, where
//! twelve exact iterations are 0.12 px from three.
//!
//! # What it moves
//! A whole iteration in registers would move, for each pixel of a field with all its levels (4/3 of a pixel) and three
//! iterations: grey and pyramid 30 bytes, the polynomials written once 21 (exact: 27), and each iteration's two reads of them
//! and the field 64 (exact: 75), a sparse one's 16. That floor is 147 bytes (exact: 282): 0.3 GB for a field of 1920x1080,
//! 0.6 ms at 500 GB/s; 34 MB at 640x360. These kernels move 434 bytes (exact: 633): equations, column sums and moments are put
//! down and fetched again, so that columns and rows are summed independently. On a CPU rows are shrunk where moments are taken,
//! and equations are made where columns are summed and kept in registers while their window passes: 300 bytes (exact: 494).

mod constants;
mod field;
mod grid;
mod level;
mod module;
mod pyramid;
mod recipe;
mod settings;
mod slide;
mod window;

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
            site.adapter,
        )
    }
}
