//! A host stage of one layer in one tick: its kernels in their order.

use super::executor::{Executor, Prepared};
use super::pass_run::texture_bytes;
use super::reads::view;
use super::state::{Held, State, Stores};
use super::{Gpu, GpuError};
use crate::effect::{Keys, params_block};
use crate::plan::{Bind, Dispatch, LayerValues, Read, Recipe, StageStep};

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

/// One run of a stage.
pub(super) struct StageRun<'a> {
    executor: &'a mut Executor,
    stage: &'a StageStep,
    kernels: &'a [wgpu::ComputePipeline],
    stores: &'a mut Stores,
    images: Vec<wgpu::TextureView>,
    output: wgpu::TextureView,
}

impl<'a> StageRun<'a> {
    pub(super) fn new(
        executor: &'a mut Executor,
        prepared: &Prepared,
        state: &'a mut State,
        (stage, kernels): (&'a StageStep, &'a [wgpu::ComputePipeline]),
        values: &LayerValues,
    ) -> Self {
        let tap = values.key(Keys::TAP) as usize;
        let find = |read: Read| view(prepared, state, read, tap).clone();
        let images = stage.reads.iter().map(|read| find(*read)).collect();
        let output = find(Read::Picture(stage.picture));
        Self {
            stores: state.stores(&executor.gpu, stage),
            executor,
            stage,
            kernels,
            images,
            output,
        }
    }

    /// `params` is the offset of the layer's block.
    pub(super) fn encode(self, encoder: &mut wgpu::CommandEncoder, params: u32) {
        let recipe = &self.stage.recipe;
        for dispatch in &recipe.dispatches {
            let pipeline = &self.kernels[dispatch.kernel];
            let label = format!("{}.{}", self.stage.label, dispatch.label);
            let group = self.group(&label, dispatch, pipeline, params);
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
        self.stores.finish();
    }

    fn group(
        &self,
        label: &str,
        dispatch: &Dispatch,
        pipeline: &wgpu::ComputePipeline,
        params: u32,
    ) -> wgpu::BindGroup {
        let resources = dispatch.binds.iter().map(|bind| match bind {
            Bind::Image(image) => wgpu::BindingResource::TextureView(&self.images[*image]),
            Bind::Output => wgpu::BindingResource::TextureView(&self.output),
            Bind::Read(store) | Bind::Write(store) => self.stores.now(*store).resource(),
            Bind::Past(store) => self.stores.past(*store).resource(),
            Bind::Params => {
                let block = params_block(&self.stage.effect.header.params);
                self.executor.uniforms.block(params, block.size)
            }
        });
        self.executor.gpu.group(label, pipeline, resources)
    }

    /// Bytes of what a dispatch reads and writes.
    fn bytes(&self, dispatch: &Dispatch) -> u64 {
        let bytes = dispatch.binds.iter().map(|bind| match bind {
            Bind::Image(image) => texture_bytes(&self.images[*image]),
            Bind::Output => texture_bytes(&self.output),
            Bind::Read(store) | Bind::Write(store) => Held::bytes(self.stores.now(*store)),
            Bind::Past(store) => Held::bytes(self.stores.past(*store)),
            Bind::Params => 0,
        });
        bytes.sum()
    }
}
