//! The keys that every layer has and the shapes that a pass can take, against a transcription on the CPU.

mod gpu;
mod stage;

use afterimage::effect::Library;
use afterimage::picture::{Picture, Size};
use afterimage::show::Show;
use stage::{Stage, Texel, assert_near, assert_same, differ, flat, noise, set};

const SIZE: Size = Size::new(23, 17);

/// Effects small enough to be done over by hand.
const EFFECTS: &[(&str, &str)] = &[
    (
        "invert",
        r#"/*{"DESCRIPTION": "The negative.", "NO_IDENTITY": "it always inverts", "INPUTS": [{"NAME": "inputImage", "TYPE": "image"}],
        "PASSES": [{"ENTRY": "invert", "POINT": true}]}*/
        fn invert(color: vec4f, at: vec2i) -> vec4f { return vec4f(1.0 - color.rgb, color.a * 0.5); }"#,
    ),
    (
        "copy",
        r#"/*{"DESCRIPTION": "The picture.", "NO_IDENTITY": "nothing to set", "INPUTS": [{"NAME": "inputImage", "TYPE": "image"}]}*/
        fn effect(at: vec2i) -> vec4f { return load(inputImage, at, SMEAR); }"#,
    ),
    (
        "sum",
        r#"/*{"DESCRIPTION": "Adds all pictures.", "NO_IDENTITY": "it always adds", "INPUTS": [{"NAME": "inputImage", "TYPE": "image"}],
        "PASSES": [{"ENTRY": "sum", "TARGET": "total", "PERSISTENT": true, "FLOAT": true}]}*/
        fn sum(at: vec2i) -> vec4f { return load(total, at, SMEAR) + load(inputImage, at, SMEAR); }"#,
    ),
    (
        "add",
        r#"/*{"DESCRIPTION": "Adds another picture.", "NO_IDENTITY": "it always adds", "INPUTS": [{"NAME": "inputImage", "TYPE": "image"}, {"NAME": "other", "TYPE": "image"}]}*/
        fn effect(at: vec2i) -> vec4f { return load(inputImage, at, SMEAR) + 0.5 * load(other, at, SMEAR); }"#,
    ),
    (
        "back",
        r#"/*{"DESCRIPTION": "A picture of the past.", "INPUTS": [{"NAME": "inputImage", "TYPE": "image"}, {"NAME": "before", "TYPE": "history", "MAX": 3},
        {"NAME": "pictures", "TYPE": "long", "DEFAULT": 3, "MIN": 0, "MAX": 3, "IDENTITY": 0}]}*/
        fn effect(at: vec2i) -> vec4f { return past(before, params.pictures, at, SMEAR); }"#,
    ),
    (
        "again",
        r#"/*{"DESCRIPTION": "Runs one pass again and again.", "NO_IDENTITY": "it always counts", "INPUTS": [{"NAME": "inputImage", "TYPE": "image"},
        {"NAME": "rounds", "TYPE": "long", "DEFAULT": 3, "MIN": 1, "MAX": 9}],
        "PASSES": [{"ENTRY": "grow", "TARGET": "grown", "REPEAT": "$rounds * 2"}, {"ENTRY": "show"}]}*/
        fn grow(at: vec2i) -> vec4f { return load(grown, at, SMEAR) + vec4f(0.125, f32(layer.iteration) * 0.25, 0.0, 0.0); }
        fn show(at: vec2i) -> vec4f { return load(grown, at, SMEAR); }"#,
    ),
    (
        "sizes",
        r#"/*{"DESCRIPTION": "Says how large its target is.", "NO_IDENTITY": "it shows numbers", "INPUTS": [{"NAME": "inputImage", "TYPE": "image"}],
        "PASSES": [{"ENTRY": "corner", "TARGET": "small", "WIDTH": "$WIDTH / 2", "HEIGHT": "floor($HEIGHT / 4) + 1"}, {"ENTRY": "show"}]}*/
        fn corner(at: vec2i) -> vec4f { return vec4f(vec2f(at), 1.0, 1.0); }
        fn show(at: vec2i) -> vec4f { return vec4f(vec2f(size(small)), load(small, at, SMEAR).xy); }"#,
    ),
    (
        "blur",
        r#"/*{"DESCRIPTION": "Across, then down.", "NO_IDENTITY": "it always blurs", "INPUTS": [{"NAME": "inputImage", "TYPE": "image"}],
        "PASSES": [{"ENTRY": "across", "TARGET": "rows"}, {"ENTRY": "down"}]}*/
        fn across(at: vec2i) -> vec4f { return (load(inputImage, at - vec2i(1, 0), WRAP) + load(inputImage, at + vec2i(1, 0), WRAP)) * 0.5; }
        fn down(at: vec2i) -> vec4f { return (load(rows, at - vec2i(0, 1), SMEAR) + load(rows, at + vec2i(0, 2), SMEAR)) * 0.5; }"#,
    ),
    (
        "points",
        r#"/*{"DESCRIPTION": "One point after the other.", "NO_IDENTITY": "it always darkens", "INPUTS": [{"NAME": "inputImage", "TYPE": "image"}],
        "PASSES": [{"ENTRY": "halve", "TARGET": "half_", "POINT": true}, {"ENTRY": "lift", "POINT": true}]}*/
        fn halve(color: vec4f, at: vec2i) -> vec4f { return color * 0.5; }
        fn lift(color: vec4f, at: vec2i) -> vec4f { return color + vec4f(f32(at.x), 0.0, 0.0, 0.0); }"#,
    ),
    (
        "tiles",
        r#"/*{"DESCRIPTION": "The first pixel of each tile, through shared memory.", "NO_IDENTITY": "it always tiles", "INPUTS": [{"NAME": "inputImage", "TYPE": "image"}],
        "PASSES": [{"ENTRY": "tiles", "KERNEL": true}]}*/
        var<workgroup> corner: vec4f;
        @compute @workgroup_size(8, 4) fn tiles(@builtin(global_invocation_id) id: vec3u, @builtin(local_invocation_index) local: u32) {
            let at = vec2i(id.xy);
            if (local == 0u) { corner = load(inputImage, at, SMEAR); }
            workgroupBarrier();
            if (any(at >= size(inputImage))) { return; }
            store(at, corner);
        }"#,
    ),
];

