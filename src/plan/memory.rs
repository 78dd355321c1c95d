use super::{Keep, Plan, Shape, Step, Store, StoreKind, Target};

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

fn bytes(shape: Shape) -> u64 {
    let pixel = if shape.float {
        2 * HALF_FLOAT_PIXEL
    } else {
        HALF_FLOAT_PIXEL
    };
    shape.size.area() * pixel
}

fn store_bytes(store: &Store) -> u64 {
    let bytes = match store.kind {
        StoreKind::Texture(size, texel) => size.area() * texel.bytes(),
        StoreKind::Buffer(bytes) => bytes,
    };
    if store.kept { 2 * bytes } else { bytes }
}

pub(super) fn check(plan: &Plan) -> Result<(), TooMuchMemory> {
    let rings = plan
        .pictures
        .iter()
        .filter_map(|picture| match picture.keep {
            Keep::Ring(depth) => Some((
                picture.key.as_str(),
                u64::from(depth) * bytes(picture.shape),
            )),
            // How large a source is, nobody knows before its first picture.
            Keep::Tick | Keep::Own => None,
        });
    let targets = plan
        .targets
        .iter()
        .filter(|target| target.persistent)
        .map(|target| {
            let Target { size, float, .. } = *target;
            (target.key.as_str(), 2 * bytes(Shape { size, float }))
        });
    let stages = plan.steps.iter().filter_map(Step::work).map(|work| {
        let stores = work.recipe.stores.iter().map(store_bytes);
        (work.key.as_str(), stores.sum())
    });
    let kept: Vec<_> = rings.chain(targets).chain(stages).collect();
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
