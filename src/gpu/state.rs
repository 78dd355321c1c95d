//! What a show instance keeps from tick to tick: rings of pictures, targets, last pictures.

mod stores;
mod succession;

use std::collections::HashMap;

use super::Gpu;
use super::numbers::Numbers;
use super::pipeline::target_format;
use super::pool::Shelf;
use super::sounds::Sounds;
use crate::picture::Size;
use crate::plan::{Keep, Plan, Shape, Sound, Target};

pub(super) use stores::{Held, Stores, texel_format};
pub use succession::Succession;

/// Everything that one instance of a show keeps, by the names in its plan.
#[derive(Debug, Default)]
pub struct State {
    pub(super) rings: HashMap<String, Ring>,
    pub(super) targets: HashMap<String, Cells>,
    pub(super) remembered: HashMap<usize, Image>,
    pub(super) stages: HashMap<String, Stores>,
    pub(super) numbers: HashMap<String, Numbers>,
    pub(super) shelf: Shelf,
    pub(super) sounds: Sounds,
    cleaning: bool,
}

impl State {
    /// What the show hears from the next tick on.
    pub fn hear(&mut self, sound: Sound) {
        self.sounds.heard = sound;
    }

    /// Forgets everything but the sources' newest pictures, those of the coming tick.
    pub fn clean(&mut self) {
        self.targets.values_mut().for_each(Cells::forget);
        self.remembered.clear();
        self.stages.clear();
        self.cleaning = true;
    }

    /// Once the rings have taken a tick's new pictures: after a clean each is its own predecessor.
    pub(super) fn finish_clean(&mut self) {
        if std::mem::take(&mut self.cleaning) {
            self.rings.values_mut().for_each(Ring::forget);
        }
    }

    /// Makes what a plan needs and is not there yet. The plans of an instance differ by what is on only, so that
    /// what is there fits, unless it comes from the show before.
    pub(super) fn make(&mut self, gpu: &Gpu, plan: &Plan) {
        for picture in &plan.pictures {
            if let Keep::Ring(depth) = picture.keep {
                let ring = || Ring::new(gpu, &picture.key, picture.shape, depth);
                let entry = self.rings.entry(picture.key.clone());
                let ring = entry.or_insert_with(ring);
                ring.fit(gpu, &picture.key, picture.shape, depth);
            }
        }
        for target in &plan.targets {
            let cells = || Cells::new(target);
            let entry = self.targets.entry(target.key.clone());
            entry.or_insert_with(cells).fit(target);
        }
    }
}

impl State {
    /// Where a source's picture goes in its own size.
    pub(super) fn table(&mut self, gpu: &Gpu, key: &str, size: Size) -> wgpu::TextureView {
        let fits = |ring: &Ring| {
            (ring.texture.width(), ring.texture.height()) == (size.width, size.height)
        };
        if !self.rings.get(key).is_some_and(fits) {
            let shape = Shape { size, float: false };
            self.rings
                .insert(key.to_owned(), Ring::new(gpu, key, shape, 1));
        }
        self.rings[key].back(0).clone()
    }
}

/// A texture with one layer.
#[derive(Clone, Debug)]
pub(super) struct Image {
    pub(super) texture: wgpu::Texture,
    pub(super) view: wgpu::TextureView,
    pub(super) size: Size,
}

impl Image {
    pub(super) fn new(gpu: &Gpu, label: &str, size: Size, format: wgpu::TextureFormat) -> Self {
        Self::of(texture(gpu, label, size, 1, format), size)
    }

    /// One that only kernels read and write.
    pub(super) fn working(gpu: &Gpu, label: &str, size: Size, format: wgpu::TextureFormat) -> Self {
        let usage = wgpu::TextureUsages::TEXTURE_BINDING | wgpu::TextureUsages::STORAGE_BINDING;
        Self::of(textures(gpu, label, size, 1, format, usage), size)
    }

    /// One that the host writes and kernels read.
    pub(super) fn uploaded(
        gpu: &Gpu,
        label: &str,
        size: Size,
        format: wgpu::TextureFormat,
    ) -> Self {
        let usage = wgpu::TextureUsages::TEXTURE_BINDING | wgpu::TextureUsages::COPY_DST;
        Self::of(textures(gpu, label, size, 1, format, usage), size)
    }

    fn of(texture: wgpu::Texture, size: Size) -> Self {
        let view = texture.create_view(&wgpu::TextureViewDescriptor::default());
        Self {
            texture,
            view,
            size,
        }
    }
}

fn texture(
    gpu: &Gpu,
    label: &str,
    size: Size,
    layers: u32,
    format: wgpu::TextureFormat,
) -> wgpu::Texture {
    let copied = wgpu::TextureUsages::COPY_SRC | wgpu::TextureUsages::COPY_DST;
    textures(gpu, label, size, layers, format, gpu.passed() | copied)
}