fn read(layers: &str, bits: u32) -> Stage {
    let text =
        format!("canvas = {{ bits = {bits} }}\n[sources]\ncam = 'cam.png'\nb = 'b.png'\n{layers}");
    Stage::read(&text, EFFECTS, SIZE)
}

/// The texels of a source's picture as layers read it.
fn taken_in(picture: &Picture) -> Vec<Texel> {
    read("", 16).tick(&[Some(picture), None])
}

/// What a show makes of its first tick.
fn once(layers: &str, cam: &Picture, b: &Picture) -> Vec<Texel> {
    read(layers, 16).tick(&[Some(cam), Some(b)])
}

fn levels(level: u8) -> Picture {
    flat(SIZE, [level, level, level, 255])
}

/// The level at the upper left of a picture, from 0 to 255.
fn level(texels: &[Texel]) -> f32 {
    (texels[0][0] * 255.0).round()
}

/// The effect `invert`.
fn inverted(input: Texel) -> Texel {
    let [r, g, b, a] = input;
    [1.0 - r, 1.0 - g, 1.0 - b, a * 0.5]
}

fn mixed(input: Texel, effect: Texel, share: f32) -> Texel {
    std::array::from_fn(|c| input[c] + (effect[c] - input[c]) * share)
}

fn luma([r, g, b, _]: Texel) -> f32 {
    0.2126 * r + 0.7152 * g + 0.0722 * b
}

/// Of half floats up to 1, and some more for the formula.
const SLACK: f32 = 1.5e-3;

#[test]
fn mix_goes_from_the_input_to_the_effect() {
    let (cam, b) = (noise(SIZE, 1), noise(SIZE, 2));
    let input = taken_in(&cam);
    for share in [0.25, 0.5, 0.9] {
        let text = format!("[[layers]]\neffect = 'invert'\nmix = {share}");
        let expected: Vec<_> = input
            .iter()
            .map(|c| mixed(*c, inverted(*c), share))
            .collect();
        assert_near(&once(&text, &cam, &b), &expected, SLACK, &text);
    }
}

