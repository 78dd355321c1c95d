//! Dense motion: OpenCV's numbers, its direction on stage, and the command that writes it.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod gpu;
mod npy;
mod program;

use std::path::{Path, PathBuf};

use afterimage::gpu::{Floats, Gpu};
use afterimage::picture::{Format, Picture, Size};
use afterimage::session::flow;
use program::run;
use serde::Deserialize;

/// What OpenCV was asked, and where its answer lies.
#[derive(Debug, Deserialize)]
struct Case {
    pair: String,
    name: String,
    stride: usize,
    pyr_scale: f64,
    levels: u32,
    winsize: u32,
    iterations: u32,
    poly_n: u32,
    poly_sigma: f64,
    flags: u32,
}

impl Case {
    /// OpenCV's parameters as those of the effect.
    fn settings(&self, accuracy: &str) -> String {
        let window = if self.flags == 256 { "gaussian" } else { "box" };
        format!(
            "direction=forward:height=0:accuracy={accuracy}:window={window}:pyr_scale={}:levels={}:winsize={}:\
             iterations={}:poly_n={}:poly_sigma={}",
            self.pyr_scale,
            self.levels,
            self.winsize,
            self.iterations,
            self.poly_n,
            self.poly_sigma
        )
    }

    fn expected(&self) -> Vec<[f32; 2]> {
        read(&format!("farneback/{}/{}.npy", self.pair, self.name))
    }

    /// What the program finds, at the pixels that OpenCV's answer has.
    fn found(&self, gpu: &Gpu, accuracy: &str) -> Vec<[f32; 2]> {
        let [first, second] = ["a", "b"].map(|which| picture(&self.pair, which));
        let field = flow(gpu, &first, &second, &self.settings(accuracy)).unwrap();
        assert_eq!(gpu.errors(), 0, "the GPU refused a command");
        strided(&field, self.stride)
    }
}

fn reference(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/reference")
        .join(name)
}

fn read(name: &str) -> Vec<[f32; 2]> {
    let array = npy::read(&reference(name));
    assert_eq!(array.shape[2], 2);
    array.numbers.as_chunks::<2>().0.to_vec()
}

fn cases() -> Vec<Case> {
    let text = std::fs::read_to_string(reference("farneback/cases.json")).unwrap();
    serde_json::from_str(&text).unwrap()
}

