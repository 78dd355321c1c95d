//! A recipe in one tick, that of a layer's host stage or of a measure: its kernels in their order.

use std::collections::HashSet;
use std::iter;
use std::sync::{Arc, PoisonError};
use std::thread;

use super::device::Kernel;
use super::executor::{Executor, Prepared};
use super::numbers::Numbers;
use super::pass_run::texture_bytes;
use super::pipeline::target_format;
use super::reads::view;
use super::state::{Held, State, Stores, texel_format};
use super::stored::Formats;
use super::{Gpu, GpuError};
use crate::effect::Keys;
use crate::plan::{Bind, Dispatch, LayerValues, Read, Recipe, StageStep, StoreKind, Work};

impl Gpu {
    /// The pipelines of a recipe's kernels, each compiled once.
    ///
    /// # Errors
    /// A kernel that the GPU refuses.
    pub(super) fn kernels(
        &self,
        effect: &str,
        recipe: &Recipe,
    ) -> Result<Vec<wgpu::ComputePipeline>, GpuError> {
        let errors = self.errors();
        let compiled = kernels(recipe)
            .map(|(text, entry, formats)| self.compute(effect, &text, &entry, &formats))
            .collect();
        match self.errors() > errors {
            true => Err(GpuError::NotCompiled(effect.to_owned())),
            false => Ok(compiled),
        }
    }

    /// Compiles a recipe's kernels: not for the frame loop.
    ///
    /// # Errors
    /// A kernel that the GPU refuses.
    pub fn compile_recipe(&self, effect: &str, recipe: &Recipe) -> Result<(), GpuError> {
        self.kernels(effect, recipe).map(|_| ())
    }
}

impl Gpu {
    /// Whether a recipe's kernels are compiled. If not, another thread begins to.
    #[must_use]
    pub fn recipe_ready_or_begin(&self, effect: &str, recipe: &Arc<Recipe>) -> bool {
        if kernels(recipe).all(|kernel| self.has_compiled(&kernel)) {
            return true;
        }
        let Some(first) = recipe.kernels.first() else {
            return true;
        };
        let asked = self
            .asked
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(first.wgsl.clone());
        if asked {
            let (gpu, effect, recipe) = (self.clone(), effect.to_owned(), Arc::clone(recipe));
            thread::spawn(move || {
                if let Err(error) = gpu.compile_recipe(&effect, &recipe) {
                    log::error!("{error}");
                }
            });
        }
        false
    }
}

/// A recipe's kernels, with the formats of what each reads in all its dispatches.
fn kernels(recipe: &Recipe) -> impl Iterator<Item = Kernel> {
    let kernels = recipe.kernels.iter().enumerate();
    kernels.map(|(index, kernel)| {
        let formats = formats(recipe, index);
        (kernel.wgsl.clone(), kernel.entry.clone(), formats)
    })
}

fn formats(recipe: &Recipe, kernel: usize) -> Formats {
    let is_it = |dispatch: &&Dispatch| dispatch.kernel == kernel;
    let dispatches: Vec<_> = recipe.dispatches.iter().filter(is_it).collect();
    let bindings = dispatches.first().map_or(0, |first| first.binds.len());
    let one = |at: usize| {
        let formats = dispatches.iter().map(|run| format(recipe, run.binds[at]));
        let formats: HashSet<_> = formats.collect();
        match formats.into_iter().collect::<Vec<_>>()[..] {
            [Some(only)] => Some((at as u32, only)),
            _ => None,
        }
    };
    (0..bindings).filter_map(one).collect()
}

/// The format of what is bound, if it is a texture that is read.
fn format(recipe: &Recipe, bind: Bind) -> Option<wgpu::TextureFormat> {
    match bind {
        Bind::Image(image) => recipe.floats.get(image).map(|float| target_format(*float)),
        Bind::Read(store) | Bind::Past(store) => match recipe.stores[store].kind {
            StoreKind::Texture(_, texel) => Some(texel_format(texel)),
            StoreKind::Buffer(_) => None,
        },
        Bind::Write(_) | Bind::Output | Bind::Sampler | Bind::Params => None,
    }
}

/// One run of a recipe.
pub(super) struct StageRun<'a> {
    executor: &'a mut Executor,
    work: &'a Work,
    kernels: &'a [wgpu::ComputePipeline],
    stores: &'a mut Stores,
    numbers: &'a mut Numbers,
    images: Vec<wgpu::TextureView>,
    layer: Option<Owner>,
}

/// What a layer's stage has beside its stores.
struct Owner {
    output: wgpu::TextureView,
    /// Offset and size of the block of the layer's parameters.
    params: (u32, usize),
}

impl<'a> StageRun<'a> {
    /// Of a layer's stage; `params` is the offset and the size of the layer's block.
    pub(super) fn of_layer(
        executor: &'a mut Executor,
        prepared: &Prepared,
        state: &'a mut State,
        (stage, kernels): (&'a StageStep, &'a [wgpu::ComputePipeline]),
        values: &LayerValues,
        params: (u32, usize),
    ) -> Self {
        let tap = values.key(Keys::TAP) as usize;
        let output = output(executor, prepared, state, stage);
        Self {
            layer: output.map(|output| Owner { output, params }),
            ..Self::of_work(executor, prepared, state, (&stage.work, kernels), tap)
        }
    }

