//! Laws that hold for every effect there is, none by name: a new file in `shaders/` is under them at once.

mod cast;
#[path = "../gpu/mod.rs"]
mod gpu;
#[path = "../stage/mod.rs"]
mod stage;

use std::sync::Arc;

use afterimage::effect::{Effect, Keys};
use afterimage::engine::Command;
use afterimage::param::Value;
use afterimage::picture::Size;
use afterimage::show::{Bits, Layer, Matte, PictureRef, Setting, Show};
use cast::*;
use stage::{Stage, assert_same, differ, flat};

fn check_identity(effect: &Arc<Effect>) {
    for bits in BITS {
        let input = play(Vec::new(), bits, SIZE);
        assert!(differ(&input[0], &input[1]), "the pictures change");
        for free in FREE {
            let output = play(vec![at_identity(effect, free)], bits, SIZE);
            let what = format!("{} at identity, others {free:?}, {bits:?}", effect.name);
            assert_all_same(&output, &input, &what);
        }
    }
}

#[test]
fn identity_gives_the_input_bit_for_bit() {
    let effects = effects();
    effects
        .iter()
        .filter(|effect| has_identity(effect))
        .for_each(check_identity);
}

/// At its identity it is off by less than one level in 255, and only where `turn` is not 0.
const LIAR: &str = r#"/*{"DESCRIPTION": "Is not at rest.", "INPUTS": [{"NAME": "inputImage", "TYPE": "image"},
    {"NAME": "amount", "TYPE": "float", "DEFAULT": 1, "MIN": 0, "MAX": 1, "IDENTITY": 0},
    {"NAME": "turn", "TYPE": "float", "DEFAULT": 0, "MIN": 0, "MAX": 1}]}*/
fn effect(at: vec2i) -> vec4f { return load(inputImage, at, SMEAR) * (1.0 - params.amount - 0.002 * params.turn); }"#;

#[test]
#[should_panic(expected = "liar at identity, others Maximum, Sixteen")]
fn an_identity_that_is_none_is_found() {
    check_identity(&parse("liar", LIAR));
}

#[test]
fn identity_keeps_colours_that_no_screen_has() {
    let bits = Bits::Sixteen;
    let under = || Layer::new("under", wild(), INPUT);
    let input = play(vec![under()], bits, SIZE);
    for effect in effects().iter().filter(|effect| has_identity(effect)) {
        for free in FREE {
            let mut over = at_identity(effect, free);
            over.input = PictureRef::Layer(0);
            for image in over.images.iter_mut().filter(|image| **image == INPUT) {
                *image = PictureRef::Layer(0);
            }
            let output = play(vec![under(), over], bits, SIZE);
            assert_all_same(
                &output,
                &input,
                &format!("{}, others {free:?}", effect.name),
            );
        }
    }
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
        // A host stage makes motion whole: there is nothing of the input to show.
        let with_passes = |effect: &Arc<Effect>| !effect.header.passes.is_empty();
        for effect in effects().into_iter().filter(with_passes) {
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

#[test]
fn a_drawn_pass_and_a_dispatched_one_give_the_same_bits() {
    assert!(
        gpu::open().draws(),
        "this GPU dispatches: there is nothing to compare"
    );
    for bits in BITS {
        for effect in effects() {
            for free in [Free::Default, Free::Random(2)] {
                let show = show(vec![plain(&effect, free)], bits);
                let pictures = pictures(SIZE, bits);
                let drawn = Stage::new(&show, SIZE).play(&pictures);
                let dispatched = Stage::dispatched(&show, SIZE).play(&pictures);
                let what = format!("{}, {free:?}, {bits:?}", effect.name);
                assert_all_same(&drawn, &dispatched, &what);
            }
        }
    }
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
        let ticks = if size.area() > 1000 { 1 } else { 3 };
        let pictures = &pictures(size, Bits::Sixteen)[..ticks];
        let play = |layers| Stage::new(&show(layers, Bits::Sixteen), size).play(pictures);
        let input = play(Vec::new());
        for effect in effects() {
            let output = play(vec![plain(&effect, Free::Default)]);
            let finite = output
                .iter()
                .flatten()
                .flatten()
                .all(|number| number.is_finite());
            assert!(finite, "{} at {size}: not finite", effect.name);
            if has_identity(&effect) {
                let output = play(vec![at_identity(&effect, Free::Default)]);
                assert_all_same(&output, &input, &format!("{} at {size}", effect.name));
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
