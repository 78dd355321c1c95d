//! Does what a plan says: one encoder a tick, one executor for all effects.

use std::sync::Arc;

use super::intake::Intake;
use super::pass::PICTURE_FORMAT;
use super::pipeline::{Pipeline, Pipelines};
use super::pool::Pool;
use super::state::{Image, Ring, State};
use super::timing::{PassTime, Timing};
use super::uniforms::Uniforms;
use super::{Gpu, GpuError};
use crate::effect::{Block, Keys, binding};
use crate::param::Value;
use crate::picture::{Picture, Size};
use crate::plan::{Beat, FrameValues, LayerValues, PassStep, Plan, Read, Step, Values};

/// A plan with its pipelines and short-lived textures.
#[derive(Debug)]
pub struct Prepared {
    /// The plan.
    pub plan: Plan,
    pipelines: Vec<Option<Arc<Pipeline>>>,
    pool: Pool,
}

/// Runs plans on a GPU.
#[derive(Debug)]
pub struct Executor {
    gpu: Gpu,
    pipelines: Pipelines,
    uniforms: Uniforms,
    timing: Timing,
}

/// What a tick brings from outside: one entry for each source of the show, a picture where there is a
/// new one.
pub type NewPictures<'a> = [Option<&'a Picture>];

impl Executor {
    /// An executor on a GPU.
    #[must_use]
    pub fn new(gpu: &Gpu, pipelines: &Pipelines) -> Self {
        Self {
            gpu: gpu.clone(),
            pipelines: pipelines.clone(),
            uniforms: Uniforms::new(gpu),
            timing: Timing::new(gpu),
        }
    }

    /// Finds a plan's pipelines, which must have been compiled, and its textures.
    ///
    /// # Errors
    /// A pass of the plan was never compiled.
    pub fn prepare(&self, plan: Plan, state: &mut State) -> Result<Prepared, GpuError> {
        let find = |step: &Step| match step {
            Step::Pass(pass) => {
                let found = self.pipelines.get(&pass.effect, pass.pass, pass.variant);
                found
                    .map(Some)
                    .ok_or_else(|| GpuError::NotCompiled(pass.label.clone()))
            }
            Step::Hand { .. } | Step::Remember { .. } => Ok(None),
        };
        let pipelines = plan.steps.iter().map(find).collect::<Result<_, _>>()?;
        let pool = Pool::new(&self.gpu, &plan, &mut state.shelf);
        Ok(Prepared {
            plan,
            pipelines,
            pool,
        })
    }

    /// GPU time of each pass of the last measured tick; empty where the GPU has no clock.
    pub fn times(&mut self) -> &[PassTime] {
        self.timing.latest()
    }

    /// Runs one tick and gives the output picture, which stays until the next tick. `intakes` has one for
    /// each source of the show.
    ///
    /// # Errors
    /// A picture that cannot be uploaded.
    pub fn run(
        &mut self,
        encoder: &mut wgpu::CommandEncoder,
        prepared: &Prepared,
        state: &mut State,
        intakes: &mut [Intake],
        pictures: &NewPictures<'_>,
        values: &Values,
    ) -> Result<wgpu::TextureView, GpuError> {
        state.fit(&self.gpu, &prepared.plan);
        self.timing.begin();
        self.take_in(encoder, prepared, state, intakes, pictures)?;
        begin_state(&prepared.plan, state, pictures, values);
        self.reserve(prepared, values);
        let frame = self
            .uniforms
            .push(&frame_bytes(&values.frame, prepared.plan.size));
        let params = self.push_params(prepared, values);
        for (step, pipeline) in prepared.plan.steps.iter().zip(&prepared.pipelines) {
            match (step, pipeline) {
                (Step::Pass(pass), Some(pipeline)) => {
                    let fresh = is_fresh(&prepared.plan, pass.layer, pictures);
                    let mut run = PassRun {
                        executor: self,
                        prepared,
                        state,
                        pass,
                        pipeline,
                        values: &values.layers[pass.layer],
                        offsets: [frame, params[pass.layer], 0],
                        fresh,
                    };
                    run.encode(encoder);
                }
                (Step::Hand { from, to }, _) => self.hand(encoder, prepared, state, *from, *to),
                (Step::Remember { from, layer }, _) => {
                    self.remember(encoder, prepared, state, *from, *layer);
                }
                (Step::Pass(_), None) => {}
            }
        }
        self.uniforms.send(&self.gpu);
        self.timing.resolve(encoder);
        Ok(view(prepared, state, prepared.plan.output, 0).clone())
    }

    /// After the tick's encoder was submitted.
    pub fn submitted(&mut self) {
        self.timing.submitted();
    }

