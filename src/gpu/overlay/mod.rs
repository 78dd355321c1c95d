//! Text over the picture of a window, in panels of one font whose letters are equally wide.

mod atlas;
mod grid;

use self::atlas::Atlas;
use self::grid::Grid;
use super::Gpu;
use super::pass::view;
use crate::frame_loop::may_block;
use crate::picture::Size;

/// A dark panel with a title and rows under it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Panel {
    /// What it is about.
    pub title: String,
    /// From top to bottom.
    pub rows: Vec<Row>,
}

/// A row of a panel: the labels of all rows stand in one column, their texts in another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// What the text is about.
    pub label: String,
    /// The text; as long as it likes, it goes on in further rows.
    pub text: String,
    /// How it looks.
    pub tone: Tone,
}

impl Row {
    /// A row that looks as usual.
    pub fn new(label: impl Into<String>, text: impl Into<String>) -> Self {
        Self {
            label: label.into(),
            text: text.into(),
            tone: Tone::Plain,
        }
    }

    /// A row that wants to be seen.
    pub fn warning(label: impl Into<String>, text: impl Into<String>) -> Self {
        Self {
            tone: Tone::Warning,
            ..Self::new(label, text)
        }
    }
}

/// How a text looks; the shader's colours stand in this order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tone {
    /// What is read: white.
    #[default]
    Plain,
    /// What helps to find it: grey.
    Quiet,
    /// What has to be seen: amber.
    Warning,
}

/// Draws panels on a window. Letters are made when there is something to say for the first time, and anew
/// where the window's height changes.
#[derive(Debug)]
pub(super) struct Overlay {
    gpu: Gpu,
    pipeline: wgpu::RenderPipeline,
    page: Option<Page>,
}

/// Everything for one size of the window.
#[derive(Debug)]
struct Page {
    window: Size,
    atlas: Atlas,
    grid: Grid,
    cells: wgpu::Texture,
    group: wgpu::BindGroup,
}

impl Overlay {
    /// An overlay of windows of this format. Compiles: not for the frame loop.
    pub(super) fn new(gpu: &Gpu, format: wgpu::TextureFormat) -> Self {
        Self {
            gpu: gpu.clone(),
            pipeline: pipeline(gpu, format),
            page: None,
        }
    }

    /// Makes panels ready to be drawn on a window of this size.
    pub(super) fn write(&mut self, panels: &[Panel], window: Size) {
        let page = self.page.take().filter(|page| page.window == window);
        let mut page = page.unwrap_or_else(|| self.page(window));
        let grid = Grid::of(panels, page.grid.size(), |letter| page.atlas.index(letter));
        if grid != page.grid {
            send(&self.gpu, &page.cells, &grid);
            page.grid = grid;
        }
        self.page = Some(page);
    }

    /// Draws what was written.
    pub(super) fn draw(&self, pass: &mut wgpu::RenderPass<'_>) {
        if let Some(page) = &self.page {
            pass.set_pipeline(&self.pipeline);
            pass.set_bind_group(0, &page.group, &[]);
            pass.draw(0..3, 0..1);
        }
    }

    fn page(&self, window: Size) -> Page {
        let atlas = Atlas::new(&self.gpu, line_height(window));
        let cell = atlas.cell();
        let size = Size::new(
            (window.width / cell.width).max(1),
            (window.height / cell.height).max(1),
        );
        let cells = texture(&self.gpu, size, wgpu::TextureFormat::R32Uint);
        let resources = [&view(&cells), &view(atlas.texture())];
        let entries: Vec<_> = (0..)
            .zip(resources.map(wgpu::BindingResource::TextureView))
            .map(|(binding, resource)| wgpu::BindGroupEntry { binding, resource })
            .collect();
        let group = self
            .gpu
            .device
            .create_bind_group(&wgpu::BindGroupDescriptor {
                label: Some("overlay"),
                layout: &self.pipeline.get_bind_group_layout(0),
                entries: &entries,
            });
        Page {
            window,
            atlas,
            // A texture begins with zeros, as this does.
            grid: Grid::empty(size),
            cells,
            group,
        }
    }
}

/// Pixels from line to line: 40 lines fill a window, and no letter is too small to be read.
fn line_height(window: Size) -> u32 {
    (window.height / 40).max(14)
}

fn texture(gpu: &Gpu, size: Size, format: wgpu::TextureFormat) -> wgpu::Texture {
    gpu.device.create_texture(&wgpu::TextureDescriptor {
        label: Some("overlay"),
        size: super::pass::extent(size),
        mip_level_count: 1,
        sample_count: 1,
        dimension: wgpu::TextureDimension::D2,
        format,
        usage: wgpu::TextureUsages::TEXTURE_BINDING | wgpu::TextureUsages::COPY_DST,
        view_formats: &[],
    })
}

/// A few kilobytes, some times a second.
fn send(gpu: &Gpu, cells: &wgpu::Texture, grid: &Grid) {
    gpu.queue.write_texture(
        cells.as_image_copy(),
        bytemuck::cast_slice(grid.cells()),
        wgpu::TexelCopyBufferLayout {
            offset: 0,
            bytes_per_row: Some(grid.size().width * 4),
            rows_per_image: None,
        },
        cells.size(),
    );
}

fn pipeline(gpu: &Gpu, format: wgpu::TextureFormat) -> wgpu::RenderPipeline {
    may_block("compile a shader");
    let text = format!(
        "const SIDE = {}u;\n{}",
        atlas::SIDE,
        include_str!("overlay.wgsl")
    );
    let module = gpu.module("overlay", &text);
    let target = wgpu::ColorTargetState {
        format,
        blend: Some(wgpu::BlendState::PREMULTIPLIED_ALPHA_BLENDING),
        write_mask: wgpu::ColorWrites::ALL,
    };
    gpu.render_pipeline("overlay", None, &module, ["corner", "letter"], &[target])
}
