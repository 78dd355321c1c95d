//! Where motion is sought on each level, and what a window is there.

use std::fmt;
use std::ops::RangeInclusive;

use super::settings::Settings;
use crate::picture::Size;

/// Windows of fewer pixels are not known well enough by every second one.
const SMALLEST_SPARSE_WINDOW: u32 = 9;

/// Pixels of a level at which motion is sought: all of them, or every second one of every second row.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Grid {
    /// The level, of which 0 is the finest.
    pub(super) level: usize,
    /// From one of its pixels to the next, in those of the level.
    pub(super) stride: u32,
    /// Which of the level's iterations go over it.
    pub(super) iterations: RangeInclusive<u32>,
}

/// The grids in the order in which they are gone over. All but a level's last iteration only say where the next one looks,
/// so that every second pixel is enough for them unless exact numbers are wanted.
pub(super) fn grids(settings: &Settings, levels: usize) -> Vec<Grid> {
    let last = settings.iterations;
    let sparse = !settings.exact && settings.window() >= SMALLEST_SPARSE_WINDOW;
    let parts: &[_] = match sparse && last > 1 {
        true => &[(2, 1, last - 1), (1, last, last)],
        false => &[(1, 1, last)],
    };
    let on = |level| {
        parts.iter().map(move |(stride, first, last)| Grid {
            level,
            stride: *stride,
            iterations: *first..=*last,
        })
    };
    (0..levels).rev().flat_map(on).collect()
}

impl Grid {
    /// How many pixels it has on a level of that size.
    pub(super) const fn size(&self, level: Size) -> Size {
        Size::new(
            level.width.div_ceil(self.stride),
            level.height.div_ceil(self.stride),
        )
    }

    /// What the window is on it.
    pub(super) fn window(&self, settings: &Settings) -> Window {
        let reach = settings.reach().div_ceil(self.stride);
        let pixels = settings.window() as f32 / self.stride as f32;
        Window {
            reach,
            end: (pixels - (2 * reach) as f32 + 1.0) / 2.0,
            sigma: 0.3 * f64::from(settings.reach()) / f64::from(self.stride),
        }
    }
}

impl fmt::Display for Grid {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sparse = if self.stride > 1 { "_sparse" } else { "" };
        write!(formatter, "{}{sparse}", self.level)
    }
}

/// A window around a pixel of a grid.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Window {
    /// How far it reaches from its middle.
    pub(super) reach: u32,
    /// What its first and last pixel count for in a box, where the others count 1: as much of the window's ends as pixels
    /// have that are left out, were they the mean of their neighbours.
    pub(super) end: f32,
    /// The standard deviation of one that is a Gaussian.
    pub(super) sigma: f64,
}

impl Window {
    /// Its pixels on a side.
    pub(super) const fn length(&self) -> u32 {
        2 * self.reach + 1
    }
}

#[cfg(test)]
mod tests {
    use super::super::settings::tests::settings;
    use super::*;

    #[test]
    fn only_what_is_fast_is_sparse_and_every_iteration_is_gone_through_once() {
        let exact = settings(360);
        let fast = Settings {
            exact: false,
            ..settings(360)
        };
        let nervous = Settings {
            winsize: 7,
            ..fast.clone()
        };
        let once = Settings {
            iterations: 1,
            ..fast.clone()
        };
        for (settings, strides) in [
            (&exact, &[1, 1, 1][..]),
            (&nervous, &[1, 1, 1]),
            (&once, &[1]),
            (&fast, &[2, 2, 1]),
        ] {
            let grids = grids(settings, 2);
            for level in [1, 0] {
                let of_level = grids.iter().filter(|grid| grid.level == level);
                let found: Vec<_> = of_level
                    .flat_map(|grid| grid.iterations.clone().map(|at| (at, grid.stride)))
                    .collect();
                let wanted: Vec<_> = (1..).zip(strides.iter().copied()).collect();
                assert_eq!(found, wanted, "{settings:?}");
            }
            assert!(grids.is_sorted_by_key(|grid| std::cmp::Reverse(grid.level)));
        }
    }

    #[test]
    fn a_sparse_window_weighs_as_much_as_the_whole_one() {
        for winsize in 1..=63 {
            let settings = Settings {
                winsize,
                ..settings(360)
            };
            for stride in [1, 2] {
                let grid = Grid {
                    level: 0,
                    stride,
                    iterations: 1..=1,
                };
                let window = grid.window(&settings);
                assert!(window.end > 0.0 && window.end <= 1.0, "{window:?}");
                if window.reach > 0 {
                    let weight = (window.length() - 2) as f32 + 2.0 * window.end;
                    let pixels = settings.window() as f32;
                    assert_eq!(weight * stride as f32, pixels, "{window:?}");
                }
            }
        }
    }

    #[test]
    fn a_sparse_grid_has_the_first_of_every_two_pixels() {
        let size = |stride, (width, height)| {
            let grid = Grid {
                level: 0,
                stride,
                iterations: 1..=1,
            };
            let size = grid.size(Size::new(width, height));
            (size.width, size.height)
        };
        assert_eq!(size(1, (7, 4)), (7, 4));
        assert_eq!(size(2, (7, 4)), (4, 2));
        assert_eq!(size(2, (1, 1)), (1, 1));
    }
}
