//! Laws that hold for every effect there is, none by name: a new file in `shaders/` is under them at once.

mod gpu;
mod stage;

use std::sync::Arc;

use afterimage::effect::{Effect, Keys, Library};
use afterimage::engine::Command;
use afterimage::param::{Kind, Param, Value};
use afterimage::picture::{Picture, Size};
use afterimage::show::{Bits, Layer, Matte, PictureRef, Setting, Show, SourceEntry};
use afterimage::signal::Expression;
use stage::{Chance, Stage, Texel, assert_same, differ, fine_noise, flat, noise};

const SIZE: Size = Size::new(23, 17);

/// The sources of every show here.
const INPUT: PictureRef = PictureRef::Source(0);
const OTHER: PictureRef = PictureRef::Source(1);
const BLACK: PictureRef = PictureRef::Source(2);
const WHITE: PictureRef = PictureRef::Source(3);

/// How the parameters that a law leaves free are set.
#[derive(Clone, Copy, Debug)]
enum Free {
    Default,
    Minimum,
    Maximum,
    Random(u64),
}

const FREE: [Free; 6] = [
    Free::Default,
    Free::Minimum,
    Free::Maximum,
    Free::Random(1),
    Free::Random(2),
    Free::Random(3),
];

fn effects() -> Vec<Arc<Effect>> {
    let mut library = Library::default();
    let names = library.names();
    assert!(!names.is_empty(), "there are no effects");
    let get = |name: &String| library.get(name).unwrap_or_else(|error| panic!("{error}"));
    names.iter().map(get).collect()
}

fn expression(text: &str) -> Setting {
    Setting::Expression(Expression::parse(text).expect("the grammar has it"))
}

fn setting(param: &Param, free: Free) -> Setting {
    match (&param.kind, free) {
        (Kind::Event, Free::Maximum | Free::Random(_)) => expression("every(tick, 1)"),
        (_, Free::Default) => Setting::Value(param.default),
        (_, Free::Minimum) => Setting::Value(param.min),
        (_, Free::Maximum) => Setting::Value(param.max),
        (_, Free::Random(seed)) => Setting::Value(random(param, seed)),
    }
}

/// A value within the slider's travel, or within the hard limits, by turns.
fn random(param: &Param, seed: u64) -> Value {
    let name = param.name.bytes().map(u64::from).sum::<u64>();
    let mut chance = Chance(seed * 1000 + name);
    if let Kind::Long(options) = &param.kind
        && !options.is_empty()
    {
        let index = chance.next() % options.len() as u64;
        return Value::number(options[index as usize].0 as f64);
    }
    let (low, high) = if seed.is_multiple_of(2) {
        param.soft
    } else {
        (param.min, param.max)
    };
    let lanes = (0..param.kind.width()).map(|lane| {
        let share = chance.share();
        low.lane(lane) * (1.0 - share) + high.lane(lane) * share
    });
    param.clamp(Value::lanes(&lanes.collect::<Vec<_>>()), param.default)
}

/// A layer over the input; the pictures that the effect reads beside it are others.
fn layer(effect: &Arc<Effect>, input: PictureRef, other: PictureRef, free: Free) -> Layer {
    let mut layer = Layer::new("law", effect.clone(), input);
    for (slot, image) in layer.images.iter_mut().zip(&effect.header.images) {
        *slot = if image.name == "inputImage" {
            input
        } else {
            other
        };
    }
    for (slot, param) in layer.params.iter_mut().zip(&effect.header.params) {
        *slot = setting(param, free);
    }
    layer
}

fn plain(effect: &Arc<Effect>, free: Free) -> Layer {
    layer(effect, INPUT, OTHER, free)
}

/// The same with every input that declares an IDENTITY set to it.
fn at_identity(effect: &Arc<Effect>, free: Free) -> Layer {
    let mut layer = plain(effect, free);
    for (slot, param) in layer.params.iter_mut().zip(&effect.header.params) {
        if let Some(identity) = param.identity {
            *slot = Setting::Value(identity);
        }
    }
    layer
}

