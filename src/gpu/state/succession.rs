use std::collections::BTreeMap;

use super::super::reads::place;
use super::{Cells, Gpu, Ring, State, Target};
use crate::gpu::pipeline::target_format;
use crate::picture::Size;
use crate::plan::Shape;

/// What of one show goes on in the next, on a canvas of the same size and arithmetic.
#[derive(Clone, Debug, Default)]
pub struct Succession {
    /// What the pictures that go on were kept under, and what they are from now on.
    pub pictures: BTreeMap<String, String>,
    /// Where each layer before stands in the next show, if it goes on.
    pub layers: Vec<Option<usize>>,
}

impl Succession {
    fn layer(&self, before: usize) -> Option<usize> {
        self.layers.get(before).copied().flatten()
    }
}

impl State {
    /// Takes over what goes on from the show before; the rest of it is dropped.
    pub fn succeed(&mut self, previous: Self, succession: &Succession) {
        let rings = previous.rings.into_iter();
        self.rings.extend(
            rings.filter_map(|(key, ring)| Some((succession.pictures.get(&key)?.clone(), ring))),
        );
        let targets = previous.targets.into_iter();
        self.targets.extend(targets.filter_map(|(key, mut cells)| {
            cells.target.layer = succession.layer(cells.target.layer)?;
            Some((key, cells))
        }));
        let stages = previous.stages.into_iter();
        self.stages
            .extend(stages.filter(|(key, _)| succession.pictures.contains_key(key)));
        let remembered = previous.remembered.into_iter();
        self.remembered.extend(
            remembered.filter_map(|(layer, image)| Some((succession.layer(layer)?, image))),
        );
        self.shelf = previous.shelf;
        self.cleaning = previous.cleaning;
    }
}

impl Ring {
    /// Makes it what a plan wants: as deep, with the newest pictures, or of another shape, empty.
    pub(super) fn fit(&mut self, gpu: &Gpu, key: &str, shape: Shape, depth: u32) {
        let size = Size::new(self.texture.width(), self.texture.height());
        if (size, self.texture.format()) != (shape.size, target_format(shape.float)) {
            *self = Self::new(gpu, key, shape, depth);
            return;
        }
        if self.layers.len() == depth as usize {
            return;
        }
        let mut ring = Self::new(gpu, key, shape, depth);
        ring.filled = self.filled.min(depth as usize);
        ring.head = ring.filled - 1;
        ring.begun = self.begun;
        let extent = wgpu::Extent3d {
            depth_or_array_layers: 1,
            ..self.texture.size()
        };
        let mut encoder = gpu.encoder(key);
        for back in 0..ring.filled {
            let from = place(&self.texture, self.place(back) as u32);
            let to = place(&ring.texture, ring.place(back) as u32);
            encoder.copy_texture_to_texture(from, to, extent);
        }
        gpu.submit(encoder);
        *self = ring;
    }
}

impl Cells {
    /// Makes it what a plan wants; what it holds stays where it has the same form.
    pub(super) fn fit(&mut self, target: &Target) {
        let form = |target: &Target| (target.size, target.float);
        if form(&self.target) == form(target) {
            self.target = target.clone();
        } else {
            *self = Self::new(target);
        }
    }
}