type Mode = (&'static str, fn(f32, f32) -> f32);

#[test]
fn blend_lays_the_effect_over_the_input() {
    let modes: [Mode; 6] = [
        ("addition", |a, b| (a + b).min(1.0)),
        ("multiply", |a, b| a * b),
        ("screen", |a, b| 1.0 - (1.0 - a) * (1.0 - b)),
        ("difference", |a, b| (a - b).abs()),
        ("subtract", |a, b| (a - b).max(0.0)),
        ("grainextract", |a, b| {
            (128.0 / 255.0 + a - b).clamp(0.0, 1.0)
        }),
    ];
    let (cam, b) = (noise(SIZE, 3), noise(SIZE, 4));
    let input = taken_in(&cam);
    for (name, mode) in modes {
        let text = format!("[[layers]]\neffect = 'invert'\nblend = '{name}'\nmix = 0.75");
        let blended = |c: &Texel| {
            let mut over = inverted(*c);
            for channel in 0..3 {
                over[channel] = mode(over[channel], c[channel]);
            }
            mixed(*c, over, 0.75)
        };
        let expected: Vec<_> = input.iter().map(blended).collect();
        assert_near(&once(&text, &cam, &b), &expected, SLACK, &text);
    }
}

#[test]
fn blend_in_8_bits_is_that_of_whole_levels() {
    let modes: [(&str, fn(i32, i32) -> i32); 4] = [
        ("average", |a, b| (a + b) / 2),
        ("multiply", |a, b| a * b / 255),
        ("grainmerge", |a, b| (a + b - 128).clamp(0, 255)),
        ("xor", |a, b| a ^ b),
    ];
    let (cam, b) = (noise(SIZE, 5), noise(SIZE, 6));
    for (name, mode) in modes {
        let text = format!("[[layers]]\neffect = 'invert'\nblend = '{name}'");
        let output = read(&text, 8).tick(&[Some(&cam), Some(&b)]);
        for (texel, bytes) in output.iter().zip(cam.planes[0].bytes.chunks_exact(4)) {
            for channel in 0..3 {
                let below = i32::from(bytes[channel]);
                let wanted = mode(255 - below, below);
                assert_eq!(
                    texel[channel],
                    gpu::level(wanted as u8),
                    "{name} of {below}"
                );
            }
        }
    }
}

#[test]
fn a_matte_says_how_much_shows_where() {
    let (cam, b) = (noise(SIZE, 7), noise(SIZE, 8));
    let (input, matte) = (taken_in(&cam), taken_in(&b));
    let shares: [(&str, fn(Texel) -> f32); 5] = [
        ("b", |m| luma(m) * m[3]),
        ("!b", |m| 1.0 - luma(m) * m[3]),
        ("b.r", |m| m[0]),
        ("!b.g", |m| 1.0 - m[1]),
        ("b.a", |m| m[3]),
    ];
    for (name, share) in shares {
        let text = format!("[[layers]]\neffect = 'invert'\nmatte = '{name}'\nmix = 0.5");
        let pixels = input.iter().zip(&matte);
        let expected: Vec<_> = pixels
            .map(|(c, m)| mixed(*c, inverted(*c), 0.5 * share(*m)))
            .collect();
        assert_near(&once(&text, &cam, &b), &expected, SLACK, &text);
    }
}

#[test]
fn untouched_channels_keep_their_bits() {
    let (cam, b) = (noise(SIZE, 9), noise(SIZE, 10));
    let input = taken_in(&cam);
    let effect = once("[[layers]]\neffect = 'invert'", &cam, &b);
    for (name, touched) in [
        ("r", [true, false, false, false]),
        ("gb", [false, true, true, false]),
        ("rgb", [true, true, true, false]),
        ("alpha", [false, false, false, true]),
        ("rgba", [true; 4]),
    ] {
        let text = format!("[[layers]]\neffect = 'invert'\nchannels = '{name}'");
        let chosen = |(before, after): (&Texel, &Texel)| -> Texel {
            std::array::from_fn(|c| if touched[c] { after[c] } else { before[c] })
        };
        let expected: Vec<_> = input.iter().zip(&effect).map(chosen).collect();
        assert_same(&once(&text, &cam, &b), &expected, name);
    }
}

/// A colour space: its name, its letters, and the way there and back in double precision.
struct Space {
    name: &'static str,
    letters: [&'static str; 3],
    to: fn([f64; 3]) -> [f64; 3],
    from: fn([f64; 3]) -> [f64; 3],
}

/// ITU-R BT.709, full range.
const YCBCR: Space = Space {
    name: "ycbcr",
    letters: ["y", "cb", "cr"],
    to: |[r, g, b]| {
        let y = 0.2126 * r + 0.7152 * g + 0.0722 * b;
        [y, (b - y) / 1.8556, (r - y) / 1.5748]
    },
    from: |[y, cb, cr]| {
        let (r, b) = (y + 1.5748 * cr, y + 1.8556 * cb);
        [r, (y - 0.2126 * r - 0.0722 * b) / 0.7152, b]
    },
};

/// Smith 1978, hue in turns.
const HSV: Space = Space {
    name: "hsv",
    letters: ["h", "s", "v"],
    to: |[r, g, b]| {
        let (high, low) = (r.max(g).max(b), r.min(g).min(b));
        let range = high - low;
        if range == 0.0 {
            return [0.0, 0.0, high];
        }
        let sextant = if high == r {
            (g - b) / range
        } else if high == g {
            2.0 + (b - r) / range
        } else {
            4.0 + (r - g) / range
        };
        [(sextant / 6.0).rem_euclid(1.0), range / high, high]
    },
    from: |[h, s, v]| {
        let channel = |n: f64| {
            let k = (n + h * 6.0).rem_euclid(6.0);
            v - v * s * k.min(4.0 - k).clamp(0.0, 1.0)
        };
        [channel(5.0), channel(3.0), channel(1.0)]
    },
};

fn linear(c: f64) -> f64 {
    if c <= 0.04045 {
        c / 12.92
    } else {
        ((c + 0.055) / 1.055).powf(2.4)
    }
}

/// Odd around 0: a lightness from elsewhere may make a colour that no screen has.
fn encoded(c: f64) -> f64 {
    let size = c.abs();
    let curve = 1.055 * size.powf(1.0 / 2.4) - 0.055;
    c.signum()
        * if size <= 0.003_130_8 {
            size * 12.92
        } else {
            curve
        }
}

/// The sRGB primaries' matrix to XYZ, and D65 (IEC 61966-2-1).
const XYZ: [[f64; 3]; 3] = [
    [0.412_390_8, 0.357_584_34, 0.180_480_79],
    [0.212_639_01, 0.715_168_68, 0.072_192_32],
    [0.019_330_82, 0.119_194_78, 0.950_532_15],
];
const RGB: [[f64; 3]; 3] = [
    [3.240_969_94, -1.537_383_18, -0.498_610_76],
    [-0.969_243_64, 1.875_967_5, 0.041_555_06],
    [0.055_630_08, -0.203_976_96, 1.056_971_51],
];

fn product(matrix: [[f64; 3]; 3], v: [f64; 3]) -> [f64; 3] {
    matrix.map(|row| row[0] * v[0] + row[1] * v[1] + row[2] * v[2])
}

fn white() -> [f64; 3] {
    product(XYZ, [1.0; 3])
}

/// CIE 1976, divided by 100.
const LAB: Space = Space {
    name: "lab",
    letters: ["l", "a", "b"],
    to: |rgb| {
        let (xyz, white) = (product(XYZ, rgb.map(linear)), white());
        let f: [f64; 3] = std::array::from_fn(|i| {
            let t = xyz[i] / white[i];
            if t > 216.0 / 24389.0 {
                t.cbrt()
            } else {
                (24389.0 / 27.0 * t + 16.0) / 116.0
            }
        });
        [1.16 * f[1] - 0.16, 5.0 * (f[0] - f[1]), 2.0 * (f[1] - f[2])]
    },
    from: |[l, a, b]| {
        let (y, white) = ((l + 0.16) / 1.16, white());
        let f = [y + a / 5.0, y, y - b / 2.0];
        let t = f.map(|f| {
            if f > 6.0 / 29.0 {
                f.powi(3)
            } else {
                (116.0 * f - 16.0) * 27.0 / 24389.0
            }
        });
        product(RGB, std::array::from_fn(|i| t[i] * white[i])).map(encoded)
    },
};

#[test]
fn channels_are_chosen_in_each_space() {
    let (cam, b) = (noise(SIZE, 11), noise(SIZE, 12));
    let input = taken_in(&cam);
    for Space {
        name,
        letters,
        to,
        from,
    } in [YCBCR, HSV, LAB]
    {
        for (index, letter) in letters.iter().enumerate() {
            let text =
                format!("[[layers]]\neffect = 'invert'\nspace = '{name}'\nchannels = ['{letter}']");
            let chosen = |c: &Texel| -> Texel {
                let rgb = |[r, g, b, _]: Texel| [f64::from(r), f64::from(g), f64::from(b)];
                let mut whole = to(rgb(*c));
                whole[index] = to(rgb(inverted(*c)))[index];
                let [r, g, b] = from(whole).map(|number| number as f32);
                [r, g, b, c[3]]
            };
            let output = once(&text, &cam, &b);
            let expected: Vec<_> = input.iter().map(chosen).collect();
            // Hue is steep where colours are nearly grey or black, Lab where they are nearly black.
            assert_near(&output, &expected, 6e-3, &text);
            assert!(differ(&output, &input), "{text}: nothing was touched");
        }
    }
}

#[test]
fn no_channels_or_all_are_exact_in_each_space() {
    let (cam, b) = (noise(SIZE, 13), noise(SIZE, 14));
    let effect = once("[[layers]]\neffect = 'invert'", &cam, &b);
    for space in ["rgb", "ycbcr", "hsv", "lab"] {
        let layers = |channels: &str| {
            format!(
                "[[layers]]\neffect = 'invert'\nspace = '{space}'\nchannels = {channels}\nmix = '1 + 0 * time'"
            )
        };
        let all = match space {
            "rgb" => "'rgba'",
            "ycbcr" => "['y', 'cb', 'cr', 'alpha']",
            "hsv" => "['h', 's', 'v', 'alpha']",
            _ => "['l', 'a', 'b', 'alpha']",
        };
        assert_same(&once(&layers(all), &cam, &b), &effect, space);
        let mut alpha = taken_in(&cam);
        for (texel, effect) in alpha.iter_mut().zip(&effect) {
            texel[3] = effect[3];
        }
        assert_same(&once(&layers("['alpha']"), &cam, &b), &alpha, space);
    }
}

/// The levels that a show gives to pictures of the levels 10, 20, 30, …
fn series(layers: &str, ticks: u8) -> Vec<f32> {
    let mut stage = read(layers, 16);
    let black = levels(0);
    let tick = |tick: u8| {
        let cam = levels(10 + 10 * tick);
        level(&stage.tick(&[Some(&cam), Some(&black)]))
    };
    (0..ticks).map(tick).collect()
}

#[test]
fn tap_reaches_back_and_before_the_first_picture_is_the_first() {
    let of_source = series("[[layers]]\neffect = 'copy'\ntap = 2", 5);
    assert_eq!(of_source, [10.0, 10.0, 10.0, 20.0, 30.0]);
    let of_layer = series(
        "[[layers]]\neffect = 'invert'\n[[layers]]\neffect = 'invert'\ntap = 1",
        4,
    );
    assert_eq!(of_layer, [10.0, 10.0, 20.0, 30.0]);
    let moving = series("[[layers]]\neffect = 'copy'\ntap = 'tick - 1'", 5);
    assert_eq!(moving, [10.0, 20.0, 20.0, 20.0, 20.0]);
}

#[test]
fn a_tap_is_composed_with_the_present() {
    let mixed = series("[[layers]]\neffect = 'copy'\ntap = 2\nmix = 0.5", 4);
    assert_eq!(mixed, [10.0, 15.0, 20.0, 30.0]);
    let green = series("[[layers]]\neffect = 'copy'\ntap = 1\nchannels = 'g'", 3);
    assert_eq!(green, [10.0, 20.0, 30.0], "red stays in the present");
}

#[test]
fn a_ring_goes_on_through_a_layer_that_is_off() {
    let text = "[[layers]]\nname = 'under'\neffect = 'invert'\non = 'tick < 2 or tick > 2'\n[[layers]]\neffect = 'copy'\ntap = 1";
    assert_eq!(series(text, 5), [245.0, 245.0, 235.0, 30.0, 215.0]);
}

#[test]
fn a_side_branch_is_seen_only_where_it_is_named() {
    let side = "[[layers]]\nname = 'side'\neffect = 'invert'\nthrough = false\n";
    assert_eq!(series(side, 2), [10.0, 20.0], "it is not the output");
    let next = format!("{side}[[layers]]\neffect = 'copy'");
    assert_eq!(
        series(&next, 2),
        [10.0, 20.0],
        "it is not the next layer's picture"
    );
    let copied = side.replace("'invert'", "'copy'");
    let named = format!("{copied}[[layers]]\neffect = 'add'\nother = 'side'");
    assert_eq!(series(&named, 2), [15.0, 30.0], "and half of it");
}

#[test]
fn prev_is_the_last_ticks_picture_and_first_nothing() {
    let text = "[[layers]]\nname = 'echo'\neffect = 'add'\nother = 'echo@prev'";
    let mut expected = vec![10.0];
    for tick in 1..5 {
        let last = expected.last().copied().unwrap_or(0.0);
        expected.push(10.0 + 10.0 * tick as f32 + 0.5 * last);
    }
    for (level, wanted) in series(text, 5).into_iter().zip(expected) {
        assert!((level - wanted).abs() <= 0.5, "{level} instead of {wanted}");
    }
    let mut first = read(text, 16);
    let output = first.tick(&[Some(&flat(SIZE, [0, 0, 0, 0])), None]);
    assert_eq!(output[0], [0.0; 4], "transparent black");
}

#[test]
fn prev_of_a_later_layer_is_there_too() {
    let text = "[[layers]]\neffect = 'add'\nother = 'last@prev'\n[[layers]]\nname = 'last'\neffect = 'invert'";
    // 255 - (level + previous / 2)
    assert_eq!(series(text, 3)[0], 245.0);
    let second = series(text, 2)[1];
    assert!((second - (235.0 - 122.5)).abs() <= 1.0, "{second}");
}

#[test]
fn a_history_of_a_last_ticks_picture_is_refused() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let mut library = Library::new(vec![folder.path().to_owned()]);
    let text = "sources = { cam = 'cam.png' }\n[[layers]]\neffect = 'tblend'\nname = 'a'\nbefore = 'a@prev'";
    let error = Show::parse(text, None, &mut library).expect_err("no ring of it is kept");
    assert_eq!((error.line, error.column), (5, 11), "{error}");
    assert!(error.message.contains("no past"), "{error}");
}

#[test]
fn history_reaches_back_and_before_the_first_picture_is_the_first() {
    for (pictures, expected) in [
        (0, [10.0, 20.0, 30.0, 40.0, 50.0]),
        (1, [10.0, 10.0, 20.0, 30.0, 40.0]),
        (3, [10.0, 10.0, 10.0, 10.0, 20.0]),
    ] {
        let text = format!("[[layers]]\neffect = 'back'\npictures = {pictures}");
        assert_eq!(series(&text, 5), expected, "{text}");
    }
    let layer = "[[layers]]\neffect = 'invert'\n[[layers]]\neffect = 'back'\npictures = 2";
    assert_eq!(series(layer, 4), [245.0, 245.0, 245.0, 235.0]);
}

#[test]
fn repeat_reads_what_the_run_before_wrote() {
    let rounds = |text: &str| {
        once(
            &format!("[[layers]]\neffect = 'again'\n{text}"),
            &levels(0),
            &levels(0),
        )[0]
    };
    // The iterations add up to n (n - 1) / 2 quarters.
    assert_eq!(rounds("")[..2], [0.75, 3.75]);
    assert_eq!(rounds("rounds = 1")[..2], [0.25, 0.25]);
    let mut stage = read("[[layers]]\neffect = 'again'\nrounds = 'tick + 1'", 16);
    let counts: Vec<_> = (0..3)
        .map(|_| stage.tick(&[Some(&levels(0)), None])[0][0])
        .collect();
    assert_eq!(
        counts,
        [0.25, 0.5, 0.75],
        "nothing is left from tick to tick"
    );
}

#[test]
fn targets_have_the_size_that_their_pass_says() {
    let output = once("[[layers]]\neffect = 'sizes'", &levels(0), &levels(0));
    // 23 / 2 is rounded to 12, 17 / 4 cut to 4 and 1 added.
    assert_eq!(output[0], [12.0, 5.0, 0.0, 0.0]);
    let last = output.last().expect("a pixel");
    assert_eq!(*last, [12.0, 5.0, 11.0, 4.0], "its last pixel, drawn out");
}

#[test]
fn a_pass_reads_what_the_pass_before_wrote() {
    let cam = noise(SIZE, 15);
    let input = taken_in(&cam);
    let (width, height) = (SIZE.width as i32, SIZE.height as i32);
    let pixel =
        |x: i32, y: i32| input[(y.clamp(0, height - 1) * width + x.rem_euclid(width)) as usize];
    let across = |x: i32, y: i32| mixed(pixel(x - 1, y), pixel(x + 1, y), 0.5);
    let down = |x: i32, y: i32| mixed(across(x, y - 1), across(x, y + 2), 0.5);
    let expected: Vec<_> = (0..height)
        .flat_map(|y| (0..width).map(move |x| (x, y)))
        .collect();
    let expected: Vec<_> = expected.into_iter().map(|(x, y)| down(x, y)).collect();
    let output = once("[[layers]]\neffect = 'blur'", &cam, &levels(0));
    assert_near(&output, &expected, SLACK, "blur");
}

#[test]
fn point_passes_follow_one_another() {
    let cam = noise(SIZE, 16);
    let input = taken_in(&cam);
    let lifted = |(index, c): (usize, &Texel)| {
        let half = c.map(|number| number * 0.5);
        [
            half[0] + (index % SIZE.width as usize) as f32,
            half[1],
            half[2],
            half[3],
        ]
    };
    let expected: Vec<_> = input.iter().enumerate().map(lifted).collect();
    let output = once("[[layers]]\neffect = 'points'", &cam, &levels(0));
    // Half floats between 16 and 23 are 1/64 apart.
    assert_near(&output, &expected, 1.0 / 128.0, "points");
}

#[test]
fn a_kernel_has_shared_memory_and_the_layers_keys() {
    let cam = noise(SIZE, 17);
    let input = taken_in(&cam);
    let tile = |index: usize| {
        let (x, y) = (index % SIZE.width as usize, index / SIZE.width as usize);
        input[(y & !3) * SIZE.width as usize + (x & !7)]
    };
    let tiles: Vec<_> = (0..input.len()).map(tile).collect();
    assert_same(
        &once("[[layers]]\neffect = 'tiles'", &cam, &levels(0)),
        &tiles,
        "tiles",
    );
    let halves: Vec<_> = input
        .iter()
        .zip(&tiles)
        .map(|(a, b)| mixed(*a, *b, 0.5))
        .collect();
    let output = once("[[layers]]\neffect = 'tiles'\nmix = 0.5", &cam, &levels(0));
    assert_near(&output, &halves, SLACK, "tiles, half");
}

#[test]
fn state_goes_on_at_mix_0_and_stands_still_when_off() {
    let hidden = series("[[layers]]\neffect = 'sum'\nmix = 'tick > 1'", 3);
    assert_eq!(hidden, [10.0, 20.0, 60.0], "10 + 20 + 30");
    let off = series("[[layers]]\neffect = 'sum'\non = 'tick < 2 or tick > 2'", 4);
    assert_eq!(off, [10.0, 30.0, 30.0, 70.0], "10 + 20 + 40");
}

#[test]
fn a_control_takes_a_key_over_until_it_is_released() {
    let mut stage = read(
        "[[layers]]\nname = 'neg'\neffect = 'invert'\nmix = '0 * time'",
        16,
    );
    let cam = levels(10);
    let mut tick = |commands: &[_]| level(&stage.tick_with(commands, &[Some(&cam), None]));
    assert_eq!(tick(&[]), 10.0);
    assert_eq!(tick(&[set("/layers/neg/mix", 1.0)]), 245.0);
    assert_eq!(tick(&[]), 245.0);
    assert_eq!(tick(&[set("/layers/neg/mix/release", 1.0)]), 10.0);
}
