use super::Instance;
use crate::gpu::{Pipelines, Succession};
use crate::plan::{layer_key, source_key};
use crate::show::Show;

impl Instance {
    /// Whether it can take the place of `previous` without a wrong picture: what a control has changed there
    /// needs kernels of its own here. If one is missing, another thread begins to compile it.
    pub fn is_ready_to_succeed(&mut self, previous: &Self, pipelines: &Pipelines) -> bool {
        self.conductor.adopt(&previous.conductor);
        let mut ready = true;
        for index in 0..self.show.layers.len() {
            let (keys, params) = self.conductor.outlook(index);
            ready &= self.serve(pipelines, index, &keys, &params);
        }
        ready
    }

    /// Goes on where `previous` is: the clock runs on, layers of the same name with the same effect keep their
    /// state, calls of the same text their memory, and what the performer has set stays. `sources` says for each
    /// source which one of `previous` it is, where its pictures go on.
    pub fn succeed(&mut self, previous: Self, sources: &[Option<usize>]) {
        let bits = |show: &Show| show.canvas.bits;
        // Pictures of another size or arithmetic are of no use.
        if (self.size, bits(&self.show)) == (previous.size, bits(&previous.show)) {
            let succession = self.succession(&previous.show, sources);
            self.state.succeed(previous.state, &succession);
        }
        self.conductor.succeed(previous.conductor);
    }

    fn succession(&self, before: &Show, sources: &[Option<usize>]) -> Succession {
        let layers = before.layers.iter();
        let kept = layers
            .clone()
            .filter(|layer| self.show.counterpart(layer).is_some());
        let kept = kept.map(|layer| (layer_key(&layer.name), layer_key(&layer.name)));
        let sources = self
            .show
            .sources
            .iter()
            .zip(sources)
            .filter_map(|(source, index)| {
                let before = before.sources.get((*index)?)?;
                Some((source_key(&before.name), source_key(&source.name)))
            });
        Succession {
            pictures: kept.chain(sources).collect(),
            layers: layers.map(|layer| self.show.counterpart(layer)).collect(),
        }
    }
}
