use super::*;
use crate::effect::Keys;
use crate::param::Value;
use crate::show::{Layer, Matte, PictureRef, Setting, SourceEntry};

const SIZE: Size = Size::new(64, 36);

const COPY: &str = r#"/*{"DESCRIPTION": "Copies.", "NO_IDENTITY": "a test", "INPUTS": [{"NAME": "inputImage", "TYPE": "image"}]}*/
    fn effect(at: vec2i) -> vec4f { return load(inputImage, at, SMEAR); }"#;
const PAST: &str = r#"/*{"DESCRIPTION": "Looks back.", "NO_IDENTITY": "a test", "INPUTS": [
    {"NAME": "inputImage", "TYPE": "image"}, {"NAME": "before", "TYPE": "history", "MAX": 2}]}*/
    fn effect(at: vec2i) -> vec4f { return past(before, 2, at, SMEAR); }"#;
const STATE: &str = r#"/*{"DESCRIPTION": "Remembers.", "NO_IDENTITY": "a test", "INPUTS": [{"NAME": "inputImage", "TYPE": "image"}],
    "PASSES": [{"ENTRY": "shrink", "TARGET": "small", "WIDTH": "$WIDTH / 4", "HEIGHT": "$HEIGHT / 4"},
    {"ENTRY": "keep", "TARGET": "kept", "PERSISTENT": true, "FLOAT": true}]}*/
    fn shrink(at: vec2i) -> vec4f { return load(inputImage, at * 4, SMEAR); }
    fn keep(at: vec2i) -> vec4f { return load(kept, at, SMEAR) + load(small, at / 4, SMEAR); }"#;
const CLOCKED: &str = r#"/*{"DESCRIPTION": "Ticks.", "NO_IDENTITY": "a test", "CLOCK": "canvas", "INPUTS": [{"NAME": "inputImage", "TYPE": "image"}]}*/
    fn effect(at: vec2i) -> vec4f { return load(inputImage, at, SMEAR); }"#;
const PAINT: &str = r#"/*{"DESCRIPTION": "Paints.", "INPUTS": []}*/
    fn effect(at: vec2i) -> vec4f { return vec4f(1.0); }"#;

const STAGED: &str = r#"/*{"DESCRIPTION": "Sorts.", "NO_IDENTITY": "a test", "STAGE": "still", "INPUTS": [{"NAME": "inputImage", "TYPE": "image"}]}*/"#;

/// A host stage that does nothing.
#[derive(Debug)]
struct Still;

impl Stage for Still {
    fn name(&self) -> &'static str {
        "still"
    }

    fn shape(&self, site: &Site<'_>) -> Shape {
        site.images[0]
    }

    fn recipe(&self, _: &Site<'_>) -> Recipe {
        Recipe::default()
    }
}

/// The sources cam and b come before the layers among the pictures.
const SOURCES: usize = 2;
const CAM: PictureRef = PictureRef::Source(0);

fn layer(name: &str, text: &str, input: PictureRef) -> Layer {
    let effect = Effect::parse("test", None, text).expect("a valid effect");
    Layer::new(name, Arc::new(effect), input)
}

fn tapped(name: &str, input: PictureRef, tap: Setting) -> Layer {
    let mut layer = layer(name, COPY, input);
    layer.keys[Keys::TAP] = tap;
    layer
}

fn number(number: f64) -> Setting {
    Setting::Value(Value::number(number))
}

fn show(layers: Vec<Layer>) -> Show {
    Show {
        sources: vec![
            SourceEntry::new("cam", "cam.png"),
            SourceEntry::new("b", "b.png"),
        ],
        layers,
        ..Show::default()
    }
}

fn try_plan(layers: Vec<Layer>, size: Size, active: &[bool]) -> Result<Plan, TooMuchMemory> {
    let variants = vec![Variant::default(); layers.len()];
    plan_variants(layers, size, active, &variants)
}

