use std::sync::Arc;

use super::{Gpu, Image, State};
use crate::gpu::executor::NewPictures;
use crate::gpu::numbers::Numbers;
use crate::plan::{Plan, Recipe, Step, Store, StoreKind, Texel, Values, Work};

/// What a host stage keeps between its dispatches, and from one run to the next.
#[derive(Debug)]
pub(in crate::gpu) struct Stores {
    recipe: Arc<Recipe>,
    /// The stores of this run and of the last one, which are the same for what is not kept.
    sides: [Vec<Held>; 2],
    side: usize,
    begun: bool,
}

/// A texture or a buffer.
#[derive(Clone, Debug)]
pub(in crate::gpu) enum Held {
    Texture(Image),
    Buffer(wgpu::Buffer),
}

impl Held {
    fn new(gpu: &Gpu, label: &str, kind: StoreKind) -> Self {
        match kind {
            StoreKind::Texture(size, texel) => {
                Self::Texture(Image::working(gpu, label, size, texel_format(texel)))
            }
            StoreKind::Buffer(size) => {
                Self::Buffer(gpu.device.create_buffer(&wgpu::BufferDescriptor {
                    label: Some(label),
                    size,
                    usage: wgpu::BufferUsages::STORAGE | wgpu::BufferUsages::COPY_SRC,
                    mapped_at_creation: false,
                }))
            }
        }
    }

    pub(in crate::gpu) fn resource(&self) -> wgpu::BindingResource<'_> {
        match self {
            Self::Texture(image) => wgpu::BindingResource::TextureView(&image.view),
            Self::Buffer(buffer) => buffer.as_entire_binding(),
        }
    }

    /// How many bytes it holds.
    pub(in crate::gpu) fn bytes(&self) -> u64 {
        match self {
            Self::Texture(image) => super::super::pass_run::texture_bytes(&image.view),
            Self::Buffer(buffer) => buffer.size(),
        }
    }
}

/// The format of a store's texels.
pub(in crate::gpu) const fn texel_format(texel: Texel) -> wgpu::TextureFormat {
    match texel {
        Texel::R32Float => wgpu::TextureFormat::R32Float,
        Texel::Rg32Float => wgpu::TextureFormat::Rg32Float,
        Texel::Rgba32Float => wgpu::TextureFormat::Rgba32Float,
        Texel::Rgba16Float => wgpu::TextureFormat::Rgba16Float,
        Texel::R32Uint => wgpu::TextureFormat::R32Uint,
        Texel::Rgba32Uint => wgpu::TextureFormat::Rgba32Uint,
    }
}

impl Stores {
    fn new(gpu: &Gpu, work: &Work) -> Self {
        let held = |store: &Store| {
            let label = format!("{}.{}", work.label, store.label);
            Held::new(gpu, &label, store.kind)
        };
        let now: Vec<_> = work.recipe.stores.iter().map(held).collect();
        let pairs = work.recipe.stores.iter().zip(&now);
        let past = pairs.map(|(store, now)| match store.kept {
            true => held(store),
            false => now.clone(),
        });
        Self {
            recipe: Arc::clone(&work.recipe),
            sides: [past.collect(), now],
            side: 0,
            begun: false,
        }
    }

    /// Begins a run.
    fn begin(&mut self) {
        self.side = 1 - self.side;
    }

    /// Ends a run: from now on it has a past.
    pub(in crate::gpu) fn finish(&mut self) {
        self.begun = true;
    }

    /// What a store is in this run.
    pub(in crate::gpu) fn now(&self, store: usize) -> &Held {
        &self.sides[self.side][store]
    }

    /// What it was in the last run; before there was one, what it is.
    pub(in crate::gpu) fn past(&self, store: usize) -> &Held {
        let side = if self.begun { 1 - self.side } else { self.side };
        &self.sides[side][store]
    }
}

impl State {
    /// Forgets what stages kept that are reset, or that pause: what comes after is no successor of what was before.
    pub(in crate::gpu) fn begin_stages(
        &mut self,
        plan: &Plan,
        pictures: &NewPictures<'_>,
        values: &Values,
    ) {
        let fresh = pictures.iter().any(Option::is_some);
        let going_on = |key: &str| {
            let is_it = |step: &&Step| step.work().is_some_and(|work| work.key == key);
            match plan.steps.iter().find(is_it) {
                Some(Step::Stage(stage)) => !values.layers[stage.layer].resets(),
                Some(_) => true,
                None => !fresh,
            }
        };
        self.stages.retain(|key, _| going_on(key));
    }

    /// The stores of a recipe that begins a run, and where its numbers go.
    pub(in crate::gpu) fn begin_run(
        &mut self,
        gpu: &Gpu,
        work: &Work,
    ) -> (&mut Stores, &mut Numbers) {
        let fresh = || Stores::new(gpu, work);
        let stores = self.stages.entry(work.key.clone()).or_insert_with(fresh);
        if stores.recipe != work.recipe {
            *stores = fresh();
        }
        stores.begin();
        (stores, self.numbers.entry(work.key.clone()).or_default())
    }
}
