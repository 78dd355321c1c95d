//! Does what a plan says: one encoder a tick, one executor for all effects.

use std::sync::Arc;

use super::intake::{Intake, turned_size};
use super::pass_run::{PassRun, texture_bytes};
use super::pipeline::{Pipeline, Pipelines, target_format};
use super::pool::Pool;
use super::reads::{copy, place, view};
use super::stage_run::StageRun;
use super::state::{Image, State};
use super::timing::{PassTime, Timing};
use super::uniforms::Uniforms;
use super::{Gpu, GpuError};
use crate::effect::{Block, params_block};
use crate::param::Value;
use crate::picture::{Picture, Size};
use crate::plan::{Beat, FrameValues, Keep, PassStep, Plan, Read, Step, Values};

/// A plan with its pipelines and short-lived textures.
#[derive(Debug)]
pub struct Prepared {
    /// The plan.
    pub plan: Plan,
    programs: Vec<Program>,
    pub(super) pool: Pool,
}

/// What a step of a plan runs.
#[derive(Debug)]
enum Program {
    Pass(Arc<Pipeline>),
    /// One pipeline for each kernel of a stage's recipe, and the block of its layer's parameters.
    Stage(Vec<wgpu::ComputePipeline>, Block),
    /// One for each kernel of a measure's recipe.
    Measure(Vec<wgpu::ComputePipeline>),
    Copy,
}

