use super::*;
use crate::effect::Keys;
use crate::picture::Size;

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
"#;
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
fn a_source_is_set_by_its_name_and_key() {
    let mut show = show("sources = { b = 'b.mp4' }");
    show.set("sources.b.speed", "-1").expect("it is set");
    show.set("sources.b.loop", "true").expect("it is set");
    assert_eq!(show.sources[0].playback[Playback::SPEED], number(-1.0));
    assert!(show.sources[0].looping);
    let mut refuse = |address: &str, value: &str| show.set(address, value).unwrap_err().to_string();
    assert_eq!(
        refuse("sources.b", "1"),
        "--set:1:9: write sources.NAME.KEY=VALUE"
    );
    assert!(refuse("sources.c.speed", "1").contains("no source 'c': there is b"));
    assert!(refuse("sources.b.sped", "1").starts_with("--set:1:11: unknown key 'sped'"));
    assert!(refuse("sources.b.speed", "9").contains("takes -4 to 4, not 9"));
    assert!(refuse("sources.b.file", "c.mp4").contains("-s NAME=SOURCE"));
}
