//! Hearing: how well onsets, tempo and beats are found, what librosa and Meyda say of the same sound, and the command.
#![cfg(feature = "media")]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod drums;
mod npy;
mod program;

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use afterimage::audio::{Analysis, Hydra, Moment, Settings};
use afterimage::session::{Heard, hear};
use afterimage::source::Sound;
use drums::{Played, RATE, STYLES, play};
use program::{make, run};
use serde::Deserialize;
use serde_json::Value;

/// What is known of a recorded loop.
#[derive(Deserialize)]
struct Truth {
    tempo: f64,
    /// Where strokes were put, if it was built of them.
    placed: Option<Vec<f64>>,
    librosa: Librosa,
}

/// What librosa 0.11 finds in it, which looks at the whole file.
#[derive(Deserialize)]
struct Librosa {
    onsets: Vec<f64>,
    tempo: f64,
}

fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests")
        .join(name)
}

fn loops() -> BTreeMap<String, Truth> {
    let text = std::fs::read_to_string(folder("loops/truth.json")).unwrap();
    serde_json::from_str(&text).unwrap()
}

fn file(name: &str) -> PathBuf {
    folder("loops").join(format!("{name}.flac"))
}

fn heard(path: &Path) -> Heard {
    hear(path, &Settings::default()).unwrap()
}

fn samples(path: &Path) -> Vec<f32> {
    let mut sound = Sound::open(path).unwrap();
    let mut samples = Vec::new();
    while let Some(piece) = sound.read() {
        samples.extend_from_slice(piece);
    }
    samples
}

/// How well times agree within a tolerance, each of them used once: 1 is all of both, 0 none (F-measure).
fn agreement(found: &[f64], truth: &[f64], tolerance: f64) -> f64 {
    let mut free: Vec<_> = found.to_vec();
    let hits = truth.iter().filter(|time| {
        let near = |it: &f64| (it - **time).abs() <= tolerance;
        let Some(at) = free.iter().position(near) else {
            return false;
        };
        free.remove(at);
        true
    });
    2.0 * hits.count() as f64 / (found.len() + truth.len()) as f64
}

fn is_tempo(found: Option<f64>, truth: f64) -> bool {
    found.is_some_and(|found| (found / truth - 1.0).abs() <= 0.02)
}

fn beats(tempo: f64, seconds: f64) -> Vec<f64> {
    let times = (0..).map(|beat| f64::from(beat) * 60.0 / tempo);
    times.take_while(|time| *time < seconds - 0.05).collect()
}

#[test]
fn agreement_can_fail() {
    assert_eq!(agreement(&[1.0, 2.0], &[1.04, 2.0], 0.05), 1.0);
    assert_eq!(agreement(&[1.0, 1.01], &[1.0, 2.0], 0.05), 0.5);
    assert_eq!(agreement(&[1.0], &[2.0], 0.05), 0.0);
}

#[test]
fn recorded_loops_are_understood() {
    let mut octaves_of_librosa = 0;
    for (name, truth) in loops() {
        let heard = heard(&file(&name));
        let onsets = agreement(&heard.onsets(), &truth.librosa.onsets, 0.05);
        let placed = truth
            .placed
            .map(|placed| agreement(&heard.onsets(), &placed, 0.05));
        let beats = agreement(&heard.beats(), &beats(truth.tempo, heard.seconds), 0.07);
        println!(
            "{name}: tempo {:.2} of {:.2} (librosa {:.2}), onsets {onsets:.3} with librosa, {placed:?} with the truth, beats {beats:.3}",
            heard.tempo().unwrap(),
            truth.tempo,
            truth.librosa.tempo
        );
        assert!(
            is_tempo(heard.tempo(), truth.tempo),
            "{name}: {:?}",
            heard.tempo()
        );
        assert!(
            onsets >= 0.85 && placed.is_none_or(|placed| placed >= 0.95),
            "{name}"
        );
        assert!(beats >= 0.85, "{name}: {beats}");
        octaves_of_librosa += u32::from(!is_tempo(Some(truth.librosa.tempo), truth.tempo));
    }
    assert_eq!(octaves_of_librosa, 1, "librosa is wrong by an octave once");
}

