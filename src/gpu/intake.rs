//! The way in: a source's picture becomes colours on the canvas.

use std::collections::HashMap;

use crate::picture::{Fit, Format, Picture, Rotation, Size};

use super::convert::Conversion;
use super::fit::{Placing, Resampler};
use super::pass::{PICTURE_FORMAT, extent, view};
use super::planes::{self, Layout};
use super::staging::Staging;
use super::{Gpu, GpuError};

const LABEL: &str = "intake.convert";

/// Brings the pictures of one source onto the canvas: uploads the planes as they are, converts them
/// to colours, and fits them to the canvas's size.
#[derive(Debug)]
pub struct Intake {
    staging: Staging,
    planes: Vec<wgpu::Texture>,
    pipelines: HashMap<Conversion, Converter>,
    stored: Option<wgpu::Texture>,
    resampler: Resampler,
}

impl Default for Intake {
    fn default() -> Self {
        Self::new()
    }
}

impl Intake {
    /// An intake that holds nothing yet.
    #[must_use]
    pub fn new() -> Self {
        Self {
            staging: Staging::new(),
            planes: Vec::new(),
            pipelines: HashMap::new(),
            stored: None,
            resampler: Resampler::default(),
        }
    }

    /// Compiles what pictures like this one need on a canvas. [`Self::encode`] does it too, but a live
    /// show has it done on another thread before the first picture is due.
    pub fn prepare(&mut self, gpu: &Gpu, picture: &Picture, fit: Fit, bits8: bool, canvas: Size) {
        match placing(picture, fit, bits8, canvas) {
            None => drop(self.pipeline(gpu, picture, bits8)),
            Some(placing) => {
                self.pipeline(gpu, picture, false);
                self.resampler.prepare(gpu, placing);
            }
        }
    }

    /// The same for a source that is a table.
    pub fn prepare_table(&mut self, gpu: &Gpu, picture: &Picture) {
        self.pipeline(gpu, picture, false);
    }

    /// Writes `picture`, fitted to the canvas, into `target`, a storage view of
    /// [`PICTURE_FORMAT`] and of `canvas` pixels. With `bits8` the colours
    /// are levels n/255. A picture whose display size is the canvas's is converted only, and 8-bit
    /// RGB then is n/255 to the nearest half float.
    ///
    /// # Errors
    /// If a side exceeds 8192 pixels, or the planes are not what the format says.
    #[expect(
        clippy::too_many_arguments,
        reason = "one call a picture, all of it needed"
    )]
    pub fn encode(
        &mut self,
        gpu: &Gpu,
        encoder: &mut wgpu::CommandEncoder,
        picture: &Picture,
        fit: Fit,
        bits8: bool,
        target: &wgpu::TextureView,
        canvas: Size,
    ) -> Result<(), GpuError> {
        if !canvas.is_possible() {
            return Err(GpuError::TooLarge(canvas));
        }
        self.upload(gpu, encoder, picture)?;
        self.draw(gpu, encoder, picture, fit, bits8, target, canvas);
        Ok(())
    }

    /// The second half of [`Self::encode`]: from the planes to the canvas.
    #[expect(
        clippy::too_many_arguments,
        reason = "one call a picture, all of it needed"
    )]
    pub(super) fn draw(
        &mut self,
        gpu: &Gpu,
        encoder: &mut wgpu::CommandEncoder,
        picture: &Picture,
        fit: Fit,
        bits8: bool,
        target: &wgpu::TextureView,
        canvas: Size,
    ) {
        let Some(placing) = placing(picture, fit, bits8, canvas) else {
            return self.convert(gpu, encoder, picture, bits8, target);
        };
        let stored = self.stored(gpu, placing.turned);
        self.convert(gpu, encoder, picture, false, &stored);
        self.resampler
            .encode(gpu, encoder, &stored, placing, target);
    }

    /// The second half for a table: at its own size, and not rounded to levels.
    pub(super) fn draw_as_it_is(
        &mut self,
        gpu: &Gpu,
        encoder: &mut wgpu::CommandEncoder,
        picture: &Picture,
        target: &wgpu::TextureView,
    ) {
        self.convert(gpu, encoder, picture, false, target);
    }

    /// The first half of [`Self::encode`]: the planes go up as they are.
    ///
    /// # Errors
    /// As [`Self::encode`].
    pub(super) fn upload(
        &mut self,
        gpu: &Gpu,
        encoder: &mut wgpu::CommandEncoder,
        picture: &Picture,
    ) -> Result<(), GpuError> {
        let display = picture.display_size();
        if !display.is_possible() {
            return Err(GpuError::TooLarge(display));
        }
        let layouts = planes::layouts(picture)?;
        self.planes.truncate(layouts.len());
        for (index, (layout, rows)) in layouts.iter().enumerate() {
            let descriptor = plane_texture(&picture.format, layout);
            if !self
                .planes
                .get(index)
                .is_some_and(|texture| matches(texture, &descriptor))
            {
                self.planes.truncate(index);
                self.planes.push(gpu.device.create_texture(&descriptor));
            }
            let texture = &self.planes[index];
            self.staging.upload(&gpu.device, encoder, texture, rows);
        }
        Ok(())
    }

    fn convert(
        &mut self,
        gpu: &Gpu,
        encoder: &mut wgpu::CommandEncoder,
        picture: &Picture,
        bits8: bool,
        target: &wgpu::TextureView,
    ) {
        let converter = self.pipeline(gpu, picture, bits8);
        let views: Vec<_> = self.planes.iter().map(view).collect();
        converter.encode(gpu, encoder, picture, &views, target);
    }

    fn pipeline(&mut self, gpu: &Gpu, picture: &Picture, levels: bool) -> Converter {
        let conversion = Conversion {
            format: picture.format.clone(),
            encoding: picture.encoding,
            rotation: picture.rotation,
            levels,
            workgroup: gpu.workgroup(),
            draws: gpu.draws(),
        };
        let compile = |key: &Conversion| Converter::new(gpu, key);
        let entry = self.pipelines.entry(conversion);
        entry.or_insert_with_key(compile).clone()
    }

    /// The view of a picture at its stored size, turned.
    fn stored(&mut self, gpu: &Gpu, size: Size) -> wgpu::TextureView {
        let held = self.stored.take();
        let texture = held
            .filter(|texture| (texture.width(), texture.height()) == (size.width, size.height))
            .unwrap_or_else(|| gpu.picture("intake.stored", size));
        view(self.stored.insert(texture))
    }
}

