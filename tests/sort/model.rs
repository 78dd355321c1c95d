//! The rules once more, on the CPU: whole pictures are compared, so that every run must be a permutation in order, and
//! nothing outside a run may have moved.

use afterimage::picture::Size;
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use crate::{Image, METHODS, Method, Pixel, Sort};

/// What the transcription knows: rows from left to right.
#[derive(Clone, Debug)]
struct Settings {
    key: &'static str,
    reverse: bool,
    lower: f32,
    upper: f32,
    amount: f32,
    masked: bool,
}

fn key(name: &str, [red, green, blue, _]: Pixel) -> i64 {
    let [r, g, b] = [red, green, blue].map(i64::from);
    let (most, least) = (r.max(g).max(b), r.min(g).min(b));
    match name {
        "lightness" => most + least,
        "intensity" => r + g + b,
        "minimum" => least,
        "red" => r,
        "green" => g,
        "blue" => b,
        "luminance" => 2126 * r + 7152 * g + 722 * b,
        "warmth" => r + g - b,
        "saturation" => match most - least {
            1 => 1000,
            0 | 2 => 999,
            range => range,
        },
        "hue" => {
            // In whole parts of a sixth, over one denominator for all ranges up to 255.
            let hue =
                |n: i64| ((n as f64 / (6 * (most - least)) as f64).rem_euclid(1.0) * 1e12) as i64;
            match most - least {
                0 => 0,
                _ if r == most => hue(g - b),
                range if g == most => hue(2 * range + b - r),
                range => hue(4 * range + r - g),
            }
        }
        _ => panic!("{name}"),
    }
}

/// Twice the lightness.
fn lightness(pixel: Pixel) -> f32 {
    key("lightness", pixel) as f32
}

/// Where each place's pixel comes from.
fn sorted(row: &[Pixel], mask: &[Pixel], settings: &Settings) -> Vec<usize> {
    let is_border = |pixel: Pixel| {
        lightness(pixel) < settings.lower * 510.0 || lightness(pixel) > settings.upper * 510.0
    };
    let mut from: Vec<_> = (0..row.len()).collect();
    let mut begin = 0;
    for end in 1..=row.len() {
        if end == row.len() || is_border(row[end]) {
            let kept = |place: &usize| !settings.masked || lightness(mask[*place]) >= 255.0;
            let places: Vec<_> = (begin..end).filter(kept).collect();
            let mut order: Vec<_> = (0..places.len()).collect();
            let sign = if settings.reverse { -1 } else { 1 };
            order.sort_by_key(|number| sign * key(settings.key, row[places[*number]]));
            for (place, number) in places.iter().zip(part_of_the_way(&order, settings.amount)) {
                from[*place] = places[number];
            }
            begin = end;
        }
    }
    from
}

/// `order` has the number of the element in each slot.
fn part_of_the_way(order: &[usize], amount: f32) -> Vec<usize> {
    let amount = (amount * 16384.0).round() as usize;
    let mut between: Vec<_> = order.iter().copied().enumerate().collect();
    between.sort_by_key(|(slot, number)| ((16384 - amount) * number + amount * slot, *number));
    between.into_iter().map(|(_, number)| number).collect()
}

fn model(image: &Image, mask: &Image, settings: &Settings) -> Image {
    let rows = (0..image.size.height).flat_map(|y| {
        let row = image.row(y);
        let from = sorted(row, mask.row(y), settings);
        from.into_iter().map(|place| row[place]).collect::<Vec<_>>()
    });
    Image {
        size: image.size,
        pixels: rows.collect(),
    }
}

const KEYS: [&str; 10] = [
    "lightness",
    "hue",
    "saturation",
    "intensity",
    "minimum",
    "red",
    "green",
    "blue",
    "luminance",
    "warmth",
];

fn settings() -> impl Strategy<Value = Settings> {
    // Sixteenths, so that nothing depends on how a threshold is rounded.
    let amount = prop_oneof![Just(16), 0..=16];
    let choices = (
        0..KEYS.len(),
        any::<bool>(),
        0..=10,
        6..=16,
        amount,
        any::<bool>(),
    );
    choices.prop_map(|(key, reverse, lower, upper, amount, masked)| Settings {
        key: KEYS[key],
        reverse,
        lower: lower as f32 / 16.0,
        upper: upper as f32 / 16.0,
        amount: amount as f32 / 16.0,
        masked,
    })
}

fn text(settings: &Settings) -> String {
    let Settings {
        key,
        reverse,
        lower,
        upper,
        amount,
        masked,
    } = settings;
    let level = f32::from(u8::from(*masked)) * 0.5;
    format!(
        "key='{key}':reverse={reverse}:lower={lower}:upper={upper}:amount={amount}:mask_level={level}"
    )
}

#[track_caller]
fn assert_as_the_model(method: Method, image: &Image, mask: &Image, settings: &Settings) {
    let text = text(settings);
    let sort = Sort {
        mask: Some(mask),
        ..Sort::new(&text)
    };
    let found = sort.of(method, image);
    let what = format!("{method:?} {} {text}", image.size);
    found.assert_is(&model(image, mask, settings), &what);
}

#[test]
fn any_picture_is_sorted_as_the_rules_say() {
    let sizes = prop_oneof![
        (1..80u32, 1..20u32),
        (1000..2100u32, 1..6u32),
        (3000..4097u32, 1..4u32)
    ];
    let mut runner = TestRunner::new_with_rng(
        Config {
            cases: 10,
            ..Config::default()
        },
        TestRng::deterministic_rng(RngAlgorithm::ChaCha),
    );
    let cases = (sizes, any::<u64>(), settings());
    runner
        .run(&cases, |((width, height), seed, settings)| {
            let size = Size::new(width, height);
            let (image, mask) = (Image::noise(size, seed), Image::noise(size, !seed));
            for method in METHODS {
                assert_as_the_model(method, &image, &mask, &settings);
            }
            Ok(())
        })
        .unwrap();
}

/// Levels of few values have ties everywhere: their order must be that in which they came.
#[test]
fn every_key_is_stable() {
    let size = Size::new(300, 3);
    let noise = Image::noise(size, 5);
    let coarse = |[r, g, b, a]: Pixel| [r / 86 * 86, g / 86 * 86, b / 86 * 86, a];
    let image = Image {
        size,
        pixels: noise.pixels.into_iter().map(coarse).collect(),
    };
    let numbers = (0..KEYS.len()).map(|number| number as f64);
    for (reverse, method) in [false, true]
        .into_iter()
        .flat_map(|reverse| METHODS.map(|method| (reverse, method)))
    {
        let text = format!("lower=0:upper=1:reverse={reverse}");
        let sorted = Sort::new(&text).played(method, &image, "key", numbers.clone());
        for (sorted, key) in sorted.iter().zip(KEYS) {
            let settings = Settings {
                key,
                reverse,
                lower: 0.0,
                upper: 1.0,
                amount: 1.0,
                masked: false,
            };
            sorted.assert_is(&model(&image, &image, &settings), &format!("{key} {text}"));
        }
    }
}
