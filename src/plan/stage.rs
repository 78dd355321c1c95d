//! Host stages: what an effect does that is not a function for each pixel, as data.
//!
//! An effect whose header says STAGE gives its picture by a [`Recipe`]: kernels, what they keep, and the order in
//! which they run. The room that knows the method makes it; `gpu` runs it and knows nothing of the method.

use std::fmt;
use std::sync::Arc;

use crate::effect::{Header, params_block};
use crate::param::{Kind, Param, Value};
use crate::picture::Size;
use crate::show::PictureRef;

/// The size and precision of a picture on the GPU.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Shape {
    /// Pixels.
    pub size: Size,
    /// Four 32-bit floats a pixel (`rgba32float`) instead of four half floats (`rgba16float`).
    pub float: bool,
}

/// What a recipe may know of the GPU.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Adapter {
    /// Whether a CPU does the GPU's work.
    pub cpu: bool,
    /// Bytes of memory that the invocations of a workgroup can share: 16384 at least.
    pub workgroup_memory: u32,
    /// Whether samplers read between pixels of 32-bit floats.
    pub filters_floats: bool,
}

impl Adapter {
    /// A GPU with WebGPU's base limits.
    pub const BASE: Self = Self {
        cpu: false,
        workgroup_memory: 16384,
        filters_floats: false,
    };
}

/// Where a host stage works: what its recipe may depend on.
#[derive(Clone, Debug)]
pub struct Site<'a> {
    /// The canvas.
    pub canvas: Size,
    /// The shapes of the effect's images, in the header's order.
    pub images: Vec<Shape>,
    /// What carries it out.
    pub adapter: Adapter,
    header: &'a Header,
    params: Vec<Value>,
    /// For each image the place of the first that is the same picture.
    firsts: Vec<usize>,
    /// Which parameters kernels may take for constants.
    constant: Vec<bool>,
}

impl<'a> Site<'a> {
    /// A place for an effect's stage. `params` has a value for each parameter of the header: the show's, where it
    /// is constant.
    #[must_use]
    pub fn new(
        header: &'a Header,
        params: Vec<Value>,
        canvas: Size,
        images: Vec<Shape>,
        adapter: Adapter,
    ) -> Self {
        Self {
            canvas,
            firsts: (0..images.len()).collect(),
            images,
            adapter,
            header,
            constant: vec![false; params.len()],
            params,
        }
    }

    /// The same place, given these pictures, of which some may be one.
    #[must_use]
    pub fn with_pictures(self, pictures: &[PictureRef]) -> Self {
        let first = |picture| pictures.iter().position(|other| other == picture);
        let firsts = pictures.iter().filter_map(first).collect();
        Self { firsts, ..self }
    }

    /// The same place, where the parameters of which `is_constant` says so keep their value for as long as the recipe is
    /// used.
    #[must_use]
    pub fn with_constants(self, is_constant: impl Fn(usize, &Param) -> bool) -> Self {
        let params = self.header.params.iter().enumerate();
        let constant = params.map(|(index, param)| is_constant(index, param));
        Self {
            constant: constant.collect(),
            ..self
        }
    }

    /// Whether two of the effect's images, by their places, are one picture.
    #[must_use]
    pub fn are_one(&self, image: usize, other: usize) -> bool {
        self.firsts[image] == self.firsts[other]
    }

    /// The value of a parameter that kernels may take for a constant.
    ///
    /// # Panics
    /// As [`Self::number`].
    #[must_use]
    pub fn constant(&self, name: &str) -> Option<f64> {
        let place = self.place(name);
        self.constant[place].then(|| self.params[place].lane(0))
    }

    /// The value of a parameter that is FIXED in the header.
    ///
    /// # Panics
    /// The header has no such parameter: the effect's file and its stage differ.
    #[must_use]
    pub fn number(&self, name: &str) -> f64 {
        self.params[self.place(name)].lane(0)
    }

    fn place(&self, name: &str) -> usize {
        let params = &mut self.header.params.iter();
        let place = params.position(|param| param.name == name);
        place.unwrap_or_else(|| panic!("the effect declares no '{name}'"))
    }

    /// The parameters in the header's order, for a kernel that reads them while they are played.
    #[must_use]
    pub fn params(&self) -> &[Param] {
        &self.header.params
    }

    /// The WGSL by which a kernel reads [`Bind::Params`], its binding of that number, as `params`, after it has called
    /// `play()`: a CPU driver looks up storage anew at each read, and what is constant is written out. A choice is compared
    /// with a constant that is named after parameter and label: `KEY_HUE`.
    #[must_use]
    pub fn params_wgsl(&self, binding: usize) -> String {
        let block = params_block(self.params());
        let declared = block.wgsl();
        let choices: String = self.params().iter().map(choices).collect();
        let space = if self.adapter.cpu {
            "storage, read"
        } else {
            "uniform"
        };
        let indices = (0..self.params.len()).filter(|index| self.constant[*index]);
        let constants: String = indices
            .map(|index| block.constant(index, self.params[index]))
            .collect();
        format!(
            "{declared}\n{choices}@group(0) @binding({binding}) var<{space}> played: Params;\n\
            var<private> params: Params;\nfn play() {{\nparams = played;\n{constants}}}\n"
        )
    }
}

fn choices(param: &Param) -> String {
    let Kind::Long(options) = &param.kind else {
        return String::new();
    };
    let constant = |(value, label): &(i64, String)| {
        let name = format!("{}_{label}", param.name).to_uppercase();
        format!("const {name} = {value};\n")
    };
    options.iter().map(constant).collect()
}

