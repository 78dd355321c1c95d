use std::f32::consts::TAU;

use super::*;

const RATE: u32 = 48_000;

/// What is heard of a second of `sound`, which tells a sample from its time.
fn heard(settings: &Settings, seconds: f32, sound: impl Fn(f32) -> f32) -> Vec<Moment> {
    let count = (seconds * RATE as f32) as usize;
    let samples: Vec<f32> = (0..count)
        .map(|at| sound(at as f32 / RATE as f32))
        .collect();
    let mut moments = Vec::new();
    Analysis::new(RATE, 1, settings).hear(&samples, |moment| moments.push(moment.clone()));
    moments
}

fn fixed() -> Settings {
    Settings {
        adaptive_gain: false,
        ..Settings::default()
    }
}

fn sine(frequency: f32, amplitude: f32) -> impl Fn(f32) -> f32 {
    move |time| amplitude * (TAU * frequency * time).sin()
}

/// Noise that depends on its time alone.
fn noise(time: f32) -> f32 {
    let mut bits = (time * RATE as f32).round() as u32;
    for _ in 0..3 {
        bits = (bits ^ (bits >> 15)).wrapping_mul(0x2c1b_3c6d);
    }
    (bits >> 8) as f32 / (1 << 23) as f32 - 1.0
}

#[test]
fn times_are_those_of_the_last_sample() {
    let moments = heard(&Settings::default(), 1.0, noise);
    assert_eq!(moments.len(), 100);
    for (at, moment) in moments.iter().enumerate() {
        assert!((moment.time - (at + 1) as f64 / 100.0).abs() < 1e-12);
    }
}

#[test]
fn a_sine_of_full_scale_is_loud() {
    let moments = heard(&fixed(), 1.0, sine(1000.0, 1.0));
    let last = moments.last().unwrap();
    assert!((last.decibels + 3.01).abs() < 0.05, "{}", last.decibels);
    assert!((last.level - 1.0).abs() < 0.01 && (last.peak - 1.0).abs() < 0.01);
    assert!(last.groups[1] > 0.99 && last.groups[0] < 0.1 && last.groups[2] < 0.1);
    assert!((last.centroid - 1000.0).abs() < 5.0, "{}", last.centroid);
    assert!(last.flatness < 0.001, "{}", last.flatness);
    let quiet = heard(&fixed(), 1.0, sine(1000.0, 0.1));
    // Stevens: a tenth of the pressure.
    assert!((quiet[99].level - 0.1_f32.powf(0.6)).abs() < 0.01);
}

#[test]
fn each_band_hears_its_own_frequency() {
    for band in 4..16 {
        let edge = |at: i32| 30.0 * (16_000.0_f32 / 30.0).powf(at as f32 / 16.0);
        let frequency = (edge(band) * edge(band + 1)).sqrt();
        let moments = heard(&fixed(), 0.5, sine(frequency, 0.5));
        let bands = &moments[49].bands;
        let loudest = (0..16).max_by(|a, b| bands[*a].total_cmp(&bands[*b]));
        assert_eq!(loudest, Some(band as usize), "{frequency} Hz");
    }
}

#[test]
fn noise_is_flat_and_bright() {
    let moments = heard(&Settings::default(), 1.0, noise);
    let last = moments.last().unwrap();
    assert!(last.flatness > 0.4, "{}", last.flatness);
    assert!(
        (6000.0..10_000.0).contains(&last.centroid),
        "{}",
        last.centroid
    );
}

#[test]
fn adaptive_gain_brings_quiet_sound_up_and_silence_not() {
    let quiet = |settings: &Settings| heard(settings, 1.0, sine(440.0, 0.01)).pop().unwrap().level;
    assert!(quiet(&Settings::default()) > 0.95);
    assert!(quiet(&fixed()) < 0.1);
    let silent = heard(&Settings::default(), 1.0, |time| 1e-5 * noise(time));
    assert!(
        silent
            .iter()
            .all(|moment| moment.level < 0.1 && !moment.onset)
    );
}

#[test]
fn silence_is_nothing_at_all() {
    for sound in [0.0, f32::NAN, f32::INFINITY] {
        for moment in heard(&Settings::default(), 2.0, |_| sound) {
            moment.tell(|name, index, number| {
                let expected = match name {
                    "audio.decibels" => -120.0,
                    "audio.segment.silence" => 1.0,
                    _ => 0.0,
                };
                assert_eq!(number, expected, "{name} {index:?}");
            });
        }
    }
}

#[test]
fn everything_stays_in_its_range() {
    let bursts = |time: f32| {
        if (time * 3.0).fract() < 0.3 {
            40.0 * noise(time)
        } else {
            0.0
        }
    };
    for moment in heard(&Settings::default(), 4.0, bursts) {
        moment.tell(|name, _, number| assert!(number.is_finite(), "{name}"));
        let shares = moment.groups.iter().chain(&moment.bands);
        for share in shares.chain([&moment.level, &moment.flatness, &moment.beat.confidence]) {
            assert!((0.0..=1.0).contains(share), "{share}");
        }
    }
}

/// How many onsets there are of all, bass, middle and treble in four strokes of `sound`, half a second apart.
fn onsets(sound: impl Fn(f32) -> f32) -> [usize; 4] {
    let stroke = |time: f32| {
        let since = (time - 0.1).rem_euclid(0.5);
        if time < 0.1 {
            0.0
        } else {
            (since / 0.002).min(1.0) * (-since / 0.05).exp() * sound(time)
        }
    };
    let moments = heard(&Settings::default(), 2.0, stroke);
    let count = |is: &dyn Fn(&Moment) -> bool| moments.iter().filter(|moment| is(moment)).count();
    let group = |at: usize| count(&|moment| moment.group_onsets[at]);
    [count(&|moment| moment.onset), group(0), group(1), group(2)]
}