fn show(layers: Vec<Layer>, bits: Bits) -> Show {
    let names = ["input", "other", "black", "white"];
    let mut show = Show {
        sources: names.map(|name| SourceEntry::new(name, "unused")).to_vec(),
        layers,
        ..Show::default()
    };
    show.canvas.bits = bits;
    show
}

/// Three ticks, each with a new picture for each source.
fn pictures(size: Size, bits: Bits) -> Vec<Vec<Picture>> {
    let paint = match bits {
        Bits::Eight => noise,
        Bits::Sixteen => fine_noise,
    };
    let tick = |tick: u64| {
        vec![
            paint(size, tick),
            paint(size, 100 + tick),
            flat(size, [0; 4]),
            flat(size, [255; 4]),
        ]
    };
    (0..3).map(tick).collect()
}

const BITS: [Bits; 2] = [Bits::Sixteen, Bits::Eight];

fn play(layers: Vec<Layer>, bits: Bits, size: Size) -> Vec<Vec<Texel>> {
    Stage::new(&show(layers, bits), size).play(&pictures(size, bits))
}

#[track_caller]
fn assert_all_same(actual: &[Vec<Texel>], expected: &[Vec<Texel>], what: &str) {
    assert_eq!(actual.len(), expected.len());
    for (tick, (actual, expected)) in actual.iter().zip(expected).enumerate() {
        assert_same(actual, expected, &format!("{what}, tick {tick}"));
    }
}

#[test]
fn identity_gives_the_input_bit_for_bit() {
    for bits in BITS {
        let input = play(Vec::new(), bits, SIZE);
        assert!(differ(&input[0], &input[1]), "the pictures change");
        for effect in effects().iter().filter(|effect| has_identity(effect)) {
            for free in FREE {
                let output = play(vec![at_identity(effect, free)], bits, SIZE);
                let what = format!("{} at identity, others {free:?}, {bits:?}", effect.name);
                assert_all_same(&output, &input, &what);
            }
        }
    }
}

fn has_identity(effect: &Effect) -> bool {
    let declared = effect
        .header
        .params
        .iter()
        .any(|param| param.identity.is_some());
    let reason = effect.header.no_identity.as_deref();
    let name = &effect.name;
    assert!(
        declared || effect.is_generator() || reason.is_some_and(|why| !why.trim().is_empty()),
        "{name} declares no IDENTITY and does not say why"
    );
    declared && !effect.is_generator()
}

/// All ways to let nothing of a layer show; some are decided before the GPU, some on it.
fn hidden(effect: &Arc<Effect>, free: Free) -> Vec<(&'static str, Layer)> {
    let with = |key: usize, setting: Setting| {
        let mut layer = plain(effect, free);
        layer.keys[key] = setting;
        layer
    };
    let matte = |picture, invert| {
        let mut layer = plain(effect, free);
        layer.matte = Some(Matte {
            picture,
            channel: None,
            invert,
        });
        layer
    };
    vec![
        (
            "mix = 0",
            with(Keys::MIX, Setting::Value(Value::number(0.0))),
        ),
        ("mix = 0 * time", with(Keys::MIX, expression("0 * time"))),
        (
            "no channels",
            with(Keys::CHANNELS, Setting::Value(Value::number(0.0))),
        ),
        ("a black matte", matte(BLACK, false)),
        ("a white matte, inverted", matte(WHITE, true)),
        (
            "on = false",
            with(Keys::ON, Setting::Value(Value::from(false))),
        ),
        ("on = time < 0", with(Keys::ON, expression("time < 0"))),
    ]
}

#[test]
fn a_layer_that_does_not_show_gives_the_input_bit_for_bit() {
    for bits in BITS {
        let input = play(Vec::new(), bits, SIZE);
        for effect in effects() {
            for free in [Free::Default, Free::Random(1)] {
                for (how, layer) in hidden(&effect, free) {
                    let output = play(vec![layer], bits, SIZE);
                    let what = format!("{} with {how}, {free:?}, {bits:?}", effect.name);
                    assert_all_same(&output, &input, &what);
                }
            }
        }
    }
}

