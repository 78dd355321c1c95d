//! A window's surface, and the canvas drawn on it.

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::overlay::{Overlay, Panel};
use super::{Encoder, Gpu, GpuError, View};
use crate::frame_loop::may_block;
use crate::picture::Size;

/// How long a window that keeps its pictures is left alone: asked each time, it would stop the loop each time.
const REST: Duration = Duration::from_secs(1);

/// A window that takes this long to give a picture keeps them: a screen with 24 pictures a second takes less.
const SLOW: Duration = Duration::from_millis(250);

/// Pictures that a surface fails to give in a row before it counts as gone.
const MOST_FAILURES: u32 = 5;

/// A window's surface, configured for one GPU.
#[derive(Debug)]
pub struct Presenter {
    gpu: Gpu,
    surface: wgpu::Surface<'static>,
    config: wgpu::SurfaceConfiguration,
    pipeline: wgpu::RenderPipeline,
    sampler: wgpu::Sampler,
    place: wgpu::Buffer,
    overlay: Overlay,
    stale: bool,
    /// Pictures that it failed to give since the last that it gave.
    failures: u32,
    /// Whether the surface is to seem lost.
    is_given_up: bool,
    /// Nothing is asked of the window before.
    rests_until: Option<Instant>,
}

/// A window's surface that has no GPU yet. It is made on the window's thread.
#[derive(Debug)]
pub struct WindowSurface {
    pub(super) instance: wgpu::Instance,
    pub(super) surface: wgpu::Surface<'static>,
    size: Size,
}

impl WindowSurface {
    /// The surface of a window of `size` pixels.
    ///
    /// # Errors
    /// No driver can draw on the window.
    pub fn new<W>(window: &Arc<W>, size: Size) -> Result<Self, GpuError>
    where
        W: wgpu::WindowHandle + wgpu::wgt::WgpuHasDisplayHandle + 'static,
    {
        let instance = Gpu::instance(Some(Box::new(Arc::clone(window))));
        let surface = instance.create_surface(Arc::clone(window));
        let surface = surface.map_err(|error| GpuError::NoSurface(error.to_string()))?;
        Ok(Self {
            instance,
            surface,
            size,
        })
    }

    /// Opens a GPU that can draw on the window, and takes the surface over.
    ///
    /// # Errors
    /// As [`Gpu::open`]; or the GPU cannot draw on this window.
    pub fn open(self, choice: Option<&str>) -> Result<(Gpu, Presenter), GpuError> {
        let gpu = Gpu::open(choice, Some((&self.instance, &self.surface)))?;
        let refused = || GpuError::NoSurface(format!("{} cannot draw on it", gpu.info.name));
        let presenter = Presenter::new(&gpu, self.surface, self.size).ok_or_else(refused)?;
        Ok((gpu, presenter))
    }
}

/// A window's next picture, begun.
#[derive(Debug)]
pub struct Shown(wgpu::SurfaceTexture);

impl Presenter {
    /// Takes a surface over; `None` if the GPU cannot draw on it. The values are display-encoded already, so a
    /// format without sRGB conversion is chosen.
    fn new(gpu: &Gpu, surface: wgpu::Surface<'static>, size: Size) -> Option<Self> {
        let mut config = surface.get_default_config(&gpu.adapter, size.width, size.height)?;
        let formats = surface.get_capabilities(&gpu.adapter).formats;
        let plain = |format: &&wgpu::TextureFormat| {
            use wgpu::TextureFormat::{Bgra8Unorm, Rgba8Unorm};
            matches!(format, Bgra8Unorm | Rgba8Unorm)
        };
        config.format = *formats.iter().find(plain).or(formats.first())?;
        config.present_mode = wgpu::PresentMode::AutoVsync;
        surface.configure(&gpu.device, &config);
        let sampler = gpu.linear_sampler("present");
        let place = gpu.device.create_buffer(&wgpu::BufferDescriptor {
            label: Some("present"),
            size: 16,
            usage: wgpu::BufferUsages::UNIFORM | wgpu::BufferUsages::COPY_DST,
            mapped_at_creation: false,
        });
        let pipeline = pipeline(gpu, config.format);
        Some(Self {
            gpu: gpu.clone(),
            surface,
            pipeline,
            sampler,
            place,
            overlay: Overlay::new(gpu, config.format),
            config,
            stale: false,
            failures: 0,
            is_given_up: false,
            rests_until: None,
        })
    }

    /// The window has another size.
    pub fn resize(&mut self, size: Size) {
        self.config.width = size.width.max(1);
        self.config.height = size.height.max(1);
        self.stale = true;
    }

