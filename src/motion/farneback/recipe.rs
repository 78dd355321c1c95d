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
    let stores: Vec<_> = (0..cook.levels.len())
        .map(|level| cook.stores(level, field.height))
        .collect();
    let expansions = cook.pyramid(picture, &stores);
    cook.fields(&expansions, canvas);
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
    /// left over in the last workgroup as long as on others; its threads share workgroups evenly if these are even.
    fn workgroup(&self, across: u32) -> (u32, u32) {
        let (columns, rows) = self.workgroup;
        if rows > 1 {
            return self.workgroup;
        }
        let groups = |columns: u32| across.div_ceil(columns).next_multiple_of(2);
        let cost = |columns: &u32| groups(*columns) * (columns + 2);
        let fitting = (8..=columns).step_by(8).min_by_key(cost);
        (fitting.unwrap_or(columns), rows)
    }
}

/// Pixels of one invocation under a Gaussian window.
pub(super) const GAUSSIAN_STEPS: u32 = 4;

/// The buffers of a level's picture.
pub(super) struct Stores {
    /// Brought to the level's width only.
    pub(super) narrow: usize,
    pub(super) moments: usize,
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
    /// The buffers of a level of a field with so many rows.
    fn stores(&mut self, level: usize, rows: u32) -> Stores {
        let size = self.levels[level].size;
        let mut buffer = |label, rows, bytes| {
            self.strip_buffer(&format!("{label}.{level}"), (size.width, rows), bytes)
        };
        Stores {
            narrow: buffer("narrow", rows, 4),
            moments: buffer("moments", size.height, 16),
        }
    }

    /// A buffer of so many columns, in whole strips, and rows.
    pub(super) fn strip_buffer(
        &mut self,
        label: &str,
        (columns, rows): (u32, u32),
        bytes: u64,
    ) -> usize {
        let size = Size::new(columns.next_multiple_of(self.kind.strip), rows);
        self.book.buffer(label, size.area() * bytes)
    }

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
