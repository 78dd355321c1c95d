//! `mix`, `blend`, `matte`, `channels` and `space`.

use crate::spaces::{HSV, LAB, Space, YCBCR};
use crate::stage::{Texel, assert_near, assert_same, differ, noise};
use crate::{SIZE, SLACK, gpu, inverted, luma, mixed, once, read, taken_in};

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

/// A mode and its formula.
type Mode = (&'static str, fn(f32, f32) -> f32);
/// The same on whole levels.
type LevelMode = (&'static str, fn(i32, i32) -> i32);
/// A matte and how much it shows.
type Share = (&'static str, fn(Texel) -> f32);

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
    let modes: [LevelMode; 4] = [
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
    let shares: [Share; 5] = [
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
