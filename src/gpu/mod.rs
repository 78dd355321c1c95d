//! The only room that names wgpu.
