//! How fast `slice` is beside the package glitch-this, from a picture in memory to a picture in memory, at two sizes.
//! `cargo bench --profile dev --bench glitch`, or `./x bench`; the Python that has the package is in `PYTHON`.

mod beside;

use std::path::Path;

use afterimage::gpu::Gpu;
use afterimage::picture::Size;
use anyhow::Result;
use beside::{WARM_UP, frames, load, median, milliseconds, theirs};

/// Pictures in a row.
const FRAMES: usize = 12;
/// Turns of both programs; the medians of their medians are compared.
const ROUNDS: usize = 3;

const SIZES: [Size; 2] = [Size::new(1280, 720), Size::new(1920, 1080)];

/// What the package is called with, and what has no such like there.
const EFFECTS: [(&str, &str); 4] = [
    (
        "glitch_this",
        "slice:mode=glitch_this:glitch=5:scan_lines=true:hold=1",
    ),
    ("bands", "slice"),
    ("swap", "slice:mode=swap"),
    ("tracking", "slice:tracking=1"),
];

fn main() -> Result<()> {
    let gpu = Gpu::open(None, None)?;
    println!("GPU: {} ({})", gpu.info.name, gpu.info.driver_info);
    println!("load before: {}\n", load());
    let folder = tempfile::tempdir()?;
    let names = EFFECTS.map(|(name, _)| format!("{name} ms | ratio"));
    println!("| size | glitch-this ms | {} |", names.join(" | "));
    println!("|---|---|{}", "---|".repeat(2 * EFFECTS.len()));
    for size in SIZES {
        row(&gpu, folder.path(), size)?;
    }
    println!(
        "\nMedians of {ROUNDS} turns of {FRAMES} pictures; a ratio above 1 is faster than glitch-this at amount 5 with a colour\n\
         and scan lines. Ours have the upload and the way back in them."
    );
    println!("load after: {}", load());
    Ok(())
}

fn row(gpu: &Gpu, folder: &Path, size: Size) -> Result<()> {
    let (path, pictures) = frames(folder, size, FRAMES, 4)?;
    let mut package = Vec::new();
    let mut ours = EFFECTS.map(|_| Vec::new());
    for _ in 0..ROUNDS {
        package.extend(theirs("glitch_package.py", &path, size, &[])?);
        for ((_, effect), times) in EFFECTS.iter().zip(&mut ours) {
            times.push(median(
                milliseconds(gpu, effect, &pictures)?.split_off(WARM_UP),
            ));
        }
    }
    let package = median(package);
    let ours = ours.map(median);
    let ours = ours.map(|ours| format!("{ours:.1} | {:.2}", package / ours));
    println!("| {size} | {package:.1} | {} |", ours.join(" | "));
    Ok(())
}