fn plan_variants(
    layers: Vec<Layer>,
    size: Size,
    active: &[bool],
    variants: &[Variant],
) -> Result<Plan, TooMuchMemory> {
    let (show, stages) = (show(layers), Stages::new(vec![Arc::new(Still)]));
    let forms = forms(&show, size, 1.0, &stages, Adapter::BASE).expect("it is there");
    plan(&show, size, active, variants, &forms, &[])
}

fn planned(layers: Vec<Layer>, active: &[bool]) -> Plan {
    try_plan(layers, SIZE, active).expect("it fits")
}

fn passes(plan: &Plan) -> Vec<&PassStep> {
    let steps = plan.steps.iter();
    steps
        .filter_map(|step| match step {
            Step::Pass(pass) => Some(pass),
            _ => None,
        })
        .collect()
}

#[test]
fn a_layer_that_is_off_is_its_own_input() {
    let layers = || {
        vec![
            layer("a", COPY, CAM),
            layer("b", COPY, PictureRef::Layer(0)),
            layer("c", COPY, PictureRef::Layer(1)),
        ]
    };
    let all = planned(layers(), &[true; 3]);
    let reads: Vec<_> = passes(&all).iter().map(|pass| pass.reads[0]).collect();
    assert_eq!(
        reads,
        [
            Read::Picture(0),
            Read::Picture(SOURCES),
            Read::Picture(SOURCES + 1)
        ]
    );
    assert_eq!(all.output, Read::Picture(SOURCES + 2));
    let some = planned(layers(), &[false, false, true]);
    assert_eq!(passes(&some)[0].reads, [Read::Picture(0)]);
    assert_eq!(passes(&some)[0].below, Read::Picture(0));
    assert_eq!(
        planned(layers(), &[true, false, false]).output,
        Read::Picture(SOURCES)
    );
    let none = planned(layers(), &[false; 3]);
    assert_eq!((none.output, none.steps.len()), (Read::Picture(0), 0));
}

#[test]
fn side_branches_are_not_the_output() {
    let mut side = layer("side", COPY, CAM);
    side.through = false;
    assert_eq!(
        planned(vec![side.clone()], &[true]).output,
        Read::Picture(0)
    );
    let mut last = layer("last", COPY, PictureRef::Source(1));
    last.matte = Some(Matte {
        picture: PictureRef::Layer(0),
        channel: None,
        invert: false,
    });
    let plan = planned(vec![side, last], &[true; 2]);
    assert_eq!(plan.output, Read::Picture(SOURCES + 1));
    assert_eq!(passes(&plan)[1].matte, Read::Picture(SOURCES));
}

#[test]
fn rings_are_as_deep_as_the_furthest_look_back() {
    let keeps = |layers: Vec<Layer>| -> Vec<Keep> {
        let active = vec![true; layers.len()];
        let plan = planned(layers, &active);
        plan.pictures.iter().map(|picture| picture.keep).collect()
    };
    let none = keeps(vec![layer("a", COPY, CAM)]);
    assert_eq!(none, [Keep::Ring(1), Keep::Ring(1), Keep::Tick]);
    let by_tap = keeps(vec![
        tapped("a", CAM, number(3.0)),
        tapped("b", CAM, number(1.0)),
    ]);
    assert_eq!(by_tap[0], Keep::Ring(4));
    let by_history = keeps(vec![layer("a", PAST, CAM), tapped("b", CAM, number(1.0))]);
    assert_eq!(by_history[0], Keep::Ring(3));
    let mut both = layer("a", PAST, CAM);
    both.keys[Keys::TAP] = number(3.0);
    assert_eq!(
        keeps(vec![both])[0],
        Keep::Ring(6),
        "the past of what is tapped"
    );
    let of_layer = keeps(vec![
        layer("a", COPY, CAM),
        tapped("b", PictureRef::Layer(0), number(2.0)),
    ]);
    assert_eq!(of_layer[SOURCES..], [Keep::Ring(3), Keep::Tick]);
    let played = Setting::Vector(vec![number(1.0)]);
    assert_eq!(keeps(vec![tapped("a", CAM, played)])[0], Keep::Ring(31));
}

