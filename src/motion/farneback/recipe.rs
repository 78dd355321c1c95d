use super::constants::{Polynomial, gaussian};
use super::level::{Level, levels};
use super::module::{Book, Module, Named, array, array_out, reads, reads_bits, writes};
use super::settings::Settings;
use super::slide::{Axis, blurred, moments, polynomials, running, weighted};
use crate::picture::Size;
use crate::plan::{Bind, Recipe, Texel};

/// No pixel moves further in a picture; a field's own limit, so that nothing is ever infinite.
const FAR: f64 = 16384.0;

/// The recipe for pictures of `picture`'s size on a canvas.
pub(super) fn recipe(settings: &Settings, picture: Size, canvas: Size, cpu: bool) -> Recipe {
    let field = settings.field(picture);
    let mut cook = Cook {
        book: Book::default(),
        settings,
        kind: if cpu { Kind::CPU } else { Kind::GPU },
        levels: levels(settings, field),
    };
    let grey = cook.grey(picture, field);
    let stores = Stores::new(&mut cook.book, field, cook.kind.strip);
    let expansions = cook.pyramid(grey, &stores);
    cook.fields(&stores, &expansions, canvas);
    cook.book.recipe
}

/// How kernels are cut for a kind of adapter.
#[derive(Debug)]
struct Kind {
    /// Columns and rows of a workgroup.
    workgroup: (u32, u32),
    /// Pixels of one invocation down and across an expansion.
    expansion: (u32, u32),
    /// Columns of a strip in buffers: as many as neighbours work at once.
    strip: u32,
    /// Pixels of one running sum.
    run: u32,
    /// Whether rows are summed in workgroup memory.
    tile: bool,
}

impl Kind {
    /// Barriers are dear to a CPU, and neighbours in one register are worth more than neighbouring addresses.
    const CPU: Self = Self {
        workgroup: (64, 1),
        expansion: (8, 8),
        strip: 8,
        run: 64,
        tile: false,
    };
    const GPU: Self = Self {
        workgroup: (32, 4),
        expansion: (4, 1),
        strip: 32,
        run: 16,
        tile: true,
    };
}

/// Pixels of one invocation under a Gaussian window.
const GAUSSIAN_STEPS: u32 = 4;

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

/// What all levels share.
struct Stores {
    moments: usize,
    equations: [usize; 2],
    sums: [usize; 2],
}

impl Stores {
    fn new(book: &mut Book, field: Size, strip: u32) -> Self {
        let wide = Size::new(field.width.next_multiple_of(strip), field.height);
        let mut buffer = |label, bytes| book.buffer(label, wide.area() * bytes);
        Self {
            moments: buffer("moments", 16),
            equations: [buffer("equations", 16), buffer("equations.h2", 4)],
            sums: [buffer("sums", 16), buffer("sums.h2", 4)],
        }
    }
}

struct Cook<'a> {
    book: Book,
    settings: &'a Settings,
    kind: Kind,
    levels: Vec<Level>,
}

