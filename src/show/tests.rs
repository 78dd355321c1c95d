use std::fs;

use proptest::prelude::*;

use super::*;
use crate::effect::{Keys, Library};
use crate::param::{Kind, Value};
use crate::picture::{Fit, Size};

/// Effects with every kind of input, small enough to see what is meant.
const EFFECTS: [(&str, &str); 5] = [
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
        "drag",
        r#"/*{"DESCRIPTION": "Follows a motion field.", "NO_IDENTITY": "a test", "INPUTS": [
        {"NAME": "inputImage", "TYPE": "image"}, {"NAME": "flow", "TYPE": "flow"}]}*/
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

#[test]
fn a_whole_show_is_read() {
    let show = show(
        r#"
title = "Melt"
canvas = { size = [1280, 720], fps = "30000/1001", bits = 8, seed = 7, tempo = 128.5, alpha = true }
[sources]
cam = { camera = 0 }
b = { file = "loop.mp4", loop = true, fit = "contain", start = 1.5 }
live = "rtsp://host/stream"
[controls]
melt = { default = 0.6, min = 0, max = 2, unit = "s", label = "Melt it" }
mode = { type = "long", options = ["one", "two"], default = "two" }
[signals]
kick = "decay(every(beat, 1), 0.25)"
twice = "kick * 2 + controls.melt"
[[layers]]
effect = "shift"
by = [8, "kick * 4"]
edge = "wrap"
mix = "twice"
"#,
    );
    assert_eq!(show.title, "Melt");
    assert_eq!(show.canvas.size, Some(Size::new(1280, 720)));
    assert_eq!(
        (show.canvas.fps, show.canvas.bits),
        (Some((30000, 1001)), Bits::Eight)
    );
    assert_eq!(
        (show.canvas.seed, show.canvas.tempo, show.canvas.alpha),
        (7, 128.5, true)
    );
    assert_eq!(show.sources[0].location, "camera:0");
    assert_eq!(show.sources[1].location, "loop.mp4");
    assert_eq!(
        (show.sources[1].fit, show.sources[1].looping),
        (Fit::Contain, true)
    );
    assert_eq!(show.sources[1].start, 1.5);
    assert_eq!(show.sources[2].location, "rtsp://host/stream");
    assert_eq!(show.controls[0].max, Value::number(2.0));
    assert_eq!(
        (
            show.controls[0].unit.as_str(),
            show.controls[0].label.as_str()
        ),
        ("s", "Melt it")
    );
    assert_eq!(show.controls[1].default, Value::number(1.0));
    assert_eq!(show.signals.len(), 2);
    let layer = &show.layers[0];
    assert_eq!(
        (layer.name.as_str(), layer.input),
        ("shift", PictureRef::Source(0))
    );
    let Setting::Vector(by) = &layer.params[0] else {
        panic!("{:?}", layer.params[0]);
    };
    assert_eq!(by[0], number(8.0));
    assert!(matches!(&by[1], Setting::Expression(expression) if expression.text() == "kick * 4"));
    assert_eq!(layer.params[1], number(2.0));
    assert!(matches!(&layer.keys[Keys::MIX], Setting::Expression(_)));
}

#[test]
fn pictures_follow_the_layers() {
    let layers = layers(
        r#"
[[layers]]
effect = "shift"
name = "side"
through = false
[[layers]]
effect = "paint"
[[layers]]
effect = "over"
other = "side"
before = "b"
matte = "!side.r"
[[layers]]
effect = "over"
image = "cam"
other = "over_2@prev"
matte = "paint@prev"
"#,
    );
    let names: Vec<_> = layers.iter().map(|layer| layer.name.as_str()).collect();
    assert_eq!(names, ["side", "paint", "over", "over_2"]);
    use PictureRef::{Layer, Previous, Source};
    assert_eq!(
        layers[1].input,
        Source(0),
        "a side branch is not what comes next"
    );
    assert_eq!(layers[2].images, [Layer(1), Layer(0), Source(1)]);
    let inverted = Matte {
        picture: Layer(0),
        channel: Some(0),
        invert: true,
    };
    assert_eq!(layers[2].matte, Some(inverted));
    assert_eq!(layers[3].images, [Source(0), Previous(3), Source(0)]);
    let plain = Matte {
        picture: Previous(1),
        channel: None,
        invert: false,
    };
    assert_eq!(layers[3].matte, Some(plain));
}

