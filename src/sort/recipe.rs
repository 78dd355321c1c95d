use super::path::{Path, Room};
use super::rotation::Rotation;
use crate::picture::Size;
use crate::plan::{Adapter, Bind, Dispatch, Kernel, Recipe, Site, Store, StoreKind};

/// Cells that are sorted at once: two words of scratch for each are one storage binding of 128 MiB.
const MOST_CELLS: u64 = 1 << 24;
/// Bins in which a line is counted.
const BINS: u64 = 1 << 9;
/// Invocations in a workgroup that has a line for each.
const LINE_GROUP: u32 = 8;
/// Invocations in a workgroup that has a cell for each, and workgroups in a row of them.
const CELL_GROUP: u32 = 64;
const GROUPS_IN_ROW: u32 = 1 << 12;

/// Invocations that sort a line in workgroup memory, and what each of its cells takes there.
const LANES: u32 = 256;
const SLOT_BYTES: u32 = 8;

/// Where the stores are.
const DRAWN: usize = 0;
const CELLS: usize = 1;
const SCRATCH: usize = 2;
const COUNTS: usize = 3;

/// Draws and finds where runs begin, sorts, and fetches: in bands of lines where one binding cannot hold all.
pub(super) fn recipe(site: &Site<'_>) -> Recipe {
    let picture = site.images[0].size;
    let angle = site.number("rotation");
    let there = Rotation::new(picture, angle);
    let path = Path::of(site);
    let room = path.room(there.size);
    let lines = lines_at_once(room);
    let mut making = Making {
        site,
        path,
        room,
        there,
        back: there.back(picture, angle),
        lines,
        method: Method::of(site.adapter, room.pitch),
        recipe: Recipe::default(),
    };
    making.stores();
    for first in (0..room.lines).step_by(lines as usize) {
        making.band(first);
    }
    making.recipe
}

fn lines_at_once(room: Room) -> u32 {
    if room.cells <= MOST_CELLS {
        room.lines
    } else {
        (MOST_CELLS / u64::from(room.pitch)) as u32
    }
}

/// How lines are sorted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Method {
    /// Each by one invocation: what suits a CPU, and what is left where a line does not fit into a workgroup's memory.
    Counting,
    /// Each by a workgroup, in its memory.
    Bitonic,
}

impl Method {
    fn of(adapter: Adapter, pitch: u32) -> Self {
        match !adapter.cpu && SLOT_BYTES * slots(pitch) <= adapter.workgroup_memory {
            true => Self::Bitonic,
            false => Self::Counting,
        }
    }
}

/// Of a workgroup's memory, for a line of so many cells.
fn slots(pitch: u32) -> u32 {
    pitch.next_power_of_two().max(LANES)
}

struct Making<'a> {
    site: &'a Site<'a>,
    path: Path,
    room: Room,
    there: Rotation,
    back: Rotation,
    /// In a band.
    lines: u32,
    method: Method,
    recipe: Recipe,
}

