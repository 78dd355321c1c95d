//! Passes that are drawn: one triangle that covers what is written.

use std::sync::PoisonError;

use super::Gpu;
use crate::frame_loop::may_block;

/// The triangle's corners, for modules that have none of their own.
const CORNER: &str = "
@vertex
fn corner(@builtin(vertex_index) index: u32) -> @builtin(position) vec4f {
    return vec4f(f32(index & 1u) * 4.0 - 1.0, f32(index >> 1u) * 4.0 - 1.0, 0.0, 1.0);
}
";

impl Gpu {
    /// A pipeline that draws the triangle with one fragment function, its layout derived from the text, that reads textures of
    /// these formats. Each is compiled
    /// once, as [`Gpu::compute`]'s are.
    pub(super) fn drawing(
        &self,
        label: &str,
        text: &str,
        fragment: &str,
        format: wgpu::TextureFormat,
        formats: &[(u32, wgpu::TextureFormat)],
    ) -> wgpu::RenderPipeline {
        let compiled = || self.drawings.lock().unwrap_or_else(PoisonError::into_inner);
        let key = self.kernel(text, fragment, formats);
        if let Some(pipeline) = compiled().get(&key) {
            return pipeline.clone();
        }
        may_block("compile a shader");
        let module = self.module_reading(label, &format!("{text}{CORNER}"), formats);
        let pipeline =
            self.render_pipeline(label, None, &module, ["corner", fragment], &[format.into()]);
        compiled().insert(key, pipeline.clone());
        pipeline
    }

    /// A pipeline with a vertex and a fragment function of a module.
    pub(super) fn render_pipeline(
        &self,
        label: &str,
        layout: Option<&wgpu::PipelineLayout>,
        module: &wgpu::ShaderModule,
        [vertex, fragment]: [&str; 2],
        targets: &[wgpu::ColorTargetState],
    ) -> wgpu::RenderPipeline {
        let targets: Vec<_> = targets.iter().cloned().map(Some).collect();
        self.device
            .create_render_pipeline(&wgpu::RenderPipelineDescriptor {
                label: Some(label),
                layout,
                vertex: wgpu::VertexState {
                    module,
                    entry_point: Some(vertex),
                    compilation_options: wgpu::PipelineCompilationOptions::default(),
                    buffers: &[],
                },
                fragment: Some(wgpu::FragmentState {
                    module,
                    entry_point: Some(fragment),
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

    /// Draws the triangle over all of `target`.
    pub(super) fn draw(
        &self,
        encoder: &mut wgpu::CommandEncoder,
        label: &str,
        pipeline: &wgpu::RenderPipeline,
        group: &wgpu::BindGroup,
        target: &wgpu::TextureView,
    ) {
        let mut pass = encoder.begin_render_pass(&wgpu::RenderPassDescriptor {
            label: Some(label),
            color_attachments: &[attachment(target)],
            ..Default::default()
        });
        pass.set_pipeline(pipeline);
        pass.set_bind_group(0, group, &[]);
        pass.draw(0..3, 0..1);
    }
}

/// What a triangle that covers it all writes: the driver need not clear it first, which lavapipe does slowly.
pub(super) fn attachment(view: &wgpu::TextureView) -> Option<wgpu::RenderPassColorAttachment<'_>> {
    Some(wgpu::RenderPassColorAttachment {
        view,
        depth_slice: None,
        resolve_target: None,
        ops: wgpu::Operations {
            load: wgpu::LoadOp::Load,
            store: wgpu::StoreOp::Store,
        },
    })
}
