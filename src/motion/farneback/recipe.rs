use super::level::{Level, levels};
use super::module::{Book, Module, Named};
use super::settings::{STRIP, Settings};
use crate::picture::Size;
use crate::plan::{Adapter, Recipe};

/// The recipe for pictures of `picture`'s size on a canvas.
pub(super) fn recipe(settings: &Settings, picture: Size, canvas: Size, adapter: Adapter) -> Recipe {
    let field = settings.field(picture);
    let mut cook = Cook {
        book: Book::default(),
        settings,
        kind: if adapter.cpu { Kind::CPU } else { Kind::GPU },
        filters_floats: adapter.filters_floats,
        levels: levels(settings, field),
    };
    let strip = cook.kind.strip;
    let sizes = cook.levels.iter().map(|level| level.size);
    let book = &mut cook.book;
    let stores: Vec<_> = sizes
        .enumerate()
        .map(|(index, size)| Stores::new(book, index, size, field.height, strip))
        .collect();
    let expansions = cook.pyramid(picture, &stores);
    cook.fields(&stores, &expansions, canvas);
    cook.book.recipe
}

/// How kernels are cut for a kind of adapter.
#[derive(Debug)]
pub(super) struct Kind {
    /// Columns and rows of a workgroup.
    pub(super) workgroup: (u32, u32),
    /// Pixels of one invocation down and across an expansion.
    pub(super) expansion: (u32, u32),
    /// Columns of a strip in buffers: as many as neighbours work at once.
    pub(super) strip: u32,
    /// Pixels of one running sum.
    pub(super) run: u32,
    /// The widest window whose pixels one invocation keeps in registers; 0 keeps none.
    pub(super) ring: u32,
    /// Whether equations are made where they are summed, instead of kept in between.
    pub(super) fused: bool,
    /// Whether rows are summed in workgroup memory.
    pub(super) tile: bool,
}

impl Kind {
    /// Barriers are dear to a CPU, and neighbours in one register are worth more than neighbouring addresses.
    const CPU: Self = Self {
        workgroup: (64, 1),
        expansion: (8, 8),
        strip: 8,
        run: 120,
        ring: 21,
        fused: true,
        tile: false,
    };
    const GPU: Self = Self {
        workgroup: (32, 4),
        expansion: (4, 1),
        strip: STRIP,
        run: 16,
        ring: 0,
        fused: false,
        tile: true,
    };
}

impl Kind {
    /// Columns and rows of a workgroup for so many invocations across. A CPU works on eight at once, and on those that are
    /// left over in the last workgroup as long as on others.
    fn workgroup(&self, across: u32) -> (u32, u32) {
        let (columns, rows) = self.workgroup;
        if rows > 1 {
            return self.workgroup;
        }
        let cost = |columns: &u32| across.div_ceil(*columns) * (columns + 2);
        let fitting = (8..=columns).step_by(8).min_by_key(cost);
        (fitting.unwrap_or(columns), rows)
    }
}

/// Pixels of one invocation under a Gaussian window.
pub(super) const GAUSSIAN_STEPS: u32 = 4;

/// The buffers of a level.
pub(super) struct Stores {
    /// Brought to the level's width only.
    pub(super) narrow: usize,
    pub(super) small: usize,
    pub(super) moments: usize,
    pub(super) equations: [usize; 2],
    pub(super) sums: [usize; 2],
}

impl Stores {
    fn new(book: &mut Book, index: usize, size: Size, rows: u32, strip: u32) -> Self {
        let width = size.width.next_multiple_of(strip);
        let mut buffer = |label: &str, height, bytes| {
            let pixels = Size::new(width, height).area();
            book.buffer(&format!("{label}.{index}"), pixels * bytes)
        };
        let height = size.height;
        Self {
            narrow: buffer("narrow", rows, 4),
            small: buffer("small", height, 4),
            moments: buffer("moments", height, 16),
            equations: [
                buffer("equations", height, 16),
                buffer("equations.h2", height, 4),
            ],
            sums: [buffer("sums", height, 16), buffer("sums.h2", height, 4)],
        }
    }
}

/// A recipe that is being written.
pub(super) struct Cook<'a> {
    pub(super) book: Book,
    pub(super) settings: &'a Settings,
    pub(super) kind: Kind,
    /// Whether samplers read between pixels of 32-bit floats.
    pub(super) filters_floats: bool,
    pub(super) levels: Vec<Level>,
}

impl Cook<'_> {
    /// One invocation for each pixel.
    pub(super) fn each_pixel(
        &mut self,
        label: String,
        module: Module,
        size: Size,
        binds: Vec<Named>,
    ) {
        let invocations = (size.width, size.height);
        self.run(label, module, invocations, binds);
    }

    /// So many invocations, across and down.
    pub(super) fn run(
        &mut self,
        label: String,
        module: Module,
        invocations: (u32, u32),
        binds: Vec<Named>,
    ) {
        let workgroup = self.kind.workgroup(invocations.0);
        self.book.run(label, module, workgroup, invocations, binds);
    }

    /// How buffers hold pictures.
    pub(super) fn strips(&self) -> String {
        format!(
            "const STRIP = {}u;\n{}",
            self.kind.strip,
            include_str!("strips.wgsl")
        )
    }
}