impl Making<'_> {
    fn cells(&self) -> u64 {
        let band = u64::from(self.lines) * u64::from(self.room.pitch);
        self.room.cells.min(band)
    }

    fn words(&self) -> u32 {
        self.room.pitch.div_ceil(32)
    }

    fn stores(&mut self) {
        let (cells, lines) = (self.cells(), u64::from(self.lines));
        let mut stores = vec![("drawn", lines * u64::from(self.words())), ("cells", cells)];
        if self.method == Method::Counting {
            stores.extend([("scratch", 2 * cells), ("counts", lines * BINS)]);
        }
        let buffer = |(label, words): (&str, u64)| Store {
            label: label.to_owned(),
            kind: StoreKind::Buffer(4 * words),
            kept: false,
        };
        self.recipe.stores = stores.into_iter().map(buffer).collect();
    }

    fn band(&mut self, first: u32) {
        let line_groups = [self.lines.div_ceil(LINE_GROUP), 1, 1];
        let cell_groups = self.cells().div_ceil(u64::from(CELL_GROUP)) as u32;
        let cell_groups = [
            cell_groups.min(GROUPS_IN_ROW),
            cell_groups.div_ceil(GROUPS_IN_ROW),
            1,
        ];
        let (wide, high) = self.workgroup();
        let size = self.site.images[0].size;
        let pixel_groups = [size.width.div_ceil(wide), size.height.div_ceil(high), 1];
        let [image, borders, mask] = [0, 1, 2].map(Bind::Image);
        let cells = Bind::Write(CELLS);
        let draw = include_str!("draw.wgsl");
        self.run(first, "draw", draw, &[Bind::Write(DRAWN)], line_groups);
        let binds = [image, borders, mask, Bind::Read(DRAWN), cells];
        let text = include_str!("cells.wgsl");
        self.run(first, "cells_of_picture", text, &binds, cell_groups);
        match self.method {
            Method::Counting => {
                let binds = [cells, Bind::Write(SCRATCH), Bind::Write(COUNTS)];
                let text = concat!(include_str!("runs.wgsl"), include_str!("counting.wgsl"));
                self.run(first, "sort", text, &binds, line_groups);
            }
            Method::Bitonic => {
                let text = concat!(include_str!("runs.wgsl"), include_str!("bitonic.wgsl"));
                self.run(first, "sort", text, &[cells], [self.lines, 1, 1]);
            }
        }
        let binds = [image, Bind::Read(CELLS), Bind::Output];
        let text = include_str!("place.wgsl");
        self.run(first, "place", text, &binds, pixel_groups);
    }

    /// Columns and rows of a workgroup that has a pixel for each invocation.
    const fn workgroup(&self) -> (u32, u32) {
        if self.site.adapter.cpu {
            (64, 1)
        } else {
            (8, 8)
        }
    }

    fn run(&mut self, first: u32, entry: &str, text: &str, binds: &[Bind], groups: [u32; 3]) {
        let kernel = self.recipe.kernels.len();
        self.recipe.kernels.push(Kernel {
            wgsl: self.module(first, text),
            entry: entry.to_owned(),
        });
        self.recipe.dispatches.push(Dispatch {
            label: format!("{entry}.{first}"),
            kernel,
            binds: [&[Bind::Params], binds].concat(),
            groups,
        });
    }

    fn module(&self, first: u32, text: &str) -> String {
        let parts = [
            &self.site.params_wgsl(0),
            &self.constants(first),
            include_str!("cell.wgsl"),
            include_str!("grid.wgsl"),
            self.path.wgsl(),
            text,
        ];
        parts.concat()
    }

    fn constants(&self, first: u32) -> String {
        let (there, back) = (self.there, self.back);
        let (wide, high) = self.workgroup();
        format!(
            "const SIZE = {}; const GRID = {}; const PITCH = {}; const WORDS = {};\n\
            const FIRST = {first}; const LINES = {}; const COLUMNS = {}u; const WIDE = {wide}; const HIGH = {high};\n\
            const LANES = {LANES}u; const SLOTS = {};\n\
            const THERE = {}; const THERE_COLUMN = {}; const THERE_ROW = {};\n\
            const BACK = {}; const BACK_COLUMN = {}; const BACK_ROW = {};\n",
            pixels(self.site.images[0].size),
            pixels(there.size),
            self.room.pitch,
            self.words(),
            self.lines,
            CELL_GROUP * GROUPS_IN_ROW,
            slots(self.room.pitch),
            vector(there.origin),
            vector(there.column),
            vector(there.row),
            vector(back.origin),
            vector(back.column),
            vector(back.row),
        )
    }
}

fn pixels(size: Size) -> String {
    format!("vec2i({}, {})", size.width, size.height)
}

fn vector([x, y]: [i32; 2]) -> String {
    format!("vec2i({x}, {y})")
}