/// A method that Rust prepares and kernels carry out.
pub trait Stage: fmt::Debug + Send + Sync {
    /// What an effect's header calls it: `"STAGE": "farneback"`.
    fn name(&self) -> &'static str;

    /// The shape of the picture that it writes.
    fn shape(&self, site: &Site<'_>) -> Shape;

    /// What it does. One that writes colours keeps nothing, so that it can be composed in every tick.
    fn recipe(&self, site: &Site<'_>) -> Recipe;
}

/// All host stages there are.
#[derive(Clone, Debug, Default)]
pub struct Stages(Vec<Arc<dyn Stage>>);

impl Stages {
    /// These.
    #[must_use]
    pub fn new(stages: Vec<Arc<dyn Stage>>) -> Self {
        Self(stages)
    }

    /// The one of a name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&dyn Stage> {
        self.0
            .iter()
            .map(AsRef::as_ref)
            .find(|stage| stage.name() == name)
    }

    /// Their names.
    pub fn names(&self) -> impl Iterator<Item = &'static str> {
        self.0.iter().map(|stage| stage.name())
    }
}

/// What a stage does in a tick.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Recipe {
    /// What is written and read between dispatches.
    pub stores: Vec<Store>,
    /// The kernels.
    pub kernels: Vec<Kernel>,
    /// In the order in which they run.
    pub dispatches: Vec<Dispatch>,
    /// Which of the images hold 32-bit floats.
    pub floats: Vec<bool>,
    /// The buffer among the stores that is read back after each run, without anybody waiting for it.
    pub numbers: Option<usize>,
}

impl Recipe {
    /// The same, of images of these shapes.
    #[must_use]
    pub fn of(self, images: &[Shape]) -> Self {
        let floats = images.iter().map(|image| image.float).collect();
        Self { floats, ..self }
    }

    /// Whether what it does depends on nothing but its images and parameters: it runs in every tick, so that it can be
    /// played on a still. One that keeps something runs once for each new picture.
    #[must_use]
    pub fn is_pure(&self) -> bool {
        self.stores.iter().all(|store| !store.kept)
    }
}

/// A texture or a buffer of a stage.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Store {
    /// For GPU labels: `expansion.0`.
    pub label: String,
    /// What it is.
    pub kind: StoreKind,
    /// Whether the next run may read it as [`Bind::Past`]. Others hold nothing certain when a run begins.
    pub kept: bool,
}

/// What a store is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StoreKind {
    /// A texture that kernels read (`texture_2d<f32>` or `texture_2d<u32>`) and write (`texture_storage_2d`).
    Texture(Size, Texel),
    /// A storage buffer of this many bytes.
    Buffer(u64),
}

/// The formats that base hardware can write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Texel {
    /// One 32-bit float.
    R32Float,
    /// Two 32-bit floats.
    Rg32Float,
    /// Four 32-bit floats.
    Rgba32Float,
    /// Four half floats.
    Rgba16Float,
    /// One 32-bit whole number.
    R32Uint,
    /// Four 32-bit whole numbers.
    Rgba32Uint,
}

impl Texel {
    /// What WGSL calls it.
    #[must_use]
    pub const fn wgsl(self) -> &'static str {
        match self {
            Self::R32Float => "r32float",
            Self::Rg32Float => "rg32float",
            Self::Rgba32Float => "rgba32float",
            Self::Rgba16Float => "rgba16float",
            Self::R32Uint => "r32uint",
            Self::Rgba32Uint => "rgba32uint",
        }
    }

    /// Bytes of one.
    #[must_use]
    pub const fn bytes(self) -> u64 {
        match self {
            Self::R32Float | Self::R32Uint => 4,
            Self::Rg32Float | Self::Rgba16Float => 8,
            Self::Rgba32Float | Self::Rgba32Uint => 16,
        }
    }
}

/// A kernel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kernel {
    /// A module that is complete by itself.
    pub wgsl: String,
    /// Its entry point. It must use every binding that its dispatches name: `@group(0) @binding(0)` is their first
    /// bind, and so on.
    pub entry: String,
}

/// One run of a kernel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dispatch {
    /// For GPU labels and timings, after the layer's name: `update.0`.
    pub label: String,
    /// Index into [`Recipe::kernels`].
    pub kernel: usize,
    /// What it reads and writes, in the order of its bindings.
    pub binds: Vec<Bind>,
    /// Workgroups along x, y and z.
    pub groups: [u32; 3],
}

/// What a binding of a kernel is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bind {
    /// A picture that the layer is given, by its place among the effect's images: `texture_2d<f32>`.
    Image(usize),
    /// A store, read.
    Read(usize),
    /// A store, written: a storage texture, or a storage buffer that may be read too.
    Write(usize),
    /// What a kept store held after the last run. In the first run after a start, a reset or a pause it is what the
    /// store holds now, so that the first picture is its own predecessor: write it before.
    Past(usize),
    /// The layer's picture, written: `texture_storage_2d` of the stage's [`Shape`].
    Output,
    /// A sampler that reads textures between their pixels, and their edge outside: what base hardware filters are half
    /// floats. Its fractions have 8 bits.
    Sampler,
    /// The effect's parameters of this tick, a block as `effect::params_block` lays it out: a uniform, on a CPU
    /// driver read-only storage.
    Params,
}
