use crate::picture::Size;

/// The coarsest level is searched in full, within so many of its pixels.
const MOST_RADIUS: u32 = 4;

/// Smaller pictures are not halved.
const LEAST_SIDE: u32 = 16;

/// Smaller windows match by chance.
const LEAST_WINDOW: u32 = 8;

/// One picture of the pyramid that is searched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Level {
    /// Pixels.
    pub(super) size: Size,
    /// Blocks.
    pub(super) grid: Size,
    /// Pixels along the side of what is compared.
    pub(super) window: u32,
    /// The longest vector.
    pub(super) reach: u32,
}

impl Level {
    fn new(size: Size, block: u32, reach: u32) -> Self {
        Self {
            size,
            grid: Size::new(size.width.div_ceil(block), size.height.div_ceil(block)),
            window: block.max(LEAST_WINDOW),
            reach,
        }
    }

    /// Words of four pixels on either side of the picture: a vector leads out of it, and a window stands over.
    pub(super) const fn pad(&self) -> u32 {
        (self.reach + self.window).div_ceil(4) + 2
    }

    /// The words of a row.
    pub(super) const fn words(&self) -> u32 {
        self.size.width.div_ceil(4) + 2 * self.pad()
    }
}

/// From the finest to the coarsest, each half as large as the one before.
pub(super) fn levels(size: Size, block: u32, range: u32) -> Vec<Level> {
    let mut levels = vec![Level::new(size, block, range)];
    loop {
        let Level { size, reach, .. } = levels[levels.len() - 1];
        if reach <= MOST_RADIUS || size.width.max(size.height) < 2 * LEAST_SIDE {
            return levels;
        }
        let half = Size::new(size.width.div_ceil(2), size.height.div_ceil(2));
        levels.push(Level::new(half, block, reach.div_ceil(2)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_halve_until_a_full_search_is_cheap() {
        let all = levels(Size::new(640, 361), 16, 32);
        let sizes: Vec<_> = all.iter().map(|level| (level.size, level.reach)).collect();
        let wanted = [(640, 361, 32), (320, 181, 16), (160, 91, 8), (80, 46, 4)];
        let wanted = wanted.map(|(width, height, reach)| (Size::new(width, height), reach));
        assert_eq!(sizes, wanted);
        assert_eq!(
            (all[0].grid, all[3].grid),
            (Size::new(40, 23), Size::new(5, 3))
        );
    }

    #[test]
    fn small_pictures_have_one_level() {
        let tiny = levels(Size::new(7, 5), 8, 128);
        assert_eq!((tiny.len(), tiny[0].grid), (1, Size::new(1, 1)));
    }
}
