mod ahead;
mod succession;

use std::collections::HashMap;
use std::sync::Arc;

use super::gauges::Gauges;
use super::pace::Paces;
use super::{Command, Conductor, SourceValues, stages};
use crate::effect::{Block, Keys, Variant, binding, params_block};
use crate::gpu::{
    Compiled, Executor, Gpu, GpuError, Intake, NewPictures, PassTime, Pipelines, Prepared, State,
    View,
};
use crate::param::{Param, Value};
use crate::picture::{Picture, Size};
use crate::plan::{Beat, Form, NoStage, Sound, TooMuchMemory, Values, beats, forms, plan, tables};
use crate::show::{Bits, Layer, Setting, Show};

pub use ahead::Ahead;

/// Plans kept for the sets of layers that were on; beyond that all are made anew.
const MOST_PLANS: usize = 64;

/// What keeps a show from running.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    /// A fault of the GPU.
    #[error(transparent)]
    Gpu(#[from] GpuError),
    /// Too many pictures to keep.
    #[error(transparent)]
    Memory(#[from] TooMuchMemory),
    /// An effect asks for a host stage that there is not.
    #[error(transparent)]
    Stage(#[from] NoStage),
    /// A canvas that no GPU picture can hold.
    #[error("a canvas of {0} cannot be made: each side must be 1 to 8192 pixels")]
    Canvas(Size),
}

/// One tick, encoded but not yet submitted, so that outputs can add to the same encoder.
#[derive(Debug)]
pub struct Tick {
    /// The encoder.
    pub encoder: crate::gpu::Encoder,
    /// The output picture.
    pub picture: View,
    /// The canvas's size.
    pub size: Size,
    /// The tick's numbers.
    pub values: Values,
}

/// Makes ready for pictures like the one that it is given.
pub type Rehearsal = Box<dyn FnMut(&Picture) + Send>;

/// A show that is being played, with its own state.
#[derive(Debug)]
pub struct Instance {
    show: Arc<Show>,
    size: Size,
    conductor: Conductor,
    paces: Paces,
    gauges: Gauges,
    beats: Vec<Beat>,
    variants: Vec<Variant>,
    forms: Vec<Form>,
    /// What must not be forgotten while it may be needed.
    _compiled: Vec<Compiled>,
    blocks: Vec<Block>,
    plans: HashMap<Vec<bool>, Prepared>,
    state: State,
    intakes: Vec<Intake>,
}

impl Instance {
    /// Compiles everything a show needs: not for the frame loop. Without a size of its own, the show takes
    /// `size`; px values are scaled where the two differ.
    ///
    /// # Errors
    /// The canvas is impossible, the show would keep more pictures than memory allows, or the GPU refuses a pass.
    pub fn new(
        pipelines: &Pipelines,
        show: &Arc<Show>,
        size: Size,
        fps: f64,
    ) -> Result<Self, EngineError> {
        if !size.is_possible() {
            return Err(EngineError::Canvas(size));
        }
        let own = show.canvas.size.unwrap_or(size);
        let scale = f64::from(size.height) / f64::from(own.height);
        let gpu = pipelines.gpu();
        let forms = forms(show, size, scale, &stages(), gpu.as_plans_know())?;
        let variants = variants(show, scale, &forms, gpu);
        let all = vec![true; show.layers.len()];
        let gauges = Gauges::new(show, &forms, size, gpu.is_cpu());
        plan(show, size, &all, &variants, &forms, gauges.measures())?;
        for measure in gauges.measures() {
            gpu.compile_recipe(measure.name, &measure.recipe)?;
        }
        for (layer, form) in show.layers.iter().zip(&forms) {
            if let Some(recipe) = &form.recipe {
                gpu.compile_recipe(&layer.effect.name, recipe)?;
            }
        }
        let kernels = show.layers.iter().zip(&variants);
        let compiled = kernels.map(|(layer, variant)| pipelines.compile(&layer.effect, variant));
        Ok(Self {
            conductor: Conductor::new(show, fps, scale),
            paces: Paces::new(show),
            gauges,
            beats: beats(show),
            _compiled: compiled.collect::<Result<_, _>>()?,
            variants,
            forms,
            blocks: show
                .layers
                .iter()
                .map(|layer| params_block(&layer.effect.header.params))
                .collect(),
            plans: HashMap::new(),
            state: State::default(),
            intakes: show.sources.iter().map(|_| Intake::new()).collect(),
            show: Arc::clone(show),
            size,
        })
    }

    /// Compiles what the pictures of a source need, of which `picture` is the first: not for the frame
    /// loop.
    pub fn rehearse(&mut self, pipelines: &Pipelines, source: usize, picture: &Picture) {
        let Some(entry) = self.show.sources.get(source) else {
            return;
        };
        let eight_bits = self.show.canvas.bits == Bits::Eight;
        let (gpu, intake) = (pipelines.gpu(), &mut self.intakes[source]);
        if tables(&self.show).contains(&source) {
            intake.prepare_table(gpu, picture);
        }
        intake.prepare(gpu, picture, entry.fit, eight_bits, self.size);
    }

    /// Does the same for pictures of a source that come later and are of another kind, on a thread of its own.
    #[must_use]
    pub fn rehearsal(&self, pipelines: &Pipelines, source: usize) -> Rehearsal {
        let (gpu, size) = (pipelines.gpu().clone(), self.size);
        let fit = self.show.sources[source].fit;
        let eight_bits = self.show.canvas.bits == Bits::Eight;
        let is_table = tables(&self.show).contains(&source);
        Box::new(move |picture| {
            let mut intake = Intake::new();
            if is_table {
                intake.prepare_table(&gpu, picture);
            }
            intake.prepare(&gpu, picture, fit, eight_bits, size);
        })
    }

    /// Goes over to what was made of the same show for another GPU. The clock, the controls and the signals go
    /// on; pictures that the layers kept are gone.
    pub fn move_to(&mut self, mut made: Self) -> Self {
        std::mem::swap(&mut self.conductor, &mut made.conductor);
        std::mem::replace(self, made)
    }

    /// The show.
    #[must_use]
    pub const fn show(&self) -> &Arc<Show> {
        &self.show
    }

    /// The canvas's size.
    #[must_use]
    pub const fn size(&self) -> Size {
        self.size
    }

    /// The clock and the values.
    pub const fn conductor(&mut self) -> &mut Conductor {
        &mut self.conductor
    }

    /// What effects that look at sound see from the next tick on; silence until then.
    pub fn hear(&mut self, sound: Sound) {
        self.state.hear(sound);
    }

    fn fresh(&self, pictures: &NewPictures<'_>) -> Vec<bool> {
        self.beats
            .iter()
            .map(|beat| beat.is_fresh(pictures))
            .collect()
    }

    /// Where a control has changed what a kernel holds constant, goes over to a kernel that reads it, once
    /// another thread has compiled that.
    fn widen(&mut self, pipelines: &Pipelines, values: &Values) {
        for (index, values) in values.layers.iter().enumerate() {
            self.serve(pipelines, index, &values.keys, &values.params);
        }
    }

    /// Whether a layer's kernels serve these values, those of its host stage too. If not, goes over to such that do, once
    /// another thread has compiled them.
    fn serve(
        &mut self,
        pipelines: &Pipelines,
        index: usize,
        keys: &[Value],
        params: &[Value],
    ) -> bool {
        let (layer, variant) = (&self.show.layers[index], &self.variants[index]);
        let wider = variant.serving(keys, params, &self.blocks[index]);
        if wider == *variant {
            return true;
        }
        let is_ready = pipelines.ready_or_begin(&layer.effect, &wider)
            && (!wider.fixed.is_empty() || plays(pipelines.gpu(), layer, &mut self.forms[index]));
        if is_ready {
            self.variants[index] = wider;
            self.plans.clear();
        }
        is_ready
    }

    /// A layer runs if it is on and either shows or has state to keep up.
    fn active(&self, values: &Values) -> Vec<bool> {
        let runs = |(layer, values): (&Layer, &crate::plan::LayerValues)| {
            let shows = values.key(Keys::MIX) > 0.0 || layer.effect.has_state();
            values.key(Keys::ON) != 0.0 && shows
        };
        self.show
            .layers
            .iter()
            .zip(&values.layers)
            .map(runs)
            .collect()
    }
}

/// Goes over to what a layer's host stage does whatever a control sends, if that is compiled. If not, another thread begins to.
fn plays(gpu: &Gpu, layer: &Layer, form: &mut Form) -> bool {
    let Some(playable) = form.playable.clone() else {
        return true;
    };
    let is_ready = gpu.recipe_ready_or_begin(&layer.effect.name, &playable);
    if is_ready {
        form.recipe = Some(playable);
    }
    is_ready
}

fn variants(show: &Show, scale: f64, forms: &[Form], gpu: &Gpu) -> Vec<Variant> {
    let layers = show.layers.iter().zip(forms);
    let eight_bits = show.canvas.bits == Bits::Eight;
    layers
        .map(|(layer, form)| Variant {
            eight_bits,
            float: form.shape.float,
            scaled: form.scaled.clone(),
            floats: floats(form),
            ..variant(layer, scale, gpu)
        })
        .collect()
}

/// The bindings of a layer's passes whose pictures hold 32-bit floats.
fn floats(form: &Form) -> Vec<u32> {
    let composed = [binding::BELOW, binding::MATTE]
        .into_iter()
        .zip(form.composed);
    let images = (binding::IMAGES..).zip(form.images.iter().map(|image| image.float));
    let floats = composed.chain(images).filter(|(_, float)| *float);
    floats.map(|(binding, _)| binding).collect()
}

fn variant(layer: &Layer, scale: f64, gpu: &Gpu) -> Variant {
    let declared = &layer.effect.header.params;
    let keys: Vec<_> = layer.keys.iter().map(Setting::constant).collect();
    let params = layer.params.iter().zip(declared);
    let scaled =
        |(setting, param): (&Setting, &Param)| Some(param.scaled(setting.constant()?, scale));
    let params: Vec<_> = params.map(scaled).collect();
    Variant {
        matte: layer.matte.is_some(),
        workgroup: gpu.workgroup(),
        drawn: gpu.draws(),
        ..Variant::of(&keys, &params, declared, gpu.is_cpu())
    }
}

/// Runs instances on one GPU.
#[derive(Debug)]
pub struct Engine {
    gpu: Gpu,
    pipelines: Pipelines,
    executor: Executor,
}

impl Engine {
    /// An engine on a GPU.
    #[must_use]
    pub fn new(gpu: &Gpu) -> Self {
        let pipelines = Pipelines::new(gpu);
        let executor = Executor::new(gpu, &pipelines);
        Self {
            gpu: gpu.clone(),
            pipelines,
            executor,
        }
    }

    /// The GPU.
    #[must_use]
    pub const fn gpu(&self) -> &Gpu {
        &self.gpu
    }

    /// What has been compiled; a clone lets another thread make instances.
    #[must_use]
    pub const fn pipelines(&self) -> &Pipelines {
        &self.pipelines
    }

    /// Makes an instance of a show.
    ///
    /// # Errors
    /// As [`Instance::new`].
    pub fn load(&self, show: &Arc<Show>, size: Size, fps: f64) -> Result<Instance, EngineError> {
        Instance::new(&self.pipelines, show, size, fps)
    }

    /// One tick of an instance. `pictures` has an entry for each source of the show, a picture where there
    /// is a new one. Outputs may add to the encoder before [`Self::submit`].
    ///
    /// # Errors
    /// A picture that cannot be uploaded, or a plan that needs too much memory.
    pub fn tick(
        &mut self,
        instance: &mut Instance,
        commands: &[Command],
        pictures: &NewPictures<'_>,
    ) -> Result<Tick, EngineError> {
        self.begin(instance, commands, true);
        self.run(instance, pictures)
    }

    /// Begins a tick, and says how its sources are to be played: [`Self::run`] goes on with their pictures. What
    /// was measured on the pictures before goes into the signals: all of it where the tick `waits` for the GPU to
    /// have it, else what is there.
    pub fn begin(
        &mut self,
        instance: &mut Instance,
        commands: &[Command],
        waits: bool,
    ) -> Vec<SourceValues> {
        let waits_for = waits.then_some(&self.gpu);
        let heard = instance.gauges.hear(&mut instance.state, waits_for);
        for (name, reading) in heard {
            let (index, signal) = (reading.index, reading.signal);
            instance.conductor.hear(name, index, signal);
        }
        instance.conductor.begin(commands)
    }

    /// The rest of a tick that [`Self::begin`] began.
    ///
    /// # Errors
    /// As [`Self::tick`].
    pub fn run(
        &mut self,
        instance: &mut Instance,
        pictures: &NewPictures<'_>,
    ) -> Result<Tick, EngineError> {
        let fresh = instance.fresh(pictures);
        let mut values = instance.conductor.finish(&fresh);
        instance.paces.advance(pictures, &mut values.layers);
        instance.gauges.advance(pictures, values.frame.delta);
        if instance.conductor.cleans() {
            instance.state.clean();
        }
        instance.widen(&self.pipelines, &values);
        let active = instance.active(&values);
        self.ensure_plan(instance, &active)?;
        let prepared = &instance.plans[&active];
        let mut encoder = self.gpu.encoder("tick");
        let picture = self.executor.run(
            &mut encoder,
            prepared,
            &mut instance.state,
            &mut instance.intakes,
            pictures,
            &values,
        )?;
        Ok(Tick {
            encoder,
            picture,
            size: instance.size,
            values,
        })
    }

    fn ensure_plan(&self, instance: &mut Instance, active: &[bool]) -> Result<(), EngineError> {
        if instance.plans.contains_key(active) {
            return Ok(());
        }
        if instance.plans.len() >= MOST_PLANS {
            instance.plans.clear();
        }
        let Instance {
            show,
            variants,
            forms,
            gauges,
            ..
        } = &*instance;
        let measures = gauges.measures();
        let plan = plan(show, instance.size, active, variants, forms, measures)?;
        let prepared = self.executor.prepare(plan, &mut instance.state)?;
        instance.plans.insert(active.to_vec(), prepared);
        Ok(())
    }

    /// Sends a tick to the GPU.
    pub fn submit(&mut self, tick: Tick) {
        self.gpu.submit(tick.encoder);
        self.executor.submitted();
    }

    /// GPU time of each pass of the last measured tick; empty where the GPU has no clock.
    pub fn times(&mut self) -> &[PassTime] {
        self.executor.times()
    }
}
