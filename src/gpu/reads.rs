//! Where the pictures and targets of a plan are now.

use super::executor::Prepared;
use super::pass::extent;
use super::state::State;
use crate::plan::{Read, Shape};

/// Where a read finds its pixels now. Where there are none yet, `float` says what nothing is given as.
pub(super) fn view<'a>(
    prepared: &'a Prepared,
    state: &'a State,
    read: Read,
    tap: usize,
    float: bool,
) -> &'a wgpu::TextureView {
    let plan = &prepared.plan;
    let blank = &prepared.pool.blank(plan.size, float).view;
    let ring = |id: usize| state.rings.get(&plan.pictures[id].key);
    let short = |id| prepared.pool.picture(id).map_or(blank, |image| &image.view);
    match read {
        Read::Nothing => blank,
        Read::Picture(id) => ring(id).map_or_else(|| short(id), |ring| ring.back(0)),
        Read::Tapped(id) => ring(id).map_or_else(|| short(id), |ring| ring.back(tap)),
        Read::History(id) => ring(id).map_or_else(|| short(id), |ring| &ring.array),
        Read::Previous(layer) => state
            .remembered
            .get(&layer)
            .map_or(blank, |image| &image.view),
        Read::Target(target) => target_view(prepared, state, target),
        Read::Sound(sound) => state.sounds.view(sound).unwrap_or(blank),
    }
}

fn target_view<'a>(
    prepared: &'a Prepared,
    state: &'a State,
    target: usize,
) -> &'a wgpu::TextureView {
    let spec = &prepared.plan.targets[target];
    let latest = state
        .targets
        .get(&spec.key)
        .and_then(|cells| cells.latest());
    let blank = || &prepared.pool.blank(spec.size, spec.float).view;
    latest.map_or_else(blank, |image| &image.view)
}

pub(super) fn place(texture: &wgpu::Texture, layer: u32) -> wgpu::TexelCopyTextureInfo<'_> {
    wgpu::TexelCopyTextureInfo {
        texture,
        mip_level: 0,
        origin: wgpu::Origin3d {
            x: 0,
            y: 0,
            z: layer,
        },
        aspect: wgpu::TextureAspect::All,
    }
}

/// Copies a picture of `shape` to where one of the same shape is kept.
pub(super) fn copy(
    encoder: &mut wgpu::CommandEncoder,
    prepared: &Prepared,
    state: &State,
    (from, shape): (Read, Shape),
    to: wgpu::TexelCopyTextureInfo<'_>,
) {
    let blank = &prepared.pool.blank_like(shape).texture;
    let ring = |id: usize| state.rings.get(&prepared.plan.pictures[id].key);
    let short = |id| {
        prepared
            .pool
            .picture(id)
            .map_or(blank, |image| &image.texture)
    };
    let source = match from {
        Read::Picture(id) => ring(id).map_or_else(
            || place(short(id), 0),
            |ring| place(&ring.texture, ring.head() as u32),
        ),
        Read::Previous(layer) => place(
            state
                .remembered
                .get(&layer)
                .map_or(blank, |image| &image.texture),
            0,
        ),
        _ => place(blank, 0),
    };
    encoder.copy_texture_to_texture(source, to, extent(shape.size));
}
