//! The motion's part of a recipe: on each level from the coarsest to the finest, equations, their sums, their solution.

use super::module::{Module, Named, array_out, reads, sampler, writes};
use super::pyramid::vec2;
use super::recipe::{Cook, Stores};
use super::window::By;
use crate::picture::Size;
use crate::plan::{Bind, Texel};

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
    pub(super) fn fields(&mut self, stores: &[Stores], expansions: &[[usize; 2]], canvas: Size) {
        let last = self.settings.initial.then(|| self.last_field());
        let mut start = last.map_or(Start::Still, Start::Last);
        for index in (0..self.levels.len()).rev() {
            let compared = self.compared(expansions[index]);
            let stores = &stores[index];
            let field = (index > 0 || self.fuses()).then(|| self.field(index));
            let mut by = self.begin(index, start, &compared, (stores, field));
            for iteration in 1..=self.settings.iterations {
                let label = format!("{index}.{iteration}");
                self.sum_columns(&label, index, &compared, (stores, by));
                let is_last = iteration == self.settings.iterations;
                let (finish, binds) = match field {
                    _ if is_last && index == 0 => self.given(canvas, last),
                    Some(field) if is_last || self.fuses() => kept(field),
                    _ => self.again(&compared, stores),
                };
                self.solve(&label, index, stores, finish, binds);
                by = field.filter(|_| self.fuses()).map_or(by, By::Field);
            }
            start = field.map_or(start, Start::Coarser);
        }
    }

    fn field(&mut self, index: usize) -> usize {
        let label = format!("field.{index}");
        let size = self.levels[index].size;
        self.book.texture(label, size, Texel::Rg32Float)
    }

    /// The store of the field that the next run starts from; in the first run it says that nothing moves.
    fn last_field(&mut self) -> usize {
        let size = self.levels[0].size;
        let label = "field.0";
        let field = self.book.texture(label.to_owned(), size, Texel::Rg32Float);
        self.book.keep(field);
        let module = self.at_level(0).with(include_str!("still.wgsl"));
        let binds = vec![writes("field", "rg32float", Bind::Write(field))];
        self.each_pixel("still".to_owned(), module, size, binds);
        field
    }

    /// A level's first equations, or the field that they are made by.
    fn begin(
        &mut self,
        index: usize,
        start: Start,
        compared: &[Named],
        (stores, field): (&Stores, Option<usize>),
    ) -> By {
        let (mut module, mut binds) = self.begun(index, start);
        let by = match (start, field.filter(|_| self.fuses())) {
            (Start::Still, Some(_)) => return By::Nothing,
            (_, Some(field)) => {
                module = module.with(include_str!("begin_field.wgsl"));
                binds.push(writes("field", "rg32float", Bind::Write(field)));
                By::Field(field)
            }
            (_, None) => {
                module = self.with_equations_put(module);
                module = module.with(include_str!("begin_equations.wgsl"));
                binds.extend(compared.iter().cloned());
                binds.extend(equations_out(stores));
                By::Equations
            }
        };
        let size = self.levels[index].size;
        self.each_pixel(format!("begin.{index}"), module, size, binds);
        by
    }

    /// What a level begins with, as a function of the pixel.
    fn begun(&self, index: usize, start: Start) -> (Module, Vec<Named>) {
        let module = self.at_level(index);
        match start {
            Start::Still => (module.with(include_str!("begin_still.wgsl")), Vec::new()),
            Start::Last(field) => {
                let scale = format!("{:?}f", self.levels[index].scale as f32);
                let module = module
                    .with(include_str!("covered.wgsl"))
                    .with(include_str!("begin_last.wgsl"))
                    .constant("SCALE", scale);
                (module, vec![reads("last", Bind::Past(field))])
            }
            Start::Coarser(field) => {
                let growth = format!("{:?}f", (1.0 / self.settings.pyr_scale) as f32);
                let module = module
                    .with(include_str!("between.wgsl"))
                    .with(include_str!("begin.wgsl"))
                    .constant("COARSER", vec2("i", self.levels[index + 1].size))
                    .constant("GROWTH", growth);
                (module, vec![reads("coarser", Bind::Read(field))])
            }
        }
    }

    /// A module that knows the size of its level.
    pub(super) fn at_level(&self, index: usize) -> Module {
        Module::default().constant("EXTENT", vec2("i", self.levels[index].size))
    }

    fn with_equations_put(&self, module: Module) -> Module {
        self.with_equations(module)
            .with(include_str!("sums.wgsl"))
            .with(&self.strips())
            .with(include_str!("put_equations.wgsl"))
    }

    /// Another iteration follows: the equations of the new field.
    fn again(&self, compared: &[Named], stores: &Stores) -> (Module, Vec<Named>) {
        let module = self
            .with_equations(Module::default())
            .with(include_str!("put_equations.wgsl"))
            .with("fn finish(at: vec2i, sums: Equations) { put_equations(at, solution(sums)); }");
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

fn equations_out(stores: &Stores) -> [Named; 2] {
    [
        array_out("equations_first", "vec4f", stores.equations[0]),
        array_out("equations_h2", "f32", stores.equations[1]),
    ]
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
