//! How a pass of an effect becomes a pipeline.

use super::{Pipeline, Program};
use crate::effect::{
    Block, Blocks, Effect, ImageKind, Pass, Variant, Written, binding, drawing, draws, entry_point,
    kernel, params_block, workgroup,
};
use crate::frame_loop::may_block;
use crate::gpu::pass::PICTURE_FORMAT;
use crate::gpu::{Gpu, GpuError};

/// A pass, compiled, unless the GPU refuses it.
pub(super) fn compiled(
    gpu: &Gpu,
    effect: &Effect,
    index: usize,
    variant: &Variant,
) -> Result<Pipeline, GpuError> {
    let filters = [wgpu::ErrorFilter::Validation, wgpu::ErrorFilter::Internal];
    let [validation, internal] = filters.map(|filter| gpu.device.push_error_scope(filter));
    let pipeline = build(gpu, effect, index, variant);
    let errors = [internal.pop(), validation.pop()].map(pollster::block_on);
    match errors.into_iter().flatten().next() {
        None => Ok(pipeline),
        Some(error) => Err(GpuError::Refused {
            pass: format!("{}.{}", effect.name, effect.header.passes[index].entry),
            reason: error
                .to_string()
                .split_whitespace()
                .collect::<Vec<_>>()
                .join(" "),
        }),
    }
}

fn build(gpu: &Gpu, effect: &Effect, index: usize, variant: &Variant) -> Pipeline {
    may_block("compile an effect");
    let pass = &effect.header.passes[index];
    let label = format!("{}.{}", effect.name, pass.entry);
    let text = kernel(effect, index, variant);
    let read = read(effect, variant);
    let layout = gpu
        .device
        .create_bind_group_layout(&wgpu::BindGroupLayoutDescriptor {
            label: Some(&label),
            entries: &layout_entries(effect, index, variant, &read),
        });
    let formats: Vec<_> = read
        .iter()
        .filter_map(|read| Some((read.at, read.format?)))
        .collect();
    let module = gpu.module_reading(&label, &text, &formats);
    let whole = gpu
        .device
        .create_pipeline_layout(&wgpu::PipelineLayoutDescriptor {
            label: Some(&label),
            bind_group_layouts: &[Some(&layout)],
            immediate_size: 0,
        });
    let program = if draws(effect, index, variant) {
        let written = written(effect, index, variant);
        Program::Draw(draw(gpu, &label, &whole, &module, &written))
    } else {
        let workgroup = if pass.kernel {
            workgroup(&text, &pass.entry)
        } else {
            variant.workgroup
        };
        Program::Dispatch(dispatch(gpu, &label, &whole, &module, pass), workgroup)
    };
    Pipeline {
        program,
        layout,
        params: params_block(&effect.header.params),
    }
}

fn written(effect: &Effect, index: usize, variant: &Variant) -> Vec<Written> {
    let passes = &effect.header.passes;
    Written::of(&passes[index], index + 1 == passes.len(), variant).collect()
}

fn dispatch(
    gpu: &Gpu,
    label: &str,
    layout: &wgpu::PipelineLayout,
    module: &wgpu::ShaderModule,
    pass: &Pass,
) -> wgpu::ComputePipeline {
    gpu.device
        .create_compute_pipeline(&wgpu::ComputePipelineDescriptor {
            label: Some(label),
            layout: Some(layout),
            module,
            entry_point: Some(&entry_point(pass)),
            compilation_options: wgpu::PipelineCompilationOptions::default(),
            cache: None,
        })
}

fn draw(
    gpu: &Gpu,
    label: &str,
    layout: &wgpu::PipelineLayout,
    module: &wgpu::ShaderModule,
    written: &[Written],
) -> wgpu::RenderPipeline {
    let formats = written.iter().map(|written| target_format(written.float));
    let targets: Vec<_> = formats.map(Into::into).collect();
    let functions = [drawing::CORNER, drawing::PIXEL];
    gpu.render_pipeline(label, Some(layout), module, functions, &targets)
}

/// A picture that a pass reads.
struct ReadPicture {
    at: u32,
    view: wgpu::TextureViewDimension,
    /// What it is read as, where it is read as a storage texture.
    format: Option<wgpu::TextureFormat>,
}