#[test]
fn a_history_is_as_deep_as_the_effects_inputs_say() {
    let text = PAST.replace(
        r#""MAX": 2}"#,
        r#""MAX": "2 * $taps"}, {"NAME": "taps", "TYPE": "long", "DEFAULT": 3, "MIN": 1, "MAX": 20}"#,
    );
    let depth = |setting: Option<Setting>| {
        let mut layer = layer("a", &text, CAM);
        layer.params = setting.map_or(layer.params, |setting| vec![setting]);
        planned(vec![layer], &[true]).pictures[0].keep
    };
    assert_eq!(depth(None), Keep::Ring(7));
    assert_eq!(depth(Some(number(5.0))), Keep::Ring(11));
    let played = Setting::Vector(vec![number(1.0)]);
    assert_eq!(depth(Some(played)), Keep::Ring(41), "as far as it may be");
}

#[test]
fn tables_are_kept_beside_the_pictures_of_their_sources() {
    let text = COPY.replace(
        r#""TYPE": "image"}]"#,
        r#""TYPE": "image"}, {"NAME": "look", "TYPE": "table"}]"#,
    );
    let mut graded = layer("a", &text, CAM);
    graded.images[1] = PictureRef::Source(1);
    let plan = planned(
        vec![graded, layer("b", COPY, PictureRef::Source(1))],
        &[true; 2],
    );
    let table = SOURCES + 2;
    assert_eq!(
        (plan.pictures[table].key.as_str(), plan.pictures[table].keep),
        ("table.b", Keep::Own)
    );
    let passes = passes(&plan);
    assert_eq!(passes[0].reads, [Read::Picture(0), Read::Picture(table)]);
    assert_eq!(passes[1].reads, [Read::Picture(1)]);
}

#[test]
fn the_effect_looks_back_and_is_composed_with_the_present() {
    let plan = planned(
        vec![tapped("a", CAM, number(3.0)), layer("b", PAST, CAM)],
        &[true; 2],
    );
    let passes = passes(&plan);
    assert_eq!(
        (passes[0].reads[0], passes[0].below),
        (Read::Tapped(0), Read::Picture(0))
    );
    assert_eq!(passes[1].reads, [Read::Picture(0), Read::History(0)]);
}

#[test]
fn a_ring_is_filled_by_a_layer_that_is_off() {
    let layers = vec![
        layer("a", COPY, CAM),
        tapped("b", PictureRef::Layer(0), number(2.0)),
    ];
    let plan = planned(layers, &[false, true]);
    let hand = Step::Hand {
        from: Read::Picture(0),
        to: SOURCES,
    };
    assert_eq!(plan.steps[0], hand);
    assert_eq!(passes(&plan)[0].reads, [Read::Tapped(SOURCES)]);
}

#[test]
fn last_ticks_pictures_are_kept_once_and_after_all_passes() {
    let layers = || {
        let mut first = layer("a", COPY, PictureRef::Previous(1));
        first.matte = Some(Matte {
            picture: PictureRef::Previous(1),
            channel: Some(0),
            invert: true,
        });
        vec![first, layer("b", COPY, PictureRef::Layer(0))]
    };
    let plan = planned(layers(), &[true; 2]);
    assert_eq!(passes(&plan)[0].reads, [Read::Previous(1)]);
    let kept = |from| Step::Remember { from, layer: 1 };
    assert_eq!(plan.steps[2..], [kept(Read::Picture(SOURCES + 1))]);
    let off = planned(layers(), &[true, false]);
    assert_eq!(
        off.steps[1..],
        [kept(Read::Picture(SOURCES))],
        "off, it is its input"
    );
}

