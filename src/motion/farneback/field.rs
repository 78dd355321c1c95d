//! The motion's part of a recipe: on each grid from the coarsest to the finest, equations, their sums, their solution.

use super::grid::{Grid, grids};
use super::module::{Module, Named, array_out, reads, sampler, writes};
use super::pyramid::vec2;
use super::recipe::Cook;
use super::window::{By, Sums};
use crate::picture::Size;
use crate::plan::{Bind, Texel};

/// What a grid's first equations go by.
#[derive(Clone)]
enum Start {
    /// Nothing has moved.
    Still,
    /// The last run's field.
    Last(usize),
    /// The field of the grid before.
    Coarser(usize, Grid),
}

impl Cook<'_> {
    /// The polynomials of both pictures, read.
    fn compared(&self, expansion: [usize; 2]) -> Vec<Named> {
        let now: fn(usize) -> Bind = Bind::Read;
        let past: fn(usize) -> Bind = Bind::Past;
        let pictures = if self.settings.forward {
            [("first", past), ("second", now)]
        } else {
            [("first", now), ("second", past)]
        };
        let bind = |(name, bind): (&str, fn(usize) -> Bind)| {
            let mixed = format!("{name}_mixed");
            [
                reads(name, bind(expansion[0])),
                reads(&mixed, bind(expansion[1])),
            ]
        };
        let sampler = (!self.settings.exact).then(|| sampler("between_pixels"));
        pictures.into_iter().flat_map(bind).chain(sampler).collect()
    }

    /// What kernels need that make equations.
    pub(super) fn with_equations(&self, module: Module) -> Module {
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
    pub(super) fn fields(&mut self, expansions: &[[usize; 2]], canvas: Size) {
        let last = self.settings.initial.then(|| self.last_field());
        let mut start = last.map_or(Start::Still, Start::Last);
        let mut grids = grids(self.settings, self.levels.len())
            .into_iter()
            .peekable();
        while let Some(grid) = grids.next() {
            let compared = self.compared(expansions[grid.level]);
            let stores = self.sums(&grid);
            let is_finest = grids.peek().is_none();
            let field = (!is_finest || self.fuses()).then(|| self.field(&grid));
            let mut by = self.begin(&grid, &start, &compared, &stores);
            for iteration in grid.iterations.clone() {
                let label = format!("{grid}.{iteration}");
                self.sum_columns(&label, &grid, &compared, (&stores, &by));
                let is_last = iteration == *grid.iterations.end();
                let finish = match field {
                    _ if is_last && is_finest => self.given(canvas, last),
                    Some(field) if is_last || self.fuses() => kept(field),
                    _ => self.again(&compared, &stores),
                };
                self.solve(&label, &grid, &stores, finish);
                by = field.filter(|_| self.fuses()).map_or(by, By::Field);
            }
            start = field.map_or(start, |field| Start::Coarser(field, grid));
        }
    }

    fn field(&mut self, grid: &Grid) -> usize {
        let size = self.extent(grid);
        self.book
            .texture(format!("field.{grid}"), size, Texel::Rg32Float)
    }

    /// The store of the field that the next run starts from; in the first run it says that nothing moves.
    fn last_field(&mut self) -> usize {
        let size = self.levels[0].size;
        let label = "field.0";
        let field = self.book.texture(label.to_owned(), size, Texel::Rg32Float);
        self.book.keep(field);
        let module = Module::default()
            .constant("EXTENT", vec2("i", size))
            .with(include_str!("still.wgsl"));
        let binds = vec![writes("field", "rg32float", Bind::Write(field))];
        self.each_pixel("still".to_owned(), module, size, binds);
        field
    }

    /// What a grid's first sums find equations by.
    fn begin(&mut self, grid: &Grid, start: &Start, compared: &[Named], stores: &Sums) -> By {
        let (module, mut binds) = self.begun(grid, start);
        if self.fuses() {
            return By::Begun(module, binds);
        }
        let module = self
            .with_equations_put(self.on_grid(module, grid))
            .with(include_str!("begin_equations.wgsl"));
        binds.extend(compared.iter().cloned());
        binds.extend(stores.equations(array_out));
        let size = self.extent(grid);
        self.each_pixel(format!("begin.{grid}"), module, size, binds);
        By::Equations
    }

    /// What a grid begins with, as a function of the level's pixel.
    fn begun(&self, grid: &Grid, start: &Start) -> (Module, Vec<Named>) {
        let module = Module::default();
        match start {
            Start::Still => (module.with(include_str!("begin_still.wgsl")), Vec::new()),
            Start::Last(field) => {
                let scale = format!("{:?}f", self.levels[grid.level].scale as f32);
                let module = module
                    .with(include_str!("covered.wgsl"))
                    .with(include_str!("begin_last.wgsl"))
                    .constant("SCALE", scale);
                (module, vec![reads("last", Bind::Past(*field))])
            }
            Start::Coarser(field, coarser) => {
                let (between, growth) = match coarser.level == grid.level {
                    true => (include_str!("between_sparse.wgsl"), 1.0),
                    false => (include_str!("between.wgsl"), 1.0 / self.settings.pyr_scale),
                };
                let module = module
                    .with(between)
                    .with(include_str!("begin.wgsl"))
                    .constant("COARSER", vec2("i", self.extent(coarser)))
                    .constant("GROWTH", format!("{:?}f", growth as f32));
                (module, vec![reads("coarser", Bind::Read(*field))])
            }
        }
    }

    /// Pixels of a grid.
    pub(super) fn extent(&self, grid: &Grid) -> Size {
        grid.size(self.levels[grid.level].size)
    }

    /// A module that knows its grid: EXTENT pixels, each STRIDE from the next on a level of LEVEL pixels.
    pub(super) fn on_grid(&self, module: Module, grid: &Grid) -> Module {
        module
            .constant("EXTENT", vec2("i", self.extent(grid)))
            .constant("LEVEL", vec2("i", self.levels[grid.level].size))
            .constant("STRIDE", grid.stride)
    }

    fn with_equations_put(&self, module: Module) -> Module {
        self.with_equations(module)
            .with(include_str!("sums.wgsl"))
            .with(&self.strips())
            .with(include_str!("put_equations.wgsl"))
    }

    /// Another iteration follows: the equations of the new field.
    fn again(&self, compared: &[Named], stores: &Sums) -> (Module, Vec<Named>) {
        let module = self
            .with_equations(Module::default())
            .with(include_str!("put_equations.wgsl"))
            .with("fn finish(at: vec2i, sums: Equations) { put_equations(at, solution(sums)); }");
        let mut binds = compared.to_vec();
        binds.extend(stores.equations(array_out));
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
            "fn finish(at: vec2i, sums: Equations) {{
    let found = solution(sums);
    {keep}
    let moved = found * vec2f({x:?}, {y:?});
    textureStore(given, at, vec4f({rounded}, 1.0, 1.0));
}}"
        ));
        (module, binds)
    }
}

/// A coarser level's last: its field.
fn kept(field: usize) -> (Module, Vec<Named>) {
    let module = Module::default().with(
        "fn finish(at: vec2i, sums: Equations) { textureStore(field, at, vec4f(solution(sums), 0.0, 0.0)); }",
    );
    (
        module,
        vec![writes("field", "rg32float", Bind::Write(field))],
    )
}
