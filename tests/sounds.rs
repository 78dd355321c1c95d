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

/// A canvas for `spectrum`: two columns for each of its bars.
const WIDE: Size = Size::new(128, 64);

fn spectrum(settings: &str) -> Stage {
    Stage::read(
        &format!("[[layers]]\neffect = 'spectrum'\n{settings}"),
        &[],
        WIDE,
    )
}

/// A tone of full scale in one column of the frequencies.
fn tone(column: usize) -> Sound {
    let mut magnitudes = vec![0.0; 2048];
    magnitudes[column] = 1.0;
    Sound {
        spectra: vec![Spectrum {
            magnitudes,
            spacing: HIGHEST_FREQUENCY / 2048.0,
        }],
        ..Sound::default()
    }
}

/// A wave of so many samples a period, which begins in its midst.
fn sine(period: f32, phase: f32, amplitude: f32) -> Sound {
    let at = |sample: u16| std::f32::consts::TAU * (f32::from(sample) + phase) / period;
    Sound {
        waves: vec![
            (0..4096)
                .map(|sample| amplitude * at(sample).sin())
                .collect(),
        ],
        ..Sound::default()
    }
}

fn light(texel: &Texel) -> f32 {
    texel[..3].iter().sum()
}

#[test]
fn a_tone_lights_its_bar() {
    let mut stage = spectrum("");
    // 996 Hz: ln(996 / 40) / ln(16000 / 40) of 64 bars.
    stage.instance.hear(tone(85));
    let seen = (0..20).map(|_| stage.tick(&[])).last().unwrap();
    let upper = |column: usize| -> f32 {
        let rows = (0..32).map(|row| &seen[row * 128 + column]);
        rows.map(light).sum()
    };
    let bars: Vec<f32> = (0..64)
        .map(|bar| upper(2 * bar) + upper(2 * bar + 1))
        .collect();
    let brightest = (0..64)
        .max_by(|a, b| bars[*a].total_cmp(&bars[*b]))
        .unwrap();
    assert_eq!(brightest, 34, "{bars:?}");
    assert!(
        bars[30] < 0.1 * bars[34] && bars[38] < 0.1 * bars[34],
        "{bars:?}"
    );
}

#[test]
fn what_has_sounded_fades_and_is_forgotten_by_a_reset() {
    let mut stage = spectrum("decay = 0.5");
    let mut first = spectrum("decay = 0.5");
    let silent = first.tick(&[]);
    stage.instance.hear(tone(85));
    (0..10).for_each(|_| stage.pass(&[]));
    stage.instance.hear(Sound::default());
    let sum = |texels: &[Texel]| -> f32 { texels.iter().map(light).sum() };
    let fading: Vec<f32> = (0..10).map(|_| sum(&stage.tick(&[]))).collect();
    assert!(
        fading.windows(2).all(|pair| pair[1] < pair[0]),
        "{fading:?}"
    );
    assert!(fading[9] > 1.1 * sum(&silent), "{fading:?}");
    let reset = stage.tick_with(&[set("/layers/spectrum/reset", 1.0)], &[]);
    assert_eq!(sum(&reset), sum(&silent));
}

#[test]
fn silence_rests_on_a_thin_line() {
    for style in [
        "bars",
        "waveform",
        "spectrogram",
        "constant_q",
        "vectorscope",
    ] {
        let mut stage = spectrum(&format!("style = '{style}'\nspeed = 4"));
        let first = stage.tick(&[]);
        let mean = first.iter().map(light).sum::<f32>() / first.len() as f32;
        let brightest = first.iter().map(light).fold(0.0, f32::max);
        assert!(
            mean < 0.35 && brightest > 0.1,
            "{style}: {mean}, {brightest}"
        );
        (0..5).for_each(|_| assert!(stage.tick(&[]) == first, "{style} is not at rest"));
    }
}

#[test]
fn a_tone_stands_still_on_the_waveform() {
    let mut stage = spectrum("style = 'waveform'\ndecay = 0");
    let pictures = [0.5, 37.5, 100.5, 201.5].map(|phase| {
        stage.instance.hear(sine(256.0, phase, 0.5));
        stage.tick(&[])
    });
    for picture in &pictures {
        stage::assert_near(picture, &pictures[0], 0.05, "another phase");
    }
    let quiet = {
        stage.instance.hear(sine(256.0, 0.5, 0.1));
        stage.tick(&[])
    };
    assert!(stage::differ(&quiet, &pictures[0]));
}