    /// Of a measure.
    pub(super) fn of_measure(
        executor: &'a mut Executor,
        prepared: &Prepared,
        state: &'a mut State,
        work: (&'a Work, &'a [wgpu::ComputePipeline]),
    ) -> Self {
        Self::of_work(executor, prepared, state, work, 0)
    }

    fn of_work(
        executor: &'a mut Executor,
        prepared: &Prepared,
        state: &'a mut State,
        (work, kernels): (&'a Work, &'a [wgpu::ComputePipeline]),
        tap: usize,
    ) -> Self {
        let floats = work
            .recipe
            .floats
            .iter()
            .copied()
            .chain(iter::repeat(false));
        let find = |(read, float): (&Read, bool)| view(prepared, state, *read, tap, float).clone();
        let images = work.reads.iter().zip(floats).map(find).collect();
        let (stores, numbers) = state.begin_run(&executor.gpu, work);
        Self {
            executor,
            work,
            kernels,
            stores,
            numbers,
            images,
            layer: None,
        }
    }

    pub(super) fn encode(mut self, encoder: &mut wgpu::CommandEncoder) {
        let recipe = &self.work.recipe;
        // What is timed has a pass of its own; what is not shares one, of which each costs a CPU driver time.
        let together = match self.executor.timing.tells_dispatches() {
            true => 1,
            false => recipe.dispatches.len().max(1),
        };
        for dispatches in recipe.dispatches.chunks(together) {
            self.pass(encoder, dispatches);
        }
        let numbers = recipe.numbers.map(|store| self.stores.now(store));
        if let Some(Held::Buffer(buffer)) = numbers {
            self.numbers.send(&self.executor.gpu, encoder, buffer);
        }
        self.stores.finish();
    }

    fn pass(&mut self, encoder: &mut wgpu::CommandEncoder, dispatches: &[Dispatch]) {
        let label = format!("{}.{}", self.work.label, dispatches[0].label);
        let bytes = self.bytes(&dispatches[0]);
        let mut pass = encoder.begin_compute_pass(&wgpu::ComputePassDescriptor {
            label: Some(&label),
            timestamp_writes: self.executor.timing.computed(&label, bytes),
        });
        for dispatch in dispatches {
            let pipeline = &self.kernels[dispatch.kernel];
            pass.set_pipeline(pipeline);
            pass.set_bind_group(0, &self.group(dispatch, pipeline), &[]);
            let [x, y, z] = dispatch.groups;
            pass.dispatch_workgroups(x, y, z);
        }
    }

    fn group(&self, dispatch: &Dispatch, pipeline: &wgpu::ComputePipeline) -> wgpu::BindGroup {
        let resources = dispatch.binds.iter().map(|bind| match bind {
            Bind::Image(image) => wgpu::BindingResource::TextureView(&self.images[*image]),
            Bind::Output => wgpu::BindingResource::TextureView(&self.layer().output),
            Bind::Read(store) | Bind::Write(store) => self.stores.now(*store).resource(),
            Bind::Past(store) => self.stores.past(*store).resource(),
            Bind::Sampler => wgpu::BindingResource::Sampler(&self.executor.sampler),
            Bind::Params => {
                let (offset, size) = self.layer().params;
                self.executor.uniforms.block(offset, size)
            }
        });
        self.executor.gpu.group(
            &dispatch.label,
            &pipeline.get_bind_group_layout(0),
            resources,
        )
    }

    fn layer(&self) -> &Owner {
        let layer = self.layer.as_ref();
        layer.unwrap_or_else(|| unreachable!("a measure has neither picture nor parameters"))
    }

    /// Bytes of what a dispatch reads and writes.
    fn bytes(&self, dispatch: &Dispatch) -> u64 {
        let bytes = dispatch.binds.iter().map(|bind| match bind {
            Bind::Image(image) => texture_bytes(&self.images[*image]),
            Bind::Output => texture_bytes(&self.layer().output),
            Bind::Read(store) | Bind::Write(store) => Held::bytes(self.stores.now(*store)),
            Bind::Past(store) => Held::bytes(self.stores.past(*store)),
            Bind::Sampler | Bind::Params => 0,
        });
        bytes.sum()
    }
}

/// What a layer's stage writes: the layer's picture, or a target that a pass reads next.
fn output(
    executor: &Executor,
    prepared: &Prepared,
    state: &mut State,
    stage: &StageStep,
) -> Option<wgpu::TextureView> {
    if let Some(picture) = stage.picture {
        return Some(view(prepared, state, Read::Picture(picture), 0, false).clone());
    }
    let key = &prepared.plan.targets[stage.target?].key;
    let cells = state.targets.get_mut(key)?;
    let next = cells.next(&executor.gpu);
    cells.written(next);
    Some(cells.view(next).clone())
}
