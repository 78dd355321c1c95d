//! Brings a picture to the canvas's size.

use crate::picture::{Fit, Size};

use super::Gpu;
use super::pass::{PICTURE_FORMAT, uniform, view};

/// Where a picture goes on the canvas.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Placing {
    /// The stored size after rotation.
    pub(super) turned: Size,
    /// The size it is shown at.
    pub(super) display: Size,
    pub(super) canvas: Size,
    pub(super) fit: Fit,
    /// Whether colours are rounded to n/255.
    pub(super) bits8: bool,
}

/// From canvas pixels to picture pixels along one axis: `position * step + start`.
#[derive(Clone, Copy, Debug, PartialEq, bytemuck::Pod, bytemuck::Zeroable)]
#[repr(C)]
struct Axis {
    step: f32,
    start: f32,
}

impl Axis {
    /// `length` picture pixels cover `shown` canvas pixels from `left` on.
    fn new(length: u32, shown: f64, left: f64) -> Self {
        let step = f64::from(length) / shown;
        Self {
            step: step as f32,
            start: (-left * step) as f32,
        }
    }
}

impl Placing {
    /// The axes across and down.
    fn axes(&self) -> [Axis; 2] {
        let lengths = |size: Size| [f64::from(size.width), f64::from(size.height)];
        let (display, canvas) = (lengths(self.display), lengths(self.canvas));
        let ratios = [canvas[0] / display[0], canvas[1] / display[1]];
        let scales = match self.fit {
            Fit::Cover => [ratios[0].max(ratios[1]); 2],
            Fit::Contain => [ratios[0].min(ratios[1]); 2],
            Fit::Stretch => ratios,
            Fit::Native => [1.0; 2],
        };
        let turned = [self.turned.width, self.turned.height];
        std::array::from_fn(|axis| {
            let shown = display[axis] * scales[axis];
            let middle = (canvas[axis] - shown) / 2.0;
            // A native picture stays on whole pixels, or an odd difference would blur it.
            let left = match self.fit {
                Fit::Native => middle.floor(),
                _ => middle,
            };
            Axis::new(turned[axis], shown, left)
        })
    }
}

/// Resamples pictures in two passes, across and down.
#[derive(Debug, Default)]
pub(super) struct Resampler {
    ready: Option<Ready>,
}

/// What one placing needs.
#[derive(Debug)]
pub(super) struct Ready {
    placing: Placing,
    pipelines: [wgpu::ComputePipeline; 2],
    axes: [wgpu::Buffer; 2],
    /// The picture at the canvas's width and its own height.
    between: wgpu::TextureView,
}

impl Resampler {
    /// Compiles what a placing needs, unless it is the last one.
    pub(super) fn prepare(&mut self, gpu: &Gpu, placing: Placing) -> &Ready {
        let held = self.ready.take().filter(|ready| ready.placing == placing);
        self.ready
            .insert(held.unwrap_or_else(|| Ready::new(gpu, placing)))
    }

    /// Fits `source` to the canvas as `placing` says, into `target`.
    pub(super) fn encode(
        &mut self,
        gpu: &Gpu,
        encoder: &mut wgpu::CommandEncoder,
        source: &wgpu::TextureView,
        placing: Placing,
        target: &wgpu::TextureView,
    ) {
        let ready = self.prepare(gpu, placing);
        let between = Size::new(placing.canvas.width, placing.turned.height);
        ready.pass(gpu, encoder, 0, [source, &ready.between], between);
        ready.pass(gpu, encoder, 1, [&ready.between, target], placing.canvas);
    }
}

impl Ready {
    fn new(gpu: &Gpu, placing: Placing) -> Self {
        let (columns, rows) = gpu.workgroup();
        let text = format!(
            "const LEVELS = {};\nconst COLUMNS = {columns};\nconst ROWS = {rows};\n{}",
            placing.bits8,
            include_str!("fit.wgsl")
        );
        let between = Size::new(placing.canvas.width, placing.turned.height);
        Self {
            placing,
            pipelines: ["across", "down"]
                .map(|entry| gpu.compute("intake.fit", &text, entry, &[(0, PICTURE_FORMAT)])),
            axes: placing
                .axes()
                .map(|axis| uniform(gpu, "intake.fit", bytemuck::bytes_of(&axis))),
            between: view(&gpu.picture("intake.between", between)),
        }
    }

    fn pass(
        &self,
        gpu: &Gpu,
        encoder: &mut wgpu::CommandEncoder,
        axis: usize,
        [source, target]: [&wgpu::TextureView; 2],
        size: Size,
    ) {
        let pipeline = &self.pipelines[axis];
        let resources = [
            wgpu::BindingResource::TextureView(source),
            wgpu::BindingResource::TextureView(target),
            self.axes[axis].as_entire_binding(),
        ];
        let group = gpu.group("intake.fit", &pipeline.get_bind_group_layout(0), resources);
        gpu.dispatch(encoder, "intake.fit", pipeline, &group, size);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn axes(display: (u32, u32), canvas: (u32, u32), fit: Fit) -> [(f32, f32); 2] {
        let display = Size::new(display.0, display.1);
        let placing = Placing {
            turned: display,
            display,
            canvas: Size::new(canvas.0, canvas.1),
            fit,
            bits8: false,
        };
        placing.axes().map(|axis| (axis.step, axis.start))
    }

    #[test]
    fn each_fit_places_the_picture_in_the_middle() {
        let place = |fit| axes((200, 100), (100, 100), fit);
        assert_eq!(place(Fit::Cover), [(1.0, 50.0), (1.0, 0.0)]);
        assert_eq!(place(Fit::Contain), [(2.0, 0.0), (2.0, -50.0)]);
        assert_eq!(place(Fit::Stretch), [(2.0, 0.0), (1.0, 0.0)]);
        assert_eq!(place(Fit::Native), [(1.0, 50.0), (1.0, 0.0)]);
        assert_eq!(axes((3, 3), (6, 6), Fit::Native), [(1.0, -1.0); 2]);
    }

    #[test]
    fn pixel_aspect_widens_the_step() {
        let placing = Placing {
            turned: Size::new(720, 576),
            display: Size::new(768, 576),
            canvas: Size::new(768, 576),
            fit: Fit::Cover,
            bits8: false,
        };
        assert_eq!(placing.axes()[0].step, 0.9375);
        assert_eq!(placing.axes()[1].step, 1.0);
    }
}