fn picture(pair: &str, which: &str) -> Picture {
    let path = reference(&format!("inputs/farneback/{pair}_{which}.png"));
    let image = image::open(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let gray = image.into_luma8();
    gray_picture(Size::new(gray.width(), gray.height()), gray.into_raw())
}

fn gray_picture(size: Size, bytes: Vec<u8>) -> Picture {
    Picture::packed(Format::gray8(), size, bytes)
}

fn strided(field: &Floats, stride: usize) -> Vec<[f32; 2]> {
    let rows = field.pixels.chunks_exact(field.size.width as usize);
    let kept = rows
        .step_by(stride)
        .flat_map(|row| row.iter().step_by(stride));
    kept.map(|[x, y, ..]| [*x, *y]).collect()
}

/// How two fields differ.
#[derive(Debug)]
struct Difference {
    /// Of endpoints, pixels.
    mean: f64,
    /// 99.9 % of endpoints differ by less.
    most: f64,
    /// One minus the cosine between the fields.
    cosine: f64,
}

impl Difference {
    fn new(ours: &[[f32; 2]], theirs: &[[f32; 2]]) -> Self {
        assert_eq!(ours.len(), theirs.len());
        let mut lengths: Vec<f64> = endpoints(ours, theirs).collect();
        lengths.sort_by(f64::total_cmp);
        let product = |a: &[[f32; 2]], b: &[[f32; 2]]| -> f64 {
            let numbers = a.iter().flatten().zip(b.iter().flatten());
            numbers.map(|(a, b)| f64::from(*a) * f64::from(*b)).sum()
        };
        let norms = (product(ours, ours) * product(theirs, theirs)).sqrt();
        Self {
            mean: lengths.iter().sum::<f64>() / lengths.len() as f64,
            most: lengths[lengths.len() * 999 / 1000],
            cosine: (product(ours, theirs) / norms - 1.0).abs(),
        }
    }

    /// A hundred times below the bar of OpenCV's own test of its CUDA code.
    fn is_exact(&self) -> bool {
        self.mean <= 1e-4 && self.most <= 5e-3 && self.cosine <= 1e-6
    }
}

/// How far the ends of two fields are apart at each pixel.
fn endpoints<'a>(ours: &'a [[f32; 2]], theirs: &'a [[f32; 2]]) -> impl Iterator<Item = f64> + 'a {
    let pairs = ours.iter().zip(theirs);
    pairs.map(|(a, b)| f64::from(a[0] - b[0]).hypot(f64::from(a[1] - b[1])))
}

fn mean_endpoint(ours: &[[f32; 2]], theirs: &[[f32; 2]]) -> f64 {
    endpoints(ours, theirs).sum::<f64>() / ours.len() as f64
}

#[track_caller]
fn assert_exact(gpu: &Gpu, is_wanted: impl Fn(&Case) -> bool) {
    let cases: Vec<_> = cases().into_iter().filter(is_wanted).collect();
    assert!(!cases.is_empty());
    for case in cases {
        let difference = Difference::new(&case.found(gpu, "exact"), &case.expected());
        assert!(
            difference.is_exact(),
            "{}/{}: {difference:?}",
            case.pair,
            case.name
        );
    }
}

fn is_small(case: &Case) -> bool {
    case.pair != "bunny_1920x1080"
}

#[test]
fn the_comparer_rejects_what_is_nearly_right() {
    let case = &cases()[0];
    let right = case.expected();
    assert!(Difference::new(&right, &right).is_exact());
    let moved = |by: &dyn Fn(usize, [f32; 2]) -> [f32; 2]| -> Vec<[f32; 2]> {
        right
            .iter()
            .enumerate()
            .map(|(at, field)| by(at, *field))
            .collect()
    };
    for wrong in [
        moved(&|at, _| right[(at + 1) % right.len()]),
        moved(&|_, [x, y]| [y, x]),
        moved(&|_, [x, y]| [x * 1.02, y * 1.02]),
        moved(&|_, [x, y]| [x + 2e-4, y]),
        moved(&|at, [x, y]| [x + if at % 500 == 0 { 0.01 } else { 0.0 }, y]),
    ] {
        let difference = Difference::new(&wrong, &right);
        assert!(!difference.is_exact(), "{difference:?}");
    }
}

#[test]
fn every_setting_gives_opencvs_numbers() {
    assert_exact(gpu::open(), is_small);
}

#[test]
fn every_setting_gives_opencvs_numbers_as_on_hardware() {
    let gpu = gpu::open().clone().as_hardware();
    assert_exact(&gpu, |case| ["bunny", "person"].contains(&&*case.pair));
}

#[test]
fn a_large_picture_gives_opencvs_numbers() {
    assert_exact(gpu::open(), |case| !is_small(case));
}

#[test]
fn a_large_picture_gives_opencvs_numbers_as_on_hardware() {
    let gpu = gpu::open().clone().as_hardware();
    assert_exact(&gpu, |case| {
        case.pair == "bunny_1920x1080" && case.levels == 3
    });
}

#[test]
fn fast_motion_is_within_a_hundredth_of_a_pixel() {
    let gpus = [gpu::open().clone(), gpu::open().clone().as_hardware()];
    let is_wanted = |case: &&Case| case.name == "default" || case.pair == "bunny";
    for case in cases().iter().filter(is_wanted) {
        for gpu in &gpus {
            let found = Difference::new(&case.found(gpu, "fast"), &case.expected());
            // On the body that walks nothing settles: twelve exact iterations are 0.12 px from three there.
            let most = if case.pair == "person" { 0.02 } else { 0.01 };
            assert!(found.mean <= most, "{}/{}: {found:?}", case.pair, case.name);
            // Else there is no difference between fast and exact.
            assert!(found.mean > 1e-5, "{}: {found:?}", case.pair);
        }
    }
}

#[test]
fn the_true_motion_is_met_as_well_as_by_opencv() {
    let truth = read("inputs/farneback/synthetic_truth.npy");
    let case = cases()
        .into_iter()
        .find(|case| case.pair == "synthetic")
        .unwrap();
    assert_eq!((case.name.as_str(), case.stride), ("default", 2));
    let ours = mean_endpoint(&case.found(gpu::open(), "exact"), &truth);
    let theirs = mean_endpoint(&case.expected(), &truth);
    assert!(
        (ours - theirs).abs() < 1e-3 && theirs < 0.5,
        "{ours} and {theirs}"
    );
}

/// A picture of waves that has moved.
fn waves(size: Size, moved: [f32; 2]) -> Picture {
    let level = |at: u32| {
        let (x, y) = (
            (at % size.width) as f32 - moved[0],
            (at / size.width) as f32 - moved[1],
        );
        let sum = (x * 0.31).sin() + (y * 0.37).sin() + (x * 0.13 + y * 0.17).sin();
        (127.0 + 40.0 * sum).round() as u8
    };
    let bytes = (0..size.width * size.height).map(level).collect();
    gray_picture(size, bytes)
}

/// The middle of all values on an axis.
fn median(field: &Floats, axis: usize) -> f32 {
    let mut values: Vec<_> = field.pixels.iter().map(|pixel| pixel[axis]).collect();
    values.sort_by(f32::total_cmp);
    values[values.len() / 2]
}

#[test]
fn a_field_says_where_each_pixel_was_in_pixels_of_the_canvas() {
    let size = Size::new(320, 200);
    let [still, moved] = [[0.0, 0.0], [4.0, -2.0]].map(|by| waves(size, by));
    for (settings, rows, sign) in [
        ("height=0", 200, -1.0),
        ("height=360", 200, -1.0),
        ("height=100", 100, -1.0),
        ("height=67", 67, -1.0),
        ("height=0:direction=forward", 200, 1.0),
    ] {
        for gpu in [gpu::open().clone(), gpu::open().clone().as_hardware()] {
            let field = flow(&gpu, &still, &moved, settings).unwrap();
            assert_eq!(field.size.height, rows, "{settings}");
            let (x, y) = (median(&field, 0), median(&field, 1));
            let off = (x - 4.0 * sign).hypot(y + 2.0 * sign);
            assert!(off < 0.1, "{settings}: {x}, {y}");
            assert!(field.pixels.iter().all(|pixel| pixel[2..] == [1.0, 1.0]));
        }
    }
}

#[test]
fn the_last_field_is_a_start() {
    let size = Size::new(160, 120);
    let field = |settings: &str, count: usize| {
        let pictures: Vec<_> = (0..count)
            .map(|at| waves(size, [6.0 * at as f32, 0.0]))
            .collect();
        let settings = format!("height=0:levels=0:iterations=1:{settings}");
        median(
            &afterimage::session::flow_of(gpu::open(), &pictures, &settings).unwrap(),
            0,
        )
    };
    let (alone, started) = (field("initial=false", 6), field("initial=true", 6));
    let first = field("initial=true", 2);
    assert!((alone - first).abs() < 0.1, "it starts from nothing");
    let (alone, started) = ((alone + 6.0).abs(), (started + 6.0).abs());
    assert!(started < 0.5 * alone, "{started} and {alone} off");
}

#[test]
fn any_size_and_setting_is_finite() {
    for (width, height) in [(1, 1), (7, 5), (2, 90), (33, 65), (131, 97)] {
        let size = Size::new(width, height);
        let [first, second] = [0.0, 1.5].map(|by| waves(size, [by, by]));
        for settings in [
            "height=360",
            "accuracy=exact:window=gaussian",
            "winsize=1:poly_n=1:levels=12",
            "winsize=63:initial=true",
        ] {
            for gpu in [gpu::open().clone(), gpu::open().clone().as_hardware()] {
                let field = flow(&gpu, &first, &second, settings).unwrap();
                let finite = field
                    .pixels
                    .iter()
                    .flatten()
                    .all(|number| number.is_finite());
                assert!(finite && field.size == size, "{size} {settings}");
            }
        }
    }
}

const PAIR: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/tests/reference/inputs/farneback/bunny"
);

