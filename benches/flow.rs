//! How fast motion is found beside OpenCV, alone and dragging a picture, at three sizes; then the GPU's time and bytes of
//! each sort of pass. `cargo bench --profile dev --bench flow`, or `./x bench`; the Python that has OpenCV is in `PYTHON`.

mod beside;

use std::collections::BTreeMap;
use std::path::Path;

use afterimage::gpu::Gpu;
use afterimage::picture::{Picture, Size};
use anyhow::{Context, Result};
use beside::{Run, WARM_UP, load, median};

/// Pictures in a row.
const FRAMES: usize = 12;
/// Turns of all programs; the medians of their medians are compared.
const ROUNDS: usize = 3;

const SIZES: [Size; 3] = [
    Size::new(640, 360),
    Size::new(1280, 720),
    Size::new(1920, 1080),
];

/// The same recipe as OpenCV's: nothing but the motion drags.
const DRAG: &str = "mosh:image=in:gain=0:refresh=0:cut_score=0:edge=blank:interpolation=bilinear";

fn main() -> Result<()> {
    let mut gpu = Gpu::open(None, None)?;
    println!("GPU: {} ({})", gpu.info.name, gpu.info.driver_info);
    println!("load before: {}\n", load());
    let folder = tempfile::tempdir()?;
    passes(&gpu.clone().dispatching(), folder.path())?;
    // Who races takes no times on the way.
    gpu.timestamps = false;
    beside_opencv(&gpu, folder.path())?;
    println!("\nload after: {}", load());
    Ok(())
}

/// Grey pictures of the bundled clip, and the file that holds them.
fn frames(folder: &Path, size: Size) -> Result<(String, Vec<Picture>)> {
    beside::frames(folder, size, FRAMES, 1)
}

/// A show over a still and moving pictures.
fn run(gpu: &Gpu, effects: &[&str], size: Size) -> Result<Run> {
    Run::new(gpu, &["still", "moving"], effects, size)
}

/// Milliseconds for a picture.
fn ours(gpu: &Gpu, effects: &[&str], pictures: &[Picture]) -> Result<f64> {
    let mut run = run(gpu, effects, pictures[0].size)?;
    let mut times = Vec::new();
    for (index, picture) in pictures.iter().enumerate() {
        let still = (index == 0).then_some(picture);
        times.push(run.milliseconds(gpu, &[still, Some(picture)])?);
    }
    Ok(median(times.split_off(WARM_UP)))
}

/// Milliseconds for a picture, of the flow and of the whole chain.
fn theirs(path: &str, size: Size) -> Result<[f64; 2]> {
    let numbers = beside::theirs("opencv_flow.py", path, size, &[])?;
    numbers.try_into().ok().context("two numbers were expected")
}

fn beside_opencv(gpu: &Gpu, folder: &Path) -> Result<()> {
    println!(
        "\n| size | what | OpenCV ms | fast ms | ratio | exact ms | ratio | fast at half height ms | ratio |"
    );
    println!("|---|---|---|---|---|---|---|---|---|");
    for size in SIZES {
        let (path, pictures) = frames(folder, size)?;
        let half = size.height / 2;
        let flows = ["0", "0:accuracy=exact", &half.to_string()]
            .map(|height| format!("flow:image=moving:direction=forward:height={height}"));
        let mut times = [const { [const { Vec::new() }; 4] }; 2];
        for _ in 0..ROUNDS {
            let theirs = theirs(&path, size)?;
            for (chain, times) in times.iter_mut().enumerate() {
                times[0].push(theirs[chain]);
                for (flow, times) in flows.iter().zip(&mut times[1..]) {
                    let effects = [flow.as_str(), DRAG];
                    times.push(ours(gpu, &effects[..=chain], &pictures)?);
                }
            }
        }
        for (what, times) in ["flow", "flow and mosh"].into_iter().zip(times) {
            let [theirs, ours @ ..] = times.map(median);
            let ours = ours.map(|ours| format!("{ours:.1} | {:.2}", theirs / ours));
            println!("| {size} | {what} | {theirs:.1} | {} |", ours.join(" | "));
        }
    }
    println!(
        "\nMedians of {ROUNDS} turns of {FRAMES} pictures; a ratio above 1 is faster than OpenCV. Ours have the upload in them."
    );
    Ok(())
}

/// GPU time and bytes of each sort of pass of a field of full height. Lavapipe's stamps of so many dispatches tell nothing.
fn passes(gpu: &Gpu, folder: &Path) -> Result<()> {
    if !gpu.timestamps {
        println!("this GPU has no clock: no times of passes");
        return Ok(());
    }
    let size = SIZES[2];
    let (_, pictures) = frames(folder, size)?;
    let shown = |time: f64| match gpu.is_cpu() {
        true => "-".to_owned(),
        false => format!("{time:.3}"),
    };
    // The floors are those of the stage's documentation.
    for (accuracy, floor) in [("fast", 147), ("exact", 282)] {
        let flow = format!("flow:image=moving:height=0:accuracy={accuracy}");
        println!("\n| {accuracy}, {size} | GPU ms | bytes a pixel |\n|---|---|---|");
        let (mut sum_time, mut sum_bytes) = (0.0, 0.0);
        for (sort, (time, bytes)) in sorts(gpu, &flow, &pictures)? {
            let bytes = bytes as f64 / size.area() as f64;
            println!("| {sort} | {} | {bytes:.1} |", shown(time));
            sum_time += time;
            sum_bytes += bytes;
        }
        let all = shown(sum_time);
        println!("| all | {all} | {sum_bytes:.1}, the floor being {floor} |");
    }
    Ok(())
}

/// Milliseconds and bytes of the passes of a tick, those of a sort together.
fn sorts(gpu: &Gpu, flow: &str, pictures: &[Picture]) -> Result<BTreeMap<String, (f64, u64)>> {
    let mut run = run(gpu, &[flow], pictures[0].size)?;
    let mut labels: BTreeMap<String, (Vec<f64>, u64)> = BTreeMap::new();
    for picture in pictures {
        run.milliseconds(gpu, &[None, Some(picture)])?;
        for time in run.engine.times() {
            let entry = labels.entry(time.label.clone()).or_default();
            entry.0.push(time.milliseconds);
            entry.1 = time.bytes;
        }
    }
    let mut sorts: BTreeMap<String, (f64, u64)> = BTreeMap::new();
    for (label, (times, bytes)) in labels {
        let sort = label.split('.').nth(1).unwrap_or(&label).to_owned();
        let entry = sorts.entry(sort).or_default();
        entry.0 += median(times);
        entry.1 += bytes;
    }
    Ok(sorts)
}
