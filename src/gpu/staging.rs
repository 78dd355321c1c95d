//! The way up: a ring of mapped buffers between samples on the CPU and textures.

use std::sync::Mutex;
use std::sync::mpsc::{Receiver, Sender, channel};

/// Bytes of one staging buffer at most, so that the largest picture stays below the limit of a
/// buffer.
const STRIP: usize = 32 << 20;
/// Idle buffers kept; a picture has at most four planes, and three pictures are under way.
const IDLE: usize = 12;

/// Mapped buffers, used again once the GPU has read them.
#[derive(Debug)]
pub(super) struct Staging {
    idle: Vec<wgpu::Buffer>,
    returned: Mutex<Receiver<wgpu::Buffer>>,
    give_back: Sender<wgpu::Buffer>,
}

/// Rows of samples on their way into a texture.
#[derive(Debug)]
pub(super) struct Rows<'a> {
    /// The samples.
    pub(super) bytes: &'a [u8],
    /// Bytes from one row to the next.
    pub(super) stride: usize,
    /// Bytes of a row that hold samples.
    pub(super) filled: usize,
    /// Bytes at the end of a row that are repeated up to the texture's edge.
    pub(super) group: usize,
}

impl Staging {
    pub(super) fn new() -> Self {
        let (give_back, returned) = channel();
        Self {
            idle: Vec::new(),
            returned: Mutex::new(returned),
            give_back,
        }
    }

    /// Writes `rows` into the whole of `texture`, its last pixels repeated to the texture's width.
    pub(super) fn upload(
        &mut self,
        device: &wgpu::Device,
        encoder: &mut wgpu::CommandEncoder,
        texture: &wgpu::Texture,
        rows: &Rows<'_>,
    ) {
        let width = texture.width() as usize * texel_bytes(texture);
        let pitch = width.next_multiple_of(wgpu::COPY_BYTES_PER_ROW_ALIGNMENT as usize);
        let height = texture.height() as usize;
        let strip = (STRIP / pitch).clamp(1, height);
        for first in (0..height).step_by(strip) {
            let count = strip.min(height - first);
            let buffer = self.take(device, pitch * count);
            fill(&buffer, pitch, width, first..first + count, rows);
            copy(encoder, &buffer, pitch, texture, first, count);
            self.recall(encoder, buffer);
        }
    }

    fn take(&mut self, device: &wgpu::Device, bytes: usize) -> wgpu::Buffer {
        let size = bytes.next_power_of_two() as u64;
        let returned = self.returned.get_mut().unwrap_or_else(|e| e.into_inner());
        self.idle.extend(returned.try_iter());
        if let Some(index) = self.idle.iter().position(|buffer| buffer.size() == size) {
            return self.idle.remove(index);
        }
        let surplus = self.idle.len().saturating_sub(IDLE);
        self.idle.drain(..surplus);
        device.create_buffer(&wgpu::BufferDescriptor {
            label: Some("staging"),
            size,
            usage: wgpu::BufferUsages::MAP_WRITE | wgpu::BufferUsages::COPY_SRC,
            mapped_at_creation: true,
        })
    }

    fn recall(&self, encoder: &wgpu::CommandEncoder, buffer: wgpu::Buffer) {
        let give_back = self.give_back.clone();
        let mapped = buffer.clone();
        encoder.map_buffer_on_submit(&buffer, wgpu::MapMode::Write, .., move |result| {
            if result.is_ok() {
                // The ring may be gone by now, and the buffer with it.
                let _ = give_back.send(mapped);
            }
        });
    }
}

fn texel_bytes(texture: &wgpu::Texture) -> usize {
    let bytes = texture.format().block_copy_size(None);
    bytes.expect("textures of samples have one aspect") as usize
}

fn fill(
    buffer: &wgpu::Buffer,
    pitch: usize,
    width: usize,
    range: std::ops::Range<usize>,
    rows: &Rows<'_>,
) {
    // Idle buffers are mapped, but for those of a device that is gone.
    let Ok(mut view) = buffer.get_mapped_range_mut(..) else {
        return;
    };
    for (line, row) in range.enumerate() {
        let start = row * rows.stride;
        let samples = &rows.bytes[start..start + rows.filled.min(width)];
        let at = line * pitch;
        view.slice(at..at + samples.len()).copy_from_slice(samples);
        let last = &samples[samples.len().saturating_sub(rows.group)..];
        for pad in (at + samples.len()..at + width).step_by(rows.group) {
            let end = (pad + last.len()).min(at + pitch);
            view.slice(pad..end).copy_from_slice(&last[..end - pad]);
        }
    }
    drop(view);
    buffer.unmap();
}

fn copy(
    encoder: &mut wgpu::CommandEncoder,
    buffer: &wgpu::Buffer,
    pitch: usize,
    texture: &wgpu::Texture,
    first: usize,
    count: usize,
) {
    let mut target = texture.as_image_copy();
    target.origin.y = first as u32;
    encoder.copy_buffer_to_texture(
        wgpu::TexelCopyBufferInfo {
            buffer,
            layout: wgpu::TexelCopyBufferLayout {
                offset: 0,
                bytes_per_row: Some(pitch as u32),
                rows_per_image: None,
            },
        },
        target,
        wgpu::Extent3d {
            width: texture.width(),
            height: count as u32,
            depth_or_array_layers: 1,
        },
    );
}