#[test]
fn motion_fields_find_each_other() {
    let layers = layers("[[layers]]\neffect = 'motion'\n[[layers]]\neffect = 'drag'");
    assert!(
        !layers[0].through,
        "a motion field is nothing to go on with"
    );
    assert_eq!(
        layers[1].images,
        [PictureRef::Source(0), PictureRef::Layer(0)]
    );
    refused(
        "[[layers]]\neffect = 'drag'",
        "1:1: 'flow' needs a motion field",
    );
    let text = "[[layers]]\neffect = 'motion'\n[[layers]]\neffect = 'drag'\n";
    refused(
        &format!("{text}image = 'motion'"),
        "5:10: 'motion' is a motion field",
    );
    refused(
        &format!("{text}matte = '!motion.r'"),
        "5:11: 'motion' is a motion field",
    );
    refused(
        &format!("{text}flow = 'drag@prev'"),
        "5:9: 'drag' gives colours",
    );
    let through = "[[layers]]\neffect = 'motion'\nthrough = true\n[[layers]]\neffect = 'drag'";
    refused(
        through,
        "4:1: 'image' is not named: 'motion' is a motion field",
    );
}

#[test]
fn keys_and_params_take_their_types() {
    let layers = layers(
        r##"
[[layers]]
effect = "paint"
tint = "#ff0000"
blend = "screen"
space = "ycbcr"
channels = "cb cr"
tap = 3
on = false
[[layers]]
effect = "shift"
channels = ["r", "alpha"]
by = 4
flip = true
kick = "every(bar, 4)"
[[layers]]
effect = "paint"
tint = ["beat.phase", 0, 0]
"##,
    );
    let keys = &layers[0].keys;
    assert_eq!(
        layers[0].params[0],
        Setting::Value(Value::lanes(&[1.0, 0.0, 0.0, 1.0]))
    );
    assert_eq!(keys[Keys::BLEND], number(5.0));
    assert_eq!(
        (&keys[Keys::SPACE], &keys[Keys::CHANNELS]),
        (&number(1.0), &number(6.0))
    );
    assert_eq!(
        (&keys[Keys::TAP], &keys[Keys::ON]),
        (&number(3.0), &number(0.0))
    );
    assert_eq!(layers[1].keys[Keys::CHANNELS], number(9.0));
    assert_eq!(layers[1].params[0], Setting::Value(Value::point(4.0, 4.0)));
    assert_eq!(layers[1].params[2], number(1.0));
    assert!(matches!(layers[1].params[3], Setting::Expression(_)));
    let Setting::Vector(tint) = &layers[2].params[0] else {
        panic!("{:?}", layers[2].params[0]);
    };
    assert_eq!(
        (tint.len(), &tint[3]),
        (4, &number(1.0)),
        "a colour is opaque"
    );
}

#[test]
fn errors_point_into_strings() {
    let layer = "[[layers]]\neffect = 'shift'\n";
    refused(
        &format!("{layer}mix = \"1 + \\u0074ime2\""),
        "3:12: unknown signal 'time2': did you mean 'time'?",
    );
    refused(
        &format!("{layer}mix = '''\n1 +\n  beats'''"),
        "5:3: unknown signal 'beats': did you mean 'beat'?",
    );
    refused(&format!("{layer}mix = '0.5 +'"), "3:13: ");
    refused(
        &format!("{layer}by = ['beat', '1 + x']"),
        "3:20: unknown signal 'x'",
    );
    refused(
        &format!("{layer}mix = '(beat, 2)'"),
        "3:8: 'mix' takes one number",
    );
    refused(
        &format!("{layer}mix = '1,2'"),
        "3:7: 'mix' takes one number",
    );
}

#[test]
fn the_command_line_builds_the_same_show() {
    let (_folder, mut library) = library();
    let mut built = Show::default();
    assert!(built.needs_source(), "nothing to see yet");
    built
        .replace_first_source("clip.mp4", &mut library)
        .expect("a source");
    built
        .add_source("b", "b.png", &mut library)
        .expect("a source");
    let effects = [
        "shift:by=8,0:edge=mirror:mix=beat > 1 ? 1 \\: 0".to_owned(),
        "over:other=b:amount='beat.phase':name=top:matte=!shift.r".to_owned(),
    ];
    built.append(&effects, &mut library).expect("layers");
    let text = r#"
sources = { in_ = "clip.mp4", b = "b.png" }
[[layers]]
effect = "shift"
by = [8, 0]
edge = "mirror"
mix = "beat > 1 ? 1 : 0"
[[layers]]
effect = "over"
other = "b"
amount = "beat.phase"
name = "top"
matte = "!shift.r"
"#,;
    let written = Show::parse(text, None, &mut library).expect("a show");
    assert_eq!(built.layers, written.layers);
    assert_eq!(built.sources[0], SourceEntry::new("in", "clip.mp4"));
    assert_eq!(built.output(), PictureRef::Layer(1));
    let error = built.append(
        &["paint".to_owned(), "shift:edge=wrapp".to_owned()],
        &mut library,
    );
    let error = error.expect_err("a slip").to_string();
    assert_eq!(
        error,
        "-e:2:12: 'wrapp' is no option of 'edge': did you mean 'wrap'?"
    );
    assert_eq!(built.layers.len(), 2, "what is refused changes nothing");
}

