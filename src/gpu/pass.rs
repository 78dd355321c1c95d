//! What every pass of this room is made with.

use std::sync::PoisonError;

use wgpu::util::DeviceExt;

use crate::picture::Size;

use super::Gpu;
use super::device::Kernel;
use crate::frame_loop::may_block;

/// The format of pictures on the GPU: display-encoded colours with straight alpha.
pub const PICTURE_FORMAT: wgpu::TextureFormat = wgpu::TextureFormat::Rgba16Float;

impl Gpu {
    /// A compute pipeline for one entry point, its layout derived from the text. Each is compiled once: what another
    /// thread has rehearsed costs the frame loop nothing.
    pub(super) fn compute(
        &self,
        label: &str,
        text: &str,
        entry: &str,
        formats: &[(u32, wgpu::TextureFormat)],
    ) -> wgpu::ComputePipeline {
        let compiled = || self.compiled.lock().unwrap_or_else(PoisonError::into_inner);
        let key = self.kernel(text, entry, formats);
        if let Some(pipeline) = compiled().get(&key) {
            return pipeline.clone();
        }
        let pipeline = self.compile(label, &key);
        compiled().insert(key, pipeline.clone());
        pipeline
    }

    /// Whether [`Self::compute`] has a pipeline at once.
    pub(super) fn has_compiled(&self, kernel: &Kernel) -> bool {
        let (text, entry, formats) = kernel;
        let compiled = self.compiled.lock().unwrap_or_else(PoisonError::into_inner);
        compiled.contains_key(&self.kernel(text, entry, formats))
    }

    /// What a pipeline is kept under: formats matter where pictures are read as storage.
    pub(super) fn kernel(
        &self,
        text: &str,
        entry: &str,
        formats: &[(u32, wgpu::TextureFormat)],
    ) -> Kernel {
        let formats = if self.reads_storage() { formats } else { &[] };
        (text.to_owned(), entry.to_owned(), formats.to_vec())
    }

    fn compile(&self, label: &str, (text, entry, formats): &Kernel) -> wgpu::ComputePipeline {
        may_block("compile a shader");
        let module = self.module_reading(label, text, formats);
        self.device
            .create_compute_pipeline(&wgpu::ComputePipelineDescriptor {
                label: Some(label),
                layout: None,
                module: &module,
                entry_point: Some(entry),
                compilation_options: wgpu::PipelineCompilationOptions::default(),
                cache: None,
            })
    }

    /// A module of WGSL.
    pub(super) fn module(&self, label: &str, text: &str) -> wgpu::ShaderModule {
        self.device
            .create_shader_module(wgpu::ShaderModuleDescriptor {
                label: Some(label),
                source: wgpu::ShaderSource::Wgsl(text.into()),
            })
    }

    /// A sampler that reads between pixels, and edges outside.
    pub(super) fn linear_sampler(&self, label: &str) -> wgpu::Sampler {
        self.device.create_sampler(&wgpu::SamplerDescriptor {
            label: Some(label),
            mag_filter: wgpu::FilterMode::Linear,
            min_filter: wgpu::FilterMode::Linear,
            ..Default::default()
        })
    }

    /// Binds `resources` from 0 on.
    pub(super) fn group<'a>(
        &self,
        label: &str,
        layout: &wgpu::BindGroupLayout,
        resources: impl IntoIterator<Item = wgpu::BindingResource<'a>>,
    ) -> wgpu::BindGroup {
        let entries: Vec<_> = (0..)
            .zip(resources)
            .map(|(binding, resource)| wgpu::BindGroupEntry { binding, resource })
            .collect();
        self.device.create_bind_group(&wgpu::BindGroupDescriptor {
            label: Some(label),
            layout,
            entries: &entries,
        })
    }

    /// One pass with an invocation for each cell of `grid`.
    pub(super) fn dispatch(
        &self,
        encoder: &mut wgpu::CommandEncoder,
        label: &str,
        pipeline: &wgpu::ComputePipeline,
        group: &wgpu::BindGroup,
        grid: Size,
    ) {
        let (columns, rows) = self.workgroup();
        let mut pass = encoder.begin_compute_pass(&wgpu::ComputePassDescriptor {
            label: Some(label),
            timestamp_writes: None,
        });
        pass.set_pipeline(pipeline);
        pass.set_bind_group(0, group, &[]);
        pass.dispatch_workgroups(grid.width.div_ceil(columns), grid.height.div_ceil(rows), 1);
    }

    /// What a texture that passes read and write is used for. Where nothing draws, wgpu would clear a picture that may be
    /// drawn on by drawing.
    pub(super) fn passed(&self) -> wgpu::TextureUsages {
        let drawn = match self.draws() {
            true => wgpu::TextureUsages::RENDER_ATTACHMENT,
            false => wgpu::TextureUsages::empty(),
        };
        drawn | wgpu::TextureUsages::STORAGE_BINDING | wgpu::TextureUsages::TEXTURE_BINDING
    }

    /// A picture of colours that passes read and write.
    pub(super) fn picture(&self, label: &str, size: Size) -> wgpu::Texture {
        self.device.create_texture(&wgpu::TextureDescriptor {
            label: Some(label),
            size: extent(size),
            mip_level_count: 1,
            sample_count: 1,
            dimension: wgpu::TextureDimension::D2,
            format: PICTURE_FORMAT,
            usage: self.passed(),
            view_formats: &[],
        })
    }
}

/// The whole of a texture.
pub(super) fn view(texture: &wgpu::Texture) -> wgpu::TextureView {
    texture.create_view(&wgpu::TextureViewDescriptor::default())
}

/// Numbers that stay what they are.
pub(super) fn uniform(gpu: &Gpu, label: &str, contents: &[u8]) -> wgpu::Buffer {
    gpu.device
        .create_buffer_init(&wgpu::util::BufferInitDescriptor {
            label: Some(label),
            contents,
            usage: wgpu::BufferUsages::UNIFORM,
        })
}

/// A size as wgpu takes it.
pub(super) fn extent(size: Size) -> wgpu::Extent3d {
    wgpu::Extent3d {
        width: size.width,
        height: size.height,
        depth_or_array_layers: 1,
    }
}
