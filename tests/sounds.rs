//! Sound as pictures that effects read: samples, spectra, channels, silence.

mod gpu;
mod stage;

use afterimage::picture::Size;
use afterimage::plan::{HIGHEST_FREQUENCY, Sound, Spectrum};
use stage::{Stage, Texel, parse, set};

const SIZE: Size = Size::new(8, 3);

/// Red is the wave, green the spectrum, blue and alpha what size the wave has.
const LOOK: &str = r#"/*{"DESCRIPTION": "Shows sound.", "INPUTS": [
    {"NAME": "wave", "TYPE": "audio", "MAX": 4}, {"NAME": "tones", "TYPE": "audioFFT", "MAX": 8}]}*/
fn effect(at: vec2i) -> vec4f {
    return vec4f(load(wave, at, BLANK).r, load(tones, at, SMEAR).r, vec2f(size(wave)));
}"#;

const SHOW: &str = "[[layers]]\neffect = 'look'";

fn stage(canvas: &str) -> Stage {
    Stage::read(&format!("{canvas}\n{SHOW}"), &[("look", LOOK)], SIZE)
}

fn sound(waves: &[&[f32]], magnitudes: &[f32]) -> Sound {
    let spacing = HIGHEST_FREQUENCY / 8.0;
    let spectrum = |_: &&[f32]| Spectrum {
        magnitudes: magnitudes.to_vec(),
        spacing,
    };
    Sound {
        waves: waves.iter().map(|wave| wave.to_vec()).collect(),
        spectra: waves.iter().map(spectrum).collect(),
    }
}

/// One component of one row.
fn row(texels: &[Texel], row: usize, component: usize) -> Vec<f32> {
    let texels = &texels[row * 8..][..8];
    texels.iter().map(|texel| texel[component]).collect()
}

#[test]
fn silence_is_one_channel_of_nothing() {
    let seen = stage("").tick(&[]);
    assert!(
        seen.iter().all(|texel| *texel == [0.0, 0.0, 4.0, 1.0]),
        "{seen:?}"
    );
}

#[test]
fn an_effect_reads_the_newest_samples_and_all_frequencies() {
    for bits in ["", "canvas = { bits = 8 }"] {
        let mut stage = stage(bits);
        let magnitudes = [0.0, 0.5, 0.25, 0.0, 0.0, 0.0, 0.0, 1.0];
        let waves: [&[f32]; 2] = [&[9.0, -1.0, 0.5, 0.25, 0.125], &[0.0, -0.5]];
        stage.instance.hear(sound(&waves, &magnitudes));
        let seen = stage.tick(&[]);
        if bits.is_empty() {
            assert_eq!(
                row(&seen, 0, 0),
                [-1.0, 0.5, 0.25, 0.125, 0.0, 0.0, 0.0, 0.0]
            );
            assert_eq!(row(&seen, 1, 0), [0.0, 0.0, 0.0, -0.5, 0.0, 0.0, 0.0, 0.0]);
            assert_eq!(row(&seen, 2, 0), [0.0; 8], "there is no third channel");
            assert_eq!(row(&seen, 0, 2), [4.0; 8]);
        }
        // Levels are rounded where the layer's picture is stored, not where sound is read.
        let near = |level: f32, is: f32| (level - is).abs() < 0.003;
        let levels = row(&seen, 2, 1);
        assert!(
            levels.iter().zip(magnitudes).all(|(a, b)| near(*a, b)),
            "{levels:?}"
        );
    }
}

#[test]
fn each_tick_has_the_sound_it_is_given_with_the_channels_it_has() {
    let mut stage = stage("");
    for (first, waves) in [(0.5f32, 1), (0.25, 2), (-0.75, 1)] {
        let wave: &[f32] = &[first, 0.0, 0.0, 0.0];
        stage.instance.hear(sound(&vec![wave; waves], &[]));
        let seen = stage.tick(&[]);
        assert_eq!((seen[0][0], seen[0][3]), (first, waves as f32));
    }
    stage.instance.hear(Sound::default());
    assert_eq!(stage.tick(&[])[0], [0.0, 0.0, 4.0, 1.0]);
}

#[test]
fn two_layers_may_look_at_one_sound_in_two_widths() {
    let wide = LOOK.replace("\"MAX\": 4", "\"MAX\": 2");
    let text = "[[layers]]\neffect = 'look'\n[[layers]]\neffect = 'wide'\nblend = 'addition'";
    let mut stage = Stage::read(text, &[("look", LOOK), ("wide", &wide)], SIZE);
    stage.instance.hear(sound(&[&[0.5, 0.25, 0.125, 1.0]], &[]));
    let seen = stage.tick(&[]);
    assert_eq!(seen[0][0], 0.5 + 0.125);
}

#[test]
fn a_layer_that_is_switched_on_hears_at_once() {
    let mut stage = stage("");
    stage.tick_with(&[set("/layers/look/on", 0.0)], &[]);
    stage.instance.hear(sound(&[&[0.5, 0.0, 0.0, 0.0]], &[]));
    assert_ne!(stage.tick(&[])[0][0], 0.5);
    assert_eq!(
        stage.tick_with(&[set("/layers/look/on", 1.0)], &[])[0][0],
        0.5
    );
}

#[test]
fn a_show_that_looks_at_sound_listens() {
    let looks = |effect: &str| {
        let show = parse(
            &format!("[[layers]]\neffect = '{effect}'"),
            &[("look", LOOK)],
        );
        (show.looks_at_sound(), show.listens())
    };
    assert_eq!(looks("look"), (true, true));
    assert_eq!(looks("solid"), (false, false));
}
