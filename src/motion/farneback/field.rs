//! The motion's part of a recipe: on each level from the coarsest to the finest, equations, their sums, their solution.

use super::constants::gaussian;
use super::module::{Module, Named, array, array_out, reads, reads_bits, writes};
use super::recipe::{Cook, GAUSSIAN_STEPS, Stores};
use super::slide::{Axis, running, weighted};
use crate::picture::Size;
use crate::plan::{Bind, Texel};

/// No pixel moves further: a field's own limit, so that nothing is ever infinite.
const FAR: f64 = 16384.0;

/// What a level's first equations go by.
#[derive(Clone, Copy)]
enum Start {
    /// Nothing has moved.
    Still,
    /// The last run's field.
    Last(usize),
    /// The field of the level before.
    Coarser(usize),
}

impl Cook<'_> {
    /// The polynomials of both pictures, read.
    fn compared(&self, expansion: &[usize]) -> Vec<Named> {
        let now: fn(usize) -> Bind = Bind::Read;
        let past: fn(usize) -> Bind = Bind::Past;
        let pictures = if self.settings.forward {
            [("first", past), ("second", now)]
        } else {
            [("first", now), ("second", past)]
        };
        let bind = |(name, bind): (&str, fn(usize) -> Bind)| match *expansion {
            [first, mixed] => vec![
                reads(name, bind(first)),
                reads(&format!("{name}_mixed"), bind(mixed)),
            ],
            _ => vec![reads_bits(name, bind(expansion[0]))],
        };
        pictures.into_iter().flat_map(bind).collect()
    }

    /// What kernels need that make equations.
    fn with_equations(&self, module: Module) -> Module {
        let reading = if self.settings.exact {
            include_str!("polynomial_exact.wgsl")
        } else {
            include_str!("polynomial_fast.wgsl")
        };
        module
            .with(include_str!("polynomial.wgsl"))
            .with(reading)
            .with(include_str!("equations.wgsl"))
    }

    /// From the coarsest level to the finest, the field between the pictures.
    pub(super) fn fields(&mut self, stores: &[Stores], expansions: &[Vec<usize>], canvas: Size) {
        let last = self.settings.initial.then(|| self.last_field());
        let mut start = last.map_or(Start::Still, Start::Last);
        for index in (0..self.levels.len()).rev() {
            let compared = self.compared(&expansions[index]);
            let stores = &stores[index];
            self.begin(index, start, &compared, stores);
            for iteration in 1..self.settings.iterations {
                let label = format!("{index}.{iteration}");
                self.sum_columns(&label, index, &compared, stores);
                let (finish, binds) = self.again(&compared, stores);
                self.solve(&label, index, stores, finish, binds);
            }
            let label = format!("{index}.{}", self.settings.iterations);
            self.sum_columns(&label, index, &compared, stores);
            let (finish, binds) = if index == 0 {
                self.given(canvas, last)
            } else {
                let field = self.book.texture(
                    format!("field.{index}"),
                    self.levels[index].size,
                    Texel::Rg32Float,
                );
                start = Start::Coarser(field);
                kept(field)
            };
            self.solve(&label, index, stores, finish, binds);
        }
    }

    /// The store of the field that the next run starts from; in the first run it says that nothing moves.
    fn last_field(&mut self) -> usize {
        let size = self.levels[0].size;
        let label = "field.0";
        let field = self.book.texture(label.to_owned(), size, Texel::Rg32Float);
        self.book.keep(field);
        let module = Module::default().with(include_str!("still.wgsl"));
        let binds = vec![writes("field", "rg32float", Bind::Write(field))];
        self.each_pixel("still".to_owned(), module, size, binds);
        field
    }

    fn begin(&mut self, index: usize, start: Start, compared: &[Named], stores: &Stores) {
        let mut module = self.with_equations(
            Module::default()
                .with(include_str!("sums.wgsl"))
                .with(&self.strips()),
        );
        let mut binds = compared.to_vec();
        module = match start {
            Start::Still => module.with(include_str!("begin_still.wgsl")),
            Start::Last(field) => {
                binds.push(reads("last", Bind::Past(field)));
                module
                    .with(include_str!("covered.wgsl"))
                    .with(include_str!("begin_last.wgsl"))
                    .constant("SCALE", format!("{:?}f", self.levels[index].scale as f32))
            }
            Start::Coarser(field) => {
                binds.push(reads("coarser", Bind::Read(field)));
                module
                    .with(include_str!("between.wgsl"))
                    .with(include_str!("begin.wgsl"))
                    .constant(
                        "GROWTH",
                        format!("{:?}f", (1.0 / self.settings.pyr_scale) as f32),
                    )
            }
        };
        binds.extend(equations_out(stores));
        let size = self.levels[index].size;
        self.each_pixel(format!("begin.{index}"), module, size, binds);
    }

    fn sum_columns(&mut self, label: &str, index: usize, compared: &[Named], stores: &Stores) {
        let (slide, steps) = self.slide(Axis::Down);
        let module = Module::default()
            .with(include_str!("sums.wgsl"))
            .with(&self.strips())
            .with(include_str!("columns.wgsl"))
            .with(&slide)
            .constant("REACH", self.settings.reach())
            .constant("STEPS", steps);
        let binds = vec![
            compared[0].clone(),
            array("equations_first", "vec4f", stores.equations[0]),
            array("equations_h2", "f32", stores.equations[1]),
            array_out("sums_first", "vec4f", stores.sums[0]),
            array_out("sums_h2", "f32", stores.sums[1]),
        ];
        let Size { width, height } = self.levels[index].size;
        let invocations = (width, height.div_ceil(steps));
        self.book.run(
            format!("columns.{label}"),
            module,
            self.kind.workgroup,
            invocations,
            binds,
        );
    }

    /// The window's sums along an axis, and how many an invocation makes.
    fn slide(&self, axis: Axis) -> (String, u32) {
        if self.settings.gaussian {
            let window = weighted(&self.window(), GAUSSIAN_STEPS, axis);
            (window, GAUSSIAN_STEPS)
        } else {
            (running(axis), self.kind.run)
        }
    }

    fn window(&self) -> Vec<f32> {
        let reach = self.settings.reach();
        gaussian(2 * reach + 1, 0.3 * f64::from(reach))
    }

    /// The sums along rows, their solution, and `finish` with it.
    fn solve(
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
            let (slide, steps) = self.slide(Axis::Across);
            let module = module
                .with(include_str!("rows.wgsl"))
                .with(&slide)
                .constant("STEPS", steps);
            let invocations = (height, width.div_ceil(steps));
            self.book
                .run(label, module, self.kind.workgroup, invocations, binds);
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

    /// Another iteration follows: the equations of the new field.
    fn again(&self, compared: &[Named], stores: &Stores) -> (Module, Vec<Named>) {
        let module = self.with_equations(Module::default()).with(
            "fn extent() -> vec2i { return vec2i(textureDimensions(first)); }
fn finish(at: vec2i, sums: Equations) { put_equations(at, solution(sums)); }",
        );
        let mut binds = compared.to_vec();
        binds.extend(equations_out(stores));
        (module, binds)
    }

    /// The finest level's last: the layer's picture, and what the next run starts from.
    fn given(&self, canvas: Size, last: Option<usize>) -> (Module, Vec<Named>) {
        let field = self.levels[0].size;
        let ratio = |whole: u32, part: u32| (f64::from(whole) / f64::from(part)) as f32;
        let (x, y) = (
            ratio(canvas.width, field.width),
            ratio(canvas.height, field.height),
        );
        let (texel, rounded) = if self.settings.exact {
            ("rgba32float", "moved")
        } else {
            // Some drivers truncate.
            ("rgba16float", "unpack2x16float(pack2x16float(moved))")
        };
        let mut binds = vec![writes("given", texel, Bind::Output)];
        let mut keep = "";
        if let Some(field) = last {
            keep = "textureStore(field, at, vec4f(found, 0.0, 0.0));";
            binds.push(writes("field", "rg32float", Bind::Write(field)));
        }
        let module = Module::default().with(&format!(
            "fn extent() -> vec2i {{ return vec2i(textureDimensions(given)); }}
fn finish(at: vec2i, sums: Equations) {{
    let found = solution(sums);
    {keep}
    let moved = found * vec2f({x:?}, {y:?});
    textureStore(given, at, vec4f({rounded}, 1.0, 1.0));
}}"
        ));
        (module, binds)
    }
}

fn equations_out(stores: &Stores) -> [Named; 2] {
    [
        array_out("equations_first", "vec4f", stores.equations[0]),
        array_out("equations_h2", "f32", stores.equations[1]),
    ]
}

/// A coarser level's last: its field.
fn kept(field: usize) -> (Module, Vec<Named>) {
    let module = Module::default().with(
        "fn extent() -> vec2i { return vec2i(textureDimensions(field)); }
fn finish(at: vec2i, sums: Equations) { textureStore(field, at, vec4f(solution(sums), 0.0, 0.0)); }",
    );
    (
        module,
        vec![writes("field", "rg32float", Bind::Write(field))],
    )
}
