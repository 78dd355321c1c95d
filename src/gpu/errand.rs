//! Buffers that the GPU fills and the CPU then reads.

use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::Duration;

use super::{Gpu, GpuError};

/// A buffer on its way back. It is mapped when its submission is done.
#[derive(Debug)]
pub(super) struct Errand {
    buffer: wgpu::Buffer,
    /// Whether the buffer could be mapped, once that is known; closed if it never will be.
    mapped: Receiver<bool>,
}

impl Errand {
    /// Makes a buffer for [`Self::send`].
    pub(super) fn buffer(gpu: &Gpu, label: &str, size: u64) -> wgpu::Buffer {
        gpu.device.create_buffer(&wgpu::BufferDescriptor {
            label: Some(label),
            size,
            usage: wgpu::BufferUsages::MAP_READ | wgpu::BufferUsages::COPY_DST,
            mapped_at_creation: false,
        })
    }

    /// Sends a buffer on its way, which `encoder` fills.
    pub(super) fn send(encoder: &wgpu::CommandEncoder, buffer: wgpu::Buffer) -> Self {
        let (report, mapped) = channel();
        encoder.map_buffer_on_submit(&buffer, wgpu::MapMode::Read, .., move |result| {
            // Nobody may wait for it any more.
            let _ = report.send(result.is_ok());
        });
        Self { buffer, mapped }
    }

    /// Whether it is back; false while it is on its way. Waits so long for it.
    ///
    /// # Errors
    /// It never will be: its encoder was thrown away, which is `None`, or it could not be mapped.
    pub(super) fn is_back(&self, patience: Duration) -> Result<bool, Option<GpuError>> {
        match self.mapped.recv_timeout(patience) {
            Ok(true) => Ok(true),
            Err(RecvTimeoutError::Timeout) => Ok(false),
            Ok(false) => Err(Some(GpuError::NoFrame(
                "its buffer could not be mapped".to_owned(),
            ))),
            Err(RecvTimeoutError::Disconnected) => Err(None),
        }
    }

    /// Reads what has come back, and gives the buffer to be filled again.
    ///
    /// # Errors
    /// The GPU was lost.
    pub(super) fn read<T>(
        self,
        read: impl FnOnce(&[u8]) -> T,
    ) -> Result<(T, wgpu::Buffer), GpuError> {
        let range = self.buffer.get_mapped_range(..);
        let view = range.map_err(|error| GpuError::NoFrame(error.to_string()))?;
        let what = read(&view);
        drop(view);
        self.buffer.unmap();
        Ok((what, self.buffer))
    }
}
