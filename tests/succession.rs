//! A show that is saved while it plays: what it keeps, pixel by pixel.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod gpu;
mod stage;

use std::time::Instant;

use afterimage::effect::{Effect, Library, Variant};
use afterimage::gpu::Pipelines;
use afterimage::picture::{Picture, Size};
use afterimage::show::Show;
use stage::{PATIENCE, Stage, Texel, assert_same, differ, noise, set};

const SIZE: Size = Size::new(9, 6);

/// When the show is saved.
const SAVED: usize = 6;

const GAIN: &str = r#"/*{"DESCRIPTION": "Brighter or darker.", "INPUTS": [{"NAME": "inputImage", "TYPE": "image"},
    {"NAME": "factor", "TYPE": "float", "DEFAULT": 1, "MIN": 0, "MAX": 4, "IDENTITY": 1}]}*/
    fn effect(at: vec2i) -> vec4f { return load(inputImage, at, SMEAR) * params.factor; }"#;

/// Reads a show with effects of its own.
fn read(text: &str, effects: &[(&str, &str)]) -> Show {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in effects {
        std::fs::write(folder.path().join(format!("{name}.wgsl")), text).unwrap();
    }
    let mut library = Library::new(vec![folder.path().to_owned()]);
    let text = format!("[sources]\ncam = 'cam.png'\nb = 'b.png'\n{text}");
    Show::parse(&text, None, &mut library).unwrap_or_else(|error| panic!("{error}"))
}

fn gains(text: &str) -> Show {
    read(text, &[("gain", GAIN)])
}

fn pictures() -> Vec<Picture> {
    (0..12).map(|number| noise(SIZE, number)).collect()
}

fn ticks(stage: &mut Stage, pictures: &[Picture]) -> Vec<Vec<Texel>> {
    let tick = |picture| stage.tick(&[Some(picture), Some(picture)]);
    pictures.iter().map(tick).collect()
}

/// The pictures of a show, and those of one that takes its place at [`SAVED`].
fn saved(before: &Show, after: &Show) -> Vec<Vec<Texel>> {
    let (mut stage, pictures) = (Stage::new(before, SIZE), pictures());
    let mut shown = ticks(&mut stage, &pictures[..SAVED]);
    stage.succeed(after);
    shown.extend(ticks(&mut stage, &pictures[SAVED..]));
    shown
}

/// After it was saved, a show is as if it had been so from the first tick.
#[track_caller]
fn assert_goes_on(before: &Show, after: &Show) {
    let expected = ticks(&mut Stage::new(after, SIZE), &pictures());
    let shown = saved(before, after);
    for (tick, (shown, expected)) in shown.iter().zip(&expected).enumerate().skip(SAVED) {
        assert_same(shown, expected, &format!("tick {tick}"));
    }
    let anew = ticks(&mut Stage::new(after, SIZE), &pictures()[SAVED..]);
    assert!(
        differ(&shown[SAVED], &anew[0]),
        "the show keeps nothing that could be lost"
    );
}

const TRAIL: &str =
    "[[layers]]\neffect = 'lagfun'\ndecay = 0.95\n[[layers]]\neffect = 'gain'\nfactor = ";

#[test]
fn a_trail_survives_the_edit_of_another_layer() {
    assert_goes_on(
        &gains(&format!("{TRAIL} 1")),
        &gains(&format!("{TRAIL} 0.5")),
    );
}

#[test]
fn a_trail_survives_a_layer_that_comes_before_it() {
    let first = "[[layers]]\neffect = 'gain'\nname = 'first'\nthrough = false\n";
    assert_goes_on(
        &gains(&format!("{TRAIL} 1")),
        &gains(&format!("{first}{TRAIL} 1")),
    );
}

#[test]
fn feedback_survives_the_edit_of_another_layer() {
    let show = |factor: &str, side: &str| {
        let side = format!(
            "[[layers]]\nname = 'side'\neffect = 'gain'\nthrough = false\nfactor = {side}\n"
        );
        gains(&format!(
            "{side}[[layers]]\nname = 'loop'\neffect = 'blend'\nother = 'loop@prev'\nmode = 'average'\n\
             [[layers]]\neffect = 'gain'\nfactor = {factor}"
        ))
    };
    assert_goes_on(&show("1", "1"), &show("0.5", "0.25"));
    let without = gains(
        "[[layers]]\nname = 'loop'\neffect = 'blend'\nother = 'loop@prev'\nmode = 'average'\n\
         [[layers]]\neffect = 'gain'\nfactor = 0.5",
    );
    assert_goes_on(&show("1", "1"), &without);
}

#[test]
fn histories_survive_and_grow() {
    let show = |tap: usize| gains(&format!("[[layers]]\neffect = 'gain'\ntap = {tap}"));
    assert_goes_on(&show(3), &show(2));
    let shown = saved(&show(3), &show(5));
    let plain = ticks(&mut Stage::new(&show(0), SIZE), &pictures());
    // Four pictures were kept: the oldest stands for those before it.
    for (tick, expected) in [(6, 2), (7, 2), (8, 3), (9, 4)] {
        assert_same(&shown[tick], &plain[expected], &format!("tick {tick}"));
    }
}

