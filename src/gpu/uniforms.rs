//! The blocks of a tick, in one buffer: a slice for each layer's parameters and each run of each pass.

use super::Gpu;

/// Every dynamic offset of a uniform buffer is a multiple of this on base hardware.
const ALIGNMENT: usize = 256;

/// How many ticks the GPU may lag behind before a slice is written again.
const TICKS: u64 = 3;

/// A ring of uniform blocks: rewriting one block between the passes of one submission would give every
/// pass the last value, so each has a slice of its own.
#[derive(Debug)]
pub(super) struct Uniforms {
    buffer: wgpu::Buffer,
    bytes: Vec<u8>,
    tick: u64,
}

impl Uniforms {
    pub(super) fn new(gpu: &Gpu) -> Self {
        Self {
            buffer: buffer(gpu, 16 * ALIGNMENT as u64),
            bytes: Vec::new(),
            tick: 0,
        }
    }

    /// Begins a tick that will push at most `blocks` blocks of at most `largest` bytes.
    pub(super) fn begin(&mut self, gpu: &Gpu, blocks: usize, largest: usize) {
        self.bytes.clear();
        self.tick += 1;
        let needed = (blocks * largest.next_multiple_of(ALIGNMENT)) as u64;
        if needed * TICKS > self.buffer.size() {
            self.buffer = buffer(gpu, needed.next_power_of_two() * TICKS);
        }
    }

    fn base(&self) -> u64 {
        let slice = self.buffer.size() / TICKS / ALIGNMENT as u64 * ALIGNMENT as u64;
        self.tick % TICKS * slice
    }

    /// Adds a block and gives its offset in the buffer.
    pub(super) fn push(&mut self, block: &[u8]) -> u32 {
        let at = self.bytes.len().next_multiple_of(ALIGNMENT);
        self.bytes.resize(at, 0);
        self.bytes.extend_from_slice(block);
        (self.base() + at as u64) as u32
    }

    /// Sends the blocks of this tick; before the tick's submission.
    pub(super) fn send(&self, gpu: &Gpu) {
        gpu.queue
            .write_buffer(&self.buffer, self.base(), &self.bytes);
    }

    /// One block of this tick, where it stands.
    pub(super) fn block(&self, offset: u32, size: usize) -> wgpu::BindingResource<'_> {
        wgpu::BindingResource::Buffer(wgpu::BufferBinding {
            buffer: &self.buffer,
            offset: u64::from(offset),
            size: wgpu::BufferSize::new(size as u64),
        })
    }

    pub(super) fn binding(&self, size: usize) -> wgpu::BindingResource<'_> {
        wgpu::BindingResource::Buffer(wgpu::BufferBinding {
            buffer: &self.buffer,
            offset: 0,
            size: wgpu::BufferSize::new(size as u64),
        })
    }
}

fn buffer(gpu: &Gpu, size: u64) -> wgpu::Buffer {
    gpu.device.create_buffer(&wgpu::BufferDescriptor {
        label: Some("uniforms"),
        size,
        usage: wgpu::BufferUsages::UNIFORM
            | wgpu::BufferUsages::STORAGE
            | wgpu::BufferUsages::COPY_DST,
        mapped_at_creation: false,
    })
}
