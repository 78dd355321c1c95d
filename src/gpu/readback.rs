//! The way out: finished pictures come back as bytes, without the engine ever waiting for one.

use std::collections::VecDeque;
use std::time::Duration;

use crate::frame_loop::may_block;
use crate::picture::Size;

use super::errand::Errand;
use super::pass::{extent, uniform, view};
use super::pipeline::target_format;
use super::{Gpu, GpuError};

/// Frames that may be on their way at once.
const SLOTS: usize = 3;
/// What pictures are before they go to a buffer.
const LEVELS: wgpu::TextureFormat = wgpu::TextureFormat::Rgba8Uint;
/// For pictures of the frame's size.
const QUANTISE: &str = "quantise";
/// For all others.
const FIT: &str = "fit";
/// How long a finished submission may take to report, when another thread is polling the device.
const REPORT: Duration = Duration::from_secs(2);

/// One finished picture on the CPU.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame {
    /// Counts what was handed to [`Readback::encode`] from 0, frames that were dropped included.
    pub number: u64,
    /// Red, green, blue and straight alpha, a byte each, row by row without padding.
    pub bytes: Vec<u8>,
    /// Width and height.
    pub size: Size,
}

/// Brings pictures back as 8-bit RGBA through a ring of three mapped buffers, in order.
#[derive(Debug)]
pub struct Readback {
    gpu: Gpu,
    frame_size: Option<(Size, wgpu::Buffer)>,
    levels: Option<wgpu::Texture>,
    idle: Vec<wgpu::Buffer>,
    under_way: VecDeque<Slot>,
    next: u64,
    dropped: u64,
}

#[derive(Debug)]
struct Slot {
    number: u64,
    size: Size,
    errand: Errand,
}

impl Readback {
    /// A readback with nothing under way.
    #[must_use]
    pub fn new(gpu: &Gpu) -> Self {
        for format in [false, true].map(target_format) {
            pipeline(gpu, QUANTISE, format);
            pipeline(gpu, FIT, format);
        }
        Self {
            gpu: gpu.clone(),
            frame_size: None,
            levels: None,
            idle: Vec::new(),
            under_way: VecDeque::new(),
            next: 0,
            dropped: 0,
        }
    }

    /// Whether the next [`Self::encode`] would drop its frame. A render takes one with
    /// [`Self::take_blocking`] first.
    #[must_use]
    pub fn is_full(&self) -> bool {
        self.under_way.len() >= SLOTS
    }

    /// How many frames were dropped because all buffers were busy.
    #[must_use]
    pub fn dropped(&self) -> u64 {
        self.dropped
    }

    /// How many frames are on their way or wait to be taken.
    #[must_use]
    pub fn pending(&self) -> usize {
        self.under_way.len()
    }

    /// Clips `source`, a picture of `size` pixels, to 0..1, rounds it half to even to 8 bits and
    /// sends it on its way once `encoder` is submitted. Gives the frame's number, or nothing if all
    /// buffers are busy and the frame was dropped.
    pub fn encode(
        &mut self,
        encoder: &mut wgpu::CommandEncoder,
        source: &wgpu::TextureView,
        size: Size,
    ) -> Option<u64> {
        let pipeline = pipeline(&self.gpu, QUANTISE, source.texture().format());
        let group = self.group(&pipeline, [wgpu::BindingResource::TextureView(source)]);
        self.send(encoder, &pipeline, &group, size)
    }

    /// As [`Self::encode`], with the picture of `size` pixels in the middle of a frame of another size: whole,
    /// as large as it can be, and transparent black beside it.
    pub fn encode_fitted(
        &mut self,
        encoder: &mut wgpu::CommandEncoder,
        source: &wgpu::TextureView,
        size: Size,
        frame: Size,
    ) -> Option<u64> {
        if size == frame {
            return self.encode(encoder, source, size);
        }
        let pipeline = pipeline(&self.gpu, FIT, source.texture().format());
        let size = self.frame_size(frame);
        let resources = [
            wgpu::BindingResource::TextureView(source),
            size.as_entire_binding(),
        ];
        let group = self.group(&pipeline, resources);
        self.send(encoder, &pipeline, &group, frame)
    }