/// An effect that counts pictures in its state.
fn count(step: &str) -> String {
    format!(
        r#"/*{{"DESCRIPTION": "Counts pictures.", "NO_IDENTITY": "it shows numbers",
        "INPUTS": [{{"NAME": "inputImage", "TYPE": "image"}}],
        "PASSES": [{{"ENTRY": "count", "TARGET": "total", "PERSISTENT": true, "FLOAT": true}}]}}*/
        fn count(at: vec2i) -> vec4f {{ return load(total, at, SMEAR) + {step}; }}"#
    )
}

#[test]
fn state_survives_the_edit_of_its_own_effect() {
    let show = |step| {
        read(
            "[[layers]]\neffect = 'count'",
            &[("count", count(step).as_str())],
        )
    };
    let shown = saved(&show("1.0"), &show("100.0"));
    let numbers: Vec<_> = shown.iter().map(|texels| texels[0][0]).collect();
    assert_eq!(numbers[4..8], [5.0, 6.0, 106.0, 206.0]);
}

#[test]
fn another_effect_of_the_same_layer_name_begins_anew() {
    let effects = ["one", "two"].map(|name| (name, count("1.0")));
    let effects = effects
        .each_ref()
        .map(|(name, text)| (*name, text.as_str()));
    let show = |effect| {
        read(
            &format!("[[layers]]\nname = 'a'\neffect = '{effect}'"),
            &effects,
        )
    };
    let shown = saved(&show("one"), &show("two"));
    let numbers: Vec<_> = shown.iter().map(|texels| texels[0][0]).collect();
    assert_eq!(numbers[4..8], [5.0, 6.0, 1.0, 2.0]);
}

#[test]
fn what_a_control_moved_is_not_seen_to_fall_back() {
    let show = |gain: &str| read("[[layers]]\neffect = 'gain'", &[("gain", gain)]);
    let picture = noise(SIZE, 1);
    let new = [Some(&picture), Some(&picture)];
    let dark = gains("[[layers]]\neffect = 'gain'\nfactor = 0.25");
    let dark = Stage::new(&dark, SIZE).tick(&new);
    let mut stage = Stage::new(&show(GAIN), SIZE);
    stage.tick_with(&[set("/layers/gain/factor", 0.25)], &new);
    let begun = Instant::now();
    // Until there is a kernel for it, the one with the constant plays.
    while differ(&stage.tick(&new), &dark) {
        assert!(begun.elapsed() < PATIENCE, "the control moves nothing");
    }
    // For its new text no kernel is there at all.
    stage.succeed(&show(&GAIN.replace("Brighter", "More bright")));
    assert_same(&stage.tick(&new), &dark, "the first tick after");
}

#[test]
fn a_still_source_is_seen_on() {
    let before = gains("[[layers]]\neffect = 'gain'");
    let after = gains("[[layers]]\neffect = 'gain'\nfactor = 0.5");
    let picture = noise(SIZE, 1);
    let mut stage = Stage::new(&before, SIZE);
    stage.tick(&[Some(&picture), Some(&picture)]);
    stage.succeed(&after);
    let shown = stage.tick(&[None, None]);
    let expected = Stage::new(&after, SIZE).tick(&[Some(&picture), Some(&picture)]);
    assert_same(&shown, &expected, "without a new picture");
}

#[test]
fn kernels_of_an_old_text_are_forgotten_once_nobody_needs_them() {
    let effect = |step: &str| Effect::parse("count", None, &count(step)).unwrap();
    let (old, new) = (effect("1.0"), effect("2.0"));
    let pipelines = Pipelines::new(gpu::open());
    let variant = Variant {
        workgroup: gpu::open().workgroup(),
        ..Variant::default()
    };
    let playing = pipelines.compile(&old, &variant).unwrap();
    let _next = pipelines.compile(&new, &variant).unwrap();
    pipelines.forget(&old);
    assert_eq!(pipelines.count(), 2, "it plays");
    drop(playing);
    pipelines.forget(&old);
    assert_eq!(pipelines.count(), 1);
}

#[test]
fn what_a_hand_has_set_of_a_host_stage_stays() {
    let sort = |more: &str| {
        let text = format!("[[layers]]\neffect = 'pixel_sort'\ninterval = 'none'\n{more}");
        Stage::new(&read(&text, &[]), SIZE)
    };
    let picture = noise(SIZE, 1);
    let new = [Some(&picture), None];
    let untouched = sort("amount = 0").tick(&new);
    let mut stage = sort("");
    assert!(differ(&stage.tick(&new), &untouched), "it sorts");
    let home = [set("/layers/pixel_sort/amount", 0.0)];
    let begun = Instant::now();
    while differ(&stage.tick_with(&home, &new), &untouched) {
        assert!(begun.elapsed() < PATIENCE, "its kernels are never compiled");
    }
    stage.succeed(&read(
        "[[layers]]\neffect = 'pixel_sort'\ninterval = 'none'\nreverse = true",
        &[],
    ));
    assert_same(&stage.tick(&new), &untouched, "after it was saved");
}