/// A conversion, compiled.
#[derive(Clone, Debug)]
enum Converter {
    /// One fragment a pixel.
    Draw(wgpu::RenderPipeline),
    /// One invocation a block.
    Dispatch(wgpu::ComputePipeline),
}

impl Converter {
    fn new(gpu: &Gpu, conversion: &Conversion) -> Self {
        let text = conversion.shader();
        let plane = plane_format(&conversion.format);
        let planes = 0..planes::count(&conversion.format);
        let planes: Vec<_> = planes.map(|at| (u32::from(at), plane)).collect();
        if conversion.is_drawn() {
            Self::Draw(gpu.drawing(LABEL, &text, "convert", PICTURE_FORMAT, &planes))
        } else {
            Self::Dispatch(gpu.compute(LABEL, &text, "convert", &planes))
        }
    }

    fn encode(
        &self,
        gpu: &Gpu,
        encoder: &mut wgpu::CommandEncoder,
        picture: &Picture,
        planes: &[wgpu::TextureView],
        target: &wgpu::TextureView,
    ) {
        let planes = planes.iter().map(wgpu::BindingResource::TextureView);
        match self {
            Self::Draw(pipeline) => {
                let group = gpu.group(LABEL, &pipeline.get_bind_group_layout(0), planes);
                gpu.draw(encoder, LABEL, pipeline, &group, target);
            }
            Self::Dispatch(pipeline) => {
                let resources = planes.chain([wgpu::BindingResource::TextureView(target)]);
                let group = gpu.group(LABEL, &pipeline.get_bind_group_layout(0), resources);
                let blocks = planes::blocks(&picture.format, picture.size);
                gpu.dispatch(encoder, LABEL, pipeline, &group, blocks);
            }
        }
    }
}

/// How a picture is fitted to the canvas; none for one that fits as it is.
fn placing(picture: &Picture, fit: Fit, bits8: bool, canvas: Size) -> Option<Placing> {
    let (turned, display) = (turned_size(picture), picture.display_size());
    let fits = turned == canvas && display == canvas;
    (!fits).then_some(Placing {
        turned,
        display,
        canvas,
        fit,
        bits8,
    })
}

/// The stored size after rotation.
pub(super) fn turned_size(picture: &Picture) -> Size {
    let Size { width, height } = picture.size;
    match picture.rotation {
        Rotation::None | Rotation::Half => picture.size,
        Rotation::Clockwise90 | Rotation::Clockwise270 => Size::new(height, width),
    }
}

fn plane_texture(format: &Format, layout: &Layout) -> wgpu::TextureDescriptor<'static> {
    wgpu::TextureDescriptor {
        label: Some("intake.plane"),
        size: extent(layout.texture),
        mip_level_count: 1,
        sample_count: 1,
        dimension: wgpu::TextureDimension::D2,
        format: plane_format(format),
        usage: wgpu::TextureUsages::COPY_DST
            | wgpu::TextureUsages::STORAGE_BINDING
            | wgpu::TextureUsages::TEXTURE_BINDING,
        view_formats: &[],
    }
}

fn plane_format(format: &Format) -> wgpu::TextureFormat {
    match format.sample_bytes() {
        1 => wgpu::TextureFormat::Rgba8Uint,
        _ => wgpu::TextureFormat::Rgba16Uint,
    }
}

fn matches(texture: &wgpu::Texture, descriptor: &wgpu::TextureDescriptor<'_>) -> bool {
    texture.size() == descriptor.size && texture.format() == descriptor.format
}
