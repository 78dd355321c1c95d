//! The motion between two pictures, by the very layer that a show has.

use std::sync::Arc;

use super::{Failure, Options, library};
use crate::engine::{Engine, Instance};
use crate::gpu::{Floats, Gpu};
use crate::picture::Picture;

/// What stands for the pictures in the show, which are given to its instance one after the other.
const SOURCE: &str = "first";

/// What the effect `flow` finds between two pictures, with `settings` in the grammar of `-e`: a motion field in pixels of
/// the pictures, at the effect's own size.
///
/// # Errors
/// Pictures of different sizes, settings that the effect does not have, or a fault of the GPU.
pub fn flow(
    gpu: &Gpu,
    first: &Picture,
    second: &Picture,
    settings: &str,
) -> Result<Floats, Failure> {
    flow_of(gpu, &[first.clone(), second.clone()], settings)
}

/// The same at the last of several pictures.
///
/// # Errors
/// As [`flow`], and no pictures.
pub fn flow_of(gpu: &Gpu, pictures: &[Picture], settings: &str) -> Result<Floats, Failure> {
    let sizes = pictures.iter().map(Picture::display_size);
    let Some((last, before)) = pictures.split_last() else {
        return Err(Failure::usage("there is no picture to find motion in"));
    };
    let size = last.display_size();
    if let Some(other) = sizes.into_iter().find(|other| *other != size) {
        let cure = "scale one to the other's size first";
        return Err(Failure::usage(format!(
            "the first picture has {other} pixels and the second {size}: {cure}"
        )));
    }
    let options = Options {
        source: Some(SOURCE.to_owned()),
        effects: vec![format!("flow:through=true:{settings}")],
        ..Options::default()
    };
    let show = Arc::new(options.show(&mut library())?);
    let mut engine = Engine::new(gpu);
    let mut instance = Instance::new(engine.pipelines(), &show, size, 1.0)?;
    for picture in before {
        let tick = engine.tick(&mut instance, &[], &[Some(picture)])?;
        engine.submit(tick);
    }
    let tick = engine.tick(&mut instance, &[], &[Some(last)])?;
    gpu.fetch(tick.encoder, &tick.picture)
        .map_err(Failure::running)
}
