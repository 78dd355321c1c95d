//! The adapters that there are, and which of them is chosen.

use std::fmt;

use super::GpuError;
use crate::frame_loop::may_block;

/// Vulkan, Metal, DX12, and OpenGL where these have no adapter.
pub(super) const BACKENDS: wgpu::Backends = wgpu::Backends::PRIMARY.union(wgpu::Backends::GL);

/// An adapter as `afterimage devices` shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AdapterSummary {
    /// The adapter's name, of which `--gpu` takes any part.
    pub name: String,
    /// `discrete`, `integrated`, `virtual`, `other` or `cpu`.
    pub kind: &'static str,
    /// The interface it is reached through, like `vulkan`.
    pub backend: String,
    /// Driver name and version.
    pub driver: String,
}

impl fmt::Display for AdapterSummary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({}, {})", self.name, self.kind, self.backend)
    }
}

impl From<&wgpu::AdapterInfo> for AdapterSummary {
    fn from(info: &wgpu::AdapterInfo) -> Self {
        Self {
            name: info.name.clone(),
            kind: kind(info.device_type).1,
            backend: info.backend.to_string(),
            driver: format!("{} {}", info.driver, info.driver_info)
                .trim()
                .to_owned(),
        }
    }
}

/// Rank (the smaller the better) and name of a kind of adapter.
const fn kind(device_type: wgpu::DeviceType) -> (u8, &'static str) {
    match device_type {
        wgpu::DeviceType::DiscreteGpu => (0, "discrete"),
        wgpu::DeviceType::IntegratedGpu => (1, "integrated"),
        wgpu::DeviceType::VirtualGpu => (2, "virtual"),
        wgpu::DeviceType::Other => (3, "other"),
        wgpu::DeviceType::Cpu => (4, "cpu"),
    }
}

/// Better kinds first, and OpenGL last among equals.
fn rank(info: &wgpu::AdapterInfo) -> (u8, bool) {
    (kind(info.device_type).0, info.backend == wgpu::Backend::Gl)
}

/// All adapters, the best first.
pub(super) fn enumerate(instance: &wgpu::Instance) -> Vec<wgpu::Adapter> {
    may_block("look for GPUs");
    let mut adapters = pollster::block_on(instance.enumerate_adapters(BACKENDS));
    adapters.sort_by_key(|adapter| rank(&adapter.get_info()));
    adapters
}

/// The adapters whose name contains `choice` and that can draw on `surface`, the best first.
pub(super) fn choose(
    instance: &wgpu::Instance,
    choice: Option<&str>,
    surface: Option<&wgpu::Surface<'_>>,
) -> Result<Vec<wgpu::Adapter>, GpuError> {
    let mut adapters = enumerate(instance);
    adapters.retain(|adapter| surface.is_none_or(|surface| adapter.is_surface_supported(surface)));
    let Some(wanted) = choice.filter(|_| !adapters.is_empty()) else {
        return Ok(adapters);
    };
    let (named, others): (Vec<_>, Vec<_>) = adapters
        .into_iter()
        .partition(|adapter| contains(&adapter.get_info().name, wanted));
    if named.is_empty() {
        return Err(no_such_adapter(wanted, &others));
    }
    Ok(named)
}

fn contains(name: &str, part: &str) -> bool {
    name.to_lowercase().contains(&part.to_lowercase())
}

fn no_such_adapter(wanted: &str, adapters: &[wgpu::Adapter]) -> GpuError {
    let summaries = adapters
        .iter()
        .map(|adapter| AdapterSummary::from(&adapter.get_info()).to_string());
    GpuError::NoSuchAdapter {
        wanted: wanted.to_owned(),
        found: summaries.collect::<Vec<_>>().join(", "),
    }
}

pub(super) fn no_driver() -> GpuError {
    let compiled = BACKENDS & wgpu::Instance::enabled_backend_features();
    let names: Vec<_> = compiled.iter_names().map(|(name, _)| name).collect();
    GpuError::NoDriver {
        looked_for: names.join(", "),
    }
}

pub(super) fn refused(adapter: &wgpu::Adapter, error: &wgpu::RequestDeviceError) -> GpuError {
    GpuError::NoDevice {
        adapter: AdapterSummary::from(&adapter.get_info()).to_string(),
        reason: error.to_string(),
    }
}

/// Pictures that a pass reads and writes at most.
pub(super) const MOST_READ: u32 = 20;

/// That samplers read between pixels of 32-bit floats.
pub(super) const FILTERS_FLOATS: wgpu::Features = wgpu::Features::FLOAT32_FILTERABLE;

/// Time stamps, and where a CPU does the work 32-bit floats that samplers read: single ones it reads in half the time.
pub(super) const fn wanted(cpu: bool) -> wgpu::Features {
    match cpu {
        true => wgpu::Features::TIMESTAMP_QUERY.union(FILTERS_FLOATS),
        false => wgpu::Features::TIMESTAMP_QUERY,
    }
}

/// WebGPU's base limits, but for all of a workgroup's memory, and where a CPU does the work as many storage textures as
/// it has: pictures are read as such there.
pub(super) fn limits(adapter: &wgpu::Limits, cpu: bool) -> wgpu::Limits {
    let base = wgpu::Limits::default();
    wgpu::Limits {
        max_compute_workgroup_storage_size: adapter.max_compute_workgroup_storage_size,
        max_storage_textures_per_shader_stage: match cpu {
            true => adapter.max_storage_textures_per_shader_stage,
            false => base.max_storage_textures_per_shader_stage,
        },
        ..base
    }
}
