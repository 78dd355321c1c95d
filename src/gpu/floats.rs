//! Pictures back as they are, for who can wait: motion fields, and what tests look at.

use std::sync::mpsc::channel;

use super::{Encoder, Gpu, GpuError, View};
use crate::frame_loop::may_block;
use crate::picture::Size;

/// A picture's pixels as 32-bit floats.
#[derive(Clone, Debug, PartialEq)]
pub struct Floats {
    /// Its size.
    pub size: Size,
    /// Row by row.
    pub pixels: Vec<[f32; 4]>,
}

impl Gpu {
    /// Submits `encoder` and waits for `picture`, as it is then: neither clipped nor rounded.
    ///
    /// # Errors
    /// The GPU was lost, or the picture is larger than 8 million pixels, which no buffer holds.
    pub fn fetch(&self, mut encoder: Encoder, picture: &View) -> Result<Floats, GpuError> {
        may_block("wait for the GPU");
        let texture = picture.texture();
        let size = Size::new(texture.width(), texture.height());
        let bytes = size.area() * 16;
        if bytes > self.device.limits().max_storage_buffer_binding_size {
            return Err(GpuError::NoFrame(format!(
                "{size} are too many pixels to fetch as floats"
            )));
        }
        let usage = wgpu::BufferUsages::STORAGE | wgpu::BufferUsages::COPY_SRC;
        let floats = self.floats(bytes, usage);
        let usage = wgpu::BufferUsages::MAP_READ | wgpu::BufferUsages::COPY_DST;
        let mapped = self.floats(bytes, usage);
        self.convert(&mut encoder, picture, &floats, size);
        encoder.copy_buffer_to_buffer(&floats, 0, &mapped, 0, bytes);
        let pixels = self.read(encoder, &mapped)?;
        Ok(Floats { size, pixels })
    }

    fn floats(&self, size: u64, usage: wgpu::BufferUsages) -> wgpu::Buffer {
        self.device.create_buffer(&wgpu::BufferDescriptor {
            label: Some("floats"),
            size,
            usage,
            mapped_at_creation: false,
        })
    }

    fn convert(&self, encoder: &mut Encoder, picture: &View, floats: &wgpu::Buffer, size: Size) {
        let (columns, rows) = self.workgroup();
        let text = format!(
            "const COLUMNS = {columns};\nconst ROWS = {rows};\n{}",
            include_str!("floats.wgsl")
        );
        let pipeline = self.compute("floats", &text, "floats");
        let resources = [
            wgpu::BindingResource::TextureView(picture),
            floats.as_entire_binding(),
        ];
        let group = self.group("floats", &pipeline, resources);
        self.dispatch(encoder, "floats", &pipeline, &group, size);
    }

    fn read(&self, encoder: Encoder, buffer: &wgpu::Buffer) -> Result<Vec<[f32; 4]>, GpuError> {
        let (report, mapped) = channel();
        encoder.map_buffer_on_submit(buffer, wgpu::MapMode::Read, .., move |result| {
            // Nobody waits any more if the wait below failed.
            let _ = report.send(result);
        });
        self.submit(encoder);
        let lost = |error: &dyn std::fmt::Display| GpuError::NoFrame(error.to_string());
        let waited = self.device.poll(wgpu::PollType::wait_indefinitely());
        waited.map_err(|error| lost(&error))?;
        let result = mapped.recv().map_err(|error| lost(&error))?;
        result.map_err(|error| lost(&error))?;
        let range = buffer.get_mapped_range(..);
        let range = range.map_err(|error| lost(&error))?;
        Ok(bytemuck::pod_collect_to_vec(&range))
    }
}