#[test]
fn played_loops_are_understood() {
    let tempos = [74.0, 92.0, 108.0, 124.0, 138.0, 152.0, 172.0];
    let plain = Played {
        tempo: 0.0,
        swing: 0.0,
        pad: 0.0,
        noise: 0.0,
    };
    let ways = [
        Played {
            swing: 0.1,
            ..plain
        },
        Played { pad: 1.0, ..plain },
        Played {
            swing: 0.2,
            pad: 0.5,
            noise: 0.01,
            ..plain
        },
    ];
    let (mut right, mut all, mut onsets, mut on_beat) = (0, 0, Vec::new(), Vec::new());
    for (number, (style, tempo)) in STYLES
        .iter()
        .flat_map(|style| tempos.map(|tempo| (style, tempo)))
        .enumerate()
    {
        let played = Played {
            tempo,
            ..ways[number % ways.len()]
        };
        let made = play(style, played, 10.0);
        let heard = listen(&made.samples);
        let (score, is_right) = (
            agreement(&heard.onsets(), &made.onsets, 0.05),
            is_tempo(heard.tempo(), tempo),
        );
        let score_of_beats = agreement(&heard.beats(), &beats(tempo, 10.0), 0.07);
        println!(
            "{} at {played}: {} {:.1}, onsets {score:.3}, beats {score_of_beats:.3}",
            style.name,
            if is_right { "right," } else { "WRONG:" },
            heard.tempo().unwrap_or(0.0)
        );
        assert!(score >= 0.85, "{} at {played}: onsets {score}", style.name);
        (right, all) = (right + usize::from(is_right), all + 1);
        onsets.push(score);
        on_beat.extend(is_right.then_some(score_of_beats));
    }
    let mean = |scores: &[f64]| scores.iter().sum::<f64>() / scores.len() as f64;
    let (onsets, on_beat) = (mean(&onsets), mean(&on_beat));
    println!(
        "{right} of {all} tempos right, onsets {onsets:.3}, beats {on_beat:.3} where the tempo is right"
    );
    assert!(right * 100 >= all * 90, "{right} of {all}");
    assert!(onsets >= 0.97 && on_beat >= 0.85, "{onsets} {on_beat}");
}

/// What is heard of samples in one channel.
fn listen(samples: &[f32]) -> Heard {
    let mut frames = afterimage::audio::Frames::new(RATE);
    frames.finish();
    Heard {
        rate: RATE,
        channels: 1,
        seconds: samples.len() as f64 / f64::from(RATE),
        moments: moments(samples, samples.len().max(1)),
        frames,
    }
}

fn moments(samples: &[f32], block: usize) -> Vec<Moment> {
    let mut analysis = Analysis::new(RATE, 1, &Settings::default());
    let mut moments = Vec::new();
    for block in samples.chunks(block) {
        analysis.hear(block, |moment| moments.push(moment.clone()));
    }
    moments
}

#[test]
fn block_sizes_make_no_difference() {
    let samples = samples(&file("mika"));
    let whole = moments(&samples, samples.len());
    assert_eq!(whole.len(), samples.len() * 100 / RATE as usize);
    for block in [1, 63, 441, 1024, 4801] {
        assert!(moments(&samples, block) == whole, "blocks of {block}");
    }
}

#[test]
fn nothing_is_known_in_advance() {
    let samples = samples(&file("amen_full"));
    let all = moments(&samples, 512);
    let half = moments(&samples[..samples.len() / 2], 512);
    assert!(half == all[..half.len()]);
}

#[test]
fn rate_channels_and_codec_make_little_difference() {
    let folder = program::folder();
    let truth = &loops()["drums_110"];
    for (name, options) in [
        ("a.wav", "-ar 48000 -ac 2"),
        ("b.wav", "-ar 22050 -c:a pcm_u8"),
        ("c.mkv", "-ar 96000 -c:a pcm_s24le"),
        ("d.ogg", "-ar 48000 -c:a libopus -b:a 96k"),
        (
            "e.mp4",
            "-f lavfi -i color=s=64x64:r=25:d=8 -c:a aac -b:a 128k -shortest",
        ),
    ] {
        make(
            folder.path(),
            &format!("-i {} {options} {name}", file("drums_110").display()),
        );
        let heard = heard(&folder.path().join(name));
        let score = agreement(&heard.onsets(), truth.placed.as_ref().unwrap(), 0.05);
        println!("{name}: tempo {:?}, onsets {score:.3}", heard.tempo());
        assert!(
            is_tempo(heard.tempo(), truth.tempo) && score >= 0.9,
            "{name}: {score} {:?}",
            heard.tempo()
        );
    }
}

fn differs(name: &str, ours: &[f64], theirs: &[f32]) {
    assert_eq!(ours.len(), theirs.len(), "{name}");
    for (at, (ours, theirs)) in ours.iter().zip(theirs).enumerate() {
        let theirs = f64::from(*theirs);
        let off = (ours - theirs).abs() / theirs.abs().max(1e-9);
        assert!(
            off <= 1e-4,
            "{name}, frame {at}: {ours} instead of {theirs}"
        );
    }
}

#[test]
fn frames_are_librosas() {
    for name in loops().keys() {
        let frames = heard(&file(name)).frames;
        let reference = folder("reference/librosa").join(name);
        differs(
            name,
            &frames.rms,
            &npy::read(&reference.join("rms.npy")).numbers,
        );
        let bands = npy::read(&reference.join("bands.npy"));
        assert_eq!(bands.shape[0], frames.bands.len());
        for (ours, theirs) in frames
            .bands
            .iter()
            .zip(bands.numbers.chunks(bands.shape[1]))
        {
            differs(name, ours, theirs);
        }
    }
}

#[derive(Deserialize)]
struct Loudness {
    start: usize,
    total: f32,
    specific: Vec<f32>,
}

