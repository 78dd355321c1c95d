//! What must hold for any setting, and while it is played.

use afterimage::picture::Size;

use crate::package::source;
use crate::{Image, METHODS, Method, Pixel, Sort};

const PATHS: [&str; 4] = ["lines", "rays", "rings", "spiral"];
const INTERVALS: [&str; 7] = [
    "none",
    "threshold",
    "edges",
    "random",
    "waves",
    "file",
    "anchored",
];

fn counted(image: &Image) -> Vec<Pixel> {
    let mut pixels = image.pixels.clone();
    pixels.sort_unstable();
    pixels
}

#[test]
fn lines_at_any_angle_lose_no_pixel() {
    for size in [(61, 40), (40, 61), (5, 90), (1, 7)] {
        let image = Image::noise(Size::new(size.0, size.1), 3);
        let whole = counted(&image);
        let angles = [
            -725.0, -46.0, 1.0, 17.3, 44.9, 45.0, 45.1, 88.0, 135.0, 179.5, 268.0, 315.0,
        ];
        let sort = Sort::new("interval='none'");
        let [counting, bitonic] =
            METHODS.map(|method| sort.played(method, &image, "angle", angles));
        for (angle, (counting, bitonic)) in angles.into_iter().zip(counting.iter().zip(&bitonic)) {
            assert_eq!(counted(counting), whole, "{size:?} {angle}");
            bitonic.assert_is(counting, &format!("{size:?} {angle}"));
        }
    }
}

/// Where angles of 45 degrees meet both forms of a line, they are the same diagonals.
#[test]
fn a_diagonal_is_sorted_along() {
    let size = Size::new(9, 9);
    let image = Image::noise(size, 8);
    let sorted = Sort::new("angle=45:interval='none'").of(Method::Cpu, &image);
    let middle: Vec<_> = (0..9).map(|at| sorted.row(at)[at as usize]).collect();
    let mut own: Vec<_> = (0..9).map(|at| image.row(at)[at as usize]).collect();
    let lightness = |pixel: &Pixel| {
        let colors = &pixel[..3];
        u32::from(*colors.iter().max().unwrap()) + u32::from(*colors.iter().min().unwrap())
    };
    own.sort_by_key(lightness);
    assert_eq!(middle, own);
}

#[test]
fn both_methods_agree_on_every_path_and_interval() {
    let image = source();
    let half_way = PATHS.map(|path| (path, "0.7", "hue"));
    let lines = ["hue", "lightness", "luminance", "warmth"].map(|key| ("lines", "1", key));
    for (path, amount, key) in half_way.into_iter().chain(lines) {
        let settings = format!(
            "path='{path}':length=17:seed=3:randomness=0.2:amount={amount}:angle=30:key='{key}'"
        );
        let sort = Sort::new(&settings);
        let intervals = (0..INTERVALS.len()).map(|number| number as f64);
        let [counting, bitonic] =
            METHODS.map(|method| sort.played(method, &image, "interval", intervals.clone()));
        for ((counting, bitonic), interval) in counting.iter().zip(&bitonic).zip(INTERVALS) {
            bitonic.assert_is(counting, &format!("{path} {key} {interval}"));
            assert!(*counting != image, "{path} {key} {interval}");
        }
    }
}

/// One edge in each row of a ramp that falls to the right.
#[test]
fn an_anchored_run_begins_at_an_edge_and_has_its_length() {
    let size = Size::new(60, 5);
    let ramp = |x: u32| if x == 20 { 255 } else { 100 - x as u8 };
    let image = Image::new(size, |x, _| [ramp(x); 4]);
    let run = [75, 76, 77, 78, 79, 255];
    let wanted = Image::new(size, |x, _| match x {
        20..26 => [run[x as usize - 20]; 4],
        _ => [ramp(x); 4],
    });
    for method in METHODS {
        let sorted = Sort::new("interval='anchored':length=6:lower=0.5").of(method, &image);
        sorted.assert_is(&wanted, "anchored");
    }
}

#[test]
fn a_file_begins_runs_where_it_turns_black() {
    let size = Size::new(9, 1);
    let image = Image::new(size, |x, _| [90 - x as u8; 4]);
    let white = [false, true, true, false, false, true, false, false, true];
    let borders = Image::new(size, |x, _| [if white[x as usize] { 255 } else { 0 }; 4]);
    let sort = Sort {
        borders: Some(&borders),
        ..Sort::new("interval='file'")
    };
    // Runs of places 0 to 2, 3 to 5 and 6 to 8.
    let wanted = Image::new(size, |x, _| [90 - (x / 3 * 3 + 2 - x % 3) as u8; 4]);
    for method in METHODS {
        sort.of(method, &image).assert_is(&wanted, "file");
    }
}

