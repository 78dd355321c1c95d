//! Numbers that recipes leave behind come back, without the engine ever waiting for any but in a render.

use std::collections::VecDeque;
use std::time::Duration;

use super::Gpu;
use super::errand::Errand;
use super::state::State;
use crate::frame_loop::may_block;

/// How long a finished submission may take to report, when another thread is polling the device.
const REPORT: Duration = Duration::from_secs(2);

/// The numbers of one recipe on their way, the oldest first. As many may be under way as submissions.
#[derive(Debug, Default)]
pub(super) struct Numbers {
    idle: Vec<wgpu::Buffer>,
    under_way: VecDeque<Errand>,
}

impl Numbers {
    /// Copies a buffer, to be read once `encoder` is submitted.
    pub(super) fn send(
        &mut self,
        gpu: &Gpu,
        encoder: &mut wgpu::CommandEncoder,
        source: &wgpu::Buffer,
    ) {
        let size = source.size();
        self.idle.retain(|buffer| buffer.size() == size);
        let idle = self.idle.pop();
        let buffer = idle.unwrap_or_else(|| Errand::buffer(gpu, "numbers", size));
        encoder.copy_buffer_to_buffer(source, 0, &buffer, 0, size);
        self.under_way.push_back(Errand::send(encoder, buffer));
    }

    fn take(&mut self, patience: Duration) -> Option<Vec<u8>> {
        loop {
            let is_back = self.under_way.front()?.is_back(patience);
            if is_back == Ok(false) {
                return None;
            }
            let errand = self.under_way.pop_front()?;
            // What never comes, because its tick was thrown away, is left out.
            if is_back == Ok(true)
                && let Ok((bytes, buffer)) = errand.read(<[u8]>::to_vec)
            {
                self.idle.push(buffer);
                return Some(bytes);
            }
        }
    }
}

impl State {
    /// The next numbers of the recipe that is kept under `key`, in their order, if they are back. Never waits.
    pub fn take_numbers(&mut self, key: &str) -> Option<Vec<u8>> {
        self.numbers.get_mut(key)?.take(Duration::ZERO)
    }

    /// The same, waited for; nothing if none are under way, or the GPU was lost.
    pub fn await_numbers(&mut self, gpu: &Gpu, key: &str) -> Option<Vec<u8>> {
        let numbers = self.numbers.get_mut(key)?;
        while !numbers.under_way.is_empty() {
            may_block("wait for the GPU");
            if let Some(bytes) = numbers.take(Duration::ZERO) {
                return Some(bytes);
            }
            if !gpu.wait_oldest().ok()? {
                return numbers.take(REPORT);
            }
        }
        None
    }
}
