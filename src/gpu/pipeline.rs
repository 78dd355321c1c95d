//! Pipelines of effect passes, compiled once for each effect's text, pass and variant.

mod build;

use std::collections::{HashMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;

use super::{Gpu, GpuError};
use crate::effect::{Block, Effect, Variant};

use build::compiled;
pub(super) use build::target_format;

/// How a pass runs.
#[derive(Debug)]
pub(super) enum Program {
    /// One invocation a pixel, in workgroups of this size.
    Dispatch(wgpu::ComputePipeline, (u32, u32)),
    /// One fragment a pixel.
    Draw(wgpu::RenderPipeline),
}

/// A pass, compiled.
#[derive(Debug)]
pub(super) struct Pipeline {
    pub(super) program: Program,
    pub(super) layout: wgpu::BindGroupLayout,
    pub(super) params: Block,
}

/// The passes of an effect, compiled: while it lives they are not forgotten.
#[derive(Debug)]
pub struct Compiled {
    _passes: Vec<Arc<Pipeline>>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Key {
    effect: String,
    text: u64,
    pass: usize,
    variant: Variant,
}

impl Key {
    fn new(effect: &Effect, pass: usize, variant: &Variant) -> Self {
        Self {
            effect: effect.name.clone(),
            text: hash(&effect.text),
            pass,
            variant: variant.clone(),
        }
    }
}

fn hash(text: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    hasher.finish()
}

#[derive(Debug, Default)]
struct Shelf {
    ready: HashMap<Key, Arc<Pipeline>>,
    asked: HashSet<Key>,
}

/// All pipelines of a device. Clones share them; any thread may compile.
#[derive(Clone, Debug)]
pub struct Pipelines {
    gpu: Gpu,
    shelf: Arc<Mutex<Shelf>>,
}

impl Pipelines {
    /// None yet.
    #[must_use]
    pub fn new(gpu: &Gpu) -> Self {
        Self {
            gpu: gpu.clone(),
            shelf: Arc::default(),
        }
    }

    /// The device that they are compiled for.
    #[must_use]
    pub const fn gpu(&self) -> &Gpu {
        &self.gpu
    }

    fn shelf(&self) -> MutexGuard<'_, Shelf> {
        self.shelf.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Compiles every pass of an effect, if that is not done yet. Not for the frame loop: a driver takes
    /// tenths of a second.
    ///
    /// # Errors
    /// The first pass that the GPU refuses.
    pub fn compile(&self, effect: &Effect, variant: &Variant) -> Result<Compiled, GpuError> {
        let compile = |pass| {
            if let Some(ready) = self.get(effect, pass, variant) {
                return Ok(ready);
            }
            let pipeline = Arc::new(compiled(&self.gpu, effect, pass, variant)?);
            let key = Key::new(effect, pass, variant);
            self.shelf().ready.insert(key, Arc::clone(&pipeline));
            Ok(pipeline)
        };
        let passes = (0..effect.header.passes.len()).map(compile);
        Ok(Compiled {
            _passes: passes.collect::<Result<_, _>>()?,
        })
    }

    /// Forgets what was compiled of an effect as it was before it was saved anew, but for what is in use.
    pub fn forget(&self, effect: &Effect) {
        let text = hash(&effect.text);
        let is_it = |key: &Key| key.text == text && key.effect == effect.name;
        let mut shelf = self.shelf();
        let Shelf { ready, asked } = &mut *shelf;
        ready.retain(|key, pipeline| !is_it(key) || Arc::strong_count(pipeline) > 1);
        asked.retain(|key| !is_it(key) || ready.contains_key(key));
    }

    /// How many passes are compiled.
    #[must_use]
    pub fn count(&self) -> usize {
        self.shelf().ready.len()
    }

    /// Whether every pass of an effect is compiled. If not, another thread begins to.
    #[must_use]
    pub fn ready_or_begin(&self, effect: &Arc<Effect>, variant: &Variant) -> bool {
        let mut shelf = self.shelf();
        let keys = (0..effect.header.passes.len()).map(|pass| Key::new(effect, pass, variant));
        let missing: Vec<Key> = keys.filter(|key| !shelf.ready.contains_key(key)).collect();
        let Some(first) = missing.first() else {
            return true;
        };
        if shelf.asked.insert(first.clone()) {
            let (pipelines, effect) = (self.clone(), Arc::clone(effect));
            let variant = variant.clone();
            thread::spawn(move || {
                if let Err(error) = pipelines.compile(&effect, &variant) {
                    log::error!("{error}");
                }
            });
        }
        false
    }

    /// A compiled pass.
    pub(super) fn get(
        &self,
        effect: &Effect,
        pass: usize,
        variant: &Variant,
    ) -> Option<Arc<Pipeline>> {
        self.shelf()
            .ready
            .get(&Key::new(effect, pass, variant))
            .cloned()
    }
}