    fn take_in(
        &mut self,
        encoder: &mut wgpu::CommandEncoder,
        prepared: &Prepared,
        state: &mut State,
        intakes: &mut [Intake],
        pictures: &NewPictures<'_>,
    ) -> Result<(), GpuError> {
        let plan = &prepared.plan;
        let eight_bits = plan.eight_bits;
        for (id, picture) in pictures.iter().enumerate() {
            let (Some(picture), Some(spec)) = (picture, plan.pictures.get(id)) else {
                continue;
            };
            let Some(ring) = state.rings.get_mut(&spec.key) else {
                continue;
            };
            ring.advance();
            let target = ring.back(0);
            let samples: usize = picture.planes.iter().map(|plane| plane.bytes.len()).sum();
            let (samples, colors) = (samples as u64, texture_bytes(target));
            let (gpu, intake) = (&self.gpu, &mut intakes[id]);
            let label = format!("{}.upload", spec.key);
            let upload = self.timing.start(encoder, &label, 2 * samples);
            intake.upload(gpu, encoder, picture)?;
            self.timing.stop(encoder, upload);
            let label = format!("{}.convert", spec.key);
            let convert = self.timing.start(encoder, &label, samples + colors);
            intake.draw(
                gpu, encoder, picture, spec.fit, eight_bits, target, plan.size,
            );
            self.timing.stop(encoder, convert);
        }
        Ok(())
    }

    fn reserve(&mut self, prepared: &Prepared, values: &Values) {
        let steps = prepared.plan.steps.iter();
        let runs = steps.map(|step| match step {
            Step::Pass(pass) => repeats(values, pass),
            Step::Hand { .. } | Step::Remember { .. } => 0,
        });
        let blocks = 1 + values.layers.len() + runs.sum::<u32>() as usize;
        let params = prepared
            .pipelines
            .iter()
            .flatten()
            .map(|pipeline| pipeline.params.size);
        let largest = params
            .chain([Block::frame().size, Block::layer().size])
            .max();
        self.uniforms
            .begin(&self.gpu, blocks, largest.unwrap_or_default());
    }

    /// One block for each layer that runs; the others' offset is never used.
    fn push_params(&mut self, prepared: &Prepared, values: &Values) -> Vec<u32> {
        let mut offsets = vec![0; values.layers.len()];
        for (step, pipeline) in prepared.plan.steps.iter().zip(&prepared.pipelines) {
            let (Step::Pass(pass), Some(pipeline)) = (step, pipeline) else {
                continue;
            };
            if pass.pass > 0 {
                continue;
            }
            let mut bytes = vec![0; pipeline.params.size];
            for (index, value) in values.layers[pass.layer].params.iter().enumerate() {
                pipeline.params.write(&mut bytes, index, *value);
            }
            offsets[pass.layer] = self.uniforms.push(&bytes);
        }
        offsets
    }

    fn hand(
        &self,
        encoder: &mut wgpu::CommandEncoder,
        prepared: &Prepared,
        state: &State,
        from: Read,
        to: usize,
    ) {
        let Some(ring) = state.rings.get(&prepared.plan.pictures[to].key) else {
            return;
        };
        let target = place(&ring.texture, ring.head() as u32);
        copy(encoder, prepared, state, from, target);
    }

    fn remember(
        &self,
        encoder: &mut wgpu::CommandEncoder,
        prepared: &Prepared,
        state: &mut State,
        from: Read,
        layer: usize,
    ) {
        let size = prepared.plan.size;
        let fresh = || Image::new(&self.gpu, "previous", size, PICTURE_FORMAT);
        let target = state.remembered.entry(layer).or_insert_with(fresh).clone();
        copy(encoder, prepared, state, from, place(&target.texture, 0));
    }
}

/// One pass in one tick.
struct PassRun<'a> {
    executor: &'a mut Executor,
    prepared: &'a Prepared,
    state: &'a mut State,
    pass: &'a PassStep,
    pipeline: &'a Pipeline,
    values: &'a LayerValues,
    /// Of the frame's, the layer's parameters' and the pass's own block.
    offsets: [u32; 3],
    fresh: bool,
}