#[test]
fn a_stroke_is_one_onset_in_its_own_group() {
    let low = onsets(sine(60.0, 0.8));
    assert_eq!((low[0], low[1], low[3]), (4, 4, 0), "{low:?}");
    let high = onsets(|time| noise(time) - noise(time - 1.0 / RATE as f32));
    assert_eq!((high[0], high[3]), (4, 4), "{high:?}");
    assert_eq!(high[1], 0, "{high:?}");
    assert_eq!(onsets(noise), [4; 4]);
}

#[test]
fn a_click_track_is_followed() {
    for tempo in [70.0, 95.0, 120.0, 133.0] {
        let click = |time: f32| {
            let since = time % (60.0 / tempo);
            (-since / 0.01).exp() * sine(1500.0, 0.8)(time)
        };
        let moments = heard(&Settings::default(), 12.0, click);
        let last = moments.last().unwrap().beat;
        assert!(
            (last.tempo / f64::from(tempo) - 1.0).abs() < 0.01,
            "{tempo}: {last:?}"
        );
        assert!(last.confidence > 0.5, "{last:?}");
        let pairs = || moments.windows(2).map(|pair| (pair[0].beat, pair[1].beat));
        assert!(pairs().all(|(before, now)| now.count >= before.count && now.bars >= before.bars));
        // A whole beat is passed where the click is.
        let passed = moments
            .windows(2)
            .filter(|pair| pair[1].beat.count.floor() > pair[0].beat.count.floor());
        for pair in passed.filter(|pair| pair[1].time > 6.0) {
            let off = pair[1].time * f64::from(tempo) / 60.0;
            assert!((off - off.round()).abs() < 0.1, "{tempo}: {off}");
        }
    }
}

#[test]
fn a_new_tempo_is_found() {
    let click = |time: f32| {
        let since = if time < 10.0 {
            time % 0.5
        } else {
            (time - 10.0) % 0.6
        };
        (-since / 0.01).exp() * sine(1500.0, 0.8)(time)
    };
    let moments = heard(&Settings::default(), 30.0, click);
    assert!(
        (moments[950].beat.tempo - 120.0).abs() < 1.0,
        "{:?}",
        moments[950].beat
    );
    assert!(
        (moments[2990].beat.tempo - 100.0).abs() < 1.0,
        "{:?}",
        moments[2990].beat
    );
}

/// The share of the hops from `from` on that are of a kind.
fn share(moments: &[Moment], from: usize, segment: Segment) -> f64 {
    let hops = &moments[from..];
    let of_kind = hops.iter().filter(|moment| moment.segment == segment);
    of_kind.count() as f64 / hops.len() as f64
}

#[test]
fn segments_have_their_kinds() {
    let settings = Settings::default();
    let held = heard(&settings, 4.0, sine(220.0, 0.3));
    assert!(share(&held, 100, Segment::Sustain) > 0.95);
    let growing = heard(&settings, 6.0, |time| {
        0.1 * 1.5_f32.powf(time) * sine(220.0, 1.0)(time)
    });
    assert!(share(&growing, 300, Segment::Build) > 0.9);
    let fading = heard(&settings, 5.0, |time| {
        1.25_f32.powf(-time) * sine(220.0, 1.0)(time)
    });
    assert!(share(&fading, 300, Segment::Drop) > 0.7);
    let hiss = |time: f32| {
        if time < 4.0 {
            sine(220.0, 0.3)(time)
        } else {
            0.35 * noise(time)
        }
    };
    assert!(share(&heard(&settings, 6.0, hiss), 450, Segment::Noise) > 0.3);
    let stopped = |time: f32| {
        if time < 3.0 {
            sine(220.0, 0.3)(time)
        } else {
            0.0
        }
    };
    assert!(share(&heard(&settings, 4.0, stopped), 310, Segment::Silence) > 0.95);
    let struck = |time: f32| {
        let loud = if (time % 2.0) < 0.1 && time > 1.0 {
            0.9
        } else {
            0.2
        };
        sine(220.0, loud)(time)
    };
    let moments = heard(&settings, 4.0, struck);
    assert!(
        moments[206..225]
            .iter()
            .any(|moment| moment.segment == Segment::Impact)
    );
    assert!(share(&moments, 230, Segment::Impact) < 0.05);
}

#[test]
fn hydra_smooths_by_time() {
    let smooth = |smooth| Settings {
        hydra: Hydra {
            smooth,
            cutoff: 0.0,
            ..Hydra::default()
        },
        ..Settings::default()
    };
    let stopped = |time: f32| if time < 1.0 { noise(time) } else { 0.0 };
    let at_once = heard(&smooth(0.0), 1.5, stopped);
    assert!(at_once[90].hydra[0] > 0.5 && at_once[149].hydra[0] == 0.0);
    let slow = heard(&smooth(0.4), 1.5, stopped);
    // A sixtieth of a second leaves 0.4, so six hundredths leave 0.4 to the 3.6.
    let left = slow[111].hydra[0] / slow[105].hydra[0];
    assert!((left - 0.4_f32.powf(3.6)).abs() < 0.002, "{left}");
}
