//! What to run in a tick, as data: decided here, done by `gpu`.
//!
//! A plan depends on the show, the canvas's size and which layers are on; it holds no numbers that
//! change from tick to tick, so that it is made once and cached.

#[cfg(test)]
pub(crate) mod drawn;
mod form;
mod lower;
mod memory;
mod sound;
mod stage;
mod values;

use std::sync::Arc;

use crate::effect::{Effect, SoundImage, Variant};
use crate::picture::{Fit, Size};
use crate::show::{PictureRef, Show};

pub use form::{Form, NoStage, forms};
pub use memory::{MOST_MEMORY, TooMuchMemory};
pub use sound::{HIGHEST_FREQUENCY, Sound, Spectrum};
pub use stage::{
    Adapter, Bind, Dispatch, Kernel, Recipe, Shape, Site, Stage, Stages, Store, StoreKind, Texel,
};
pub use values::{FrameValues, LayerValues, Values};

/// A picture in a plan: the sources first, then the layers, then the sources that are tables, each in the show's
/// order.
pub type PictureId = usize;

/// What advances a picture's history and a layer's state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Beat {
    /// A new picture of the source of this index.
    Source(usize),
    /// Every tick.
    Tick,
}

impl Beat {
    /// Whether it beats in a tick that brings these pictures: one entry for each source, a picture where there
    /// is a new one.
    #[must_use]
    pub fn is_fresh<T>(self, pictures: &[Option<T>]) -> bool {
        match self {
            Self::Tick => true,
            Self::Source(source) => pictures.get(source).is_some_and(Option::is_some),
        }
    }
}

/// What a picture of the plan is kept in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keep {
    /// A texture of the pool, until its last reader has run.
    Tick,
    /// A ring of the last pictures, this many.
    Ring(u32),
    /// A texture of the source's own size.
    Own,
}

/// A picture in a plan.
#[derive(Clone, Debug, PartialEq)]
pub struct Picture {
    /// Its name in the state and in GPU labels: `source.cam`, `layer.melt`.
    pub key: String,
    /// What it is kept in.
    pub keep: Keep,
    /// What advances its ring.
    pub beat: Beat,
    /// How it is brought to the canvas, if it is a source.
    pub fit: Fit,
    /// Its size and precision; a table's is its source's own.
    pub shape: Shape,
}

/// A target of a pass.
#[derive(Clone, Debug, PartialEq)]
pub struct Target {
    /// Its name in the state and in GPU labels: `layer.melt.trail`.
    pub key: String,
    /// Its size.
    pub size: Size,
    /// 32-bit floats instead of half floats.
    pub float: bool,
    /// Kept from tick to tick.
    pub persistent: bool,
    /// What advances it.
    pub beat: Beat,
    /// The layer that owns it.
    pub layer: usize,
    /// Whether that layer runs; if not, what was written last is kept for when it does again.
    pub runs: bool,
}

/// What a pass reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Read {
    /// Transparent black.
    Nothing,
    /// A picture of this tick.
    Picture(PictureId),
    /// A picture as many pictures back as the layer's `tap` says.
    Tapped(PictureId),
    /// The ring of a picture.
    History(PictureId),
    /// A layer's picture of the last tick.
    Previous(usize),
    /// What was last written to a target.
    Target(usize),
    /// What the show hears, as one of the plan's pictures of it.
    Sound(SoundImage),
}

/// One pass of one layer.
#[derive(Clone, Debug, PartialEq)]
pub struct PassStep {
    /// The effect.
    pub effect: Arc<Effect>,
    /// The layer's index in the show.
    pub layer: usize,
    /// The pass's index in its effect.
    pub pass: usize,
    /// `lagfun.decay`, with the layer's name in front: for GPU labels and timings.
    pub label: String,
    /// Which kernel.
    pub variant: Variant,
    /// One per image of the effect, then one per target of the effect.
    pub reads: Vec<Read>,
    /// The layer's input of this tick, to compose with: a tap of some of its channels is seen beside it.
    pub below: Read,
    /// The layer's matte.
    pub matte: Read,
    /// The layer's picture, if this is the last pass.
    pub picture: Option<PictureId>,
    /// The target that is written.
    pub target: Option<usize>,
    /// The size of what is written.
    pub size: Size,
}

/// A recipe in its place.
#[derive(Clone, Debug, PartialEq)]
pub struct Work {
    /// For GPU labels and timings: the layer's name.
    pub label: String,
    /// What its stores and numbers are kept under.
    pub key: String,
    /// What it does.
    pub recipe: Arc<Recipe>,
    /// Its images.
    pub reads: Vec<Read>,
    /// It runs only when this beats.
    pub beat: Beat,
}

