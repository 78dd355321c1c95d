//! Drum loops whose onsets, tempo and beats are known, because they are made here.

use std::f32::consts::TAU;
use std::fmt;

/// Samples a second.
pub(crate) const RATE: u32 = 44_100;

/// A loop and the truth about it.
pub(crate) struct Loop {
    pub(crate) samples: Vec<f32>,
    pub(crate) onsets: Vec<f64>,
}

/// A bar of four beats in sixteen steps: `x` is a stroke, `g` a ghost note of a third. `k` kick, `s` snare, `c` clap, `h` hat,
/// `o` open hat, `b` bass.
pub(crate) struct Style {
    pub(crate) name: &'static str,
    voices: &'static [(char, &'static str)],
}

/// Thirteen ways to play.
#[rustfmt::skip]
pub(crate) const STYLES: &[Style] = &[
    Style { name: "rock", voices: &[('k', "x.......x.x....."), ('s', "....x.......x..."), ('h', "x.x.x.x.x.x.x.x.")] },
    Style { name: "house", voices: &[('k', "x...x...x...x..."), ('c', "....x.......x..."), ('h', "..x...x...x...x.")] },
    Style { name: "basic", voices: &[('k', "x...x...x...x..."), ('s', "....x.......x..."), ('h', "..x...x...x...x.")] },
    Style { name: "techno", voices: &[('k', "x...x...x...x..."), ('h', "xxxxxxxxxxxxxxxx"), ('b', "..x..x....x..x..")] },
    Style { name: "break", voices: &[('k', "x.x.......x....."), ('s', "....x..g.g..x..g"), ('h', "x.x.x.x.x.x.x.x.")] },
    Style { name: "two-step", voices: &[('k', "x.........x....."), ('s', "....x.......x..."), ('h', "x.x.x.x.x.x.x.x.")] },
    Style { name: "funk", voices: &[('k', "x..x..x...x..x.."), ('s', "....x.......x..."), ('h', "x.xxx.xxx.xxx.xx")] },
    Style { name: "clicks", voices: &[('h', "x...x...x...x...")] },
    Style { name: "disco", voices: &[('k', "x...x...x...x..."), ('s', "....x.......x..."), ('h', "x.x.x.x.x.x.x.x."), ('o', "..............x.")] },
    Style { name: "latin", voices: &[('k', "x...x...x...x..."), ('s', "...x..x....x..x."), ('h', "x.xxx.xxx.xxx.xx")] },
    Style { name: "reggae", voices: &[('k', "........x......."), ('s', "........x......."), ('h', "x.x.x.x.x.x.x.x."), ('c', "..x...x...x...x."), ('b', "x.....x.x..x....")] },
    Style { name: "rolling", voices: &[('k', "x...x...x...x..."), ('b', "..xx..xx..xx..xx"), ('h', "..x...x...x...x.")] },
    Style { name: "kicks", voices: &[('k', "x...x...x...x...")] },
];

/// How a style is played.
#[derive(Clone, Copy)]
pub(crate) struct Played {
    pub(crate) tempo: f64,
    /// How late every second step comes, as a share of a step.
    pub(crate) swing: f64,
    /// How loud chords lie under it.
    pub(crate) pad: f32,
    /// How loud the noise is.
    pub(crate) noise: f32,
}

impl fmt::Display for Played {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            tempo,
            swing,
            pad,
            noise,
        } = self;
        write!(
            formatter,
            "{tempo} BPM, swing {swing}, pad {pad}, noise {noise}"
        )
    }
}

/// Numbers from -1 to 1, the same each time.
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> f32 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 40) as f32 / (1_u64 << 23) as f32 - 1.0
    }
}

/// Plays so many seconds, a few milliseconds early or late as people do.
pub(crate) fn play(style: &Style, played: Played, seconds: f64) -> Loop {
    let mut chance = Chance(played.tempo.to_bits());
    let mut samples = vec![0.0; (seconds * f64::from(RATE)) as usize];
    let step = 15.0 / played.tempo;
    let mut onsets = Vec::new();
    for at in 0..(seconds / step) as usize {
        let late = (at % 2) as f64 * played.swing * step + 0.004 * f64::from(chance.next());
        let time = (at as f64 * step + late).max(0.0);
        let struck = style
            .voices
            .iter()
            .filter(|(_, bar)| bar.as_bytes()[at % 16] != b'.');
        if time > seconds - 0.1 || struck.clone().count() == 0 {
            continue;
        }
        onsets.push(time);
        for (voice, bar) in struck {
            let ghost = if bar.as_bytes()[at % 16] == b'g' {
                0.3
            } else {
                1.0
            };
            let gain = ghost * (0.85 + 0.15 * chance.next());
            strike(
                &mut samples[(time * f64::from(RATE)) as usize..],
                *voice,
                gain,
                &mut chance,
            );
        }
    }
    for (at, sample) in samples.iter_mut().enumerate() {
        let time = at as f32 / RATE as f32;
        *sample += played.pad * chord(time, (480.0 / played.tempo) as f32);
        *sample = 0.5 * (*sample + played.noise * chance.next());
    }
    Loop { samples, onsets }
}

/// One of four chords, each for two bars.
fn chord(time: f32, two_bars: f32) -> f32 {
    let root = [110.0, 87.3, 98.0, 130.8][(time / two_bars) as usize % 4];
    let tones = [1.0, 1.503, 2.008, 2.535].map(|ratio| root * ratio);
    let partials = (1..5).flat_map(|partial| tones.map(|tone| (partial as f32, tone)));
    let sum: f32 = partials
        .map(|(partial, tone)| (TAU * tone * partial * time + partial).sin() / (partial * partial))
        .sum();
    0.1 * sum * (1.0 + 0.2 * (TAU * 0.3 * time).sin())
}

fn strike(samples: &mut [f32], voice: char, gain: f32, chance: &mut Chance) {
    let length = match voice {
        'k' => 0.25,
        's' => 0.18,
        'c' => 0.12,
        'h' => 0.05,
        'o' => 0.2,
        _ => 0.15,
    };
    let (mut phase, mut before) = (0.0_f32, 0.0);
    let tone = [55.0, 66.0, 82.5][(1.5 * (chance.next() + 1.0)) as usize % 3];
    for (at, sample) in samples
        .iter_mut()
        .enumerate()
        .take((length * RATE as f32) as usize)
    {
        let time = at as f32 / RATE as f32;
        let white = chance.next();
        let high = white - std::mem::replace(&mut before, white);
        phase += TAU * (48.0 + 130.0 * (-time / 0.03).exp()) / RATE as f32;
        let sound = match voice {
            'k' => 0.9 * phase.sin() + 0.15 * high * (-time / 0.004).exp(),
            's' => 0.45 * white + 0.4 * (TAU * 190.0 * time).sin(),
            'c' => 0.5 * high,
            'h' | 'o' => 0.22 * high,
            _ => 0.4 * (TAU * tone * time).sin() + 0.2 * (TAU * 2.0 * tone * time).sin(),
        };
        *sample += gain * sound * (time / 0.001).min(1.0) * (-5.0 * time / length).exp();
    }
}
