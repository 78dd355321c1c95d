//! The window's part of a recipe: the equations of each pixel added up down columns, then along rows, and solved.

use super::constants::gaussian;
use super::module::{Module, Named, array, array_out, reads};
use super::pyramid::vec2;
use super::recipe::{Cook, GAUSSIAN_STEPS, Stores};
use super::slide::{Axis, ringed, running, weighted};
use crate::picture::Size;
use crate::plan::Bind;

/// No pixel moves further: a field's own limit, so that nothing is ever infinite.
const FAR: f64 = 16384.0;

/// What sums down columns find equations by.
#[derive(Clone, Copy)]
pub(super) enum By {
    /// They were kept.
    Equations,
    /// They are made, by a field in which nothing has moved.
    Nothing,
    /// They are made, by this field.
    Field(usize),
}

impl Cook<'_> {
    /// Whether sums down columns make the equations that they sum, each once, and keep a window of them in registers.
    pub(super) fn fuses(&self) -> bool {
        self.kind.fused && self.rings()
    }

    /// Whether a window is small enough for registers.
    fn rings(&self) -> bool {
        !self.settings.gaussian && self.kind.ring >= self.settings.window()
    }

    /// The sums down columns.
    pub(super) fn sum_columns(
        &mut self,
        label: &str,
        index: usize,
        compared: &[Named],
        (stores, by): (&Stores, By),
    ) {
        let Size { width, height } = self.levels[index].size;
        let (slide, steps) = self.slide(Axis::Down, height);
        let (found, mut binds) = self.equations_by(by, compared, stores);
        let module = self
            .at_level(index)
            .with(&found)
            .with(include_str!("columns.wgsl"))
            .with(&slide)
            .constant("REACH", self.settings.reach())
            .constant("STEPS", steps);
        let module = match by {
            By::Equations => module.with(include_str!("sums.wgsl")),
            _ => self.with_equations(module).with(include_str!("sums.wgsl")),
        };
        let module = module.with(&self.strips());
        binds.push(array_out("sums_first", "vec4f", stores.sums[0]));
        binds.push(array_out("sums_h2", "f32", stores.sums[1]));
        let invocations = (width, height.div_ceil(steps));
        self.run(format!("columns.{label}"), module, invocations, binds);
    }

    /// How sums down columns find equations, as text, and what it binds.
    fn equations_by(&self, by: By, compared: &[Named], stores: &Stores) -> (String, Vec<Named>) {
        let made = include_str!("equations_made.wgsl");
        match by {
            By::Equations => {
                let binds = vec![
                    array("equations_first", "vec4f", stores.equations[0]),
                    array("equations_h2", "f32", stores.equations[1]),
                ];
                (include_str!("equations_kept.wgsl").to_owned(), binds)
            }
            By::Nothing => {
                let still = "fn field_at(at: vec2i) -> vec2f { return vec2f(); }";
                (format!("{made}{still}"), compared.to_vec())
            }
            By::Field(field) => {
                let read =
                    "fn field_at(at: vec2i) -> vec2f { return textureLoad(field, at, 0).xy; }";
                let mut binds = compared.to_vec();
                binds.push(reads("field", Bind::Read(field)));
                (format!("{made}{read}"), binds)
            }
        }
    }

    /// The window's sums along an axis of so many pixels, and how many an invocation makes.
    fn slide(&self, axis: Axis, length: u32) -> (String, u32) {
        if self.settings.gaussian {
            let window = weighted(&self.window(), GAUSSIAN_STEPS, axis);
            (window, GAUSSIAN_STEPS)
        } else if self.rings() {
            let window = self.settings.window();
            let runs = length.div_ceil(self.kind.run);
            let steps = length.div_ceil(runs).next_multiple_of(window);
            (ringed(axis, window), steps)
        } else {
            (running(axis), self.kind.run)
        }
    }

    fn window(&self) -> Vec<f32> {
        let reach = self.settings.reach();
        gaussian(2 * reach + 1, 0.3 * f64::from(reach))
    }

    /// The sums along rows, their solution, and `finish` with it.
    pub(super) fn solve(
        &mut self,
        label: &str,
        index: usize,
        stores: &Stores,
        finish: Module,
        more: Vec<Named>,
    ) {
        let share = if self.settings.gaussian {
            1.0
        } else {
            1.0 / f64::from(self.settings.winsize * self.settings.winsize)
        };
        let module = finish
            .constant("EXTENT", vec2("i", self.levels[index].size))
            .with(include_str!("sums.wgsl"))
            .with(&self.strips())
            .with(include_str!("solution.wgsl"))
            .constant("SHARE", format!("{:?}f", share as f32))
            .constant("FAR", format!("{FAR:?}"))
            .constant("REACH", self.settings.reach());
        let mut binds = vec![
            array("sums_first", "vec4f", stores.sums[0]),
            array("sums_h2", "f32", stores.sums[1]),
        ];
        binds.extend(more);
        let label = format!("solve.{label}");
        let Size { width, height } = self.levels[index].size;
        if self.kind.tile {
            let module = module.with(include_str!("tile.wgsl")).with(&self.weight());
            self.book
                .run(label, module, (128, 1), (width, height), binds);
        } else {
            let (slide, steps) = self.slide(Axis::Across, width);
            let module = module
                .with(include_str!("rows.wgsl"))
                .with(&slide)
                .constant("STEPS", steps);
            let invocations = (height, width.div_ceil(steps));
            self.run(label, module, invocations, binds);
        }
    }

    /// The window's weights as a function.
    fn weight(&self) -> String {
        if !self.settings.gaussian {
            return "fn weight(tap: i32) -> f32 { return 1.0; }".to_owned();
        }
        let weights: Vec<_> = self
            .window()
            .iter()
            .map(|weight| format!("{weight:?}f"))
            .collect();
        format!(
            "const WEIGHTS = array({});\nfn weight(tap: i32) -> f32 {{ return WEIGHTS[tap]; }}",
            weights.join(", ")
        )
    }
}