#[test]
fn a_source_is_put_where_none_is() {
    let (_folder, mut library) = library();
    let text = "[[layers]]\neffect = 'shift'\nmatte = 'in'\n[[layers]]\neffect = 'over'";
    let show = Show::parse(text, None, &mut library).expect("a show");
    assert!(show.needs_source());
    let mut filmed = show.clone();
    filmed
        .replace_first_source("clip.mp4", &mut library)
        .expect("a source");
    assert!(!filmed.needs_source());
    assert_eq!(filmed.layers[0].input, PictureRef::Source(0));
    assert_eq!(
        filmed.layers[0].matte.map(|matte| matte.picture),
        Some(PictureRef::Source(0))
    );
    let mut painted = show;
    painted
        .replace_first_source("generator:paint:tint=#00ff00", &mut library)
        .expect("a generator");
    assert_eq!(painted.layers[0].name, "in");
    assert_eq!(painted.layers[1].images, [PictureRef::Layer(0)]);
    assert_eq!(painted.layers[2].input, PictureRef::Layer(1));
    assert!(!painted.needs_source());
    let error = painted.replace_first_source("generator:shift", &mut library);
    let error = error.expect_err("no generator").to_string();
    assert_eq!(
        error,
        "SOURCE:1:11: 'shift' is no generator: it needs a picture"
    );
}

#[test]
fn a_generator_stands_in_for_a_source() {
    let (_folder, mut library) = library();
    let text = "sources = { cam = 'a.png', b = 'b.png' }\n[[layers]]\neffect = 'over'\nother = 'b'";
    let mut show = Show::parse(text, None, &mut library).expect("a show");
    show.replace_first_source("generator:paint", &mut library)
        .expect("a generator");
    assert_eq!(show.sources.len(), 1);
    assert_eq!(show.layers[0].name, "cam");
    assert_eq!(
        show.layers[1].images[..2],
        [PictureRef::Layer(0), PictureRef::Source(0)]
    );
    let text = "sources = { cam = 'a.png', bg = 'generator:paint' }\n[[layers]]\neffect = 'over'\nother = 'bg'";
    let written = Show::parse(text, None, &mut library).expect("a show");
    assert!(
        !written.layers[0].through,
        "only the first source is what layers read by themselves"
    );
    assert_eq!(
        written.layers[1].images[..2],
        [PictureRef::Source(0), PictureRef::Layer(0)]
    );
}

#[test]
fn addresses_are_set() {
    let (_folder, mut library) = library();
    let text = "controls = { melt = 0.5 }\nsignals = { a = 1, b = 'a * 2' }\nsources = { cam = 'a.png' }\n[[layers]]\neffect = 'shift'\n[[layers]]\neffect = 'over'";
    let mut show = Show::parse(text, None, &mut library).expect("a show");
    for (address, value) in [
        ("shift.by", "8,0"),
        ("shift.mix", "controls.melt + b"),
        ("shift.channels", "rg"),
        ("over.image", "cam"),
        ("over.other", "shift"),
        ("controls.melt", "0.25"),
        ("signals.b", "a * 3"),
        ("canvas.size", "640x480"),
        ("canvas.fps", "25"),
        ("canvas.seed", "18446744073709551615"),
    ] {
        show.set(address, value)
            .unwrap_or_else(|error| panic!("{error}"));
    }
    assert_eq!(
        show.layers[0].params[0],
        Setting::Value(Value::point(8.0, 0.0))
    );
    assert_eq!(show.layers[0].keys[Keys::CHANNELS], number(3.0));
    assert_eq!(
        show.layers[1].images[..2],
        [PictureRef::Source(0), PictureRef::Layer(0)]
    );
    assert_eq!(show.controls[0].default, Value::number(0.25));
    assert_eq!(show.canvas.size, Some(Size::new(640, 480)));
    assert_eq!(
        (show.canvas.fps, show.canvas.seed),
        (Some((25, 1)), u64::MAX)
    );
    for (address, value, wanted) in [
        ("shift", "1", "1:1: 'shift' is no address"),
        (
            "shfit.mix",
            "1",
            "1:1: no layer is called 'shfit': did you mean 'shift'?",
        ),
        (
            "shift.mxi",
            "1",
            "1:7: 'shift' has no 'mxi': did you mean 'mix'?",
        ),
        ("shift.mix", "2", "1:11: 'mix' takes 0 to 1, not 2"),
        ("shift.mix", "1 + bet", "1:15: unknown signal 'bet'"),
        (
            "shift.effect",
            "over",
            "1:7: 'effect' is what the layers are joined by",
        ),
        (
            "controls.mel",
            "1",
            "1:10: the show has no control 'mel': did you mean 'melt'?",
        ),
        (
            "controls.melt",
            "beat",
            "1:15: 'melt' must be a plain value",
        ),
        ("signals.a", "b", "1:11: unknown signal 'b'"),
        (
            "canvas.fsp",
            "1",
            "1:8: unknown key 'fsp' of the canvas: did you mean 'fps'?",
        ),
    ] {
        let error = show.set(address, value).expect_err(address).to_string();
        assert!(error.starts_with(&format!("--set:{wanted}")), "{error}");
    }
}

