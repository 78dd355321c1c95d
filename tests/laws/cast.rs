//! What the laws are tried on: every effect, with its parameters set in many ways, over pictures of all kinds.

use std::sync::Arc;

use afterimage::effect::{Effect, Library};
use afterimage::param::{Kind, Param, Value};
use afterimage::picture::{Picture, Size};
use afterimage::show::{Bits, Layer, PictureRef, Setting, Show, SourceEntry};
use afterimage::signal::Expression;

use crate::stage::{Chance, Stage, Texel, assert_same, fine_noise, flat, noise};

pub(crate) const SIZE: Size = Size::new(23, 17);

/// The sources of every show here.
pub(crate) const INPUT: PictureRef = PictureRef::Source(0);
pub(crate) const OTHER: PictureRef = PictureRef::Source(1);
pub(crate) const BLACK: PictureRef = PictureRef::Source(2);
pub(crate) const WHITE: PictureRef = PictureRef::Source(3);

/// How the parameters that a law leaves free are set.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Free {
    Default,
    Minimum,
    Maximum,
    Random(u64),
}

pub(crate) const FREE: [Free; 6] = [
    Free::Default,
    Free::Minimum,
    Free::Maximum,
    Free::Random(1),
    Free::Random(2),
    Free::Random(3),
];

pub(crate) fn effects() -> Vec<Arc<Effect>> {
    let mut library = Library::default();
    let names = library.names();
    assert!(!names.is_empty(), "there are no effects");
    let get = |name: &String| library.get(name).unwrap_or_else(|error| panic!("{error}"));
    names.iter().map(get).collect()
}

pub(crate) fn expression(text: &str) -> Setting {
    Setting::Expression(Expression::parse(text).expect("the grammar has it"))
}

pub(crate) fn setting(param: &Param, free: Free) -> Setting {
    match (&param.kind, free) {
        (Kind::Event, Free::Maximum | Free::Random(_)) => expression("every(tick, 1)"),
        (_, Free::Default) => Setting::Value(param.default),
        (_, Free::Minimum) => Setting::Value(param.min),
        (_, Free::Maximum) => Setting::Value(param.max),
        (_, Free::Random(seed)) => Setting::Value(random(param, seed)),
    }
}

/// A value within the slider's travel, or within the hard limits, by turns.
pub(crate) fn random(param: &Param, seed: u64) -> Value {
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
pub(crate) fn layer(
    effect: &Arc<Effect>,
    input: PictureRef,
    other: PictureRef,
    free: Free,
) -> Layer {
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

pub(crate) fn plain(effect: &Arc<Effect>, free: Free) -> Layer {
    layer(effect, INPUT, OTHER, free)
}

/// The same with every input that declares an IDENTITY set to it.
pub(crate) fn at_identity(effect: &Arc<Effect>, free: Free) -> Layer {
    let mut layer = plain(effect, free);
    for (slot, param) in layer.params.iter_mut().zip(&effect.header.params) {
        if let Some(identity) = param.identity {
            *slot = Setting::Value(identity);
        }
    }
    layer
}

pub(crate) fn show(layers: Vec<Layer>, bits: Bits) -> Show {
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
pub(crate) fn pictures(size: Size, bits: Bits) -> Vec<Vec<Picture>> {
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

pub(crate) const BITS: [Bits; 2] = [Bits::Sixteen, Bits::Eight];

pub(crate) fn play(layers: Vec<Layer>, bits: Bits, size: Size) -> Vec<Vec<Texel>> {
    Stage::new(&show(layers, bits), size).play(&pictures(size, bits))
}

#[track_caller]
pub(crate) fn assert_all_same(actual: &[Vec<Texel>], expected: &[Vec<Texel>], what: &str) {
    assert_eq!(actual.len(), expected.len());
    for (tick, (actual, expected)) in actual.iter().zip(expected).enumerate() {
        assert_same(actual, expected, &format!("{what}, tick {tick}"));
    }
}

pub(crate) fn has_identity(effect: &Effect) -> bool {
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

/// Colours that no camera gives: beyond white, below black, huge, tiny, of no alpha.
pub(crate) const WILD: &str = r#"/*{"DESCRIPTION": "Wild colours.", "INPUTS": []}*/
fn effect(at: vec2i) -> vec4f {
    let wild = array(-65504.0, -3.0, -0.001, 0.0, 0.00000006, 0.5, 1.0, 1.001, 7.0, 65504.0);
    let i = at.x * 7 + at.y * 3 + i32(frame.tick);
    return vec4f(wild[i % 10], wild[(i / 2) % 10], wild[(i / 3) % 10], wild[(i / 5) % 10]);
}"#;

pub(crate) fn wild() -> Arc<Effect> {
    parse("wild", WILD)
}

pub(crate) fn parse(name: &str, text: &str) -> Arc<Effect> {
    let effect = Effect::parse(name, None, text);
    Arc::new(effect.unwrap_or_else(|error| panic!("{error}")))
}

/// The default, and each parameter alone at both of its ends.
pub(crate) fn extremes(effect: &Effect) -> Vec<(String, Vec<Setting>)> {
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