    fn group<'a>(
        &self,
        pipeline: &wgpu::RenderPipeline,
        resources: impl IntoIterator<Item = wgpu::BindingResource<'a>>,
    ) -> wgpu::BindGroup {
        let layout = pipeline.get_bind_group_layout(0);
        self.gpu.group("readback", &layout, resources)
    }

    /// A frame's size where the GPU finds it.
    fn frame_size(&mut self, frame: Size) -> wgpu::Buffer {
        let held = self.frame_size.take().filter(|(size, _)| *size == frame);
        let sides = || [frame.width as f32, frame.height as f32];
        let made = || uniform(&self.gpu, "readback", bytemuck::bytes_of(&sides()));
        let held = held.unwrap_or_else(|| (frame, made()));
        self.frame_size.insert(held).1.clone()
    }

    fn send(
        &mut self,
        encoder: &mut wgpu::CommandEncoder,
        pipeline: &wgpu::RenderPipeline,
        group: &wgpu::BindGroup,
        size: Size,
    ) -> Option<u64> {
        let number = self.next;
        self.next += 1;
        if self.is_full() {
            self.dropped += 1;
            return None;
        }
        let levels = self.levels(size);
        self.gpu
            .draw(encoder, "readback", pipeline, group, &view(&levels));
        let buffer = self.buffer(pitch(size) * u64::from(size.height));
        copy(encoder, &levels, &buffer, size);
        self.under_way.push_back(Slot {
            number,
            size,
            errand: Errand::send(encoder, buffer),
        });
        Some(number)
    }

    /// The oldest frame, if it is here. Never waits.
    ///
    /// # Errors
    /// If the frame's encoder was thrown away, or the GPU was lost. That frame is gone; the next
    /// one may be asked for.
    pub fn try_take(&mut self) -> Result<Option<Frame>, GpuError> {
        // What the poll itself says is of no interest: a frame that is not back is asked for again.
        let _ = self.gpu.device.poll(wgpu::PollType::Poll);
        self.take(Duration::ZERO)
    }

    /// The oldest frame, waited for, or nothing if none is under way.
    ///
    /// # Errors
    /// If the frame's encoder was not submitted, or the GPU was lost.
    pub fn take_blocking(&mut self) -> Result<Option<Frame>, GpuError> {
        may_block("wait for the GPU");
        // Only the frame's own submission is waited for, so that the GPU goes on with the next ones.
        while self.pending() > 0 {
            if let Some(frame) = self.take(Duration::ZERO)? {
                return Ok(Some(frame));
            }
            if !self.gpu.wait_oldest()? {
                break;
            }
        }
        let waited = self.gpu.device.poll(wgpu::PollType::wait_indefinitely());
        waited.map_err(|error| GpuError::NoFrame(error.to_string()))?;
        match (self.take(REPORT)?, self.under_way.front()) {
            (None, Some(slot)) => Err(unsubmitted(slot)),
            (frame, _) => Ok(frame),
        }
    }

    fn take(&mut self, patience: Duration) -> Result<Option<Frame>, GpuError> {
        let Some(slot) = self.under_way.front() else {
            return Ok(None);
        };
        let back = slot.errand.is_back(patience);
        if back == Ok(false) {
            return Ok(None);
        }
        let slot = self.under_way.pop_front().expect("it was looked at above");
        if let Err(why) = back {
            return Err(why.unwrap_or_else(|| unsubmitted(&slot)));
        }
        let (frame, buffer) = slot.read()?;
        self.idle.push(buffer);
        Ok(Some(frame))
    }

    fn levels(&mut self, size: Size) -> wgpu::Texture {
        let held = self
            .levels
            .take()
            .filter(|texture| texture.size() == extent(size));
        let levels = held.unwrap_or_else(|| self.texture(size));
        self.levels.insert(levels).clone()
    }

    fn texture(&self, size: Size) -> wgpu::Texture {
        self.gpu.device.create_texture(&wgpu::TextureDescriptor {
            label: Some("readback"),
            size: extent(size),
            mip_level_count: 1,
            sample_count: 1,
            dimension: wgpu::TextureDimension::D2,
            format: LEVELS,
            usage: wgpu::TextureUsages::RENDER_ATTACHMENT | wgpu::TextureUsages::COPY_SRC,
            view_formats: &[],
        })
    }

    fn buffer(&mut self, size: u64) -> wgpu::Buffer {
        self.idle.retain(|buffer| buffer.size() == size);
        let idle = self.idle.pop();
        idle.unwrap_or_else(|| Errand::buffer(&self.gpu, "readback", size))
    }
}

impl Slot {
    fn read(self) -> Result<(Frame, wgpu::Buffer), GpuError> {
        let width = self.size.width as usize * 4;
        let mut bytes = Vec::with_capacity(width * self.size.height as usize);
        let ((), buffer) = self.errand.read(|view| {
            for row in view.chunks_exact(pitch(self.size) as usize) {
                bytes.extend_from_slice(&row[..width]);
            }
        })?;
        let frame = Frame {
            number: self.number,
            bytes,
            size: self.size,
        };
        Ok((frame, buffer))
    }
}

/// What brings pictures of a format into a frame.
fn pipeline(gpu: &Gpu, fragment: &str, format: wgpu::TextureFormat) -> wgpu::RenderPipeline {
    let text = include_str!("readback.wgsl");
    gpu.drawing("readback", text, fragment, LEVELS, &[(0, format)])
}

fn unsubmitted(slot: &Slot) -> GpuError {
    GpuError::NoFrame(format!(
        "the commands of frame {} were not submitted",
        slot.number
    ))
}

/// Bytes from row to row in a buffer.
fn pitch(size: Size) -> u64 {
    u64::from(size.width * 4).next_multiple_of(wgpu::COPY_BYTES_PER_ROW_ALIGNMENT.into())
}

fn copy(
    encoder: &mut wgpu::CommandEncoder,
    levels: &wgpu::Texture,
    buffer: &wgpu::Buffer,
    size: Size,
) {
    encoder.copy_texture_to_buffer(
        levels.as_image_copy(),
        wgpu::TexelCopyBufferInfo {
            buffer,
            layout: wgpu::TexelCopyBufferLayout {
                offset: 0,
                bytes_per_row: Some(pitch(size) as u32),
                rows_per_image: None,
            },
        },
        extent(size),
    );
}
