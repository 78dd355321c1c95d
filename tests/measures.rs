//! What signals measure on pictures, against what is known of them: read back from the GPU in full precision.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod gpu;
mod stage;
mod warp;

use std::path::Path;
use std::time::{Duration, Instant};

use afterimage::effect::Library;
use afterimage::engine::Engine;
use afterimage::frame_loop::FrameLoop;
use afterimage::picture::{Picture, Size};
use afterimage::session::Options;
use afterimage::show::PictureRef;
use stage::{Stage, flat};
use warp::{Warp, film};

/// Says eight numbers, and what a field of motion would be, were it known.
const EFFECTS: &[(&str, &str)] = &[
    (
        "probe",
        r#"/*{"DESCRIPTION": "Takes numbers.", "NO_IDENTITY": "a test", "INPUTS": [{"NAME": "inputImage", "TYPE": "image"},
        {"NAME": "a", "TYPE": "float", "DEFAULT": 0, "MIN": -1e9, "MAX": 1e9}, {"NAME": "b", "TYPE": "float", "DEFAULT": 0, "MIN": -1e9, "MAX": 1e9},
        {"NAME": "c", "TYPE": "float", "DEFAULT": 0, "MIN": -1e9, "MAX": 1e9}, {"NAME": "d", "TYPE": "float", "DEFAULT": 0, "MIN": -1e9, "MAX": 1e9},
        {"NAME": "e", "TYPE": "float", "DEFAULT": 0, "MIN": -1e9, "MAX": 1e9}, {"NAME": "f", "TYPE": "float", "DEFAULT": 0, "MIN": -1e9, "MAX": 1e9},
        {"NAME": "events", "TYPE": "event"}]}*/
        fn effect(at: vec2i) -> vec4f { return load(inputImage, at, SMEAR); }"#,
    ),
    (
        "field",
        r#"/*{"DESCRIPTION": "A pan, zoom and turn around the middle.", "NO_IDENTITY": "a test", "OUTPUT": "flow", "INPUTS": [
        {"NAME": "inputImage", "TYPE": "image"}, {"NAME": "pan", "TYPE": "point2D", "DEFAULT": [0, 0], "MIN": [-99, -99], "MAX": [99, 99]},
        {"NAME": "zoom", "TYPE": "float", "DEFAULT": 0, "MIN": -1, "MAX": 1}, {"NAME": "turn", "TYPE": "float", "DEFAULT": 0, "MIN": -1, "MAX": 1}]}*/
        fn effect(at: vec2i) -> vec4f {
            let place = vec2f(at) + 0.5 - 0.5 * vec2f(frame.size);
            return vec4f(-(params.pan + params.zoom * place + params.turn * vec2f(-place.y, place.x)), 1.0, 1.0);
        }"#,
    ),
];

const SIZE: Size = Size::new(320, 180);

/// Of films whose motion is found rather than given.
const FILM: Size = Size::new(640, 360);

/// A probe of these signals, behind other layers.
fn stage(layers: &str, signals: &[&str], size: Size) -> Stage {
    let knobs = ["a", "b", "c", "d", "e", "f"].iter().zip(signals);
    let knobs: String = knobs
        .map(|(knob, signal)| format!("{knob} = '{signal}'\n"))
        .collect();
    let text = format!(
        "[canvas]\nfps = 60\n[sources]\ncam = 'cam.png'\nb = 'b.png'\n{layers}\n[[layers]]\neffect = 'probe'\nname = 'probe'\n\
        image = 'cam'\nevents = 'scene.cut'\n{knobs}"
    );
    Stage::read(&text, EFFECTS, size)
}

/// What the probe has after a tick: six numbers and the events.
fn probe(stage: &mut Stage, pictures: &[Option<&Picture>]) -> [f64; 7] {
    let show = stage.instance.show();
    let layer = show.layers.iter().position(|layer| layer.name == "probe");
    let params = &stage.values(pictures).layers[layer.unwrap()].params;
    std::array::from_fn(|index| params[index].lane(0))
}