/// A host stage of one layer.
#[derive(Clone, Debug, PartialEq)]
pub struct StageStep {
    /// The effect.
    pub effect: Arc<Effect>,
    /// The layer's index in the show.
    pub layer: usize,
    /// The layer's picture, if it writes that.
    pub picture: Option<PictureId>,
    /// The target that it writes, where a pass then composes that with the layer's input.
    pub target: Option<usize>,
    /// What it does; one read per image of the effect.
    pub work: Work,
}

/// What is measured on the pictures of a source: a recipe whose numbers are read back.
#[derive(Clone, Debug, PartialEq)]
pub struct Measure {
    /// What it measures, for keys, GPU labels and timings: `motion`.
    pub name: &'static str,
    /// The source, whose new pictures make it run.
    pub source: usize,
    /// The source's picture, or what was made of it.
    pub picture: PictureRef,
    /// How.
    pub recipe: Arc<Recipe>,
}

impl Measure {
    /// What its numbers are kept under: `source.cam.motion`.
    #[must_use]
    pub fn key(&self, show: &Show) -> String {
        let source = source_key(&show.sources[self.source].name);
        format!("{source}.{}", self.name)
    }
}

/// One step, in order.
#[derive(Clone, Debug, PartialEq)]
pub enum Step {
    /// Runs a pass, as often as its REPEAT says.
    Pass(PassStep),
    /// Runs a host stage; one that keeps something, if there is a new picture for it.
    Stage(StageStep),
    /// Runs a recipe for its numbers alone, if there is a new picture for it.
    Measure(Work),
    /// Copies a picture into another one's ring: a layer that is left out hands its input on.
    Hand {
        /// From where.
        from: Read,
        /// Into which picture.
        to: PictureId,
    },
    /// Keeps a layer's picture for the next tick.
    Remember {
        /// From where.
        from: Read,
        /// Which layer.
        layer: usize,
    },
}

/// What to run in a tick.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    /// The canvas's size.
    pub size: Size,
    /// Whether sources are rounded to levels n/255.
    pub eight_bits: bool,
    /// How many sources there are.
    pub sources: usize,
    /// All pictures: sources, layers, tables.
    pub pictures: Vec<Picture>,
    /// All targets of all layers that run, and the persistent ones of the others.
    pub targets: Vec<Target>,
    /// The pictures of what the show hears that some step reads, each once.
    pub sounds: Vec<SoundImage>,
    /// The steps in order.
    pub steps: Vec<Step>,
    /// What the outputs take.
    pub output: Read,
}

impl Step {
    /// The recipe that it carries out, if it is a host stage or a measure.
    #[must_use]
    pub const fn work(&self) -> Option<&Work> {
        match self {
            Self::Stage(stage) => Some(&stage.work),
            Self::Measure(work) => Some(work),
            Self::Pass(_) | Self::Hand { .. } | Self::Remember { .. } => None,
        }
    }
}

impl Plan {
    /// The shape of a layer's picture.
    #[must_use]
    pub fn layer_shape(&self, layer: usize) -> Shape {
        self.pictures[self.sources + layer].shape
    }
}

/// What the pictures of a source are kept under.
#[must_use]
pub fn source_key(name: &str) -> String {
    format!("source.{name}")
}

/// What the pictures of a layer are kept under, and in front of what its targets are.
#[must_use]
pub fn layer_key(name: &str) -> String {
    format!("layer.{name}")
}

/// Makes the plan of a show at a canvas's size. `active[i]` says whether layer `i` runs; one that does
/// not hands its input on, or no motion where its picture would be motion. `variants[i]` says which of the layer's
/// keys may be other than neutral, `forms[i]` what its picture is. The `measures` come last.
///
/// # Errors
/// The pictures that it would keep need more memory than [`MOST_MEMORY`].
pub fn plan(
    show: &Show,
    size: Size,
    active: &[bool],
    variants: &[Variant],
    forms: &[Form],
    measures: &[Measure],
) -> Result<Plan, TooMuchMemory> {
    let plan = lower::Lowering::new(show, size, active, variants, forms).plan(measures);
    memory::check(&plan)?;
    Ok(plan)
}

/// What advances the motion of each flow that a layer's effect reads, in the order of its inputs.
#[must_use]
pub fn motion_beats(show: &Show, layer: usize) -> Vec<Beat> {
    lower::motion_beats(show, &show.layers[layer])
}

/// The sources of a show that some layer reads as a table, in the show's order.
#[must_use]
pub fn tables(show: &Show) -> Vec<usize> {
    lower::tables(show)
}

/// What advances each layer of a show.
#[must_use]
pub fn beats(show: &Show) -> Vec<Beat> {
    lower::layer_beats(show)
}

#[cfg(test)]
mod tests;
