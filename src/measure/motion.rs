use super::{Meter, Reading, Subject};
use crate::picture::Size;
use crate::plan::{Bind, Dispatch, Kernel, Recipe, Store, StoreKind};

/// The most cells of a field: parts of the picture whose motion is told apart.
const MOST_CELLS: Size = Size::new(64, 36);

const CELL_BYTES: u64 = 16;

/// The part of a field whose motion is its peak.
const FASTEST: f64 = 0.01;

/// The motion of a whole field in a few numbers.
#[derive(Debug)]
pub(super) struct Motion {
    subject: Subject,
    canvas: Size,
    grid: Size,
}

/// What a cell of the field says, in heights of the canvas.
#[derive(Clone, Copy, Debug)]
struct Cell {
    /// From the middle of the canvas.
    place: [f64; 2],
    /// Per picture, y down.
    motion: [f64; 2],
    /// Mean length of motion: more than the length of the mean where it goes to and fro.
    length: f64,
    /// Its part of the field.
    share: f64,
}

impl Motion {
    /// For fields of a subject's shape that hold pixels of a canvas.
    pub(super) fn new(subject: Subject, canvas: Size) -> Self {
        let field = subject.shape.size;
        let grid = Size::new(
            field.width.min(MOST_CELLS.width),
            field.height.min(MOST_CELLS.height),
        );
        Self {
            subject,
            canvas,
            grid,
        }
    }

    fn cells(&self, numbers: &[u8]) -> Vec<Cell> {
        let height = f64::from(self.canvas.height);
        let aspect = f64::from(self.canvas.width) / height;
        let (columns, rows) = (f64::from(self.grid.width), f64::from(self.grid.height));
        let area = self.subject.shape.size.area() as f64;
        let places = (0..self.grid.height).flat_map(|y| (0..self.grid.width).map(move |x| (x, y)));
        let cell = |((x, y), bytes): ((u32, u32), &[u8])| {
            let [across, down, length, pixels] = lanes(bytes);
            Cell {
                place: [
                    ((f64::from(x) + 0.5) / columns - 0.5) * aspect,
                    (f64::from(y) + 0.5) / rows - 0.5,
                ],
                motion: [across / height, down / height],
                length: length / height,
                share: pixels / area,
            }
        };
        places
            .zip(numbers.chunks_exact(CELL_BYTES as usize))
            .map(cell)
            .collect()
    }
}

impl Meter for Motion {
    fn recipe(&self) -> Recipe {
        let Size { width, height } = self.grid;
        let text = include_str!("motion.wgsl");
        let text = format!("const GRID = vec2u({width}, {height});\n{text}");
        Recipe {
            stores: vec![Store {
                label: "cells".to_owned(),
                kind: StoreKind::Buffer(self.grid.area() * CELL_BYTES),
                kept: false,
            }],
            kernels: vec![Kernel {
                wgsl: self.subject.wgsl(&text),
                entry: "average".to_owned(),
            }],
            dispatches: vec![Dispatch {
                label: "average".to_owned(),
                kernel: 0,
                binds: vec![Bind::Image(0), Bind::Write(0)],
                groups: self.subject.groups(width, height),
            }],
            numbers: Some(0),
            ..Recipe::default()
        }
    }

    fn read(&mut self, numbers: &[u8], seconds: f64) -> Vec<Reading> {
        let cells = self.cells(numbers);
        let sum =
            |of: fn(&Cell) -> f64| cells.iter().map(|cell| cell.share * of(cell)).sum::<f64>();
        let (x, y) = (sum(|cell| cell.motion[0]), sum(|cell| cell.motion[1]));
        [
            ("motion.mean", sum(|cell| cell.length) / seconds),
            ("motion.peak", peak(&cells) / seconds),
            ("motion.x", x / seconds),
            ("motion.y", y / seconds),
            // Up is positive for angles, down for places.
            ("motion.angle", f64::atan2(0.0 - y, x).to_degrees()),
            ("motion.divergence", divergence(&cells) / seconds),
        ]
        .map(|(name, number)| Reading::new(name, number))
        .to_vec()
    }

    /// What stands still does not move, whatever it did before. It keeps its direction.
    fn rest(&self) -> Vec<Reading> {
        let names = [
            "motion.mean",
            "motion.peak",
            "motion.x",
            "motion.y",
            "motion.divergence",
        ];
        names.map(|name| Reading::new(name, 0.0)).to_vec()
    }
}

