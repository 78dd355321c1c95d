//! The window's part of a recipe: the equations of each pixel added up down columns, then along rows, and solved.

use super::constants::gaussian;
use super::grid::{Grid, Window};
use super::module::{Module, Named, array, array_out, reads};
use super::recipe::{Cook, GAUSSIAN_STEPS};
use super::slide::{Axis, ringed, running, weighted};
use crate::picture::Size;
use crate::plan::Bind;

/// No pixel moves further: a field's own limit, so that nothing is ever infinite.
const FAR: f64 = 16384.0;

/// The buffers of a grid's equations and sums.
pub(super) struct Sums {
    /// None where sums down columns make the equations.
    equations: Option<[usize; 2]>,
    sums: [usize; 2],
}

impl Sums {
    /// The equations as `array` or `array_out` names them.
    pub(super) fn equations(&self, named: fn(&str, &str, usize) -> Named) -> Vec<Named> {
        let stores = self.equations.into_iter().flatten();
        [("equations_first", "vec4f"), ("equations_h2", "f32")]
            .into_iter()
            .zip(stores)
            .map(|((name, of), store)| named(name, of, store))
            .collect()
    }
}

/// What sums down columns find equations by.
pub(super) enum By {
    /// They were kept.
    Equations,
    /// They are made, by what the grid begins with.
    Begun(Module, Vec<Named>),
    /// They are made, by this field.
    Field(usize),
}

impl Cook<'_> {
    /// Whether sums down columns make the equations that they sum, each once, and keep a window of them in registers.
    pub(super) fn fuses(&self) -> bool {
        self.kind.fused && self.rings()
    }

    /// A grid's buffers.
    pub(super) fn sums(&mut self, grid: &Grid) -> Sums {
        let fuses = self.fuses();
        let Size { width, height } = self.extent(grid);
        let mut buffers = |label: &str| {
            [("first", 16), ("h2", 4)].map(|(part, bytes)| {
                let label = format!("{label}.{grid}.{part}");
                self.strip_buffer(&label, (width, height), bytes)
            })
        };
        Sums {
            equations: (!fuses).then(|| buffers("equations")),
            sums: buffers("sums"),
        }
    }

    /// Whether a window is small enough for registers.
    fn rings(&self) -> bool {
        !self.settings.gaussian && self.kind.ring >= self.settings.window()
    }

    /// The sums down columns.
    pub(super) fn sum_columns(
        &mut self,
        label: &str,
        grid: &Grid,
        compared: &[Named],
        (stores, by): (&Sums, &By),
    ) {
        let Size { width, height } = self.extent(grid);
        let window = grid.window(self.settings);
        let (slide, steps) = self.slide(window, Axis::Down, height);
        let (found, mut binds) = self.equations_by(by, compared, stores);
        let module = self
            .on_grid(Module::default(), grid)
            .with(&found)
            .with(include_str!("columns.wgsl"))
            .with(&slide)
            .constant("REACH", window.reach)
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
    fn equations_by(&self, by: &By, compared: &[Named], stores: &Sums) -> (String, Vec<Named>) {
        let made = include_str!("equations_made.wgsl");
        match by {
            By::Equations => {
                let binds = stores.equations(array);
                (include_str!("equations_kept.wgsl").to_owned(), binds)
            }
            By::Begun(begun, more) => {
                let begin = "fn field_at(at: vec2i) -> vec2f { return begun(at * STRIDE); }";
                let binds = compared.iter().chain(more).cloned().collect();
                (format!("{made}{begin}{}", begun.text), binds)
            }
            By::Field(field) => {
                let read =
                    "fn field_at(at: vec2i) -> vec2f { return textureLoad(field, at, 0).xy; }";
                let mut binds = compared.to_vec();
                binds.push(reads("field", Bind::Read(*field)));
                (format!("{made}{read}"), binds)
            }
        }
    }

    /// The window's sums along an axis of so many pixels, and how many an invocation makes.
    fn slide(&self, window: Window, axis: Axis, length: u32) -> (String, u32) {
        if self.settings.gaussian {
            let weights = gaussian(window.length(), window.sigma);
            (weighted(&weights, GAUSSIAN_STEPS, axis), GAUSSIAN_STEPS)
        } else if self.rings() {
            let runs = length.div_ceil(self.kind.run);
            let steps = length.div_ceil(runs).next_multiple_of(window.length());
            (ringed(axis, window), steps)
        } else {
            (running(axis, window), self.kind.run)
        }
    }

    /// The sums along rows, their solution, and `finish` with it.
    pub(super) fn solve(
        &mut self,
        label: &str,
        grid: &Grid,
        stores: &Sums,
        (finish, more): (Module, Vec<Named>),
    ) {
        let share = if self.settings.gaussian {
            1.0
        } else {
            (f64::from(grid.stride) / f64::from(self.settings.winsize)).powi(2)
        };
        let window = grid.window(self.settings);
        let module = self
            .on_grid(finish, grid)
            .with(include_str!("sums.wgsl"))
            .with(&self.strips())
            .with(include_str!("solution.wgsl"))
            .constant("SHARE", format!("{:?}f", share as f32))
            .constant("FAR", format!("{FAR:?}"))
            .constant("REACH", window.reach);
        let mut binds = vec![
            array("sums_first", "vec4f", stores.sums[0]),
            array("sums_h2", "f32", stores.sums[1]),
        ];
        binds.extend(more);
        let label = format!("solve.{label}");
        let Size { width, height } = self.extent(grid);
        if self.kind.tile {
            let module = module
                .with(include_str!("tile.wgsl"))
                .with(&self.weight(window));
            self.book
                .run(label, module, (128, 1), (width, height), binds);
        } else {
            let (slide, steps) = self.slide(window, Axis::Across, width);
            let module = module
                .with(include_str!("rows.wgsl"))
                .with(&slide)
                .constant("STEPS", steps);
            let invocations = (height, width.div_ceil(steps));
            self.run(label, module, invocations, binds);
        }
    }

    /// The window's weights as a function.
    fn weight(&self, window: Window) -> String {
        if !self.settings.gaussian {
            let end = window.end;
            return format!(
                "fn weight(tap: i32) -> f32 {{ return select(1.0, {end:?}, tap == 0 || tap == 2 * REACH); }}"
            );
        }
        let weights: Vec<_> = gaussian(window.length(), window.sigma)
            .iter()
            .map(|weight| format!("{weight:?}f"))
            .collect();
        format!(
            "const WEIGHTS = array({});\nfn weight(tap: i32) -> f32 {{ return WEIGHTS[tap]; }}",
            weights.join(", ")
        )
    }
}
