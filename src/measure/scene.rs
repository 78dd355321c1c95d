use super::{Meter, Reading, Subject};
use crate::picture::Size;
use crate::plan::{Bind, Dispatch, Kernel, Recipe, Store, StoreKind, Texel};
use crate::signal::Signal;

/// What one invocation compares: its counts of pixels fit a byte.
const TILE: Size = Size::new(16, 8);

/// Its kernels, in the order in which they run.
const KERNELS: [&str; 3] = ["pack", "compare", "gather"];

/// Bytes of a `Tile` and of a `Row` in `scene.wgsl`.
const TILE_BYTES: u64 = 48;
const ROW_BYTES: usize = 96;

/// Where a row's numbers are, counted in 32-bit words.
const RGB: std::ops::Range<usize> = 0..3;
const LUMA: usize = 3;
const HISTOGRAM: std::ops::Range<usize> = 4..20;
const LIGHT: usize = 20;

/// A score above it is a cut, as ffmpeg's users have it.
const CUT: f64 = 0.3;

const WHITE: f64 = 255.0;

/// How like its predecessor each picture is, and how its light is spread.
///
/// The score is that of ffmpeg's `select` filter on RGB pictures (libavfilter/f_select.c): the mean absolute
/// difference of all samples in 8-bit levels, or if that is less, by how much it differs from the last one; in
/// hundredths, at most 1.
#[derive(Debug)]
pub(super) struct Scene {
    subject: Subject,
    /// The last mean absolute difference, in levels.
    last: f64,
}

impl Scene {
    /// Before the first picture.
    pub(super) const fn new(subject: Subject) -> Self {
        Self { subject, last: 0.0 }
    }

    fn tiling(&self) -> Size {
        let size = self.subject.shape.size;
        Size::new(
            size.width.div_ceil(TILE.width),
            size.height.div_ceil(TILE.height),
        )
    }
}

impl Meter for Scene {
    fn recipe(&self) -> Recipe {
        let (size, tiling) = (self.subject.shape.size, self.tiling());
        let rows = u64::from(tiling.height) * ROW_BYTES as u64;
        let text = format!(
            "const TILE = vec2u({}, {});\nconst TILING = vec2u({}, {});\n{}",
            TILE.width,
            TILE.height,
            tiling.width,
            tiling.height,
            include_str!("scene.wgsl")
        );
        let wgsl = self.subject.wgsl(&text);
        let kernel = |entry: &str| Kernel {
            wgsl: wgsl.clone(),
            entry: entry.to_owned(),
        };
        let run = |kernel: usize, binds: &[Bind], groups| Dispatch {
            label: KERNELS[kernel].to_owned(),
            kernel,
            binds: binds.to_vec(),
            groups,
        };
        let [levels, tiles, sums] = [0, 1, 2];
        Recipe {
            stores: vec![
                store("levels", StoreKind::Texture(size, Texel::R32Uint), true),
                store(
                    "tiles",
                    StoreKind::Buffer(tiling.area() * TILE_BYTES),
                    false,
                ),
                store("rows", StoreKind::Buffer(rows), false),
            ],
            kernels: KERNELS.map(kernel).to_vec(),
            dispatches: vec![
                run(
                    0,
                    &[Bind::Image(0), Bind::Write(levels)],
                    self.subject.groups(size.width, size.height),
                ),
                run(
                    1,
                    &[Bind::Read(levels), Bind::Past(levels), Bind::Write(tiles)],
                    self.subject.groups(tiling.width, tiling.height),
                ),
                run(
                    2,
                    &[Bind::Read(tiles), Bind::Write(sums)],
                    [tiling.height.div_ceil(64), 1, 1],
                ),
            ],
            numbers: Some(sums),
            ..Recipe::default()
        }
    }

    fn read(&mut self, numbers: &[u8], _seconds: f64) -> Vec<Reading> {
        let sums = sums(numbers);
        let pixels = self.subject.shape.size.area() as f64;
        let difference = sums[RGB].iter().sum::<u64>() as f64 / (3.0 * pixels);
        let score = difference.min((difference - self.last).abs()) / 100.0;
        let score = score.clamp(0.0, 1.0);
        self.last = difference;
        let luma = |sum: u64| sum as f64 / pixels / WHITE;
        let mut readings = vec![
            Reading::new("scene.score", score),
            Reading::new("scene.cut", Signal::Trigger(u32::from(score > CUT))),
            Reading::new("luma.mean", luma(sums[LIGHT])),
            Reading::new("luma.difference", luma(sums[LUMA])),
        ];
        readings.extend((0..).zip(&sums[HISTOGRAM]).map(|(step, count)| Reading {
            index: Some(step),
            ..Reading::new("luma.histogram", *count as f64 / pixels)
        }));
        readings
    }
}

fn store(label: &str, kind: StoreKind, kept: bool) -> Store {
    Store {
        label: label.to_owned(),
        kind,
        kept,
    }
}

/// The rows' numbers, added up.
fn sums(numbers: &[u8]) -> [u64; LIGHT + 1] {
    let mut sums = [0; LIGHT + 1];
    for row in numbers.chunks_exact(ROW_BYTES) {
        for (sum, word) in sums.iter_mut().zip(row.chunks_exact(4)) {
            *sum += u64::from(u32::from_le_bytes(word.try_into().unwrap_or_default()));
        }
    }
    sums
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::Shape;

    fn scene() -> Scene {
        let shape = Shape {
            size: Size::new(10, 10),
            float: false,
        };
        Scene::new(Subject { shape, cpu: true })
    }

    /// The numbers of pictures of which each sample differs by so many levels from the one before.
    fn numbers(levels: u32) -> Vec<u8> {
        let half = |_| {
            let mut row = [0_u32; ROW_BYTES / 4];
            row[..4].fill(50 * levels);
            row.map(u32::to_le_bytes).concat()
        };
        (0..2).flat_map(half).collect()
    }

    #[test]
    fn a_score_is_a_jump_that_is_new() {
        let mut scene = scene();
        let mut scores = |levels: &[u32]| -> Vec<(f64, u32)> {
            let read = |levels: &u32| {
                let readings = scene.read(&numbers(*levels), 0.04);
                let cuts = readings[1].signal.events().unwrap_or_default();
                (readings[0].signal.value().lane(0), cuts)
            };
            levels.iter().map(read).collect()
        };
        let wanted = [(0.0, 0), (0.1, 0), (0.0, 0), (0.5, 1), (0.05, 0), (1.0, 1)];
        assert_eq!(scores(&[0, 10, 10, 60, 5, 240]), wanted);
    }
}