/// Ways to show the whole of a layer by another kernel than the plain one.
fn whole(effect: &Arc<Effect>, free: Free) -> Vec<(&'static str, Layer)> {
    let plain = plain(effect, free);
    let mut mixed = plain.clone();
    mixed.keys[Keys::MIX] = expression("1 + 0 * time");
    let mut matted = plain;
    matted.matte = Some(Matte {
        picture: WHITE,
        channel: None,
        invert: false,
    });
    vec![("mix = 1 + 0 * time", mixed), ("a white matte", matted)]
}

#[test]
fn a_layer_that_shows_wholly_gives_the_effect_bit_for_bit() {
    for bits in BITS {
        for effect in effects() {
            for free in [Free::Default, Free::Random(2)] {
                let alone = play(vec![plain(&effect, free)], bits, SIZE);
                for (how, layer) in whole(&effect, free) {
                    let output = play(vec![layer], bits, SIZE);
                    let what = format!("{} with {how}, {free:?}, {bits:?}", effect.name);
                    assert_all_same(&output, &alone, &what);
                }
            }
        }
    }
}

/// Colours that no camera gives: beyond white, below black, huge, tiny, of no alpha.
const WILD: &str = r#"/*{"DESCRIPTION": "Wild colours.", "INPUTS": []}*/
fn effect(at: vec2i) -> vec4f {
    let wild = array(-65504.0, -3.0, -0.001, 0.0, 0.00000006, 0.5, 1.0, 1.001, 7.0, 65504.0);
    let i = at.x * 7 + at.y * 3 + i32(frame.tick);
    return vec4f(wild[i % 10], wild[(i / 2) % 10], wild[(i / 3) % 10], wild[(i / 5) % 10]);
}"#;

fn wild() -> Arc<Effect> {
    Arc::new(Effect::parse("wild", None, WILD).unwrap_or_else(|error| panic!("{error}")))
}

/// The default, and each parameter alone at both of its ends.
fn extremes(effect: &Effect) -> Vec<(String, Vec<Setting>)> {
    let params = effect.header.params.iter();
    let defaults: Vec<_> = params.map(|param| setting(param, Free::Default)).collect();
    let mut list = vec![("default".to_owned(), defaults.clone())];
    for (index, param) in effect.header.params.iter().enumerate() {
        for free in [Free::Minimum, Free::Maximum] {
            let mut settings = defaults.clone();
            settings[index] = setting(param, free);
            list.push((format!("{} {free:?}", param.name), settings));
        }
    }
    list
}

#[test]
fn every_end_of_every_parameter_gives_finite_pixels() {
    let strange = wild();
    for bits in BITS {
        for effect in effects() {
            for (how, settings) in extremes(&effect) {
                let under = Layer::new("under", strange.clone(), INPUT);
                let mut over = layer(
                    &effect,
                    PictureRef::Layer(0),
                    PictureRef::Layer(0),
                    Free::Default,
                );
                over.params = settings;
                let output = play(vec![under, over], bits, SIZE);
                let finite = output
                    .iter()
                    .flatten()
                    .flatten()
                    .all(|number| number.is_finite());
                assert!(finite, "{} at {how}, {bits:?}: not finite", effect.name);
            }
        }
    }
}

#[test]
fn the_same_show_gives_the_same_pictures_and_instances_share_no_state() {
    let bits = Bits::Sixteen;
    for effect in effects() {
        let layers = || vec![plain(&effect, Free::Random(3))];
        let alone = play(layers(), bits, SIZE);
        let mut first = Stage::new(&show(layers(), bits), SIZE);
        let mut second = Stage::new(&show(layers(), bits), SIZE);
        let mut stranger = Stage::new(&show(layers(), bits), SIZE);
        let (mine, others) = (pictures(SIZE, bits), pictures(SIZE, Bits::Eight));
        for (tick, expected) in alone.iter().enumerate() {
            let new: Vec<_> = mine[tick].iter().map(Some).collect();
            let strange: Vec<_> = others[tick].iter().map(Some).collect();
            for stage in [&mut first, &mut second] {
                stranger.tick(&strange);
                let what = format!("{}, tick {tick}", effect.name);
                assert_same(&stage.tick(&new), expected, &what);
            }
        }
    }
}