/// The length that a hundredth of the field reaches: the longest of all is seldom more than a mistake.
fn peak(cells: &[Cell]) -> f64 {
    let mut sorted: Vec<_> = cells.iter().map(|cell| (cell.length, cell.share)).collect();
    sorted.sort_by(|a, b| b.0.total_cmp(&a.0));
    let mut share = 0.0;
    let reached = sorted.into_iter().find(|(_, own)| {
        share += own;
        share >= FASTEST
    });
    reached.map_or(0.0, |(length, _)| length)
}

/// How fast things part, from the straight lines that fit the motion across over x and the motion down over y best.
/// The mean of the local divergence is another number, that of what crosses the picture's edge: it misses what
/// grows in its middle.
fn divergence(cells: &[Cell]) -> f64 {
    let slope = |axis: usize| {
        let of = |other: fn(&Cell, usize) -> f64| {
            let products = cells.iter();
            products
                .map(|cell| cell.share * cell.place[axis] * other(cell, axis))
                .sum::<f64>()
        };
        let spread = of(|cell, axis| cell.place[axis]);
        if spread > 0.0 {
            of(|cell, axis| cell.motion[axis]) / spread
        } else {
            0.0
        }
    };
    slope(0) + slope(1)
}

fn lanes(bytes: &[u8]) -> [f64; 4] {
    let mut lanes = [0.0; 4];
    for (lane, word) in lanes.iter_mut().zip(bytes.chunks_exact(4)) {
        *lane = f64::from(f32::from_le_bytes(word.try_into().unwrap_or_default()));
    }
    lanes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::Shape;

    const CANVAS: Size = Size::new(160, 90);

    /// The readings of a field of a quarter of the canvas's size, which moves so at a place counted from its middle.
    fn readings(seconds: f64, motion: impl Fn(f64, f64) -> [f64; 2]) -> Vec<f64> {
        let shape = Shape {
            size: Size::new(40, 23),
            float: true,
        };
        let mut meter = Motion::new(Subject { shape, cpu: true }, CANVAS);
        let mut numbers = Vec::new();
        for y in 0..23 {
            for x in 0..40 {
                let at = |index: i32, count: f64, side: f64| {
                    ((f64::from(index) + 0.5) / count - 0.5) * side
                };
                let [across, down] = motion(at(x, 40.0, 160.0), at(y, 23.0, 90.0));
                let length = across.hypot(down);
                for lane in [across, down, length, 1.0] {
                    numbers.extend((lane as f32).to_le_bytes());
                }
            }
        }
        let readings = meter.read(&numbers, seconds);
        readings
            .iter()
            .map(|reading| reading.signal.value().lane(0))
            .collect()
    }

    #[track_caller]
    fn assert_near(found: &[f64], wanted: [f64; 6]) {
        let pairs = found.iter().zip(wanted);
        let near = pairs
            .clone()
            .all(|(found, wanted)| (found - wanted).abs() < 1e-4);
        assert!(near, "{found:?} is not {wanted:?}");
    }

    #[test]
    fn a_pan_is_counted_in_heights_a_second() {
        let up_right = readings(0.04, |_, _| [3.6, -3.6]);
        let speed = 3.6 / 90.0 / 0.04;
        let length = speed * 2_f64.sqrt();
        assert_near(&up_right, [length, length, speed, -speed, 45.0, 0.0]);
        assert_near(&readings(0.04, |_, _| [0.0, 0.0]), [0.0; 6]);
    }

    #[test]
    fn a_zoom_diverges_and_a_rotation_does_not() {
        let zoom = readings(0.1, |x, y| [0.02 * x, 0.02 * y]);
        assert_near(&zoom[5..], [0.4; 6]);
        assert!(zoom[2].abs() < 1e-6 && zoom[3].abs() < 1e-6, "{zoom:?}");
        let turn = readings(0.1, |x, y| [-0.02 * y, 0.02 * x]);
        assert_near(&turn[5..], [0.0; 6]);
        assert!(
            (turn[0] - zoom[0]).abs() < 1e-6 && turn[0] > 0.1,
            "{turn:?}"
        );
    }

    #[test]
    fn what_grows_in_the_middle_comes_nearer() {
        let grows = |x: f64, y: f64| {
            let inside = f64::from(x.abs() < 30.0 && y.abs() < 30.0);
            [0.1 * x * inside, 0.1 * y * inside]
        };
        assert!(readings(1.0, grows)[5] > 0.005);
    }
}