fn textures(
    gpu: &Gpu,
    label: &str,
    size: Size,
    layers: u32,
    format: wgpu::TextureFormat,
    usage: wgpu::TextureUsages,
) -> wgpu::Texture {
    gpu.device.create_texture(&wgpu::TextureDescriptor {
        label: Some(label),
        size: wgpu::Extent3d {
            width: size.width,
            height: size.height,
            depth_or_array_layers: layers,
        },
        mip_level_count: 1,
        sample_count: 1,
        dimension: wgpu::TextureDimension::D2,
        format,
        usage,
        view_formats: &[],
    })
}

/// The last pictures of a source or a layer. The newest one is written where `head` stands; a tick without
/// a new picture writes it once more in the same place.
#[derive(Debug)]
pub(super) struct Ring {
    pub(super) texture: wgpu::Texture,
    pub(super) array: wgpu::TextureView,
    layers: Vec<wgpu::TextureView>,
    head: usize,
    filled: usize,
    pub(super) begun: bool,
}

impl Ring {
    fn new(gpu: &Gpu, key: &str, shape: Shape, depth: u32) -> Self {
        let texture = texture(gpu, key, shape.size, depth, target_format(shape.float));
        let array = texture.create_view(&wgpu::TextureViewDescriptor {
            dimension: Some(wgpu::TextureViewDimension::D2Array),
            ..Default::default()
        });
        let layer = |base_array_layer| {
            texture.create_view(&wgpu::TextureViewDescriptor {
                dimension: Some(wgpu::TextureViewDimension::D2),
                base_array_layer,
                array_layer_count: Some(1),
                ..Default::default()
            })
        };
        let layers = (0..depth).map(layer).collect();
        Self {
            layers,
            texture,
            array,
            head: 0,
            filled: 1,
            begun: false,
        }
    }

    fn forget(&mut self) {
        self.filled = 1;
    }

    /// Makes room for a new picture. Before the first one there was nothing worth keeping.
    pub(super) fn advance(&mut self) {
        if self.begun {
            self.head = (self.head + 1) % self.layers.len();
            self.filled = (self.filled + 1).min(self.layers.len());
        }
        self.begun = true;
    }

    /// The picture `back` pictures ago; before the first there was the first.
    pub(super) fn back(&self, back: usize) -> &wgpu::TextureView {
        &self.layers[self.place(back)]
    }

    /// Where that picture stands.
    pub(super) fn place(&self, back: usize) -> usize {
        let depth = self.layers.len();
        let back = back.min(self.filled - 1);
        (self.head + depth - back) % depth
    }

    /// Where the newest picture stands.
    pub(super) const fn head(&self) -> usize {
        self.head
    }

    /// How many pictures there are room for.
    pub(super) const fn depth(&self) -> usize {
        self.layers.len()
    }

    /// How many pictures there are.
    pub(super) const fn filled(&self) -> usize {
        self.filled
    }
}

/// The textures of a target. `past` is what it held after the last advance and is never written before
/// the next one, so that a tick without a new picture can be done over from it.
#[derive(Debug)]
pub(super) struct Cells {
    cells: Vec<Image>,
    target: Target,
    past: Option<usize>,
    latest: Option<usize>,
    begun: bool,
}

impl Cells {
    fn new(target: &Target) -> Self {
        Self {
            cells: Vec::new(),
            target: target.clone(),
            past: None,
            latest: None,
            begun: false,
        }
    }

    pub(super) fn forget(&mut self) {
        (self.past, self.latest) = (None, None);
    }

    /// Begins a tick: a new picture makes the latest content the past, otherwise the tick is done over.
    pub(super) fn begin(&mut self, fresh: bool) {
        if fresh {
            let keeps = self.begun && self.target.persistent;
            self.past = self.latest.filter(|_| keeps);
            self.begun = true;
        }
        self.latest = self.past;
    }

    /// What a pass reads now; nothing before the first write.
    pub(super) fn latest(&self) -> Option<&Image> {
        self.latest.map(|index| &self.cells[index])
    }

    /// What the next write goes to: neither the past nor what is read. Made when there is none.
    pub(super) fn next(&mut self, gpu: &Gpu) -> usize {
        let free = |index: &usize| Some(*index) != self.past && Some(*index) != self.latest;
        let found = (0..self.cells.len()).find(free);
        found.unwrap_or_else(|| {
            let format = target_format(self.target.float);
            self.cells
                .push(Image::new(gpu, &self.target.key, self.target.size, format));
            self.cells.len() - 1
        })
    }

    pub(super) fn view(&self, index: usize) -> &wgpu::TextureView {
        &self.cells[index].view
    }

    pub(super) const fn written(&mut self, index: usize) {
        self.latest = Some(index);
    }
}
