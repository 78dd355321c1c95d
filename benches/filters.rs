//! How fast the filters are beside OpenCV's, on colour pictures at 1080p.
//! `cargo bench --profile dev --bench filters`, or `./x bench`; the Python that has OpenCV is in `PYTHON`.

mod beside;

use std::path::Path;

use afterimage::gpu::Gpu;
use afterimage::picture::{Picture, Size};
use anyhow::{Result, ensure};
use beside::{Run, WARM_UP, load, median};

/// Pictures in a row.
const FRAMES: usize = 9;
/// Turns of both programs; the medians of their medians are compared.
const ROUNDS: usize = 3;

const SIZE: Size = Size::new(1920, 1080);

/// The same filter in both programs.
struct Case {
    ours: &'static str,
    theirs: &'static str,
}

const fn case(ours: &'static str, theirs: &'static str) -> Case {
    Case { ours, theirs }
}

const CASES: [Case; 11] = [
    case(
        "morphology:operation=dilate:shape=box:radius=2",
        "morphology,dilate,rect,2",
    ),
    case(
        "morphology:operation=dilate:shape=box:radius=12",
        "morphology,dilate,rect,12",
    ),
    case(
        "morphology:operation=dilate:shape=ellipse:radius=4",
        "morphology,dilate,ellipse,4",
    ),
    case(
        "morphology:operation=dilate:shape=ellipse:radius=12",
        "morphology,dilate,ellipse,12",
    ),
    case(
        "morphology:operation=open:shape=ellipse:radius=4",
        "morphology,open,ellipse,4",
    ),
    case("blur:kind=box:radius=7", "box,7"),
    case("blur:kind=gaussian:radius=4:spread=0.5", "gaussian,4,2"),
    case("blur:kind=gaussian:radius=15:spread=5/15", "gaussian,15,5"),
    case(
        "blur:kind=gaussian:radius=60:spread=20/60",
        "gaussian,60,20",
    ),
    case("edges:kind=sobel:norm=length", "sobel"),
    case("edges:kind=canny", "canny,100,200"),
];

fn main() -> Result<()> {
    let gpu = Gpu::open(None, None)?;
    println!("GPU: {} ({})", gpu.info.name, gpu.info.driver_info);
    println!("load before: {}\n", load());
    let folder = tempfile::tempdir()?;
    beside_opencv(&gpu, folder.path())?;
    println!("\nload after: {}", load());
    Ok(())
}

/// Milliseconds for a picture.
fn ours(gpu: &Gpu, effect: &str, pictures: &[Picture]) -> Result<f64> {
    let mut run = Run::new(gpu, &["moving"], &[effect], SIZE)?;
    let times: Result<Vec<_>> = pictures
        .iter()
        .map(|picture| run.milliseconds(gpu, &[Some(picture)]))
        .collect();
    Ok(median(times?.split_off(WARM_UP)))
}

fn beside_opencv(gpu: &Gpu, folder: &Path) -> Result<()> {
    let (path, pictures) = beside::frames(folder, SIZE, FRAMES, 4)?;
    let asked = CASES.map(|case| case.theirs);
    let mut times = [const { [const { Vec::new() }; 2] }; CASES.len()];
    for _ in 0..ROUNDS {
        let theirs = beside::theirs("opencv_filters.py", &path, SIZE, &asked)?;
        ensure!(
            theirs.len() == CASES.len(),
            "a number for each case was expected"
        );
        for ((case, theirs), times) in CASES.iter().zip(theirs).zip(&mut times) {
            times[0].push(theirs);
            times[1].push(ours(gpu, case.ours, &pictures)?);
        }
    }
    println!("| {SIZE} | OpenCV ms | ours ms | ratio |\n|---|---|---|---|");
    for (case, times) in CASES.iter().zip(times) {
        let [theirs, ours] = times.map(median);
        println!(
            "| {} | {theirs:.1} | {ours:.1} | {:.2} |",
            case.ours,
            theirs / ours
        );
    }
    println!(
        "\nMedians of {ROUNDS} turns of {FRAMES} pictures; a ratio above 1 is faster than OpenCV. Ours have the upload in them."
    );
    Ok(())
}
