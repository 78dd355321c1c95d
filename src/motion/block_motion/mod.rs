//! Motion of blocks, as codecs have it: for each block of a picture the place in the picture before that is most
//! like it. Searched from coarse to fine; the mean difference that is left says how sure it is.

mod level;
mod recipe;

use crate::picture::Size;
use crate::plan::{Recipe, Shape, Site, Stage};
use level::{Level, levels};

/// The host stage behind `shaders/block_motion.wgsl`.
///
/// Its picture has one texel for each block. Blocks divide the picture evenly, so that the middle of a texel is the
/// middle of its block and who reads in between interpolates truly; all that stands at a whole picture's size is the
/// grey that is searched.
#[derive(Debug)]
pub(super) struct BlockMotion;

/// What a show sets, all of it fixed.
#[derive(Clone, Copy, Debug)]
struct Settings {
    /// Pixels of the searched picture along a block's side.
    block: u32,
    /// Rows of the searched picture; 0 is the picture's own.
    height: u32,
    /// The longest vector in pixels of the searched picture.
    range: u32,
    half_pixel: bool,
    /// Grey levels for each pixel by which a vector leaves its neighbours'.
    smoothness: f64,
}

impl Settings {
    fn of(site: &Site<'_>) -> Self {
        let whole = |name| site.number(name) as u32;
        Self {
            block: whole("block"),
            height: whole("height"),
            range: whole("range"),
            half_pixel: site.number("half_pixel") != 0.0,
            smoothness: site.number("smoothness"),
        }
    }

    /// The size at which a picture is searched: its own, or smaller.
    fn searched(&self, picture: Size) -> Size {
        if self.height == 0 || self.height >= picture.height {
            return picture;
        }
        let scale = f64::from(self.height) / f64::from(picture.height);
        let width = (f64::from(picture.width) * scale).round().max(1.0);
        Size::new(width as u32, self.height)
    }

    fn levels(&self, picture: Size) -> Vec<Level> {
        levels(self.searched(picture), self.block, self.range)
    }
}

impl Stage for BlockMotion {
    fn name(&self) -> &'static str {
        "block_motion"
    }

    fn shape(&self, site: &Site<'_>) -> Shape {
        let levels = Settings::of(site).levels(site.images[0].size);
        Shape {
            size: levels[0].grid,
            float: false,
        }
    }

    fn recipe(&self, site: &Site<'_>) -> Recipe {
        recipe::recipe(&Settings::of(site), site)
    }
}
