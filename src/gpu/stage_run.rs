//! A recipe in one tick, that of a layer's host stage or of a measure: its kernels in their order.

use std::sync::{Arc, PoisonError};
use std::thread;

use super::executor::{Executor, Prepared};
use super::numbers::Numbers;
use super::pass_run::texture_bytes;
use super::reads::view;
use super::state::{Held, State, Stores};
use super::{Gpu, GpuError};
use crate::effect::Keys;
use crate::plan::{Bind, Dispatch, LayerValues, Read, Recipe, StageStep, Work};

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
        let kernels = recipe.kernels.iter();
        let errors = self.errors();
        let compiled = kernels
            .map(|kernel| self.compute(effect, &kernel.wgsl, &kernel.entry))
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
        let kernels = || recipe.kernels.iter();
        if kernels().all(|kernel| self.has_compiled(&kernel.wgsl, &kernel.entry)) {
            return true;
        }
        let Some(first) = kernels().next() else {
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
        let find = |read: &Read| view(prepared, state, *read, tap).clone();
        let images = work.reads.iter().map(find).collect();
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

    pub(super) fn encode(self, encoder: &mut wgpu::CommandEncoder) {
        let recipe = &self.work.recipe;
        for dispatch in &recipe.dispatches {
            let pipeline = &self.kernels[dispatch.kernel];
            let label = format!("{}.{}", self.work.label, dispatch.label);
            let group = self.group(&label, dispatch, pipeline);
            let bytes = self.bytes(dispatch);
            let mut pass = encoder.begin_compute_pass(&wgpu::ComputePassDescriptor {
                label: Some(&label),
                timestamp_writes: self.executor.timing.computed(&label, bytes),
            });
            pass.set_pipeline(pipeline);
            pass.set_bind_group(0, &group, &[]);
            let [x, y, z] = dispatch.groups;
            pass.dispatch_workgroups(x, y, z);
        }
        let numbers = recipe.numbers.map(|store| self.stores.now(store));
        if let Some(Held::Buffer(buffer)) = numbers {
            self.numbers.send(&self.executor.gpu, encoder, buffer);
        }
        self.stores.finish();
    }

    fn group(
        &self,
        label: &str,
        dispatch: &Dispatch,
        pipeline: &wgpu::ComputePipeline,
    ) -> wgpu::BindGroup {
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
        self.executor.gpu.group(label, pipeline, resources)
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
        return Some(view(prepared, state, Read::Picture(picture), 0).clone());
    }
    let key = &prepared.plan.targets[stage.target?].key;
    let cells = state.targets.get_mut(key)?;
    let next = cells.next(&executor.gpu);
    cells.written(next);
    Some(cells.view(next).clone())
}
