//! Ten thousand frames of a show with state, history and feedback: memory must stay flat.
//! `cargo bench --profile dev --bench soak`, or `./x soak`.

mod held;

use std::process::ExitCode;
use std::sync::Arc;

use afterimage::engine::Engine;
use afterimage::gpu::{Gpu, Readback};
use afterimage::picture::{Format, Picture, Plane, Size};
use afterimage::session::library;
use afterimage::show::Show;
use anyhow::Result;
use held::held;

const SIZE: Size = Size::new(320, 180);

/// After how many frames memory is read.
const MARKS: [u64; 4] = [1000, 2000, 5000, 10_000];

/// From here on nothing is new: all pipelines, textures and buffers have been used.
const SETTLED: u64 = 2000;

/// What memory may grow by from then on, MiB. Over 8000 frames a leak of 512 bytes a frame exceeds it, and the
/// smallest thing of the GPU's that a frame makes (a bind group, a view) is larger; the allocator's own
/// ups and downs are smaller.
const MOST_GROWTH: f64 = 4.0;

const SHOW: &str = r#"
[sources]
film = { file = "soak.y4m" }
[signals]
slow = "sin(time)"
[[layers]]
effect = "lagfun"
decay = "0.9 + 0.09 * slow"
[[layers]]
effect = "tblend"
mode = "difference"
tap = 3
[[layers]]
name = "feedback"
effect = "blend"
other = "feedback@prev"
mode = "screen"
mix = 0.7
"#;

fn main() -> Result<ExitCode> {
    let gpu = Gpu::open(None, None)?;
    println!("GPU: {} ({})", gpu.info.name, gpu.info.driver_info);
    let show = Show::parse(SHOW, None, &mut library())?;
    let mut engine = Engine::new(&gpu);
    let mut instance = engine.load(&Arc::new(show), SIZE, 60.0)?;
    let mut readback = Readback::new(&gpu);
    let mut settled = 0.0;
    println!("| frames | resident MiB |\n|---|---|");
    for frame in 1..=MARKS[MARKS.len() - 1] {
        let picture = picture(frame);
        let mut tick = engine.tick(&mut instance, &[], &[Some(&picture)])?;
        if readback.is_full() {
            readback.take_blocking()?;
        }
        readback.encode(&mut tick.encoder, &tick.picture, tick.size);
        engine.submit(tick);
        engine.times();
        if frame == SETTLED {
            settled = held()?.memory;
        }
        if MARKS.contains(&frame) {
            println!("| {frame} | {:.1} |", held()?.memory);
        }
    }
    let growth = held()?.memory - settled;
    println!(
        "\ngrown by {growth:.1} MiB after frame {SETTLED}; at most {MOST_GROWTH} MiB are allowed"
    );
    let is_flat = growth <= MOST_GROWTH && gpu.errors() == 0;
    Ok(if is_flat {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// A picture that no other one equals.
fn picture(number: u64) -> Picture {
    let plane = |width: u32, height: u32| {
        let sample = |at| (u64::from(at) * 7 + number * 13 + number / 256) as u8;
        let bytes = (0..width * height).map(sample).collect();
        Plane {
            bytes,
            stride: width as usize,
        }
    };
    let Size { width, height } = SIZE;
    let chroma = || plane(width / 2, height / 2);
    Picture {
        format: Format::yuv(8, (1, 1)),
        planes: vec![plane(width, height), chroma(), chroma()],
        time: number as f64 / 60.0,
        sequence: number,
        ..Picture::rgba8(SIZE, Vec::new())
    }
}
