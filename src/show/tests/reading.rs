use super::*;
use crate::effect::Keys;
use crate::param::Kind;
use crate::picture::{Fit, Size};

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
        (7, Some(128.5), true)
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
        [
            PictureRef::Source(0),
            PictureRef::Layer(0),
            PictureRef::Layer(0)
        ]
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
fn a_source_is_played_as_its_keys_say() {
    let text = "sources = { b = { file = 'b.mp4', in = 1, out = 'controls.end', speed = -2, pause = true, \
                restart = 'every(bar, 4)', jump = '4 * floor(beat / 4)' } }\ncontrols = { end = 1 }";
    let playback = &show(text).sources[0].playback;
    assert_eq!(playback[Playback::IN], number(1.0));
    assert_eq!(playback[Playback::SPEED], number(-2.0));
    assert_eq!(playback[Playback::PAUSE], number(1.0));
    let expressions = [Playback::OUT, Playback::RESTART, Playback::JUMP];
    assert!(
        expressions
            .iter()
            .all(|index| playback[*index].constant().is_none())
    );
    assert!(show("sources = { b = { file = 'b.mp4', fit = 'cover' } }").sources[0].plays_plainly());
}

#[test]
fn a_source_that_cannot_be_played_so_is_refused() {
    let refuse = |keys: &str, wanted: &str| {
        refused(
            &format!("sources = {{ b = {{ file = 'b.mp4', {keys} }} }}"),
            wanted,
        );
    };
    refuse(
        "sped = 2",
        "1:35: unknown key 'sped' of a source: did you mean 'speed'?",
    );
    refuse("speed = 5", "1:43: 'speed' takes -4 to 4, not 5");
    refuse("speed = 'twice'", "1:44: ");
    refuse("pause = 2", "1:43: 'pause' takes true or false, not 2");
    refuse(
        "in = 2, out = 1",
        "1:49: 'out' must be after 'in': 1 is not after 2",
    );
    refuse("in = [1, 2]", "1:40: ");
}

#[test]
fn the_page_on_sources_has_the_table_of_their_parameters() {
    let page = include_str!("../../../docs/sources.md");
    let table = Playback::reference();
    assert!(page.contains(&table), "docs/sources.md lacks:\n{table}");
}

#[test]
fn a_picture_named_as_motion_brings_its_flow_once() {
    let text = "[[layers]]\neffect = 'shift'\n[[layers]]\neffect = 'drag'\n[[layers]]\neffect = 'drag'\nflow = 'cam'\n\
        [[layers]]\neffect = 'drag'\nflow = 'cam'\n[[layers]]\neffect = 'drag'\nflow = 'drag@prev'\n";
    let layers = layers(text);
    let names: Vec<_> = layers.iter().map(|layer| layer.name.as_str()).collect();
    let wanted = [
        "shift",
        "shift_flow",
        "drag",
        "cam_flow",
        "drag_2",
        "drag_3",
        "drag_prev_flow",
        "drag_4",
    ];
    assert_eq!(names, wanted);
    let flow_of = |layer: usize| (layers[layer].images[1], layers[layer].images[2]);
    for (layer, flow) in [(2, 1), (4, 3), (5, 3), (7, 6)] {
        let flow = PictureRef::Layer(flow);
        assert_eq!(flow_of(layer), (flow, flow), "{}", names[layer]);
    }
    assert_eq!(layers[1].input, PictureRef::Layer(0));
    assert_eq!(layers[3].input, PictureRef::Source(0));
    assert_eq!(layers[6].input, PictureRef::Previous(2));
    assert!(!layers[1].through && !layers[3].through);
}

#[test]
fn what_shapes_a_stage_stays_as_it_is() {
    let flow = "[[layers]]\neffect = 'flow'\n";
    assert_eq!(layers(&format!("{flow}height = 240")).len(), 1);
    refused(
        &format!("{flow}height = 'time'"),
        "3:10: 'height' stays what it is while a show plays",
    );
    refused(&format!("{flow}mix = 0.5"), "3:1: 'flow' has no 'mix'");
    refused(
        &format!("{flow}matte = 'cam'"),
        "3:1: 'flow' has no 'matte'",
    );
}

#[test]
fn a_signal_of_motion_brings_its_flow_once() {
    let sources = "[sources]\ncam = 'cam.png'\nb = 'b.png'\n";
    let names = |text: &str| -> Vec<String> {
        let show = show(&format!("{sources}{text}"));
        let layers = show.layers.iter();
        layers.map(|layer| layer.name.clone()).collect()
    };
    let shift = "[[layers]]\neffect = 'shift'\n";
    assert_eq!(names(&format!("{shift}mix = 'scene.score'")), ["shift"]);
    let twice = "by = ['motion.x', 'motion.cam.y']\nmix = 'motion.b.mean'";
    assert_eq!(
        names(&format!("{shift}{twice}")),
        ["shift", "cam_flow", "b_flow"]
    );
    let own = "[[layers]]\neffect = 'flow'\nname = 'own'\nimage = 'b'\n";
    let signal = "[signals]\nspeed = 'motion.b.mean'\n";
    let show = show(&format!("{sources}{signal}{own}{shift}"));
    assert_eq!(
        (show.layers.len(), show.motion_of(0), show.motion_of(1)),
        (2, None, Some(0))
    );
    assert_eq!(show.measured().len(), 1);
}

#[test]
fn motion_is_measured_on_the_sources_of_the_show_only() {
    refused(
        "[[layers]]\neffect = 'shift'\nmix = 'motion.nobody.mean'",
        "3:8: no source is called 'nobody'",
    );
    refused(
        "[[layers]]\neffect = 'shift'\nmix = 'motion.cam.speed'",
        "3:8: unknown signal 'motion.cam.speed'",
    );
}
