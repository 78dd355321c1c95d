//! The device, opened on the adapter that is chosen, and its submissions.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex};

use super::GpuError;
use super::adapter::{
    AdapterSummary, BACKENDS, FILTERS_FLOATS, MOST_READ, choose, enumerate, limits, no_driver,
    refused, wanted,
};
use super::health::Health;
use super::stored::Formats;
use crate::plan;

/// An open GPU. Clones share the device.
#[derive(Clone, Debug)]
pub struct Gpu {
    /// What adapters and surfaces come from.
    pub instance: wgpu::Instance,
    /// The chosen adapter.
    pub adapter: wgpu::Adapter,
    /// The device, opened with WebGPU's base limits whatever the adapter offers, but with all of its workgroup memory, and on a CPU all of
    /// its storage textures.
    pub device: wgpu::Device,
    /// The device's queue.
    pub queue: wgpu::Queue,
    /// What the adapter says of itself.
    pub info: wgpu::AdapterInfo,
    /// Whether passes can be timed.
    pub timestamps: bool,
    /// Nanoseconds in one tick of a time stamp.
    pub period_ns: f32,
    cpu: bool,
    draws: bool,
    /// What [`Self::compute`] has compiled.
    pub(super) compiled: Arc<Mutex<HashMap<Kernel, wgpu::ComputePipeline>>>,
    /// What [`Self::drawing`] has compiled.
    pub(super) drawings: Arc<Mutex<HashMap<Kernel, wgpu::RenderPipeline>>>,
    /// What other threads compile or have compiled, by a kernel's text.
    pub(super) asked: Arc<Mutex<HashSet<String>>>,
    health: Arc<Health>,
}

/// The text, the entry point and the formats of what is read of a pipeline.
pub(super) type Kernel = (String, String, Formats);

impl Gpu {
    /// An instance over Vulkan, Metal and DX12, or where these have no adapter over OpenGL as well:
    /// looking for OpenGL adapters is slow, and prints complaints where there is no display. The
    /// environment's `WGPU_BACKEND` overrules it. A window passes its display's handle, and makes
    /// its surface from this instance.
    #[must_use]
    pub fn instance(display: Option<Box<dyn wgpu::wgt::WgpuHasDisplayHandle>>) -> wgpu::Instance {
        let primary = instance_over(wgpu::Backends::PRIMARY, None);
        let has_adapter = !enumerate(&primary).is_empty();
        match (has_adapter, display) {
            (true, None) => primary,
            (true, display) => instance_over(wgpu::Backends::PRIMARY, display),
            (false, display) => instance_over(BACKENDS, display),
        }
    }