#[test]
fn loudness_is_meydas() {
    let text = std::fs::read_to_string(folder("reference/meyda/loudness.json")).unwrap();
    let cases: Vec<Loudness> = serde_json::from_str(&text).unwrap();
    let samples = samples(&file("drums_110"));
    let hydra = Hydra {
        bins: 24,
        cutoff: 0.0,
        scale: 1.0,
        smooth: 0.0,
    };
    let settings = Settings {
        hydra,
        ..Settings::default()
    };
    for case in &cases {
        // Two hops end where Meyda's 512 samples do.
        let mut heard = vec![0.0; 882 - 512];
        heard.extend_from_slice(&samples[case.start..case.start + 512]);
        let mut last = None;
        Analysis::new(RATE, 1, &settings).hear(&heard, |moment| last = Some(moment.clone()));
        let moment = last.unwrap();
        assert!(
            (moment.volume - case.total).abs() <= 1e-3,
            "{}: {} {}",
            case.start,
            moment.volume,
            case.total
        );
        for (ours, theirs) in moment.hydra.iter().zip(&case.specific) {
            assert!(
                (ours - theirs).abs() <= 1e-3,
                "{}: {ours} {theirs}",
                case.start
            );
        }
    }
    assert!(cases.len() > 4 && cases.iter().any(|case| case.total > 10.0));
}

struct Counting;

thread_local! {
    static ALLOCATIONS: Cell<u64> = const { Cell::new(0) };
}

// SAFETY: the system's allocator does all the work.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        ALLOCATIONS.set(ALLOCATIONS.get() + 1);
        // SAFETY: the caller's promises are handed on.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        // SAFETY: the caller's promises are handed on.
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

#[test]
fn hearing_allocates_nothing() {
    let samples = samples(&file("mika"));
    let mut analysis = Analysis::new(RATE, 1, &Settings::default());
    let before = ALLOCATIONS.get();
    let mut hops = 0;
    analysis.hear(&samples, |_| hops += 1);
    assert_eq!((hops, ALLOCATIONS.get() - before), (800, 0));
    drop(vec![0_u8; 9]);
    assert_eq!(ALLOCATIONS.get() - before, 1, "allocations are counted");
}

#[test]
fn the_command_writes_the_same_bytes_twice() {
    let folder = program::folder();
    let sound = file("mika");
    for name in ["a.json", "b.json", "a.tsv"] {
        run(
            folder.path(),
            &format!("analyze {} -o {name}", sound.display()),
        )
        .well();
    }
    let read = |name: &str| std::fs::read_to_string(folder.path().join(name)).unwrap();
    assert_eq!(read("a.json"), read("b.json"));
    let report: Value = serde_json::from_str(&read("a.json")).unwrap();
    assert!((report["tempo"].as_f64().unwrap() - 120.0).abs() < 2.0);
    for name in ["beats", "onsets"] {
        let times = report[name].as_array().unwrap();
        assert!(
            times.len() > 10
                && times
                    .windows(2)
                    .all(|pair| pair[0].as_f64() < pair[1].as_f64())
        );
        assert!(report["definitions"][name].is_string());
    }
    let level = &report["hops"]["signals"]["audio.level"];
    assert_eq!(level["values"].as_array().unwrap().len(), 800);
    for (name, signal) in report["hops"]["signals"].as_object().unwrap() {
        assert!(
            !signal["definition"].as_str().unwrap().is_empty(),
            "{name} is not in the catalogue"
        );
    }
    assert_eq!(
        report["hops"]["signals"]["audio.band"]["values"]
            .as_array()
            .unwrap()
            .len(),
        16
    );
    assert_eq!(report["frames"]["rms"].as_array().unwrap().len(), 690);
    let table = read("a.tsv");
    assert_eq!(table.lines().count(), 801);
    assert!(table.starts_with("seconds\ttempo\tbeat\t"));
    let shown = run(folder.path(), &format!("analyze {}", sound.display())).well();
    assert_eq!(shown.stdout, table);
    let shown = run(
        folder.path(),
        &format!("analyze {} --json", sound.display()),
    )
    .well();
    assert_eq!(shown.stdout, read("a.json"));
}

#[test]
fn the_command_says_what_is_wrong() {
    let folder = program::folder();
    std::fs::write(folder.path().join("text.wav"), "no sound at all").unwrap();
    make(
        folder.path(),
        "-f lavfi -i color=s=64x64:r=25:d=1 silent.mp4",
    );
    let sound = file("mika").display().to_string();
    for (arguments, said) in [
        ("analyze no.wav -o a.json".to_owned(), "no such file"),
        ("analyze text.wav -o a.json".to_owned(), "text.wav"),
        ("analyze silent.mp4".to_owned(), "has no sound"),
        (format!("analyze {sound} -o no/a.json"), "does not exist"),
        (format!("analyze {sound} -o ."), "folder"),
        ("analyze".to_owned(), "AUDIO"),
    ] {
        let done = run(folder.path(), &arguments);
        assert_eq!(
            (done.status, done.errors.len()),
            (2, 1),
            "{arguments}: {:?}",
            done.errors
        );
        assert!(
            done.errors[0].contains(said),
            "{arguments}: {:?}",
            done.errors
        );
    }
    assert!(!folder.path().join("a.json").exists());
}
