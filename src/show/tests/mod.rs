mod cameras;
mod changing;
mod files;
mod reading;

use std::fs;

use super::*;
use crate::effect::Library;
use crate::param::Value;

/// Effects with every kind of input, small enough to see what is meant.
const EFFECTS: &[(&str, &str)] = &[
    (
        "paint",
        r#"/*{"DESCRIPTION": "One colour.", "INPUTS": [{"NAME": "tint", "TYPE": "color", "DEFAULT": [1, 0, 0, 1]}]}*/
        fn effect(at: vec2i) -> vec4f { return params.tint; }"#,
    ),
    (
        "shift",
        r#"/*{"DESCRIPTION": "Moves.", "INPUTS": [{"NAME": "inputImage", "TYPE": "image"},
        {"NAME": "by", "TYPE": "point2D", "MIN": [-9, -9], "MAX": [9, 9], "IDENTITY": [0, 0]},
        {"NAME": "edge", "TYPE": "long", "VALUES": "edge"}, {"NAME": "flip", "TYPE": "bool"},
        {"NAME": "kick", "TYPE": "event"}]}*/
        fn effect(at: vec2i) -> vec4f { return load(inputImage, at + vec2i(params.by), params.edge); }"#,
    ),
    (
        "over",
        r#"/*{"DESCRIPTION": "Two pictures.", "INPUTS": [{"NAME": "inputImage", "TYPE": "image"},
        {"NAME": "other", "TYPE": "image"}, {"NAME": "before", "TYPE": "history", "MAX": 2},
        {"NAME": "amount", "TYPE": "float", "DEFAULT": 0.5, "MIN": 0, "MAX": 1, "IDENTITY": 0}]}*/
        fn effect(at: vec2i) -> vec4f { return mix(load(inputImage, at, SMEAR), load(other, at, SMEAR), params.amount); }"#,
    ),
    (
        "motion",
        r#"/*{"DESCRIPTION": "A motion field.", "OUTPUT": "flow", "NO_IDENTITY": "it is no picture",
        "INPUTS": [{"NAME": "inputImage", "TYPE": "image"}]}*/
        fn effect(at: vec2i) -> vec4f { return vec4f(0.0); }"#,
    ),
    (
        "flow",
        r#"/*{"DESCRIPTION": "The motion of a picture.", "OUTPUT": "flow", "NO_IDENTITY": "it is no picture",
        "STAGE": "nothing", "INPUTS": [{"NAME": "inputImage", "TYPE": "image"},
        {"NAME": "height", "TYPE": "long", "DEFAULT": 360, "MIN": 0, "MAX": 8192, "FIXED": true}]}*/"#,
    ),
    (
        "drag",
        r#"/*{"DESCRIPTION": "Follows a motion field.", "NO_IDENTITY": "a test", "INPUTS": [
        {"NAME": "inputImage", "TYPE": "image"}, {"NAME": "flow", "TYPE": "flow"},
        {"NAME": "before", "TYPE": "history", "OF": "flow", "MAX": 3}]}*/
        fn effect(at: vec2i) -> vec4f { return load(inputImage, at + vec2i(load(flow, at, SMEAR).xy), SMEAR); }"#,
    ),
];

fn library() -> (tempfile::TempDir, Library) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for (name, text) in EFFECTS {
        fs::write(folder.path().join(format!("{name}.wgsl")), text).expect("a written effect");
    }
    let library = Library::new(vec![folder.path().to_owned()]);
    (folder, library)
}

fn parse(text: &str) -> Result<Show, ShowError> {
    let (_folder, mut library) = library();
    Show::parse(text, None, &mut library)
}

fn show(text: &str) -> Show {
    parse(text).unwrap_or_else(|error| panic!("{text}\n{error}"))
}

/// A show of the given layers over the sources cam and b.
fn layers(text: &str) -> Vec<Layer> {
    show(&format!("[sources]\ncam = 'cam.png'\nb = 'b.png'\n{text}")).layers
}

fn refused(text: &str, wanted: &str) {
    let error = parse(text).expect_err(text).to_string();
    assert!(
        error.starts_with(&format!("show:{wanted}")),
        "{text}\n{error}"
    );
}

fn number(number: f64) -> Setting {
    Setting::Value(Value::number(number))
}