impl PassRun<'_> {
    fn encode(&mut self, encoder: &mut wgpu::CommandEncoder) {
        let count = self
            .values
            .repeats
            .get(self.pass.pass)
            .copied()
            .unwrap_or(1);
        for iteration in 0..count {
            let block = self.layer_bytes(iteration);
            self.offsets[2] = self.executor.uniforms.push(&block);
            self.dispatch(encoder);
        }
    }

    fn dispatch(&mut self, encoder: &mut wgpu::CommandEncoder) {
        let written = self.pass.target.and_then(|target| {
            let spec = &self.prepared.plan.targets[target];
            let cells = self.state.targets.get_mut(&spec.key)?;
            Some(cells.next(&self.executor.gpu))
        });
        let views = self.views(written);
        let group = self.group(&views);
        let bytes = bytes(&views);
        let descriptor = wgpu::ComputePassDescriptor {
            label: Some(&self.pass.label),
            timestamp_writes: self.executor.timing.writes(&self.pass.label, bytes),
        };
        let mut pass = encoder.begin_compute_pass(&descriptor);
        pass.set_pipeline(&self.pipeline.pipeline);
        pass.set_bind_group(0, &group, &self.offsets);
        let (size, (x, y)) = (self.pass.size, self.pipeline.workgroup);
        pass.dispatch_workgroups(size.width.div_ceil(x), size.height.div_ceil(y), 1);
        drop(pass);
        if let (Some(target), Some(index)) = (self.pass.target, written) {
            let key = &self.prepared.plan.targets[target].key;
            if let Some(cells) = self.state.targets.get_mut(key) {
                cells.written(index);
            }
        }
    }

    /// The pictures that the pass writes and reads, with their bindings.
    fn views(&self, written: Option<usize>) -> Vec<(u32, wgpu::TextureView)> {
        let mut views = Vec::new();
        let mut bind = |at, view: &wgpu::TextureView| views.push((at, view.clone()));
        if let Some(id) = self.pass.picture {
            bind(binding::PICTURE, self.view(Read::Picture(id)));
        }
        if let Some(target) = self.pass.target {
            bind(binding::TARGET, self.written_view(target, written));
        }
        if self.pass.variant.composes() {
            bind(binding::BELOW, self.view(self.pass.below));
        }
        if self.pass.variant.matte {
            bind(binding::MATTE, self.view(self.pass.matte));
        }
        for (at, read) in (binding::IMAGES..).zip(&self.pass.reads) {
            bind(at, self.view(*read));
        }
        views
    }

    fn group(&self, views: &[(u32, wgpu::TextureView)]) -> wgpu::BindGroup {
        let uniforms = &self.executor.uniforms;
        let blocks = [
            (binding::FRAME, uniforms.binding(Block::frame().size)),
            (binding::PARAMS, uniforms.binding(self.pipeline.params.size)),
            (binding::LAYER, uniforms.binding(Block::layer().size)),
        ];
        let views = views
            .iter()
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

    fn view(&self, read: Read) -> &wgpu::TextureView {
        view(
            self.prepared,
            self.state,
            read,
            self.values.key(Keys::TAP) as usize,
        )
    }

    fn written_view(&self, target: usize, written: Option<usize>) -> &wgpu::TextureView {
        let spec = &self.prepared.plan.targets[target];
        let cells = self.state.targets.get(&spec.key).zip(written);
        let blank = || &self.prepared.pool.blank(spec.size).view;
        cells.map_or_else(blank, |(cells, index)| cells.view(index))
    }

    /// The host's block, in the order of `LAYER_BLOCK`.
    fn layer_bytes(&self, iteration: u32) -> Vec<u8> {
        let block = Block::layer();
        let mut bytes = vec![0; block.size];
        let key = |key| Value::number(self.values.key(key));
        let number = |number: f64| Value::number(number);
        let [heads, depths, filled] = self.histories();
        let values = [
            key(Keys::MIX),
            key(Keys::BLEND),
            key(Keys::CHANNELS),
            key(Keys::SPACE),
            number(
                self.values
                    .matte_channel
                    .map_or(-1.0, |channel| channel as f64),
            ),
            Value::from(self.values.matte_invert),
            number(f64::from(iteration)),
            Value::from(self.fresh),
            number(f64::from(self.values.seed)),
            heads,
            depths,
            filled,
        ];
        for (index, value) in values.into_iter().enumerate() {
            block.write(&mut bytes, index, value);
        }
        bytes
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
fn bytes(views: &[(u32, wgpu::TextureView)]) -> u64 {
    let first = |(index, (_, view)): &(usize, &(u32, wgpu::TextureView))| {
        views[..*index].iter().all(|(_, before)| before != view)
    };
    let distinct = views.iter().enumerate().filter(first);
    distinct.map(|(_, (_, view))| texture_bytes(view)).sum()
}

/// Bytes of one layer of the texture behind a view.
fn texture_bytes(view: &wgpu::TextureView) -> u64 {
    let texture = view.texture();
    let pixels = u64::from(texture.width()) * u64::from(texture.height());
    let pixel = texture.format().block_copy_size(None);
    pixels * u64::from(pixel.unwrap_or_default())
}

/// Where a read finds its pixels now.
fn view<'a>(
    prepared: &'a Prepared,
    state: &'a State,
    read: Read,
    tap: usize,
) -> &'a wgpu::TextureView {
    let plan = &prepared.plan;
    let blank = &prepared.pool.blank(plan.size).view;
    let ring = |id: usize| state.rings.get(&plan.pictures[id].key);
    let short = |id| prepared.pool.picture(id).map_or(blank, |image| &image.view);
    match read {
        Read::Nothing => blank,
        Read::Picture(id) => ring(id).map_or_else(|| short(id), |ring| ring.back(0)),
        Read::Tapped(id) => ring(id).map_or_else(|| short(id), |ring| ring.back(tap)),
        Read::History(id) => ring(id).map_or_else(|| short(id), |ring| &ring.array),
        Read::Previous(layer) => state
            .remembered
            .get(&layer)
            .map_or(blank, |image| &image.view),
        Read::Target(target) => target_view(prepared, state, target),
    }
}

