use std::sync::Arc;

use super::Instance;
use crate::effect::{Effect, Variant};
use crate::gpu::Pipelines;
use crate::plan::Recipe;

/// The kernels that one layer needs once a hand moves what its show leaves constant.
#[derive(Clone, Debug)]
pub struct Ahead {
    effect: Arc<Effect>,
    variants: Vec<Variant>,
    recipe: Option<Arc<Recipe>>,
}

impl Instance {
    /// What is needed at the first message to any parameter or to `mix` of each layer, so that it is seen at once.
    #[must_use]
    pub fn ahead(&self) -> Vec<Ahead> {
        let layers = self.show.layers.iter().zip(&self.variants).zip(&self.forms);
        let ahead = layers.map(|((layer, variant), form)| {
            let mixed = |variant: &Variant| Variant {
                mix: true,
                ..variant.clone()
            };
            let playable = variant.playable();
            Ahead {
                effect: Arc::clone(&layer.effect),
                variants: vec![playable.clone(), mixed(variant), mixed(&playable)],
                recipe: form.playable.clone(),
            }
        });
        ahead.collect()
    }
}

impl Ahead {
    /// Compiles them: not for the frame loop. What fails here fails again, and is told, when it is needed.
    pub fn compile(&self, pipelines: &Pipelines) {
        for variant in &self.variants {
            let _ = pipelines.compile(&self.effect, variant);
        }
        if let Some(recipe) = &self.recipe {
            let _ = pipelines.gpu().compile_recipe(&self.effect.name, recipe);
        }
    }
}