/// What the passes of an effect read. Pictures of sound are written by the host alone, and are always textures.
fn read(effect: &Effect, variant: &Variant) -> Vec<ReadPicture> {
    let header = &effect.header;
    let plain = wgpu::TextureViewDimension::D2;
    let float = |at| variant.floats.contains(&at);
    let mut pictures = Vec::new();
    let mut add = |at, view, float: Option<bool>| {
        let format = float.filter(|_| variant.drawn).map(target_format);
        pictures.push(ReadPicture { at, view, format });
    };
    if variant.composes() {
        add(binding::BELOW, plain, Some(float(binding::BELOW)));
    }
    if variant.matte {
        add(binding::MATTE, plain, Some(float(binding::MATTE)));
    }
    for (at, image) in (binding::IMAGES..).zip(&header.images) {
        let view = match image.kind {
            ImageKind::History(_) => wgpu::TextureViewDimension::D2Array,
            _ => plain,
        };
        add(at, view, (!image.is_sound()).then(|| float(at)));
    }
    let first = binding::IMAGES + header.images.len() as u32;
    for (at, (_, pass)) in (first..).zip(header.targets()) {
        add(at, plain, Some(pass.float));
    }
    pictures
}

fn layout_entries(
    effect: &Effect,
    index: usize,
    variant: &Variant,
    read: &[ReadPicture],
) -> Vec<wgpu::BindGroupLayoutEntry> {
    let params = params_block(&effect.header.params).size;
    let blocks = variant.blocks();
    let mut entries = vec![
        block(binding::FRAME, Block::frame().size, blocks),
        block(binding::PARAMS, params, blocks),
        block(binding::LAYER, Block::layer().size, blocks),
    ];
    if !draws(effect, index, variant) {
        let stored = written(effect, index, variant).into_iter();
        entries
            .extend(stored.map(|written| storage(written.binding, target_format(written.float))));
    }
    entries.extend(read.iter().map(texture));
    entries
}

/// The format of a target.
pub(in crate::gpu) const fn target_format(float: bool) -> wgpu::TextureFormat {
    if float {
        wgpu::TextureFormat::Rgba32Float
    } else {
        PICTURE_FORMAT
    }
}

const BOTH: wgpu::ShaderStages = wgpu::ShaderStages::COMPUTE.union(wgpu::ShaderStages::FRAGMENT);

const fn entry(
    binding: u32,
    visibility: wgpu::ShaderStages,
    ty: wgpu::BindingType,
) -> wgpu::BindGroupLayoutEntry {
    wgpu::BindGroupLayoutEntry {
        binding,
        visibility,
        ty,
        count: None,
    }
}

const fn block(binding: u32, size: usize, blocks: Blocks) -> wgpu::BindGroupLayoutEntry {
    let ty = wgpu::BindingType::Buffer {
        ty: match blocks {
            Blocks::Uniform => wgpu::BufferBindingType::Uniform,
            Blocks::Storage => wgpu::BufferBindingType::Storage { read_only: true },
        },
        has_dynamic_offset: true,
        min_binding_size: wgpu::BufferSize::new(size as u64),
    };
    entry(binding, BOTH, ty)
}

const fn storage(binding: u32, format: wgpu::TextureFormat) -> wgpu::BindGroupLayoutEntry {
    let ty = wgpu::BindingType::StorageTexture {
        access: wgpu::StorageTextureAccess::WriteOnly,
        format,
        view_dimension: wgpu::TextureViewDimension::D2,
    };
    entry(binding, wgpu::ShaderStages::COMPUTE, ty)
}

const fn texture(read: &ReadPicture) -> wgpu::BindGroupLayoutEntry {
    let ty = match read.format {
        Some(format) => wgpu::BindingType::StorageTexture {
            access: wgpu::StorageTextureAccess::ReadOnly,
            format,
            view_dimension: read.view,
        },
        None => wgpu::BindingType::Texture {
            sample_type: wgpu::TextureSampleType::Float { filterable: false },
            view_dimension: read.view,
            multisampled: false,
        },
    };
    entry(read.at, BOTH, ty)
}
