//! GPU time per pass, from timestamp queries, read back without waiting.

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

use super::Gpu;

const MOST_PASSES: u32 = 512;
const FREE: u8 = 0;
const BUSY: u8 = 1;
const READY: u8 = 2;

/// The time that one pass took.
#[derive(Clone, Debug, PartialEq)]
pub struct PassTime {
    /// `LAYER.ENTRY`; `source.NAME.upload` and `source.NAME.convert` on the way in.
    pub label: String,
    /// Milliseconds on the GPU.
    pub milliseconds: f64,
    /// Bytes of the pictures that are read and written, each counted once.
    pub bytes: u64,
}

/// A stretch of an encoder that is being timed.
#[derive(Debug)]
pub(super) struct Stretch(u32);

/// What a stretch of the encoder does. A GPU on which passes are drawn is lavapipe: it takes the time stamps
/// of everything else when it next draws, so that they say nothing and are not asked for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Drawn,
    Other,
}

/// Measures the passes of a tick. One tick is under way at a time; ticks in between are not measured.
#[derive(Debug)]
pub(super) struct Timing {
    queries: Option<wgpu::QuerySet>,
    resolved: wgpu::Buffer,
    mapped: wgpu::Buffer,
    state: Arc<AtomicU8>,
    period_ns: f64,
    labels: Vec<(String, u64)>,
    measuring: bool,
    draws: bool,
    latest: Vec<PassTime>,
}

impl Timing {
    pub(super) fn new(gpu: &Gpu) -> Self {
        let size = u64::from(MOST_PASSES) * 16;
        let buffer = |label, usage| {
            gpu.device.create_buffer(&wgpu::BufferDescriptor {
                label: Some(label),
                size,
                usage,
                mapped_at_creation: false,
            })
        };
        let queries = gpu.timestamps.then(|| {
            gpu.device.create_query_set(&wgpu::QuerySetDescriptor {
                label: Some("timing"),
                ty: wgpu::QueryType::Timestamp,
                count: MOST_PASSES * 2,
            })
        });
        let resolve = wgpu::BufferUsages::QUERY_RESOLVE | wgpu::BufferUsages::COPY_SRC;
        let map = wgpu::BufferUsages::MAP_READ | wgpu::BufferUsages::COPY_DST;
        Self {
            queries,
            resolved: buffer("timing.resolved", resolve),
            mapped: buffer("timing.mapped", map),
            state: Arc::new(AtomicU8::new(FREE)),
            period_ns: f64::from(gpu.period_ns),
            labels: Vec::new(),
            measuring: false,
            draws: gpu.draws(),
            latest: Vec::new(),
        }
    }

    /// Begins a tick.
    pub(super) fn begin(&mut self) {
        self.collect();
        self.measuring = self.queries.is_some() && self.state.load(Ordering::Acquire) == FREE;
        if self.measuring {
            self.labels.clear();
        }
    }

    /// Whether dispatches are timed in this tick.
    pub(super) fn tells_dispatches(&self) -> bool {
        self.measuring && !self.draws
    }

    /// What a pass is to write, if this tick is measured.
    pub(super) fn computed(
        &mut self,
        label: &str,
        bytes: u64,
    ) -> Option<wgpu::ComputePassTimestampWrites<'_>> {
        let index = self.label(Kind::Other, label, bytes)?;
        Some(wgpu::ComputePassTimestampWrites {
            query_set: self.queries.as_ref()?,
            beginning_of_pass_write_index: Some(index * 2),
            end_of_pass_write_index: Some(index * 2 + 1),
        })
    }

    /// The same for a pass that is drawn.
    pub(super) fn drawn(
        &mut self,
        label: &str,
        bytes: u64,
    ) -> Option<wgpu::RenderPassTimestampWrites<'_>> {
        let index = self.label(Kind::Drawn, label, bytes)?;
        Some(wgpu::RenderPassTimestampWrites {
            query_set: self.queries.as_ref()?,
            beginning_of_pass_write_index: Some(index * 2),
            end_of_pass_write_index: Some(index * 2 + 1),
        })
    }

    /// Begins a stretch of the encoder that is timed as a whole: copies, or several passes.
    pub(super) fn start(
        &mut self,
        encoder: &mut wgpu::CommandEncoder,
        label: &str,
        bytes: u64,
    ) -> Option<Stretch> {
        let index = self.label(Kind::Other, label, bytes)?;
        self.mark(encoder, index * 2);
        Some(Stretch(index))
    }

    /// Ends a stretch.
    pub(super) fn stop(&self, encoder: &mut wgpu::CommandEncoder, stretch: Option<Stretch>) {
        if let Some(Stretch(index)) = stretch {
            self.mark(encoder, index * 2 + 1);
        }
    }

    fn label(&mut self, kind: Kind, label: &str, bytes: u64) -> Option<u32> {
        let index = self.labels.len() as u32;
        let tells = (kind == Kind::Drawn && self.measuring) || self.tells_dispatches();
        let wanted = tells && index < MOST_PASSES;
        wanted.then(|| {
            self.labels.push((label.to_owned(), bytes));
            index
        })
    }

    /// Base hardware takes time stamps at the borders of passes only: an empty one has none but that.
    fn mark(&self, encoder: &mut wgpu::CommandEncoder, index: u32) {
        let writes = |query_set| wgpu::ComputePassTimestampWrites {
            query_set,
            beginning_of_pass_write_index: Some(index),
            end_of_pass_write_index: None,
        };
        encoder.begin_compute_pass(&wgpu::ComputePassDescriptor {
            label: Some("timing"),
            timestamp_writes: self.queries.as_ref().map(writes),
        });
    }

    /// Ends a tick's encoding.
    pub(super) fn resolve(&self, encoder: &mut wgpu::CommandEncoder) {
        let count = self.labels.len() as u32 * 2;
        if let Some(queries) = self
            .queries
            .as_ref()
            .filter(|_| self.measuring && count > 0)
        {
            encoder.resolve_query_set(queries, 0..count, &self.resolved, 0);
            let size = u64::from(count) * 8;
            encoder.copy_buffer_to_buffer(&self.resolved, 0, &self.mapped, 0, size);
        }
    }

    /// After the tick's submission.
    pub(super) fn submitted(&mut self) {
        if !self.measuring || self.labels.is_empty() {
            return;
        }
        self.measuring = false;
        self.state.store(BUSY, Ordering::Release);
        let state = Arc::clone(&self.state);
        self.mapped
            .map_async(wgpu::MapMode::Read, .., move |result| {
                state.store(if result.is_ok() { READY } else { FREE }, Ordering::Release);
            });
    }

    fn collect(&mut self) {
        if self.state.load(Ordering::Acquire) != READY {
            return;
        }
        if let Ok(bytes) = self.mapped.get_mapped_range(..) {
            let stamps: Vec<u64> = bytes
                .chunks_exact(8)
                .map(|word| u64::from_le_bytes(word.try_into().unwrap_or_default()))
                .collect();
            let times = stamps
                .chunks_exact(2)
                .map(|pair| pair[1].saturating_sub(pair[0]));
            let passes = self.labels.drain(..).zip(times);
            let milliseconds = |ticks: u64| ticks as f64 * self.period_ns / 1e6;
            self.latest = passes
                .map(|((label, bytes), ticks)| PassTime {
                    label,
                    bytes,
                    milliseconds: milliseconds(ticks),
                })
                .collect();
        }
        self.mapped.unmap();
        self.state.store(FREE, Ordering::Release);
    }

    /// The last measured tick.
    pub(super) fn latest(&mut self) -> &[PassTime] {
        self.collect();
        &self.latest
    }
}
