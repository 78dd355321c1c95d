use super::settings::Settings;
use crate::picture::Size;

/// No level has a side below this.
const SMALLEST_SIDE: f64 = 32.0;

/// A level of the pyramid.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Level {
    /// Its side over the field's.
    pub(super) scale: f64,
    /// Its pixels.
    pub(super) size: Size,
}

/// The levels from the finest, which is the field itself, to the coarsest.
pub(super) fn levels(settings: &Settings, field: Size) -> Vec<Level> {
    let scales = std::iter::successors(Some(1.0), |scale| Some(scale * settings.pyr_scale));
    let fits = |scale: &f64| {
        let side = |pixels: u32| f64::from(pixels) * scale;
        side(field.width) >= SMALLEST_SIDE && side(field.height) >= SMALLEST_SIDE
    };
    let coarser = scales
        .skip(1)
        .take(settings.levels as usize)
        .take_while(fits);
    let level = |scale: f64| {
        let side = |pixels: u32| (f64::from(pixels) * scale).round_ties_even() as u32;
        Level {
            scale,
            size: Size::new(side(field.width), side(field.height)),
        }
    };
    std::iter::once(1.0).chain(coarser).map(level).collect()
}

impl Level {
    /// The standard deviation of the blur before the field's picture is brought to this level, in its pixels.
    pub(super) fn sigma(&self) -> f64 {
        (1.0 / self.scale - 1.0) / 2.0
    }

    /// The length of that blur.
    pub(super) fn taps(&self) -> u32 {
        ((self.sigma() * 5.0).round_ties_even() as u32 | 1).max(3)
    }
}
