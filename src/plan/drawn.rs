//! Plans of shows that are drawn by lot, for tests of whoever carries plans out.

use std::sync::Arc;

use super::{Adapter, Plan, Stages, forms, plan};
use crate::effect::{Effect, Variant};
use crate::picture::Size;
use crate::show::{Layer, Matte, PictureRef, Show, SourceEntry};

const EFFECT: &str = r#"/*{"DESCRIPTION": "Adds.", "NO_IDENTITY": "a test", "INPUTS": [
    {"NAME": "inputImage", "TYPE": "image"}, {"NAME": "other", "TYPE": "image"}],
    "PASSES": [{"ENTRY": "first", "TARGET": "half_"}, {"ENTRY": "second"}]}*/
    fn first(at: vec2i) -> vec4f { return load(inputImage, at, SMEAR); }
    fn second(at: vec2i) -> vec4f { return load(half_, at, SMEAR) + load(other, at, SMEAR); }"#;

/// What a layer reads, as three numbers that are brought to earlier pictures; whether it is a through
/// layer; whether it runs.
pub(crate) type Drawn = ([usize; 3], bool, bool);

/// The plan of a show of such layers over one source.
pub(crate) fn planned(drawn: &[Drawn]) -> Plan {
    let effect = Arc::new(Effect::parse("add", None, EFFECT).expect("a valid effect"));
    let layer = |(index, (reads, through, _)): (usize, &Drawn)| {
        let earlier = |number: usize| match number % (index + 1) {
            0 => PictureRef::Source(0),
            earlier => PictureRef::Layer(earlier - 1),
        };
        let mut layer = Layer::new(&index.to_string(), effect.clone(), earlier(reads[0]));
        layer.images[1] = earlier(reads[1]);
        layer.matte = Some(Matte {
            picture: earlier(reads[2]),
            channel: None,
            invert: false,
        });
        layer.through = *through;
        layer
    };
    let show = Show {
        sources: vec![SourceEntry::new("in", "in.png")],
        layers: drawn.iter().enumerate().map(layer).collect(),
        ..Show::default()
    };
    let active: Vec<_> = drawn.iter().map(|(_, _, active)| *active).collect();
    let variants = vec![Variant::default(); drawn.len()];
    let size = Size::new(4, 4);
    let forms = forms(&show, size, 1.0, &Stages::default(), Adapter::BASE).expect("no stages");
    plan(&show, size, &active, &variants, &forms, &[]).expect("it fits")
}
