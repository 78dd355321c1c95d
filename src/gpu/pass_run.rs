//! One pass of one layer in one tick: its bindings, its blocks, its runs.

use super::drawing::attachment;
use super::executor::{Executor, Prepared};
use super::pipeline::{Pipeline, Program};
use super::reads::view;
use super::state::{Ring, State};
use crate::effect::{Block, Keys, binding};
use crate::param::Value;
use crate::picture::Size;
use crate::plan::{LayerValues, PassStep, Read};

/// One pass in one tick.
pub(super) struct PassRun<'a> {
    pub(super) executor: &'a mut Executor,
    pub(super) prepared: &'a Prepared,
    pub(super) state: &'a mut State,
    pub(super) pass: &'a PassStep,
    pub(super) pipeline: &'a Pipeline,
    pub(super) values: &'a LayerValues,
    /// Of the frame's, the layer's parameters' and the pass's own block.
    pub(super) offsets: [u32; 3],
}

impl PassRun<'_> {
    pub(super) fn encode(&mut self, encoder: &mut wgpu::CommandEncoder) {
        let count = self
            .values
            .repeats
            .get(self.pass.pass)
            .copied()
            .unwrap_or(1);
        for iteration in 0..count {
            let block = self.layer_bytes(iteration);
            self.offsets[2] = self.executor.uniforms.push(&block);
            self.once(encoder);
        }
    }

    fn once(&mut self, encoder: &mut wgpu::CommandEncoder) {
        let written = self.pass.target.and_then(|target| {
            let spec = &self.prepared.plan.targets[target];
            let cells = self.state.targets.get_mut(&spec.key)?;
            Some(cells.next(&self.executor.gpu))
        });
        let written_views = self.written(written);
        let views = self.read();
        let bytes = bytes(views.iter().chain(&written_views));
        match &self.pipeline.program {
            Program::Dispatch(pipeline, workgroup) => {
                let group = self.group(views.iter().chain(&written_views));
                self.dispatch(encoder, (pipeline, *workgroup), &group, bytes);
            }
            Program::Draw(pipeline) => {
                let group = self.group(&views);
                self.draw(encoder, pipeline, (&group, &written_views), bytes);
            }
        }
        if let (Some(target), Some(index)) = (self.pass.target, written) {
            let key = &self.prepared.plan.targets[target].key;
            if let Some(cells) = self.state.targets.get_mut(key) {
                cells.written(index);
            }
        }
    }

    fn dispatch(
        &mut self,
        encoder: &mut wgpu::CommandEncoder,
        (pipeline, (columns, rows)): (&wgpu::ComputePipeline, (u32, u32)),
        group: &wgpu::BindGroup,
        bytes: u64,
    ) {
        let label = &self.pass.label;
        let mut pass = encoder.begin_compute_pass(&wgpu::ComputePassDescriptor {
            label: Some(label),
            timestamp_writes: self.executor.timing.computed(label, bytes),
        });
        pass.set_pipeline(pipeline);
        pass.set_bind_group(0, group, &self.offsets);
        let size = self.pass.size;
        pass.dispatch_workgroups(size.width.div_ceil(columns), size.height.div_ceil(rows), 1);
    }

    fn draw(
        &mut self,
        encoder: &mut wgpu::CommandEncoder,
        pipeline: &wgpu::RenderPipeline,
        (group, written): (&wgpu::BindGroup, &[(u32, wgpu::TextureView)]),
        bytes: u64,
    ) {
        let label = &self.pass.label;
        let attachments: Vec<_> = written.iter().map(|(_, view)| attachment(view)).collect();
        let mut pass = encoder.begin_render_pass(&wgpu::RenderPassDescriptor {
            label: Some(label),
            color_attachments: &attachments,
            timestamp_writes: self.executor.timing.drawn(label, bytes),
            ..Default::default()
        });
        pass.set_pipeline(pipeline);
        pass.set_bind_group(0, group, &self.offsets);
        pass.draw(0..3, 0..1);
    }

    /// The textures that the pass writes, with their bindings, in the order of [`Written`].
    fn written(&self, cell: Option<usize>) -> Vec<(u32, wgpu::TextureView)> {
        let target = self
            .pass
            .target
            .map(|target| (binding::TARGET, self.written_view(target, cell).clone()));
        let picture = self.pass.picture.map(|id| {
            (
                binding::PICTURE,
                self.view(Read::Picture(id), false).clone(),
            )
        });
        target.into_iter().chain(picture).collect()
    }

    /// The pictures that the pass reads, with their bindings.
    fn read(&self) -> Vec<(u32, wgpu::TextureView)> {
        let mut views = Vec::new();
        let mut bind = |at, read| {
            let float = self.pass.variant.floats.contains(&at);
            views.push((at, self.view(read, float).clone()));
        };
        if self.pass.variant.composes() {
            bind(binding::BELOW, self.pass.below);
        }
        if self.pass.variant.matte {
            bind(binding::MATTE, self.pass.matte);
        }
        for (at, read) in (binding::IMAGES..).zip(&self.pass.reads) {
            bind(at, *read);
        }
        views
    }

    fn group<'v>(
        &self,
        views: impl IntoIterator<Item = &'v (u32, wgpu::TextureView)>,
    ) -> wgpu::BindGroup {
        let uniforms = &self.executor.uniforms;
        let blocks = [
            (binding::FRAME, uniforms.binding(Block::frame().size)),
            (binding::PARAMS, uniforms.binding(self.pipeline.params.size)),
            (binding::LAYER, uniforms.binding(Block::layer().size)),
        ];
        let views = views
            .into_iter()
            .map(|(at, view)| (*at, wgpu::BindingResource::TextureView(view)));
        let entries: Vec<_> = blocks
            .into_iter()
            .chain(views)
            .map(|(binding, resource)| wgpu::BindGroupEntry { binding, resource })
            .collect();
        self.executor
            .gpu
            .device
            .create_bind_group(&wgpu::BindGroupDescriptor {
                label: Some(&self.pass.label),
                layout: &self.pipeline.layout,
                entries: &entries,
            })
    }

    fn view(&self, read: Read, float: bool) -> &wgpu::TextureView {
        let tap = self.values.key(Keys::TAP) as usize;
        view(self.prepared, self.state, read, tap, float)
    }

    fn written_view(&self, target: usize, written: Option<usize>) -> &wgpu::TextureView {
        let spec = &self.prepared.plan.targets[target];
        let cells = self.state.targets.get(&spec.key).zip(written);
        let blank = || &self.prepared.pool.blank(spec.size, spec.float).view;
        cells.map_or_else(blank, |(cells, index)| cells.view(index))
    }

    fn layer_bytes(&self, iteration: u32) -> Vec<u8> {
        let key = |key| Value::number(self.values.key(key));
        let channel = self.values.matte_channel;
        let [heads, depths, filled] = self.histories();
        Block::layer().bytes(|name| match name {
            "mix" => key(Keys::MIX),
            "blend" => key(Keys::BLEND),
            "channels" => key(Keys::CHANNELS),
            "space" => key(Keys::SPACE),
            "matte_channel" => Value::number(channel.map_or(-1.0, |channel| channel as f64)),
            "matte_invert" => Value::from(self.values.matte_invert),
            "iteration" => Value::number(f64::from(iteration)),
            "seed" => Value::number(f64::from(self.values.seed)),
            "heads" => heads,
            "depths" => depths,
            "filled" => filled,
            "shares" => self.shares(),
            "grid" => self.grid(),
            other => unreachable!("nothing says what layer.{other} is"),
        })
    }

    fn shares(&self) -> Value {
        let mut lanes = [1.0; 4];
        for (lane, share) in lanes.iter_mut().zip(&self.values.shares) {
            *lane = *share;
        }
        Value::lanes(&lanes)
    }

    fn grid(&self) -> Value {
        let Size { width, height } = self.prepared.plan.layer_shape(self.pass.layer).size;
        Value::point(f64::from(width), f64::from(height))
    }

    /// Head, room and filling of the ring behind each history input; that of the layer's own input begins at
    /// the picture that is tapped.
    fn histories(&self) -> [Value; 3] {
        let mut lanes = [[0.0; 4], [1.0; 4], [1.0; 4]];
        let rings = self.pass.reads.iter().filter_map(|read| match read {
            Read::History(id) => Some((self.ring(*id)?, self.tap(*id))),
            _ => None,
        });
        for (index, (ring, tap)) in rings.take(4).enumerate() {
            lanes[0][index] = ring.place(tap) as f64;
            lanes[1][index] = ring.depth() as f64;
            lanes[2][index] = ring.filled().saturating_sub(tap).max(1) as f64;
        }
        lanes.map(|lanes| Value::lanes(&lanes))
    }

    /// How many pictures back this pass begins to see a picture.
    fn tap(&self, id: usize) -> usize {
        let tapped = self.pass.reads.contains(&Read::Tapped(id));
        if tapped {
            self.values.key(Keys::TAP) as usize
        } else {
            0
        }
    }

    fn ring(&self, id: usize) -> Option<&Ring> {
        self.state.rings.get(&self.prepared.plan.pictures[id].key)
    }
}

/// Bytes of pictures, each counted once.
fn bytes<'v>(views: impl Iterator<Item = &'v (u32, wgpu::TextureView)>) -> u64 {
    let mut distinct: Vec<&wgpu::TextureView> = Vec::new();
    for (_, view) in views {
        if !distinct.contains(&view) {
            distinct.push(view);
        }
    }
    distinct.into_iter().map(texture_bytes).sum()
}

/// Bytes of one layer of the texture behind a view.
pub(super) fn texture_bytes(view: &wgpu::TextureView) -> u64 {
    let texture = view.texture();
    let pixels = u64::from(texture.width()) * u64::from(texture.height());
    let pixel = texture.format().block_copy_size(None);
    pixels * u64::from(pixel.unwrap_or_default())
}