#[test]
fn controls_have_types() {
    let show = show(
        "sources = { a = 'a.png' }\n[controls]\na = 0.5\nb = { type = 'bool', default = true }\nc = { type = 'point2D', min = -5, max = [5, 6], default = [1, 2] }\nd = { type = 'event' }",
    );
    assert_eq!(show.controls[0].default, Value::number(0.5));
    assert_eq!(
        (&show.controls[1].kind, show.controls[1].default),
        (&Kind::Bool, Value::number(1.0))
    );
    assert_eq!(show.controls[2].min, Value::point(-5.0, -5.0));
    assert_eq!(show.controls[3].kind, Kind::Event);
}

#[test]
fn files_that_are_no_shows_say_so() {
    let (folder, mut library) = library();
    let path = folder.path().join("show.toml");
    let mut refused = |bytes: &[u8], wanted: &str| {
        fs::write(&path, bytes).expect("a written show");
        let error = Show::read(&path, &mut library).expect_err(wanted);
        let place = format!("{}:{}", error.line, error.column);
        assert!(
            format!("{place}: {}", error.message).starts_with(wanted),
            "{error}"
        );
    };
    refused(b"", "1:1: the show has no layers and no sources");
    refused(b"title = 1\xff", "1:10: not UTF-8");
    refused(&vec![b'#'; (1 << 20) + 1], "1:1: larger than 1 MiB");
    let folder_error = Show::read(folder.path(), &mut library).expect_err("a folder");
    assert!(folder_error.message.starts_with("this is a folder"));
    let missing = folder.path().join("missing.toml");
    let missing_error = Show::read(&missing, &mut library).expect_err("no file");
    assert!(
        missing_error
            .message
            .starts_with("cannot be read: No such file")
    );
}

#[test]
fn paths_start_at_the_show() {
    let (folder, mut library) = library();
    let path = folder.path().join("show.toml");
    fs::write(
        &path,
        "sources = { a = 'a.png' }\n[[layers]]\neffect = './paint.wgsl'",
    )
    .expect("a show");
    let show = Show::read(&path, &mut library).expect("a show");
    assert_eq!(
        show.sources[0].location,
        folder.path().join("a.png").to_string_lossy()
    );
    assert_eq!(show.layers[0].effect.name, "paint");
}

#[test]
fn presets_are_right() {
    let mut library = Library::default();
    for name in presets() {
        let text = preset(name).expect("a preset that is listed");
        let show =
            Show::parse(text, None, &mut library).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert!(
            !show.title.is_empty() && !show.controls.is_empty(),
            "{name}"
        );
        assert!(
            text.contains("trigger"),
            "{name}: the space bar does nothing"
        );
    }
    assert!(presets().count() >= 4, "a performer needs a choice");
    let slip = presets()
        .next()
        .map(|name| format!("{name}x"))
        .unwrap_or_default();
    let error = preset(&slip).expect_err("no preset").to_string();
    assert!(error.contains("did you mean"), "{error}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn no_text_panics(text in "\\PC*", words in "[\\[\\]{}=\\.'\"\\\\\n\r a-f0-9é,:]*") {
        let (_folder, mut library) = library();
        let _ = Show::parse(&text, None, &mut library);
        let _ = Show::parse(&words, None, &mut library);
        let _ = Show::default().append(&[text.clone(), words.clone()], &mut library);
        let escaped = format!("[[layers]]\neffect = 'shift'\nmix = \"\"\"{words}\"\"\"\nmatte = '''{text}'''");
        let _ = Show::parse(&escaped, None, &mut library);
        let mut show = Show::parse("[[layers]]\neffect = 'shift'", None, &mut library).expect("a show");
        for key in ["by", "channels", "image", "matte", "edge"] {
            let _ = show.set(&format!("shift.{key}"), &words);
            let _ = show.set(&format!("shift.{key}"), &text);
        }
    }
}
