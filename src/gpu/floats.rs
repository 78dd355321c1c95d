//! Pictures back as they are, for who can wait: motion fields, and what tests look at.

use std::time::Duration;

use super::errand::Errand;
use super::{Encoder, Gpu, GpuError, View};
use crate::frame_loop::may_block;
use crate::picture::Size;

/// How long it takes at most until another thread, which may have been told first, says that the buffer is mapped.
const REPORT: Duration = Duration::from_secs(60);

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
        let floats = self.device.create_buffer(&wgpu::BufferDescriptor {
            label: Some("floats"),
            size: bytes,
            usage: wgpu::BufferUsages::STORAGE | wgpu::BufferUsages::COPY_SRC,
            mapped_at_creation: false,
        });
        let mapped = Errand::buffer(self, "floats", bytes);
        self.convert(&mut encoder, picture, &floats, size);
        encoder.copy_buffer_to_buffer(&floats, 0, &mapped, 0, bytes);
        let errand = Errand::send(&encoder, mapped);
        self.submit(encoder);
        let pixels = self.wait(errand)?;
        Ok(Floats { size, pixels })
    }

    fn convert(&self, encoder: &mut Encoder, picture: &View, floats: &wgpu::Buffer, size: Size) {
        let (columns, rows) = self.workgroup();
        let text = format!(
            "const COLUMNS = {columns};\nconst ROWS = {rows};\n{}",
            include_str!("floats.wgsl")
        );
        let pipeline = self.compute("floats", &text, "floats", &[]);
        let resources = [
            wgpu::BindingResource::TextureView(picture),
            floats.as_entire_binding(),
        ];
        let group = self.group("floats", &pipeline.get_bind_group_layout(0), resources);
        self.dispatch(encoder, "floats", &pipeline, &group, size);
    }

    fn wait(&self, errand: Errand) -> Result<Vec<[f32; 4]>, GpuError> {
        let lost = |error: &dyn std::fmt::Display| GpuError::NoFrame(error.to_string());
        let waited = self.device.poll(wgpu::PollType::wait_indefinitely());
        waited.map_err(|error| lost(&error))?;
        let back = errand
            .is_back(REPORT)
            .map_err(|error| error.unwrap_or_else(|| lost(&"its commands were thrown away")))?;
        if !back {
            return Err(lost(&"its buffer has not come back"));
        }
        Ok(errand.read(bytemuck::pod_collect_to_vec)?.0)
    }
}