    /// Opens the first adapter whose name contains `choice`, whatever the case, discrete ones
    /// before integrated, virtual and CPU ones. `window` is a surface that it must be able to
    /// present to, with the instance that made the surface.
    ///
    /// # Errors
    /// If there is no driver, no adapter of that name, or no device with WebGPU's base limits.
    pub fn open(
        choice: Option<&str>,
        window: Option<(&wgpu::Instance, &wgpu::Surface<'_>)>,
    ) -> Result<Self, GpuError> {
        let instance =
            window.map_or_else(|| Self::instance(None), |(instance, _)| instance.clone());
        let mut refusal = None;
        for adapter in choose(&instance, choice, window.map(|(_, surface)| surface))? {
            match pollster::block_on(Self::request(&instance, &adapter)) {
                Ok(gpu) => return Ok(gpu),
                Err(error) => refusal = refusal.or(Some(refused(&adapter, &error))),
            }
        }
        Err(refusal.unwrap_or_else(no_driver))
    }

    /// All adapters, the one that would be chosen first.
    #[must_use]
    pub fn adapters() -> Vec<AdapterSummary> {
        enumerate(&Self::instance(None))
            .iter()
            .map(|adapter| AdapterSummary::from(&adapter.get_info()))
            .collect()
    }

    async fn request(
        instance: &wgpu::Instance,
        adapter: &wgpu::Adapter,
    ) -> Result<Self, wgpu::RequestDeviceError> {
        let cpu = adapter.get_info().device_type == wgpu::DeviceType::Cpu;
        let features = adapter.features() & wanted(cpu);
        let limits = limits(&adapter.limits(), cpu);
        let (device, queue) = adapter
            .request_device(&wgpu::DeviceDescriptor {
                label: Some("afterimage"),
                required_features: features,
                required_limits: limits.clone(),
                ..Default::default()
            })
            .await?;
        Ok(Self {
            compiled: Arc::default(),
            drawings: Arc::default(),
            asked: Arc::default(),
            instance: instance.clone(),
            adapter: adapter.clone(),
            cpu,
            draws: cpu && limits.max_storage_textures_per_shader_stage >= MOST_READ,
            info: adapter.get_info(),
            timestamps: features.contains(wgpu::Features::TIMESTAMP_QUERY),
            period_ns: queue.get_timestamp_period(),
            health: Health::watch(&device),
            device,
            queue,
        })
    }

    /// Whether the CPU does the work.
    #[must_use]
    pub const fn is_cpu(&self) -> bool {
        self.cpu
    }

    /// What recipes may know of it.
    #[must_use]
    pub fn as_plans_know(&self) -> plan::Adapter {
        plan::Adapter {
            cpu: self.cpu,
            workgroup_memory: self.device.limits().max_compute_workgroup_storage_size,
            filters_floats: self.cpu && self.device.features().contains(FILTERS_FLOATS),
        }
    }

    /// Whether passes are drawn rather than dispatched.
    #[must_use]
    pub const fn draws(&self) -> bool {
        self.draws
    }

    /// Whether pictures are read as storage textures.
    pub(super) const fn reads_storage(&self) -> bool {
        self.draws
    }

    /// This GPU, its passes dispatched and its pictures read as textures: as every GPU but lavapipe has them.
    #[must_use]
    pub fn dispatching(self) -> Self {
        Self {
            draws: false,
            ..self
        }
    }

    /// This GPU, given the work as hardware has it, whatever it is: what is cut otherwise for a CPU can so be tried.
    #[must_use]
    pub fn as_hardware(self) -> Self {
        Self {
            cpu: false,
            ..self.dispatching()
        }
    }

    /// Columns and rows of a workgroup for work that goes pixel by pixel: a strip on the CPU, where
    /// lavapipe is a fifth faster with it than with the square that suits real GPUs.
    #[must_use]
    pub fn workgroup(&self) -> (u32, u32) {
        if self.is_cpu() { (64, 1) } else { (8, 8) }
    }

    /// How many errors the device has reported outside any error scope.
    #[must_use]
    pub fn errors(&self) -> u64 {
        self.health.errors()
    }

    /// How many submissions it may lag behind: one that runs, one that waits, one that is being made.
    pub const MOST_IN_FLIGHT: usize = 3;

    /// How many submissions the GPU has not finished, as of the last poll.
    #[must_use]
    pub fn in_flight(&self) -> usize {
        // Only clears up behind the GPU; a lost device is told by its own callback.
        let _ = self.device.poll(wgpu::PollType::Poll);
        self.health.unfinished().len()
    }

    /// How many submissions there were so far.
    #[must_use]
    pub fn sent(&self) -> u64 {
        self.health.sent()
    }

    /// Waits until the GPU has finished the oldest submission that it had not, but for no later one. Says
    /// whether there was any.
    ///
    /// # Errors
    /// The GPU was lost.
    pub fn wait_oldest(&self) -> Result<bool, GpuError> {
        let oldest = self.health.unfinished().front().cloned();
        let Some(oldest) = oldest else {
            return Ok(false);
        };
        let waited = self.device.poll(wgpu::PollType::Wait {
            submission_index: Some(oldest),
            timeout: None,
        });
        waited.map_err(|error| GpuError::NoFrame(error.to_string()))?;
        Ok(true)
    }

    /// Whether the device is gone and everything on it has to be rebuilt.
    #[must_use]
    pub fn is_lost(&self) -> bool {
        self.loss().is_some()
    }

    /// Why the device is gone.
    #[must_use]
    pub fn loss(&self) -> Option<&str> {
        self.health.loss()
    }

    /// Gives the device up, as a driver does that is reset, and says why.
    pub fn lose(&self, why: &str) {
        // The device's own report waits for the work that is under way.
        self.health.lose(why.to_owned());
        self.device.destroy();
    }

    /// An encoder of one tick's work.
    #[must_use]
    pub fn encoder(&self, label: &str) -> wgpu::CommandEncoder {
        self.device
            .create_command_encoder(&wgpu::CommandEncoderDescriptor { label: Some(label) })
    }

    /// Sends work to the GPU, and lets what it has finished be used again.
    pub fn submit(&self, encoder: wgpu::CommandEncoder) {
        let index = self.queue.submit([encoder.finish()]);
        self.health.send(index);
        let health = Arc::clone(&self.health);
        self.queue.on_submitted_work_done(move || {
            health.unfinished().pop_front();
        });
        // Only clears up behind the GPU; a lost device is told by its own callback.
        let _ = self.device.poll(wgpu::PollType::Poll);
    }
}

fn instance_over(
    backends: wgpu::Backends,
    display: Option<Box<dyn wgpu::wgt::WgpuHasDisplayHandle>>,
) -> wgpu::Instance {
    wgpu::Instance::new(wgpu::InstanceDescriptor {
        backends: backends.with_env(),
        flags: wgpu::InstanceFlags::empty().with_env(),
        display,
        ..wgpu::InstanceDescriptor::new_without_display_handle()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn open() -> Gpu {
        Gpu::open(None, None).unwrap_or_else(|error| panic!("{error}"))
    }

    #[test]
    fn opens_with_the_base_limits_but_for_workgroup_memory() {
        let gpu = open();
        assert_eq!(gpu.device.limits().max_texture_dimension_2d, 8192);
        let on_hardware = limits(&gpu.adapter.limits(), false);
        assert_eq!(on_hardware.max_storage_textures_per_shader_stage, 4);
        let extra = gpu.device.features() - wanted(gpu.is_cpu());
        assert!(extra.is_empty(), "{extra:?}");
    }

    #[test]
    fn names_the_adapters_where_none_fits() {
        let names: Vec<_> = Gpu::adapters().into_iter().map(|gpu| gpu.name).collect();
        let error = Gpu::open(Some("no such card"), None).expect_err("that name does not exist");
        assert!(error.to_string().contains(&names[0]), "{error}");
        let part = names[0][1..].to_uppercase();
        assert_eq!(
            Gpu::open(Some(&part), None).map(|gpu| gpu.info.name),
            Ok(names[0].clone())
        );
    }

    #[test]
    fn counts_errors_and_lives_on() {
        let gpu = open();
        for entry in ["missing", "gone"] {
            gpu.compute("broken", "fn nothing() {}", entry, &[]);
        }
        assert!(gpu.errors() >= 2);
        assert!(!gpu.is_lost());
        gpu.lose("on purpose");
        assert_eq!(gpu.loss(), Some("on purpose"));
    }
}