#[test]
fn randomness_leaves_so_many_runs() {
    let image = Image::noise(Size::new(1000, 60), 4);
    let sort = Sort::new("interval='waves':length=10");
    let sorted = sort.played(Method::Cpu, &image, "randomness", [0.0, 0.3, 1.0]);
    let moved = |sorted: &Image| {
        let pairs = sorted.pixels.iter().zip(&image.pixels);
        pairs.filter(|(a, b)| a != b).count() as f64
    };
    let [whole, some, none] = [0, 1, 2].map(|at| moved(&sorted[at]));
    assert_eq!(none, 0.0);
    assert!((some / whole - 0.7).abs() < 0.04, "{some} of {whole}");
}

/// Runs are about as long as is said, and other seeds draw others.
#[test]
fn drawn_runs_have_their_length() {
    let image = Image::new(Size::new(4000, 4), |x, _| [255 - (x % 256) as u8; 4]);
    let sort = Sort::new("interval='waves':length=95:key='red'");
    let sorted = sort.played(Method::Cpu, &image, "seed", [0.0, 1.0]);
    assert_ne!(sorted[0], sorted[1]);
    for y in 0..4 {
        let falls = sorted[0]
            .row(y)
            .windows(2)
            .filter(|pair| pair[0][0] > pair[1][0]);
        // Rising runs of 95 to 105 pixels each, and some that meet without a fall.
        let falls = falls.count();
        assert!((30..42).contains(&falls), "{falls}");
    }
    assert_ne!(
        sorted[0].row(0),
        sorted[0].row(1),
        "each line draws for itself"
    );
}

fn apart(a: &Image, b: &Image) -> f64 {
    let pairs = a.pixels.as_flattened().iter().zip(b.pixels.as_flattened());
    pairs.map(|(a, b)| f64::from(a.abs_diff(*b))).sum::<f64>() / a.pixels.len() as f64
}

/// Red is sorted by, and green says where a pixel was.
#[test]
fn an_amount_moves_each_pixel_a_step_at_a_time() {
    const WIDTH: usize = 240;
    const STEPS: usize = 64;
    let size = Size::new(WIDTH as u32, 6);
    let noise = Image::noise(size, 6);
    let image = Image::new(size, |x, y| [noise.row(y)[x as usize][0], x as u8, 0, 255]);
    let sort = Sort::new("interval='none':key='red'");
    let amounts = (0..=STEPS).map(|step| step as f64 / STEPS as f64);
    let pictures = sort.played(Method::Cpu, &image, "amount", amounts);
    pictures[0].assert_is(&image, "amount 0");
    let places = |picture: &Image, y| {
        let mut places = [0; WIDTH];
        for (place, pixel) in picture.row(y).iter().enumerate() {
            places[usize::from(pixel[1])] = place;
        }
        places
    };
    for (pair, y) in pictures
        .windows(2)
        .flat_map(|pair| (0..6).map(move |y| (pair, y)))
    {
        let (before, after) = (places(&pair[0], y), places(&pair[1], y));
        let steps = before.iter().zip(after).map(|(a, b)| a.abs_diff(b));
        // On its way through the whole line a pixel goes a 64th of it, and is passed by others as quick.
        assert!(steps.max().unwrap() <= 4 * WIDTH / STEPS);
    }
    let rises = |row: &[Pixel]| row.is_sorted_by_key(|pixel| pixel[0]);
    assert!((0..6).all(|y| rises(pictures[STEPS].row(y))));
}

/// Around the middle lines turn by about as much as the angle does, wherever it is: no step is much larger than the others.
#[test]
fn an_angle_turns_without_a_jump() {
    let angles = (0..=120).map(|step| f64::from(step) * 3.0);
    let pictures =
        Sort::new("interval='threshold'").played(Method::Cpu, &source(), "angle", angles);
    let steps = pictures.windows(2).map(|pair| apart(&pair[0], &pair[1]));
    let steps: Vec<_> = steps.collect();
    // Rows become columns at odd multiples of 45 degrees, and lines slip the other way at even ones.
    let (changes, others): (Vec<_>, Vec<_>) =
        (0..120).partition(|step| step % 15 == 0 || step % 15 == 14);
    let largest = |of: &[usize]| of.iter().map(|step| steps[*step]).fold(0.0, f64::max);
    let (at_changes, between) = (largest(&changes), largest(&others));
    assert!(at_changes <= between, "{at_changes} and {between}");
    let mut sorted = steps;
    sorted.sort_by(f64::total_cmp);
    assert!(between < 1.5 * sorted[60], "{between} and {}", sorted[60]);
    assert!(sorted[0] > 0.2 * sorted[60], "{sorted:?}: it stands still");
    pictures[120].assert_is(&pictures[0], "a whole turn");
}

/// What is no line moves pixels as their cells move, so that nothing is blurred where little is sorted.
#[test]
fn every_path_begins_with_the_picture() {
    for path in PATHS {
        let settings = format!("path='{path}'");
        let sort = Sort::new(&settings);
        for method in METHODS {
            let sorted = sort.played(method, &source(), "amount", [0.0, 1.0]);
            sorted[0].assert_is(&source(), path);
            assert!(apart(&sorted[0], &sorted[1]) > 1.0, "{path}");
        }
    }
}
