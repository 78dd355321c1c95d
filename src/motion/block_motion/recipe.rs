use super::{Level, Settings};
use crate::picture::Size;
use crate::plan::{Bind, Dispatch, Kernel, Recipe, Site, Store, StoreKind, Texel};

const GREY: &str = include_str!("grey.wgsl");
const SEARCH: &str = include_str!("search.wgsl");
const FINISH: &str = include_str!("finish.wgsl");

/// Makes the pyramid of the new picture, searches the coarsest level, refines level by level.
pub(super) fn recipe(settings: &Settings, site: &Site<'_>) -> Recipe {
    let levels = settings.levels(site.images[0].size);
    let mut making = Making {
        settings,
        site,
        recipe: Recipe::default(),
        levels,
    };
    for level in 0..making.levels.len() {
        making.grey(level);
    }
    for level in (0..making.levels.len()).rev() {
        making.search(level);
    }
    making.finish();
    making.recipe
}

struct Making<'a> {
    settings: &'a Settings,
    site: &'a Site<'a>,
    recipe: Recipe,
    levels: Vec<Level>,
}

impl Making<'_> {
    /// Columns and rows of a workgroup: a strip suits lavapipe best.
    const fn workgroup(&self) -> Size {
        if self.site.adapter.cpu {
            Size::new(64, 1)
        } else {
            Size::new(8, 8)
        }
    }

    /// Adds a store and its place.
    fn store(&mut self, label: String, size: Size, texel: Texel, kept: bool) {
        self.recipe.stores.push(Store {
            label,
            kind: StoreKind::Texture(size, texel),
            kept,
        });
    }

    /// The place of a level's grey, and of its vectors.
    const fn grey_of(level: usize) -> usize {
        level
    }

    /// A level's vectors as they are searched; once they have settled they come next.
    const fn vectors_of(&self, level: usize) -> usize {
        self.levels.len() + 2 * (self.levels.len() - 1 - level)
    }

    const fn settled_of(&self, level: usize) -> usize {
        self.vectors_of(level) + 1
    }

    fn run(&mut self, level: usize, entry: &str, text: &str, binds: &[Bind], cells: Size) {
        let (kernel, workgroup) = (self.recipe.kernels.len(), self.workgroup());
        self.recipe.kernels.push(Kernel {
            wgsl: format!("{}{text}", self.constants(level)),
            entry: entry.to_owned(),
        });
        self.recipe.dispatches.push(Dispatch {
            label: format!("{entry}.{level}"),
            kernel,
            binds: binds.to_vec(),
            groups: [
                cells.width.div_ceil(workgroup.width),
                cells.height.div_ceil(workgroup.height),
                1,
            ],
        });
    }

    fn constants(&self, level: usize) -> String {
        let workgroup = self.workgroup();
        let at = &self.levels[level];
        let coarser = self.levels.get(level + 1).unwrap_or(at);
        let larger = &self.levels[level.saturating_sub(1)];
        let canvas = self.site.canvas;
        let scale = |canvas: u32, side: u32| f64::from(canvas) / f64::from(side);
        format!(
            "const COLUMNS = {}; const ROWS = {};\n\
            const SIZE = {}; const GRID = {}; const COARSER_GRID = {}; const LARGER = {};\n\
            const PAD = {}; const LARGER_PAD = {}; const WORDS = {}; const WINDOW = {}; const RADIUS = {};\n\
            const HALVES = {}; const SMOOTHNESS = f32({}); const SCALE = vec2f({}, {});\n",
            workgroup.width,
            workgroup.height,
            vector(at.size),
            vector(at.grid),
            vector(coarser.grid),
            vector(larger.size),
            at.pad(),
            larger.pad(),
            at.words(),
            at.window,
            at.reach.min(at.size.width.max(at.size.height)),
            u8::from(self.settings.half_pixel),
            self.settings.smoothness,
            scale(canvas.width, self.levels[0].size.width),
            scale(canvas.height, self.levels[0].size.height),
        )
    }

    fn grey(&mut self, level: usize) {
        let at = self.levels[level];
        let words = Size::new(at.words(), at.size.height);
        self.store(format!("grey.{level}"), words, Texel::R32Uint, true);
        let own = Bind::Write(Self::grey_of(level));
        match level.checked_sub(1) {
            None => self.run(level, "grey", GREY, &[Bind::Image(0), own], words),
            Some(larger) => {
                let larger = Bind::Read(Self::grey_of(larger));
                self.run(level, "halve", GREY, &[larger, own], words);
            }
        }
    }

    /// Vectors are stored from the coarsest level to the finest, in the order in which they are found.
    fn search(&mut self, level: usize) {
        let (grid, grey) = (self.levels[level].grid, Self::grey_of(level));
        for stage in ["vectors", "settled"] {
            self.store(format!("{stage}.{level}"), grid, Texel::Rgba32Float, false);
        }
        let (now, before) = (Bind::Read(grey), Bind::Past(grey));
        let (found, settled) = (self.vectors_of(level), self.settled_of(level));
        let own = Bind::Write(found);
        if level + 1 == self.levels.len() {
            self.run(level, "search", SEARCH, &[now, before, own], grid);
        } else {
            let coarser = Bind::Read(self.settled_of(level + 1));
            self.run(level, "refine", SEARCH, &[now, before, own, coarser], grid);
        }
        let binds = [now, before, Bind::Write(settled), Bind::Read(found)];
        self.run(level, "settle", SEARCH, &binds, grid);
    }

    fn finish(&mut self) {
        let (grid, grey) = (self.levels[0].grid, Self::grey_of(0));
        let whole = Bind::Read(self.settled_of(0));
        let binds = [Bind::Read(grey), Bind::Past(grey), whole, Bind::Output];
        self.run(0, "finish", &format!("{SEARCH}{FINISH}"), &binds, grid);
    }
}

fn vector(size: Size) -> String {
    format!("vec2i({}, {})", size.width, size.height)
}