#[test]
fn passes_and_targets_are_laid_out_in_order() {
    let plan = planned(
        vec![
            layer("a", STATE, CAM),
            layer("b", STATE, PictureRef::Layer(0)),
        ],
        &[true; 2],
    );
    let keys: Vec<_> = plan
        .targets
        .iter()
        .map(|target| target.key.as_str())
        .collect();
    assert_eq!(
        keys,
        [
            "layer.a.small",
            "layer.a.kept",
            "layer.b.small",
            "layer.b.kept"
        ]
    );
    assert_eq!(
        (plan.targets[2].size, plan.targets[3].size),
        (Size::new(16, 9), SIZE)
    );
    assert_eq!(
        (plan.targets[2].persistent, plan.targets[3].persistent),
        (false, true)
    );
    let passes = passes(&plan);
    let labels: Vec<_> = passes.iter().map(|pass| pass.label.as_str()).collect();
    assert_eq!(labels, ["a.shrink", "a.keep", "b.shrink", "b.keep"]);
    assert_eq!(
        passes[2].reads,
        [Read::Picture(SOURCES), Read::Target(2), Read::Target(3)]
    );
    assert_eq!((passes[2].target, passes[2].picture), (Some(2), None));
    assert_eq!(
        (passes[3].target, passes[3].picture),
        (Some(3), Some(SOURCES + 1))
    );
}

#[test]
fn a_layer_that_is_off_keeps_its_state() {
    let layers = vec![
        layer("a", STATE, CAM),
        layer("b", STATE, PictureRef::Layer(0)),
    ];
    let plan = planned(layers, &[false, true]);
    let targets: Vec<_> = plan
        .targets
        .iter()
        .map(|target| (target.key.as_str(), target.runs))
        .collect();
    assert_eq!(
        targets,
        [
            ("layer.a.kept", false),
            ("layer.b.small", true),
            ("layer.b.kept", true)
        ]
    );
    assert_eq!(
        passes(&plan)[0].reads,
        [Read::Picture(0), Read::Target(1), Read::Target(2)]
    );
}

#[test]
fn a_layer_advances_with_its_input() {
    let layers = vec![
        layer("film", COPY, PictureRef::Source(1)),
        layer("next", COPY, PictureRef::Layer(0)),
        layer("clocked", CLOCKED, PictureRef::Source(1)),
        layer("after", COPY, PictureRef::Layer(2)),
        layer("paint", PAINT, PictureRef::Source(1)),
        layer("feedback", COPY, PictureRef::Previous(0)),
    ];
    let film = Beat::Source(1);
    let wanted = [film, film, Beat::Tick, Beat::Tick, Beat::Tick, Beat::Tick];
    assert_eq!(beats(&show(layers)), wanted);
}

#[test]
fn what_a_stage_makes_is_composed_by_a_pass_where_something_composes() {
    let planned = |mix| {
        let variant = Variant {
            mix,
            ..Variant::default()
        };
        plan_variants(vec![layer("a", STAGED, CAM)], SIZE, &[true], &[variant]).expect("it fits")
    };
    let (alone, mixed) = (planned(false), planned(true));
    let stage = |plan: &Plan| match &plan.steps[0] {
        Step::Stage(stage) => (stage.picture, stage.target),
        step => panic!("{step:?}"),
    };
    assert_eq!(stage(&alone), (Some(SOURCES), None));
    assert_eq!((alone.steps.len(), alone.targets.len()), (1, 0));
    assert_eq!(alone.pictures[SOURCES].keep, Keep::Ring(1));
    assert_eq!(stage(&mixed), (None, Some(0)));
    assert_eq!(passes(&mixed)[0].reads, [Read::Picture(0), Read::Target(0)]);
    assert_eq!(passes(&mixed)[0].picture, Some(SOURCES));
    assert_eq!(mixed.pictures[SOURCES].keep, Keep::Tick);
}

#[test]
fn a_show_that_keeps_too_many_pictures_is_refused_by_name() {
    let layers = || {
        vec![
            layer("a", STATE, CAM),
            tapped("b", PictureRef::Layer(0), number(9.0)),
        ]
    };
    assert!(try_plan(layers(), Size::new(3840, 2160), &[true; 2]).is_ok());
    let error = try_plan(layers(), Size::new(8192, 8192), &[true; 2]).expect_err("ten of 512 MiB");
    assert_eq!(error.largest, "layer.a");
    // Sources of 512 MiB each, ten pictures of the layer, and twice a state of 1 GiB.
    assert_eq!(error.needed, 512 * (2 + 10) + 2 * 1024);
    let text = error.to_string();
    assert!(
        text.contains("8192x8192") && text.contains("'layer.a'"),
        "{text}"
    );
}
