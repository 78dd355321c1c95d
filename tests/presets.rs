//! Every preset over clips that differ much: no picture is black, none stands still.

use afterimage::effect::Library;
use afterimage::engine::Engine;
use afterimage::gpu::{Frame, Gpu};
use afterimage::picture::Size;
use afterimage::session::Options;
use afterimage::session::snapshot::snapshots;
use afterimage::show::{Show, preset, presets};

/// The bundled clip, an animation, a black-and-white film, a person before a still camera.
const CLIPS: [Option<&str>; 4] = [
    None,
    Some(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/tests/clips/bunny.mp4"
    )),
    Some(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/tests/clips/friday.mp4"
    )),
    Some(PERSON),
];
const PERSON: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/clips/person.mp4");
/// Seconds at the beginning of that clip in which nothing moves, so that nothing has to be seen to move.
const STANDING: f64 = 0.8;

/// Half a second apart, so that what a beat holds still has gone on.
const TICKS: [u64; 6] = [12, 27, 42, 57, 72, 87];

/// The least mean brightness of a picture that is not black, of 255.
const DARKEST: f64 = 5.0;
/// The least brightness between which and black a picture has something to see, of 255.
const SOMETHING: u8 = 40;
/// The least mean difference between two pictures that do not stand still, of 255.
const STILLEST: f64 = 0.15;

/// What is wrong with a series of pictures.
fn fault(frames: &[Frame]) -> Option<String> {
    if frames.len() != TICKS.len() {
        return Some(format!(
            "{} pictures instead of {}",
            frames.len(),
            TICKS.len()
        ));
    }
    let colors = |frame: &Frame| -> Vec<u8> {
        frame
            .bytes
            .chunks(4)
            .flat_map(|pixel| [pixel[0], pixel[1], pixel[2]])
            .collect()
    };
    let pictures: Vec<_> = frames.iter().map(colors).collect();
    for (tick, picture) in TICKS.iter().zip(&pictures) {
        let sum: u64 = picture.iter().map(|level| u64::from(*level)).sum();
        let mean = sum as f64 / picture.len() as f64;
        if mean < DARKEST || picture.iter().all(|level| *level < SOMETHING) {
            return Some(format!("tick {tick} is black: {mean:.1} of 255"));
        }
    }
    let pairs = TICKS.iter().zip(pictures.iter().zip(&pictures[1..]));
    for (tick, (before, after)) in pairs {
        let sum: u64 = before
            .iter()
            .zip(after)
            .map(|(a, b)| u64::from(a.abs_diff(*b)))
            .sum();
        let mean = sum as f64 / before.len() as f64;
        if mean < STILLEST {
            return Some(format!(
                "it stands still after tick {tick}: {mean:.2} of 255"
            ));
        }
    }
    None
}

#[test]
fn no_preset_is_black_or_frozen_over_any_clip() {
    let gpu = Gpu::open(None, None).unwrap_or_else(|error| panic!("{error}"));
    let mut engine = Engine::new(&gpu);
    for name in presets() {
        for clip in CLIPS {
            let options = Options {
                preset: Some(name.to_owned()),
                source: clip.map(ToOwned::to_owned),
                start: clip.filter(|clip| *clip == PERSON).map(|_| STANDING),
                size: Some(Size::new(160, 106)),
                fps: Some((30, 1)),
                ..Options::default()
            };
            let frames = snapshots(&mut engine, &options, &TICKS);
            let frames = frames.unwrap_or_else(|error| panic!("{name}: {error}"));
            let fault = fault(&frames);
            assert_eq!(
                fault,
                None,
                "{name} over {}",
                clip.unwrap_or("the bundled clip")
            );
        }
    }
}

#[test]
fn black_and_frozen_pictures_are_found() {
    let frame = |level: u8| Frame {
        number: 0,
        bytes: vec![level; 4 * 16],
        size: Size::new(4, 4),
    };
    let series = |level: fn(u8) -> u8| (0..6).map(|index| frame(level(index))).collect::<Vec<_>>();
    assert_eq!(fault(&series(|index| 60 + index)), None);
    assert!(fault(&series(|index| index)).unwrap().contains("black"));
    assert!(fault(&series(|_| 60)).unwrap().contains("stands still"));
    assert!(
        fault(&series(|index| 60 + index)[1..])
            .unwrap()
            .contains("5 pictures")
    );
}

/// A loop of drums.
const LOOP: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/loops/mika.flac");

#[test]
fn presets_that_listen_are_moved_by_what_they_hear() {
    let gpu = Gpu::open(None, None).unwrap_or_else(|error| panic!("{error}"));
    let mut engine = Engine::new(&gpu);
    let mut library = Library::default();
    let mut listeners = 0;
    for name in presets() {
        let show = Show::parse(preset(name).expect(name), None, &mut library).expect(name);
        if !show.listens() {
            continue;
        }
        listeners += 1;
        let mut heard = |sound: &str| {
            let options = Options {
                preset: Some(name.to_owned()),
                audio: Some(sound.to_owned()),
                size: Some(Size::new(160, 106)),
                fps: Some((30, 1)),
                ..Options::default()
            };
            let frames = snapshots(&mut engine, &options, &TICKS);
            frames.unwrap_or_else(|error| panic!("{name}: {error}"))
        };
        let (with, without) = (heard(LOOP), heard("none"));
        assert_eq!(fault(&with), None, "{name} with drums");
        let differ = |(a, b): (&Frame, &Frame)| a.bytes != b.bytes;
        let moved = with.iter().zip(&without).filter(|pair| differ(*pair));
        assert!(moved.count() >= 4, "{name} hears nothing");
    }
    assert!(listeners >= 8, "only {listeners} presets listen");
}
