//! Single pictures of a show, for pages that tell what there is.

use std::sync::Arc;

use super::usual::{clip, complete};
use super::{Failure, Options, Stage, library};
use crate::engine::Engine;
use crate::gpu::{Frame, Gpu, Readback};
use crate::source::Wait;

/// The rate where neither show nor source has one.
const USUAL_FPS: (u32, u32) = (30, 1);

/// What a show looks like at some ticks, which rise; fewer if a source ends before. The bundled clip stands in
/// where the show needs a picture and has none.
///
/// # Errors
/// As a live session.
pub fn snapshots(
    engine: &mut Engine,
    options: &Options,
    ticks: &[u64],
) -> Result<Vec<Frame>, Failure> {
    let show = Arc::new(complete(options, &mut library(), clip)?);
    let mut stage = Stage::new(engine.pipelines(), &show, options.size, USUAL_FPS)?;
    let mut readback = Readback::new(engine.gpu());
    let mut frames = Vec::new();
    while frames.len() < ticks.len() {
        let wanted = ticks[frames.len()] <= stage.next_tick();
        let Some(mut tick) = stage.tick(engine, &[], Wait::Block)? else {
            break;
        };
        if wanted {
            readback.encode(&mut tick.encoder, &tick.picture, tick.size);
        }
        engine.submit(tick);
        if wanted {
            frames.extend(readback.take_blocking().map_err(Failure::running)?);
        }
        while engine.gpu().in_flight() >= Gpu::MOST_IN_FLIGHT {
            engine.gpu().wait_oldest().map_err(Failure::running)?;
        }
    }
    Ok(frames)
}