/// Runs plans on a GPU.
#[derive(Debug)]
pub struct Executor {
    pub(super) gpu: Gpu,
    pipelines: Pipelines,
    pub(super) uniforms: Uniforms,
    pub(super) timing: Timing,
    pub(super) sampler: wgpu::Sampler,
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
            sampler: gpu.linear_sampler("stage"),
        }
    }

    /// Finds a plan's pipelines, which must have been compiled, and makes the textures that it needs.
    ///
    /// # Errors
    /// A pass of the plan was never compiled.
    pub fn prepare(&self, plan: Plan, state: &mut State) -> Result<Prepared, GpuError> {
        let find = |step: &Step| match step {
            Step::Pass(pass) => {
                let found = self.pipelines.get(&pass.effect, pass.pass, &pass.variant);
                found
                    .map(Program::Pass)
                    .ok_or_else(|| GpuError::NotCompiled(pass.label.clone()))
            }
            Step::Stage(stage) => {
                let kernels = self.gpu.kernels(&stage.effect.name, &stage.work.recipe)?;
                let block = params_block(&stage.effect.header.params);
                Ok(Program::Stage(kernels, block))
            }
            Step::Measure(work) => {
                let kernels = self.gpu.kernels(&work.label, &work.recipe)?;
                Ok(Program::Measure(kernels))
            }
            Step::Hand { .. } | Step::Remember { .. } => Ok(Program::Copy),
        };
        let programs = plan.steps.iter().map(find).collect::<Result<_, _>>()?;
        state.make(&self.gpu, &plan);
        let pool = Pool::new(&self.gpu, &plan, &mut state.shelf);
        Ok(Prepared {
            plan,
            programs,
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
        self.timing.begin();
        self.take_in(encoder, prepared, state, intakes, pictures)?;
        for sound in &prepared.plan.sounds {
            state.sounds.write(&self.gpu, encoder, *sound);
        }
        begin_state(&prepared.plan, state, pictures, values);
        self.reserve(prepared, values);
        let frame = self
            .uniforms
            .push(&frame_bytes(&values.frame, prepared.plan.size));
        let params = self.push_params(prepared, values);
        for (step, program) in prepared.plan.steps.iter().zip(&prepared.programs) {
            match (step, program) {
                (Step::Pass(pass), Program::Pass(pipeline)) => {
                    let mut run = PassRun {
                        executor: self,
                        prepared,
                        state,
                        pass,
                        pipeline,
                        values: &values.layers[pass.layer],
                        offsets: [frame, params[pass.layer], 0],
                    };
                    run.encode(encoder);
                }
                (Step::Hand { from, to }, _) => self.hand(encoder, prepared, state, *from, *to),
                (Step::Remember { from, layer }, _) => {
                    self.remember(encoder, prepared, state, *from, *layer);
                }
                (Step::Stage(stage), Program::Stage(kernels, block)) => {
                    if stage.work.recipe.is_pure() || stage.work.beat.is_fresh(pictures) {
                        let params = (params[stage.layer], block.size);
                        let values = &values.layers[stage.layer];
                        let stage = (stage, kernels.as_slice());
                        let run = StageRun::of_layer(self, prepared, state, stage, values, params);
                        run.encode(encoder);
                    }
                }
                (Step::Measure(work), Program::Measure(kernels)) => {
                    if work.beat.is_fresh(pictures) {
                        let run = StageRun::of_measure(self, prepared, state, (work, kernels));
                        run.encode(encoder);
                    }
                }
                (Step::Pass(_) | Step::Stage(_) | Step::Measure(_), _) => {}
            }
        }
        self.uniforms.send(&self.gpu);
        self.timing.resolve(encoder);
        Ok(view(prepared, state, prepared.plan.output, 0, false).clone())
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
        self.take_in_tables(encoder, prepared, state, intakes, pictures);
        Ok(())
    }

    /// The sources that are tables once more, as they are: the planes are there already.
    fn take_in_tables(
        &self,
        encoder: &mut wgpu::CommandEncoder,
        prepared: &Prepared,
        state: &mut State,
        intakes: &mut [Intake],
        pictures: &NewPictures<'_>,
    ) {
        let tables = prepared.plan.pictures.iter();
        for table in tables.filter(|picture| picture.keep == Keep::Own) {
            let Beat::Source(source) = table.beat else {
                continue;
            };
            let Some(picture) = pictures.get(source).copied().flatten() else {
                continue;
            };
            let target = state.table(&self.gpu, &table.key, turned_size(picture));
            intakes[source].draw_as_it_is(&self.gpu, encoder, picture, &target);
        }
    }

    fn reserve(&mut self, prepared: &Prepared, values: &Values) {
        let steps = prepared.plan.steps.iter();
        let runs = steps.map(|step| match step {
            Step::Pass(pass) => repeats(values, pass),
            _ => 0,
        });
        let blocks = 1 + values.layers.len() + runs.sum::<u32>() as usize;
        let params = prepared.plan.steps.iter().zip(&prepared.programs);
        let params = params.filter_map(|(step, program)| Some(params_of(step, program)?.1.size));
        let largest = params
            .chain([Block::frame().size, Block::layer().size])
            .max();
        self.uniforms
            .begin(&self.gpu, blocks, largest.unwrap_or_default());
    }

    /// One block for each layer that runs; the others' offset is never used.
    fn push_params(&mut self, prepared: &Prepared, values: &Values) -> Vec<u32> {
        let mut offsets = vec![0; values.layers.len()];
        for (step, program) in prepared.plan.steps.iter().zip(&prepared.programs) {
            let Some((layer, block)) = params_of(step, program) else {
                continue;
            };
            let mut bytes = vec![0; block.size];
            for (index, value) in values.layers[layer].params.iter().enumerate() {
                block.write(&mut bytes, index, *value);
            }
            offsets[layer] = self.uniforms.push(&bytes);
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
        let picture = &prepared.plan.pictures[to];
        let Some(ring) = state.rings.get(&picture.key) else {
            return;
        };
        let target = place(&ring.texture, ring.head() as u32);
        copy(encoder, prepared, state, (from, picture.shape), target);
    }

    fn remember(
        &self,
        encoder: &mut wgpu::CommandEncoder,
        prepared: &Prepared,
        state: &mut State,
        from: Read,
        layer: usize,
    ) {
        let shape = prepared.plan.layer_shape(layer);
        let format = target_format(shape.float);
        let fresh = || Image::new(&self.gpu, "previous", shape.size, format);
        let held = state.remembered.entry(layer).or_insert_with(fresh);
        if (held.size, held.texture.format()) != (shape.size, format) {
            *held = fresh();
        }
        let target = held.clone();
        let to = place(&target.texture, 0);
        copy(encoder, prepared, state, (from, shape), to);
    }
}

/// The layer and the block of its parameters, once for each layer that runs.
fn params_of<'a>(step: &Step, program: &'a Program) -> Option<(usize, &'a Block)> {
    match (step, program) {
        // Where a pass composes what a stage made, the stage's block serves both.
        (Step::Pass(pass), Program::Pass(pipeline))
            if pass.pass == 0 && pass.effect.header.stage.is_none() =>
        {
            Some((pass.layer, &pipeline.params))
        }
        (Step::Stage(stage), Program::Stage(_, block)) => Some((stage.layer, block)),
        _ => None,
    }
}

/// Advances rings and targets whose source has a new picture, and forgets what is reset.
fn begin_state(plan: &Plan, state: &mut State, pictures: &NewPictures<'_>, values: &Values) {
    let fresh = |beat: Beat| beat.is_fresh(pictures);
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
    state.begin_stages(plan, pictures, values);
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

fn repeats(values: &Values, pass: &PassStep) -> u32 {
    values.layers[pass.layer]
        .repeats
        .get(pass.pass)
        .copied()
        .unwrap_or(1)
}

fn frame_bytes(frame: &FrameValues, size: Size) -> Vec<u8> {
    Block::frame().bytes(|name| match name {
        "time" => Value::number(frame.time),
        "delta" => Value::number(frame.delta),
        "beat" => Value::number(frame.beat),
        "bar" => Value::number(frame.bar),
        "size" => Value::point(f64::from(size.width), f64::from(size.height)),
        "tick" => Value::number((frame.tick & u64::from(u32::MAX)) as f64),
        "seed" => Value::number(f64::from(frame.seed)),
        other => unreachable!("nothing says what frame.{other} is"),
    })
}
