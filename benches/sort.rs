//! How fast `pixel_sort` is beside the package pixelsort, from a picture in memory to a picture in memory.
//! `cargo bench --profile dev --bench sort`, or `./x bench`; the Python that has the package is in `PYTHON`.

mod beside;

use afterimage::gpu::Gpu;
use afterimage::picture::{Picture, Size};
use anyhow::Result;
use beside::{WARM_UP, frames, load, median, milliseconds, theirs};

/// Pictures in a row.
const FRAMES: usize = 12;
/// Turns of both programs; the medians of their medians are compared.
const ROUNDS: usize = 3;

const FULL_HD: Size = Size::new(1920, 1080);
const ULTRA_HD: Size = Size::new(3840, 2160);

/// What both programs can: the size, the angle, where runs begin, and what they are sorted by.
const SAME: [(Size, u32, &str, &str); 9] = [
    (FULL_HD, 0, "threshold", "lightness"),
    (FULL_HD, 45, "threshold", "lightness"),
    (FULL_HD, 90, "threshold", "lightness"),
    (FULL_HD, 0, "none", "lightness"),
    (FULL_HD, 0, "edges", "hue"),
    (FULL_HD, 0, "waves", "intensity"),
    (FULL_HD, 0, "threshold", "saturation"),
    (ULTRA_HD, 0, "threshold", "lightness"),
    (ULTRA_HD, 90, "threshold", "lightness"),
];

/// What the package has not.
const OWN: [&str; 5] = [
    "amount=0.5",
    "key=luminance",
    "path=rays",
    "path=rings",
    "path=spiral",
];

fn main() -> Result<()> {
    let gpu = Gpu::open(None, None)?;
    println!("GPU: {} ({})", gpu.info.name, gpu.info.driver_info);
    println!("load before: {}\n", load());
    let folder = tempfile::tempdir()?;
    println!(
        "| size | angle | interval | key | pixelsort ms | ms | ratio | turned as the package turns, ms | ratio |"
    );
    println!("|---|---|---|---|---|---|---|---|---|");
    for size in [FULL_HD, ULTRA_HD] {
        let (path, pictures) = frames(folder.path(), size, FRAMES, 4)?;
        for (_, angle, interval, key) in SAME.into_iter().filter(|same| same.0 == size) {
            beside_the_package(&gpu, &path, &pictures, angle, [interval, key])?;
        }
    }
    println!("\n| at {FULL_HD} | ms |\n|---|---|");
    let (_, pictures) = frames(folder.path(), FULL_HD, FRAMES, 4)?;
    for settings in OWN {
        println!("| {settings} | {:.1} |", ours(&gpu, settings, &pictures)?);
    }
    println!(
        "\nMedians of {ROUNDS} turns of {FRAMES} pictures, and of as many of the package's. Ours have the upload and the way\n\
         back in them."
    );
    println!("load after: {}", load());
    Ok(())
}

/// Milliseconds for a picture.
fn ours(gpu: &Gpu, settings: &str, pictures: &[Picture]) -> Result<f64> {
    let times = milliseconds(gpu, &format!("pixel_sort:{settings}"), pictures)?;
    Ok(median(times[WARM_UP..].to_vec()))
}

fn beside_the_package(
    gpu: &Gpu,
    path: &str,
    pictures: &[Picture],
    angle: u32,
    [interval, key]: [&str; 2],
) -> Result<()> {
    let size = pictures[0].size;
    let degrees = angle.to_string();
    let same = format!("interval={interval}:key={key}");
    let mut times = [const { Vec::new() }; 3];
    for _ in 0..ROUNDS {
        let more = [&degrees, interval, key];
        times[0].extend(theirs("sort_package.py", path, size, &more)?);
        for (name, times) in ["angle", "rotation"].into_iter().zip(&mut times[1..]) {
            times.push(ours(gpu, &format!("{same}:{name}={angle}"), pictures)?);
        }
    }
    let [package, ours @ ..] = times.map(median);
    let ours = ours.map(|ours| format!("{ours:.1} | {:.1}", package / ours));
    let what = format!("{size} | {angle} | {interval} | {key}");
    println!("| {what} | {package:.0} | {} |", ours.join(" | "));
    Ok(())
}