#[test]
fn the_command_writes_middleburys_file() {
    let folder = tempfile::tempdir().unwrap();
    let settings = "--poly-n 7 --poly-sigma 1.5 --gaussian";
    run(
        folder.path(),
        &format!("flow {PAIR}_a.png {PAIR}_b.png {settings} -o a.flo"),
    )
    .well();
    let bytes = std::fs::read(folder.path().join("a.flo")).unwrap();
    assert_eq!(&bytes[..12], b"PIEH\x40\x01\0\0\xb4\0\0\0");
    let numbers = bytes[12..].as_chunks::<4>().0.iter();
    let numbers: Vec<_> = numbers.map(|word| f32::from_le_bytes(*word)).collect();
    let field: Vec<_> = numbers.as_chunks::<2>().0.to_vec();
    let rows = field.chunks_exact(320).step_by(3);
    let found: Vec<_> = rows
        .flat_map(|row| row.iter().step_by(3).copied())
        .collect();
    let difference = Difference::new(&found, &read("farneback/bunny/poly7_gaussian.npy"));
    assert!(difference.is_exact(), "{difference:?}");
}

#[test]
fn the_command_paints_the_wheel() {
    let folder = tempfile::tempdir().unwrap();
    let size = Size::new(96, 96);
    for (name, moved) in [("a.png", 0.0), ("b.png", 3.0)] {
        let picture = waves(size, [moved, 0.0]);
        let bytes = picture.planes[0].bytes.to_vec();
        image::GrayImage::from_raw(96, 96, bytes)
            .unwrap()
            .save(folder.path().join(name))
            .unwrap();
    }
    run(folder.path(), "flow a.png b.png --fast -o wheel.PNG").well();
    let wheel = image::open(folder.path().join("wheel.PNG"))
        .unwrap()
        .to_rgb8();
    let [red, green, blue] = wheel.get_pixel(48, 48).0;
    assert!(
        red > 200 && green < 120 && blue < 120,
        "to the right is red: {red} {green} {blue}"
    );
}

#[test]
fn the_command_says_what_is_wrong() {
    let folder = tempfile::tempdir().unwrap();
    let (small, large) = (format!("{PAIR}_a.png"), format!("{PAIR}_640x360_a.png"));
    for (arguments, said) in [
        (
            format!("flow {small} {small} -o a.txt"),
            "'a.txt' is no motion field",
        ),
        (
            format!("flow {small} {small} -o no/a.flo"),
            "does not exist",
        ),
        (format!("flow {small} no.png -o a.flo"), "no such file"),
        (
            format!("flow {small} {large} -o a.flo"),
            "320x180 pixels and the second 640x360",
        ),
        (
            format!("flow {small} {small} --winsize 1000 -o a.flo"),
            "winsize",
        ),
    ] {
        let done = run(folder.path(), &arguments);
        assert_eq!(
            (done.status, done.errors.len()),
            (2, 1),
            "{arguments}: {:?}",
            done.errors
        );
        assert!(done.errors[0].contains(said), "{:?}", done.errors);
    }
    assert_eq!(folder.path().read_dir().unwrap().count(), 0);
}