    /// Draws the canvas and panels over it; nothing where the window cannot take a picture now. `picture` is
    /// black if `None`.
    pub fn encode(
        &mut self,
        encoder: &mut Encoder,
        picture: Option<&View>,
        canvas: Size,
        panels: &[Panel],
    ) -> Option<Shown> {
        if self.stale {
            self.surface.configure(&self.gpu.device, &self.config);
            self.stale = false;
        }
        let texture = self.next()?;
        self.gpu
            .queue
            .write_buffer(&self.place, 0, bytemuck::cast_slice(&self.scale(canvas)));
        if !panels.is_empty() {
            let window = Size::new(self.config.width, self.config.height);
            self.overlay.write(panels, window);
        }
        let view = texture
            .texture
            .create_view(&wgpu::TextureViewDescriptor::default());
        let mut pass = encoder.begin_render_pass(&wgpu::RenderPassDescriptor {
            label: Some("present"),
            color_attachments: &[Some(wgpu::RenderPassColorAttachment {
                view: &view,
                depth_slice: None,
                resolve_target: None,
                ops: wgpu::Operations {
                    load: wgpu::LoadOp::Clear(wgpu::Color::BLACK),
                    store: wgpu::StoreOp::Store,
                },
            })],
            ..Default::default()
        });
        if let Some(picture) = picture {
            pass.set_pipeline(&self.pipeline);
            pass.set_bind_group(0, &self.group(picture), &[]);
            pass.draw(0..3, 0..1);
        }
        if !panels.is_empty() {
            self.overlay.draw(&mut pass);
        }
        drop(pass);
        Some(Shown(texture))
    }

    /// Puts a picture on the screen, after its encoder was submitted.
    pub fn show(&self, shown: Shown) {
        self.gpu.queue.present(shown.0);
    }

    /// The texture that is shown next. One that comes late, or not at all, lets the window rest: the system
    /// gives none to a window that nobody can see, but waits first.
    fn next(&mut self) -> Option<wgpu::SurfaceTexture> {
        use wgpu::CurrentSurfaceTexture as Current;
        let asked = Instant::now();
        if self.rests_until.is_some_and(|until| asked < until) {
            return None;
        }
        // With work under way it may be that work which is waited for.
        let is_idle = self.gpu.in_flight() == 0;
        let next = if self.is_given_up {
            Current::Lost
        } else {
            self.surface.get_current_texture()
        };
        let is_kept = matches!(next, Current::Timeout | Current::Occluded);
        let answered = Instant::now();
        let is_late = is_idle && answered - asked > SLOW;
        self.rests_until = (is_kept || is_late).then(|| answered + REST);
        match next {
            Current::Success(texture) => {
                self.failures = 0;
                Some(texture)
            }
            Current::Suboptimal(texture) => {
                self.stale = true;
                Some(texture)
            }
            Current::Outdated => {
                self.stale = true;
                None
            }
            Current::Lost | Current::Validation => {
                self.fail();
                None
            }
            Current::Timeout | Current::Occluded => None,
        }
    }

    /// Lets the surface seem lost from now on: to see that the show goes on.
    pub const fn give_up(&mut self) {
        self.is_given_up = true;
    }

    /// A surface that stays lost belongs to its device: a new one comes with a new device.
    fn fail(&mut self) {
        self.stale = true;
        self.failures += 1;
        if self.failures == MOST_FAILURES {
            self.gpu.lose("the window takes no pictures from it");
        }
    }

    /// How much of the window's width and height the canvas takes.
    fn scale(&self, canvas: Size) -> [f32; 4] {
        let window = self.config.width as f32 / self.config.height as f32;
        let ratio = canvas.width as f32 / canvas.height as f32 / window;
        [ratio.min(1.0), (1.0 / ratio).min(1.0), 0.0, 0.0]
    }

    fn group(&self, picture: &View) -> wgpu::BindGroup {
        let resources = [
            wgpu::BindingResource::TextureView(picture),
            wgpu::BindingResource::Sampler(&self.sampler),
            self.place.as_entire_binding(),
        ];
        let entries: Vec<_> = (0..)
            .zip(resources)
            .map(|(binding, resource)| wgpu::BindGroupEntry { binding, resource })
            .collect();
        self.gpu
            .device
            .create_bind_group(&wgpu::BindGroupDescriptor {
                label: Some("present"),
                layout: &self.pipeline.get_bind_group_layout(0),
                entries: &entries,
            })
    }
}

fn pipeline(gpu: &Gpu, format: wgpu::TextureFormat) -> wgpu::RenderPipeline {
    may_block("compile a shader");
    let module = gpu.module("present", include_str!("present.wgsl"));
    gpu.render_pipeline(
        "present",
        None,
        &module,
        ["corner", "color"],
        &[format.into()],
    )
}
