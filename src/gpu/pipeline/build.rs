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
    let layout = gpu
        .device
        .create_bind_group_layout(&wgpu::BindGroupLayoutDescriptor {
            label: Some(&label),
            entries: &layout_entries(effect, index, variant),
        });
    let module = gpu
        .device
        .create_shader_module(wgpu::ShaderModuleDescriptor {
            label: Some(&label),
            source: wgpu::ShaderSource::Wgsl(text.as_str().into()),
        });
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
    let targets: Vec<_> = written
        .iter()
        .map(|written| Some(target_format(written.float).into()))
        .collect();
    gpu.device
        .create_render_pipeline(&wgpu::RenderPipelineDescriptor {
            label: Some(label),
            layout: Some(layout),
            vertex: wgpu::VertexState {
                module,
                entry_point: Some(drawing::CORNER),
                compilation_options: wgpu::PipelineCompilationOptions::default(),
                buffers: &[],
            },
            fragment: Some(wgpu::FragmentState {
                module,
                entry_point: Some(drawing::PIXEL),
                compilation_options: wgpu::PipelineCompilationOptions::default(),
                targets: &targets,
            }),
            primitive: wgpu::PrimitiveState::default(),
            depth_stencil: None,
            multisample: wgpu::MultisampleState::default(),
            multiview_mask: None,
            cache: None,
        })
}

fn layout_entries(
    effect: &Effect,
    index: usize,
    variant: &Variant,
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
    if variant.composes() {
        entries.push(texture(binding::BELOW, wgpu::TextureViewDimension::D2));
    }
    if variant.matte {
        entries.push(texture(binding::MATTE, wgpu::TextureViewDimension::D2));
    }
    let images = effect.header.images.iter().map(|image| match image.kind {
        ImageKind::History(_) => wgpu::TextureViewDimension::D2Array,
        _ => wgpu::TextureViewDimension::D2,
    });
    let targets = effect
        .header
        .targets()
        .map(|_| wgpu::TextureViewDimension::D2);
    entries.extend(
        (binding::IMAGES..)
            .zip(images.chain(targets))
            .map(|(at, view)| texture(at, view)),
    );
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

const fn entry(binding: u32, ty: wgpu::BindingType) -> wgpu::BindGroupLayoutEntry {
    let stored = matches!(ty, wgpu::BindingType::StorageTexture { .. });
    wgpu::BindGroupLayoutEntry {
        binding,
        visibility: if stored {
            wgpu::ShaderStages::COMPUTE
        } else {
            wgpu::ShaderStages::COMPUTE.union(wgpu::ShaderStages::FRAGMENT)
        },
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
    entry(binding, ty)
}

const fn storage(binding: u32, format: wgpu::TextureFormat) -> wgpu::BindGroupLayoutEntry {
    let ty = wgpu::BindingType::StorageTexture {
        access: wgpu::StorageTextureAccess::WriteOnly,
        format,
        view_dimension: wgpu::TextureViewDimension::D2,
    };
    entry(binding, ty)
}

const fn texture(
    binding: u32,
    view_dimension: wgpu::TextureViewDimension,
) -> wgpu::BindGroupLayoutEntry {
    let ty = wgpu::BindingType::Texture {
        sample_type: wgpu::TextureSampleType::Float { filterable: false },
        view_dimension,
        multisampled: false,
    };
    entry(binding, ty)
}