impl Cook<'_> {
    fn grey(&mut self, picture: Size, field: Size) -> usize {
        let grey = self.book.texture("grey".to_owned(), field, Texel::R32Float);
        let module = Module::default()
            .with(include_str!("grey.wgsl"))
            .with(include_str!("covered.wgsl"))
            .constant("SAME", picture == field);
        let binds = vec![
            reads("image", Bind::Image(0)),
            writes("grey", "r32float", Bind::Write(grey)),
        ];
        self.each_pixel("grey".to_owned(), module, field, binds);
        grey
    }

    /// One invocation for each pixel.
    fn each_pixel(&mut self, label: String, module: Module, size: Size, binds: Vec<Named>) {
        let invocations = (size.width, size.height);
        self.book
            .run(label, module, self.kind.workgroup, invocations, binds);
    }

    /// The polynomials of each level.
    fn pyramid(&mut self, grey: usize, stores: &Stores) -> Vec<Vec<usize>> {
        let field = self.levels[0].size;
        (0..self.levels.len())
            .map(|index| {
                let Size { width, height } = self.levels[index].size;
                let wide = Size::new(width, field.height);
                let narrow = self.shrink(grey, index, Axis::Across, field.width == width, wide);
                let same = field.height == height;
                let small = self.shrink(narrow, index, Axis::Down, same, Size::new(width, height));
                self.expansion(small, index, stores.moments)
            })
            .collect()
    }

    fn shrink(&mut self, source: usize, index: usize, axis: Axis, same: bool, to: Size) -> usize {
        let level = &self.levels[index];
        let label = format!(
            "{}.{index}",
            if axis == Axis::Across {
                "narrow"
            } else {
                "small"
            }
        );
        let shrunk = self.book.texture(label.clone(), to, Texel::R32Float);
        let module = Module::default()
            .with(include_str!("shrink.wgsl"))
            .with(include_str!("between.wgsl"))
            .with(&blurred(&gaussian(level.taps(), level.sigma()), same))
            .constant("AXIS", axis as u32);
        let binds = vec![
            reads("source", Bind::Read(source)),
            writes("shrunk", "r32float", Bind::Write(shrunk)),
        ];
        self.each_pixel(label, module, to, binds);
        shrunk
    }

    fn expansion(&mut self, source: usize, index: usize, store: usize) -> Vec<usize> {
        let Size { width, height } = self.levels[index].size;
        let polynomial = Polynomial::new(self.settings.poly_n, self.settings.poly_sigma);
        let (down, across) = self.kind.expansion;
        let module = Module::default()
            .with(&self.strips())
            .with(include_str!("moments.wgsl"))
            .with(&moments(&polynomial, down))
            .constant("STEPS", down);
        let binds = vec![
            reads("source", Bind::Read(source)),
            array_out("moments", "vec4f", store),
        ];
        let label = format!("moments.{index}");
        self.book.run(
            label,
            module,
            self.kind.workgroup,
            (width, height.div_ceil(down)),
            binds,
        );
        let module = Module::default()
            .with(include_str!("polynomial.wgsl"))
            .with(&self.strips())
            .with(include_str!("expansion.wgsl"))
            .with(&polynomials(&polynomial, across))
            .constant("STEPS", across)
            .constant("LINEAR", format!("{:?}f", polynomial.linear))
            .constant("MEAN", format!("{:?}f", polynomial.mean))
            .constant("SQUARE", format!("{:?}f", polynomial.square))
            .constant("MIXED", format!("{:?}f", polynomial.mixed))
            .with(self.keeping());
        let stores = self.expansion_stores(index);
        let mut binds = vec![array("moments", "vec4f", store)];
        binds.extend(self.expansion_written(&stores));
        let label = format!("expansion.{index}");
        self.book.run(
            label,
            module,
            self.kind.workgroup,
            (width.div_ceil(across), height),
            binds,
        );
        stores
    }

    const fn keeping(&self) -> &'static str {
        if self.settings.exact {
            "fn keep(at: vec2i, value: Polynomial) {
    textureStore(expansion, at, value.first);
    textureStore(expansion_mixed, at, vec4f(value.mixed));
}"
        } else {
            "fn keep(at: vec2i, value: Polynomial) {
    let bits = vec3u(pack2x16float(value.first.xy), pack2x16float(value.first.zw), pack2x16float(vec2f(value.mixed, 0.0)));
    textureStore(expansion, at, vec4u(bits, 0u));
}"
        }
    }

    fn expansion_stores(&mut self, index: usize) -> Vec<usize> {
        let size = self.levels[index].size;
        let label = format!("expansion.{index}");
        let texels: &[_] = if self.settings.exact {
            &[Texel::Rgba32Float, Texel::R32Float]
        } else {
            &[Texel::Rgba32Uint]
        };
        let stores: Vec<_> = texels
            .iter()
            .map(|texel| self.book.texture(label.clone(), size, *texel))
            .collect();
        for store in &stores {
            self.book.keep(*store);
        }
        stores
    }

    fn expansion_written(&self, stores: &[usize]) -> Vec<Named> {
        match *stores {
            [first, mixed] => vec![
                writes("expansion", "rgba32float", Bind::Write(first)),
                writes("expansion_mixed", "r32float", Bind::Write(mixed)),
            ],
            _ => vec![writes("expansion", "rgba32uint", Bind::Write(stores[0]))],
        }
    }

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

    fn strips(&self) -> String {
        format!(
            "const STRIP = {}u;\n{}",
            self.kind.strip,
            include_str!("strips.wgsl")
        )
    }

    /// From the coarsest level to the finest, the field between the pictures.
    fn fields(&mut self, stores: &Stores, expansions: &[Vec<usize>], canvas: Size) {
        let last = self.settings.initial.then(|| self.last_field());
        let mut start = last.map_or(Start::Still, Start::Last);
        for index in (0..self.levels.len()).rev() {
            let compared = self.compared(&expansions[index]);
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
            (
                weighted(&self.window(), GAUSSIAN_STEPS, axis),
                GAUSSIAN_STEPS,
            )
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
