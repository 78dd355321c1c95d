use super::{Keep, Plan};

/// The most memory that kept pictures (histories, accumulators) may take together: 4 GiB.
pub const MOST_MEMORY: u64 = 4 << 30;

const HALF_FLOAT_PIXEL: u64 = 8;

/// A show that would keep too many pictures.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "the show keeps {needed} MiB of pictures at {size}, at most {} MiB are allowed: \
     look back less far at '{largest}' (tap, taps, frames, …), or lower the canvas's size",
    MOST_MEMORY >> 20
)]
pub struct TooMuchMemory {
    /// Memory needed, MiB.
    pub needed: u64,
    /// The canvas's size.
    pub size: crate::picture::Size,
    /// The picture that needs most.
    pub largest: String,
}

pub(super) fn check(plan: &Plan) -> Result<(), TooMuchMemory> {
    let pixels = plan.size.area();
    let rings = plan
        .pictures
        .iter()
        .filter_map(|picture| match picture.keep {
            Keep::Ring(depth) => Some((
                picture.key.as_str(),
                u64::from(depth) * pixels * HALF_FLOAT_PIXEL,
            )),
            // How large a source is, nobody knows before its first picture.
            Keep::Tick | Keep::Own => None,
        });
    let targets = plan
        .targets
        .iter()
        .filter(|target| target.persistent)
        .map(|target| {
            let pixel = if target.float {
                2 * HALF_FLOAT_PIXEL
            } else {
                HALF_FLOAT_PIXEL
            };
            (target.key.as_str(), 2 * target.size.area() * pixel)
        });
    let kept: Vec<_> = rings.chain(targets).collect();
    let needed: u64 = kept.iter().map(|(_, bytes)| bytes).sum();
    if needed <= MOST_MEMORY {
        return Ok(());
    }
    let largest = kept
        .iter()
        .max_by_key(|(_, bytes)| bytes)
        .map_or("", |(key, _)| key);
    Err(TooMuchMemory {
        needed: needed >> 20,
        size: plan.size,
        largest: largest.to_owned(),
    })
}
