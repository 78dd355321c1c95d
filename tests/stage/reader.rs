//! Reads any view of a picture, one layer of a ring too, without changing a bit.

use std::sync::OnceLock;

use afterimage::gpu::{Gpu, View};
use afterimage::picture::Size;

use super::Texel;

const SHADER: &str = "
@group(0) @binding(0) var picture: texture_2d<f32>;
@group(0) @binding(1) var<storage, read_write> texels: array<vec4f>;
@compute @workgroup_size(8, 8) fn read(@builtin(global_invocation_id) id: vec3u) {
    let size = textureDimensions(picture);
    if (any(id.xy >= size)) { return; }
    texels[id.y * size.x + id.x] = textureLoad(picture, id.xy, 0);
}";

fn pipeline(gpu: &Gpu) -> &'static wgpu::ComputePipeline {
    static PIPELINE: OnceLock<wgpu::ComputePipeline> = OnceLock::new();
    PIPELINE.get_or_init(|| {
        let source = wgpu::ShaderSource::Wgsl(SHADER.into());
        let module = gpu
            .device
            .create_shader_module(wgpu::ShaderModuleDescriptor {
                label: Some("test.read"),
                source,
            });
        gpu.device
            .create_compute_pipeline(&wgpu::ComputePipelineDescriptor {
                label: Some("test.read"),
                layout: None,
                module: &module,
                entry_point: Some("read"),
                compilation_options: wgpu::PipelineCompilationOptions::default(),
                cache: None,
            })
    })
}

fn buffer(gpu: &Gpu, size: u64, usage: wgpu::BufferUsages) -> wgpu::Buffer {
    gpu.device.create_buffer(&wgpu::BufferDescriptor {
        label: Some("test.texels"),
        size,
        usage,
        mapped_at_creation: false,
    })
}

/// The texels of a picture, row by row.
pub(crate) fn read(gpu: &Gpu, picture: &View, size: Size) -> Vec<Texel> {
    use wgpu::BufferUsages as Usage;
    let bytes = size.area() * 16;
    let texels = buffer(gpu, bytes, Usage::STORAGE | Usage::COPY_SRC);
    let mapped = buffer(gpu, bytes, Usage::MAP_READ | Usage::COPY_DST);
    let mut encoder = gpu.encoder("test.read");
    dispatch(gpu, &mut encoder, picture, &texels, size);
    encoder.copy_buffer_to_buffer(&texels, 0, &mapped, 0, bytes);
    encoder.map_buffer_on_submit(&mapped, wgpu::MapMode::Read, .., |result| {
        result.expect("the texels are mapped");
    });
    gpu.queue.submit([encoder.finish()]);
    gpu.device
        .poll(wgpu::PollType::wait_indefinitely())
        .expect("the GPU is there");
    let range = mapped.get_mapped_range(..).expect("they are mapped");
    bytemuck::pod_collect_to_vec(&range)
}

fn dispatch(
    gpu: &Gpu,
    encoder: &mut wgpu::CommandEncoder,
    picture: &View,
    texels: &wgpu::Buffer,
    size: Size,
) {
    let pipeline = pipeline(gpu);
    let group = gpu.device.create_bind_group(&wgpu::BindGroupDescriptor {
        label: Some("test.read"),
        layout: &pipeline.get_bind_group_layout(0),
        entries: &[
            wgpu::BindGroupEntry {
                binding: 0,
                resource: wgpu::BindingResource::TextureView(picture),
            },
            wgpu::BindGroupEntry {
                binding: 1,
                resource: texels.as_entire_binding(),
            },
        ],
    });
    let mut pass = encoder.begin_compute_pass(&wgpu::ComputePassDescriptor::default());
    pass.set_pipeline(pipeline);
    pass.set_bind_group(0, &group, &[]);
    pass.dispatch_workgroups(size.width.div_ceil(8), size.height.div_ceil(8), 1);
}