fn target_view<'a>(
    prepared: &'a Prepared,
    state: &'a State,
    target: usize,
) -> &'a wgpu::TextureView {
    let spec = &prepared.plan.targets[target];
    let latest = state
        .targets
        .get(&spec.key)
        .and_then(|cells| cells.latest());
    latest.map_or_else(|| &prepared.pool.blank(spec.size).view, |image| &image.view)
}

/// Advances rings and targets whose source has a new picture, and forgets what is reset.
fn begin_state(plan: &Plan, state: &mut State, pictures: &NewPictures<'_>, values: &Values) {
    let fresh = |beat| match beat {
        Beat::Tick => true,
        Beat::Source(source) => pictures.get(source).is_some_and(Option::is_some),
    };
    for picture in plan
        .pictures
        .iter()
        .skip(pictures.len())
        .filter(|picture| fresh(picture.beat))
    {
        if let Some(ring) = state.rings.get_mut(&picture.key) {
            ring.advance();
        }
    }
    state.finish_clean();
    for target in &plan.targets {
        let Some(cells) = state.targets.get_mut(&target.key) else {
            continue;
        };
        if values.layers[target.layer].resets() {
            cells.forget();
        }
        // A layer that is off does no tick over: what it wrote last stays its state.
        if target.runs || fresh(target.beat) {
            cells.begin(fresh(target.beat));
        }
    }
}

fn is_fresh(plan: &Plan, layer: usize, pictures: &NewPictures<'_>) -> bool {
    match plan.pictures[pictures.len() + layer].beat {
        Beat::Tick => true,
        Beat::Source(source) => pictures.get(source).is_some_and(Option::is_some),
    }
}

fn repeats(values: &Values, pass: &PassStep) -> u32 {
    values.layers[pass.layer]
        .repeats
        .get(pass.pass)
        .copied()
        .unwrap_or(1)
}

/// The frame's block, in the order of `FRAME_BLOCK`.
fn frame_bytes(frame: &FrameValues, size: Size) -> Vec<u8> {
    let block = Block::frame();
    let mut bytes = vec![0; block.size];
    let values = [
        Value::number(frame.time),
        Value::number(frame.delta),
        Value::number(frame.beat),
        Value::number(frame.bar),
        Value::point(f64::from(size.width), f64::from(size.height)),
        Value::number((frame.tick & u64::from(u32::MAX)) as f64),
        Value::number(f64::from(frame.seed)),
    ];
    for (index, value) in values.into_iter().enumerate() {
        block.write(&mut bytes, index, value);
    }
    bytes
}

fn place(texture: &wgpu::Texture, layer: u32) -> wgpu::TexelCopyTextureInfo<'_> {
    wgpu::TexelCopyTextureInfo {
        texture,
        mip_level: 0,
        origin: wgpu::Origin3d {
            x: 0,
            y: 0,
            z: layer,
        },
        aspect: wgpu::TextureAspect::All,
    }
}

fn copy(
    encoder: &mut wgpu::CommandEncoder,
    prepared: &Prepared,
    state: &State,
    from: Read,
    to: wgpu::TexelCopyTextureInfo<'_>,
) {
    let size = prepared.plan.size;
    let extent = wgpu::Extent3d {
        width: size.width,
        height: size.height,
        depth_or_array_layers: 1,
    };
    let blank = &prepared.pool.blank(size).texture;
    let ring = |id: usize| state.rings.get(&prepared.plan.pictures[id].key);
    let short = |id| {
        prepared
            .pool
            .picture(id)
            .map_or(blank, |image| &image.texture)
    };
    let source = match from {
        Read::Picture(id) => ring(id).map_or_else(
            || place(short(id), 0),
            |ring| place(&ring.texture, ring.head() as u32),
        ),
        Read::Previous(layer) => place(
            state
                .remembered
                .get(&layer)
                .map_or(blank, |image| &image.texture),
            0,
        ),
        _ => place(blank, 0),
    };
    encoder.copy_texture_to_texture(source, to, extent);
}