#[test]
fn odd_sizes_work() {
    for size in [Size::new(1, 1), Size::new(7, 5), Size::new(1919, 1081)] {
        let mut inputs = Vec::new();
        for effect in effects() {
            let ticks = if size.area() > 1000 { 1 } else { 3 };
            let pictures = &pictures(size, Bits::Sixteen)[..ticks];
            let play = |layers| Stage::new(&show(layers, Bits::Sixteen), size).play(pictures);
            if inputs.is_empty() {
                inputs = play(Vec::new());
            }
            let output = play(vec![plain(&effect, Free::Default)]);
            let finite = output
                .iter()
                .flatten()
                .flatten()
                .all(|number| number.is_finite());
            assert!(finite, "{} at {size}: not finite", effect.name);
            if has_identity(&effect) {
                let output = play(vec![at_identity(&effect, Free::Default)]);
                assert_all_same(&output, &inputs, &format!("{} at {size}", effect.name));
            }
        }
    }
}

#[test]
fn another_size_in_mid_run_does_no_harm() {
    let (bits, other) = (Bits::Sixteen, Size::new(40, 9));
    for effect in effects() {
        let layers = || vec![plain(&effect, Free::Default)];
        let (alone, elsewhere) = (play(layers(), bits, SIZE), play(layers(), bits, other));
        let mut stage = Stage::new(&show(layers(), bits), SIZE);
        let pictures = pictures(SIZE, bits);
        for (tick, expected) in alone.iter().enumerate() {
            let new: Vec<_> = pictures[tick].iter().map(Some).collect();
            assert_same(&stage.tick(&new), expected, &effect.name);
            // The same show at another size, begun anew in between.
            assert_all_same(&play(layers(), bits, other), &elsewhere, &effect.name);
        }
    }
}

#[test]
fn a_source_that_changes_its_size_is_fitted_and_goes_on() {
    let bits = Bits::Sixteen;
    let black = |size| vec![flat(size, [0, 0, 0, 255]); 4];
    for effect in effects() {
        let layers = || vec![plain(&effect, Free::Default)];
        let run = |middle: Size| {
            let mut stage = Stage::new(&show(layers(), bits), SIZE);
            stage.play(&[black(SIZE), black(middle), black(SIZE)])
        };
        assert_all_same(&run(Size::new(46, 34)), &run(SIZE), &effect.name);
    }
}

/// An instance whose first tick is the tick of that number.
fn begun_at(show: &Show, tick: u64) -> Stage {
    let mut stage = Stage::new(show, SIZE);
    stage.instance.conductor().skip(tick);
    stage
}

#[test]
fn reset_and_clean_bring_the_first_tick_back() {
    let bits = Bits::Sixteen;
    let pictures = pictures(SIZE, bits);
    let last: Vec<_> = pictures[2].iter().map(Some).collect();
    let mut remembered = 0;
    for effect in effects() {
        let show = show(vec![plain(&effect, Free::Default)], bits);
        let first = begun_at(&show, 2).tick(&last);
        let then = |command: Option<Command>| {
            let mut stage = Stage::new(&show, SIZE);
            stage.play(&pictures[..2]);
            stage.tick_with(command.as_slice(), &last)
        };
        let name = &effect.name;
        assert_same(
            &then(Some(Command::event("/clean"))),
            &first,
            &format!("{name}, clean"),
        );
        if effect.has_state() {
            let reset = then(Some(Command::event("/layers/law/reset")));
            assert_same(&reset, &first, &format!("{name}, reset"));
            remembered += usize::from(differ(&then(None), &first));
        }
    }
    assert!(
        remembered > 0,
        "no effect remembers anything: the law tests nothing"
    );
}