fn reference(name: &str) -> Picture {
    let path = format!("tests/reference/inputs/{name}.png");
    let read = image::open(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap();
    let size = Size::new(read.width(), read.height());
    Picture::rgba8(size, read.to_rgba8().into_raw())
}

fn assert_near(found: f64, wanted: f64, slack: f64, what: &str) {
    assert!(
        (found - wanted).abs() <= slack,
        "{what}: {found} instead of {wanted}"
    );
}

#[test]
fn scene_scores_are_ffmpegs() {
    let path =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/reference/scene_score/scores.json");
    let text = std::fs::read_to_string(path).unwrap();
    let scores: serde_json::Value = serde_json::from_str(&text).unwrap();
    type Name = fn(usize) -> String;
    let films: [(&str, Name); 2] = [
        ("frame%03d", |number| format!("frame{number:03}")),
        ("cut%d", |number| format!("cut{number}")),
    ];
    for (film, name) in films {
        let wanted = scores[film].as_array().unwrap();
        let mut stage = stage("", &["scene.score"], SIZE);
        let mut cuts = 0.0;
        for number in 0..=wanted.len() {
            let picture = (number < wanted.len()).then(|| reference(&name(number)));
            let heard = probe(&mut stage, &[picture.as_ref(), None]);
            // What is heard in a tick is of the picture of the tick before.
            if let Some(before) = number.checked_sub(1) {
                let score = wanted[before].as_f64().unwrap();
                assert_near(heard[0], score, 1e-6, &name(before));
                assert_eq!(heard[6] > cuts, score > 0.3, "{}", name(before));
            }
            cuts = heard[6];
        }
        assert_eq!(
            wanted
                .iter()
                .filter(|score| score.as_f64() > Some(0.3))
                .count(),
            1
        );
    }
}

#[test]
fn light_is_measured_and_spread() {
    let signals = [
        "luma.mean",
        "luma.difference",
        "luma.histogram(15)",
        "luma.histogram(0)",
        "luma.b.mean",
        "scene.b.score",
    ];
    let size = Size::new(37, 21);
    let mut stage = stage("", &signals, size);
    let (white, grey, black) = (
        flat(size, [255; 4]),
        flat(size, [51, 51, 51, 255]),
        flat(size, [0, 0, 0, 255]),
    );
    let [mut heard, mut before]: [[f64; 7]; 2] = Default::default();
    for pictures in [
        [Some(&black), Some(&grey)],
        [Some(&white), None],
        [None, Some(&black)],
        [None; 2],
    ] {
        before = std::mem::replace(&mut heard, probe(&mut stage, &pictures));
    }
    assert_eq!(before[..5], [1.0, 1.0, 1.0, 0.0, 51.0 / 255.0]);
    assert_eq!(heard[..5], [1.0, 1.0, 1.0, 0.0, 0.0]);
    assert_near(heard[5], 0.51, 1e-9, "51 levels in hundredths");
}

#[test]
fn a_show_pays_for_what_it_names() {
    let layers = |signals: &[&str]| {
        let stage = stage("[[layers]]\neffect = 'field'\nimage = 'b'", signals, SIZE);
        let show = stage.instance.show();
        (show.layers.len(), show.measured().len())
    };
    // The events of the probe are those of one signal.
    assert_eq!(layers(&["time"]), (2, 1));
    assert_eq!(layers(&["motion.b.mean", "luma.b.histogram(beat)"]), (2, 3));
}

#[test]
fn a_known_field_has_its_numbers() {
    let signals = [
        "motion.mean",
        "motion.peak",
        "motion.x",
        "motion.y",
        "motion.angle",
        "motion.divergence",
    ];
    let measure = |settings: &str| {
        let layer = format!("[[layers]]\neffect = 'field'\nimage = 'cam'\n{settings}");
        let mut stage = stage(&layer, &signals, SIZE);
        let picture = flat(SIZE, [9; 4]);
        let first = probe(&mut stage, &[Some(&picture), None]);
        assert_eq!(first[0], 0.0, "nothing is heard before the second tick");
        probe(&mut stage, &[Some(&picture), None])
    };
    let near = |found: [f64; 7], wanted: [f64; 6]| {
        for ((found, wanted), what) in found.iter().zip(wanted).zip(signals) {
            assert_near(*found, wanted, 0.02 * wanted.abs() + 1e-3, what);
        }
    };
    // 4.5 pixels a picture are 1/40 of the height, 60 times a second.
    near(measure("pan = [4.5, 0]"), [1.5, 1.5, 1.5, 0.0, 0.0, 0.0]);
    near(measure("pan = [0, -4.5]"), [1.5, 1.5, 0.0, -1.5, 90.0, 0.0]);
    let zoom = measure("zoom = 0.02");
    assert_near(zoom[5], 2.4, 0.02, "divergence");
    let turn = measure("turn = 0.02");
    assert_near(turn[5], 0.0, 1e-3, "divergence");
    for field in [zoom, turn] {
        assert_near(field[2].hypot(field[3]), 0.0, 1e-3, "mean motion");
        assert_near(
            field[0],
            60.0 * 0.02 * warp::mean_radius(SIZE) / 180.0,
            0.01,
            "mean",
        );
        assert_within(
            field[1],
            speed(SIZE, 0.02 * warp::far_radius(SIZE, 0.01)),
            0.02,
        );
    }
}

#[test]
fn motion_is_counted_in_the_sources_own_time_and_rests_with_it() {
    let layer = "[[layers]]\neffect = 'field'\nimage = 'cam'\npan = [9, 0]";
    let mut stage = stage(layer, &["motion.x"], SIZE);
    let mut heard = Vec::new();
    for tick in 0..60 {
        // A film of 24 pictures a second that ends at its tenth.
        let number = tick * 24 / 60;
        let is_new = number < 10 && (tick == 0 || number != (tick - 1) * 24 / 60);
        let mut picture = flat(SIZE, [9; 4]);
        picture.time = f64::from(number) / 24.0;
        heard.push(probe(&mut stage, &[is_new.then_some(&picture), None])[0]);
    }
    // 9 pixels are a twentieth of the height.
    for (tick, motion) in heard[4..50].iter().enumerate() {
        assert_near(*motion, 24.0 / 20.0, 1e-6, &format!("tick {}", tick + 4));
    }
    assert_eq!(
        heard[59], 0.0,
        "what stands still for half a second does not move"
    );
}

#[test]
fn who_does_not_wait_hears_what_is_there() {
    let show = stage("", &["luma.mean"], SIZE).instance.show().clone();
    let (gpu, frame_loop) = (gpu::open(), FrameLoop::enter());
    let mut engine = Engine::new(gpu);
    let mut instance = engine.load(&show, SIZE, 60.0).unwrap();
    let white = flat(SIZE, [255; 4]);
    let (begun, mut picture) = (Instant::now(), Some(&white));
    loop {
        engine.begin(&mut instance, &[], false);
        let tick = engine.run(&mut instance, &[picture.take(), None]).unwrap();
        let heard = tick.values.layers[0].params[0].lane(0);
        engine.submit(tick);
        if heard == 1.0 {
            break;
        }
        assert!(begun.elapsed() < stage::PATIENCE, "it is never heard");
        std::thread::sleep(Duration::from_millis(5));
    }
    assert!(!frame_loop.blocked().contains(&"wait for the GPU"));
    // Who waits says so.
    engine
        .tick(&mut instance, &[], &[Some(&white), None])
        .map(|tick| engine.submit(tick))
        .unwrap();
    engine.begin(&mut instance, &[], true);
    assert!(frame_loop.blocked().contains(&"wait for the GPU"));
}

#[test]
fn what_the_command_line_says_is_measured_too() {
    let options = Options {
        source: Some("film.png".to_owned()),
        effects: vec!["transform:rotate=90 * motion.x".to_owned()],
        set: vec!["transform.mix=motion.in.peak + luma.mean".to_owned()],
        ..Options::default()
    };
    let show = options.show(&mut Library::default()).unwrap();
    let names: Vec<_> = show
        .layers
        .iter()
        .map(|layer| layer.name.as_str())
        .collect();
    assert_eq!(names, ["transform", "in_flow"]);
    assert_eq!(show.output(), PictureRef::Layer(0));
    assert_eq!(show.measured().len(), 3);
}

/// The signals of two pictures of a warped film, the motion found by an effect.
fn measured(layer: &str, warp: Warp) -> [f64; 7] {
    let signals = [
        "motion.mean",
        "motion.peak",
        "motion.x",
        "motion.y",
        "motion.angle",
        "motion.divergence",
    ];
    let mut stage = stage(layer, &signals, FILM);
    let film = film(FILM, warp, 3);
    for picture in &film {
        probe(&mut stage, &[Some(picture), None]);
    }
    probe(&mut stage, &[None, None])
}

/// Motion by blocks, and by the flow that a signal brings along.
const WAYS: [&str; 2] = [
    "[[layers]]\neffect = 'block_motion'\nimage = 'cam'\nheight = 0",
    "",
];

#[track_caller]
fn assert_within(found: f64, wanted: f64, share: f64) {
    assert_near(found, wanted, share * wanted.abs(), "a measured motion");
}

/// Pixels a picture as heights a second.
fn speed(size: Size, pixels: f64) -> f64 {
    pixels / f64::from(size.height) * 60.0
}

#[test]
fn a_pan_is_measured() {
    for way in WAYS {
        let warp = Warp {
            pan: [4.0, -3.0],
            ..Warp::default()
        };
        let pan = measured(way, warp);
        for (found, wanted) in pan.iter().zip([5.0, 5.0, 4.0, -3.0]) {
            assert_within(*found, speed(FILM, wanted), 0.02);
        }
        assert_within(pan[4], 3_f64.atan2(4.0).to_degrees(), 0.02);
    }
}

#[test]
fn a_zoom_is_measured() {
    for way in WAYS {
        let warp = Warp {
            zoom: 1.03,
            ..Warp::default()
        };
        let (zoom, grown) = (measured(way, warp), 1.0 - 1.0 / 1.03);
        assert_within(zoom[0], speed(FILM, grown * warp::mean_radius(FILM)), 0.02);
        assert_within(
            zoom[1],
            speed(FILM, grown * warp::far_radius(FILM, 0.01)),
            0.02,
        );
        assert_within(zoom[5], 2.0 * grown * 60.0, 0.02);
    }
}

#[test]
fn a_turn_is_measured() {
    for way in WAYS {
        let warp = Warp {
            turn: 2.0,
            ..Warp::default()
        };
        let (turn, chord) = (measured(way, warp), 2.0 * 1_f64.to_radians().sin());
        assert_within(turn[0], speed(FILM, chord * warp::mean_radius(FILM)), 0.02);
        assert!(turn[5].abs() < 0.1, "{turn:?}");
    }
}
