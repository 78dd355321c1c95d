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
/// How many workgroups further on the next one sorts: as many threads of a CPU driver have parts of the whole picture then.
/// Much further, and lines would share no page of memory with those before them.
const GROUPS_APART: u32 = 8;
/// Invocations in a workgroup that has a cell for each, and workgroups in a row of them.
const CELL_GROUP: u32 = 64;
const GROUPS_IN_ROW: u32 = 1 << 12;

/// Invocations that sort a line in workgroup memory, and what each of its cells takes there.
const LANES: u32 = 256;
const SLOT_BYTES: u32 = 8;

/// The most bits of a key that are counted at once where a line is sorted directly.
const DIRECT_BITS: u32 = 11;

/// Where the stores are.
const DRAWN: usize = 0;
const CELLS: usize = 1;
const SCRATCH: usize = 2;
const COUNTS: usize = 3;

/// The place of the picture of borders among the effect's images.
const BORDERS: usize = 1;

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
        method: Method::of(site, path, room),
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
    /// Each by one invocation, which puts pixels where they go: on a CPU, where each cell is a pixel and goes the whole way.
    Direct,
    /// Each by one invocation: for a CPU, and what is left where a line does not fit into a workgroup's memory.
    Counting,
    /// Each by a workgroup, in its memory.
    Bitonic,
}

impl Method {
    fn of(site: &Site<'_>, path: Path, room: Room) -> Self {
        let Adapter {
            cpu,
            workgroup_memory,
            ..
        } = site.adapter;
        let sorts_all =
            site.constant("amount") == Some(1.0) && site.constant("mask_level") == Some(0.0);
        let is_direct = path == Path::Lines && site.number("rotation") == 0.0 && sorts_all;
        if !cpu && SLOT_BYTES * slots(room.pitch) <= workgroup_memory {
            Self::Bitonic
        } else if cpu && is_direct && abreast(room) <= MOST_CELLS {
            Self::Direct
        } else {
            Self::Counting
        }
    }
}

/// Cells, with those of lines that are not there, so that all have their neighbours.
fn abreast(room: Room) -> u64 {
    room.cells + u64::from(LINE_GROUP * room.pitch)
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
        if self.method == Method::Direct {
            return abreast(self.room);
        }
        let band = u64::from(self.lines) * u64::from(self.room.pitch);
        self.room.cells.min(band)
    }

    fn words(&self) -> u32 {
        self.room.pitch.div_ceil(32)
    }

    fn stores(&mut self) {
        let (cells, lines) = (self.cells(), u64::from(self.lines));
        let mut stores = vec![("drawn", lines * u64::from(self.words())), ("cells", cells)];
        let bins = match self.method {
            Method::Direct => 1 << DIRECT_BITS,
            Method::Counting => BINS,
            Method::Bitonic => 0,
        };
        if bins > 0 {
            let lines = u64::from(self.lines.next_multiple_of(LINE_GROUP));
            stores.extend([("scratch", 2 * cells), ("counts", lines * bins)]);
        }
        let buffer = |(label, words): (&str, u64)| Store {
            label: label.to_owned(),
            kind: StoreKind::Buffer(4 * words),
            kept: false,
        };
        self.recipe.stores = stores.into_iter().map(buffer).collect();
    }

    /// Workgroups of lines from one side of a band to the other, so many apart.
    fn sweep(&self) -> u32 {
        self.lines.div_ceil(LINE_GROUP * GROUPS_APART)
    }

    fn band(&mut self, first: u32) {
        let line_groups = [self.sweep() * GROUPS_APART, 1, 1];
        let draw = include_str!("draw.wgsl");
        self.run(first, "draw", draw, &[Bind::Write(DRAWN)], line_groups);
        let sorts = [
            Bind::Write(CELLS),
            Bind::Write(SCRATCH),
            Bind::Write(COUNTS),
        ];
        if self.method == Method::Direct {
            let binds = [
                &[Bind::Image(0), Bind::Read(DRAWN)],
                &sorts[..],
                &[Bind::Output],
            ]
            .concat();
            let text = concat!(include_str!("runs.wgsl"), include_str!("direct.wgsl"));
            return self.run_on_borders(first, "sort_pixels", text, binds, line_groups);
        }
        self.cells_of_picture(first);
        match self.method {
            Method::Bitonic => {
                let text = concat!(include_str!("runs.wgsl"), include_str!("bitonic.wgsl"));
                self.run(first, "sort", text, &sorts[..1], [self.lines, 1, 1]);
            }
            _ => {
                let text = concat!(include_str!("runs.wgsl"), include_str!("counting.wgsl"));
                self.run(first, "sort", text, &sorts, line_groups);
            }
        }
        let (wide, high) = self.workgroup();
        let size = self.site.images[0].size;
        let pixel_groups = [size.width.div_ceil(wide), size.height.div_ceil(high), 1];
        let binds = [Bind::Image(0), Bind::Read(CELLS), Bind::Output];
        let text = include_str!("place.wgsl");
        self.run(first, "place", text, &binds, pixel_groups);
    }

    fn cells_of_picture(&mut self, first: u32) {
        let groups = self.cells().div_ceil(u64::from(CELL_GROUP)) as u32;
        let groups = [groups.min(GROUPS_IN_ROW), groups.div_ceil(GROUPS_IN_ROW), 1];
        let [image, mask] = [0, 2].map(Bind::Image);
        let binds = vec![image, mask, Bind::Read(DRAWN), Bind::Write(CELLS)];
        let text = include_str!("cells.wgsl");
        self.run_on_borders(first, "cells_of_picture", text, binds, groups);
    }

    /// A kernel that reads pixels, and looks for where runs begin: in another picture only where it is another.
    fn run_on_borders(
        &mut self,
        first: u32,
        entry: &str,
        text: &str,
        mut binds: Vec<Bind>,
        groups: [u32; 3],
    ) {
        let mut picture = "picture";
        let mut declared = String::new();
        if !self.site.are_one(0, BORDERS) {
            picture = "borders";
            binds.push(Bind::Image(BORDERS));
            let binding = binds.len();
            declared = format!("@group(0) @binding({binding}) var borders: texture_2d<f32>;\n");
        }
        let read = format!(
            "fn border_texel(at: vec2i) -> vec4f {{ return textureLoad({picture}, at, 0); }}\n"
        );
        let (key, borders) = (include_str!("key.wgsl"), include_str!("borders.wgsl"));
        let text = [&declared, &read, key, borders, text].concat();
        self.run(first, entry, &text, &binds, groups);
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
            const LANES = {LANES}u; const SLOTS = {}; const HALF = {}u;\n\
            const MOST_BITS = {DIRECT_BITS}u;\n\
            const LINES_ABREAST = {LINE_GROUP}u; const APART = {GROUPS_APART}u; const SWEEP = {}u;\n\
            const THERE = {}; const THERE_COLUMN = {}; const THERE_ROW = {};\n\
            const BACK = {}; const BACK_COLUMN = {}; const BACK_ROW = {};\n",
            pixels(self.site.images[0].size),
            pixels(there.size),
            self.room.pitch,
            self.words(),
            self.lines,
            CELL_GROUP * GROUPS_IN_ROW,
            slots(self.room.pitch),
            self.cells(),
            self.sweep(),
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
