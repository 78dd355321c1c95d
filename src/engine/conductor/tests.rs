use super::*;
use crate::show::PictureRef;
use crate::signal::Expression;

const EFFECT: &str = r#"/*{"DESCRIPTION": "Has one input of each kind.", "NO_IDENTITY": "a test", "INPUTS": [
    {"NAME": "inputImage", "TYPE": "image"},
    {"NAME": "amount", "TYPE": "float", "DEFAULT": 0.5, "MIN": 0, "MAX": 1},
    {"NAME": "shift", "TYPE": "point2D", "UNIT": "px", "DEFAULT": [8, -4], "MIN": [-100, -100], "MAX": [100, 100]},
    {"NAME": "kick", "TYPE": "event"},
    {"NAME": "rounds", "TYPE": "long", "DEFAULT": 2, "MIN": 1, "MAX": 1000},
    {"NAME": "window", "TYPE": "long", "DEFAULT": 5, "MIN": 1, "MAX": 9, "FIXED": true},
    {"NAME": "reach", "TYPE": "float", "UNIT": "px", "DEFAULT": 2, "MIN": 0, "MAX": 100}],
    "PASSES": [{"ENTRY": "grow", "TARGET": "grown", "REPEAT": "$rounds * 2"},
    {"ENTRY": "grow", "TARGET": "more", "REPEAT": "$rounds > 2 or $reach > 4"}, {"ENTRY": "show", "REPEAT": "$rounds > 2"}]}*/
    fn grow(at: vec2i) -> vec4f { return load(inputImage, at, SMEAR); }
    fn show(at: vec2i) -> vec4f { return load(grown, at, SMEAR); }"#;

pub(super) const AMOUNT: usize = 0;
const SHIFT: usize = 1;
const KICK: usize = 2;

pub(super) fn expression(text: &str) -> Setting {
    Setting::Expression(Expression::parse(text).expect(text))
}

/// One layer called `a`, with its parameters as they are.
pub(super) fn show() -> Show {
    let effect = Arc::new(Effect::parse("knobs", None, EFFECT).expect("a valid effect"));
    Show {
        layers: vec![Layer::new("a", effect, PictureRef::Nothing)],
        ..Show::default()
    }
}

pub(super) fn conductor(show: Show) -> Conductor {
    Conductor::new(&Arc::new(show), 60.0, 1.0)
}

/// A show whose layer has one parameter set to an expression.
fn playing(param: usize, text: &str) -> Conductor {
    let mut show = show();
    show.layers[0].params[param] = expression(text);
    conductor(show)
}

pub(super) fn number(address: &str, number: f64) -> Command {
    Command::new(address, Value::number(number))
}

pub(super) fn tick(conductor: &mut Conductor, commands: &[Command]) -> LayerValues {
    conductor.advance(commands, &[true]).layers.remove(0)
}

pub(super) fn param(conductor: &mut Conductor, param: usize, commands: &[Command]) -> f64 {
    tick(conductor, commands).params[param].lane(0)
}

#[test]
fn the_show_is_silent_and_defaults_hold() {
    let values = tick(&mut conductor(show()), &[]);
    assert_eq!(values.params[AMOUNT], Value::number(0.5));
    assert_eq!(values.params[SHIFT], Value::point(8.0, -4.0));
    assert_eq!((values.key(Keys::ON), values.key(Keys::MIX)), (1.0, 1.0));
    // A pass may be left out, but not the last one.
    assert_eq!(values.repeats, [4, 0, 1]);
}

#[test]
fn what_is_fixed_has_no_address() {
    const WINDOW: usize = 4;
    let mut conductor = conductor(show());
    let command = [number("/layers/a/window", 7.0)];
    assert_eq!(param(&mut conductor, WINDOW, &command), 5.0);
    assert!(conductor.unknown().contains("/layers/a/window"));
}

#[test]
fn a_control_is_clamped_and_the_last_one_wins() {
    let mut conductor = conductor(show());
    let both = [
        number("/layers/a/amount", 0.1),
        number("/layers/a/amount", 7.0),
    ];
    assert_eq!(param(&mut conductor, AMOUNT, &both), 1.0);
    let below = [number("/layers/a/amount", -7.0)];
    assert_eq!(param(&mut conductor, AMOUNT, &below), 0.0);
    assert_eq!(param(&mut conductor, AMOUNT, &[]), 0.0);
    let many = [number("/layers/a/rounds", 999.0)];
    let values = tick(&mut conductor, &many);
    assert_eq!(values.repeats, [256, 1, 1], "a tick must end");
}

#[test]
fn not_a_number_keeps_the_previous_value() {
    let mut played = playing(AMOUNT, "(tick < 1.5) * 0.25 / (tick < 0.5)");
    assert_eq!(param(&mut played, AMOUNT, &[]), 0.25);
    assert_eq!(param(&mut played, AMOUNT, &[]), 0.25, "0.25 / 0");
    assert_eq!(param(&mut played, AMOUNT, &[]), 0.25, "0 / 0");
    let strange = [f64::NAN, f64::INFINITY].map(|strange| number("/layers/a/amount", strange));
    assert_eq!(param(&mut played, AMOUNT, &strange), 0.25);
    let half = Command::new("/layers/a/shift", Value::point(f64::NAN, 3.0));
    assert_eq!(
        tick(&mut played, &[half]).params[SHIFT],
        Value::point(8.0, 3.0)
    );
}

#[test]
fn a_control_takes_over_from_an_expression_until_it_is_released() {
    let mut conductor = playing(AMOUNT, "tick / 100");
    assert_eq!(param(&mut conductor, AMOUNT, &[]), 0.0);
    assert_eq!(
        param(&mut conductor, AMOUNT, &[number("/layers/a/amount", 0.75)]),
        0.75
    );
    assert_eq!(param(&mut conductor, AMOUNT, &[]), 0.75);
    let release = [Command::event("/layers/a/amount/release")];
    assert_eq!(param(&mut conductor, AMOUNT, &release), 0.03);
    assert_eq!(param(&mut conductor, AMOUNT, &[]), 0.04);
}

#[test]
fn keys_are_addresses_too() {
    let mut conductor = conductor(show());
    let commands = [number("/layers/a/mix", 0.25), number("/layers/a/on", 0.0)];
    let values = tick(&mut conductor, &commands);
    assert_eq!((values.key(Keys::MIX), values.key(Keys::ON)), (0.25, 0.0));
    assert!(tick(&mut conductor, &[Command::event("/layers/a/reset")]).resets());
    assert!(!tick(&mut conductor, &[]).resets());
}

#[test]
fn unknown_addresses_are_kept_once() {
    let mut conductor = conductor(show());
    let strange = [
        "/layers/b/amount",
        "/layers/a/amont",
        "/nonsense",
        "/layers/a",
        "/",
        "/nonsense",
    ];
    tick(&mut conductor, &strange.map(Command::event));
    tick(
        &mut conductor,
        &[Command::event("/nonsense"), Command::event("/trigger")],
    );
    assert_eq!(conductor.unknown().len(), 5, "{:?}", conductor.unknown());
    assert!(conductor.unknown().contains("/nonsense"));
}

#[test]
fn every_message_that_is_not_zero_is_one_event() {
    let mut conductor = playing(KICK, "every(tick, 3)");
    let kicks = [1.0, 0.0, -2.0, 0.5].map(|value| number("/layers/a/kick", value));
    assert_eq!(param(&mut conductor, KICK, &kicks), 3.0);
    assert_eq!(param(&mut conductor, KICK, &[]), 0.0);
    assert_eq!(param(&mut conductor, KICK, &[]), 0.0);
    assert_eq!(
        param(&mut conductor, KICK, &kicks),
        4.0,
        "and one of the expression"
    );
}

#[test]
fn the_shows_trigger_counts() {
    let mut conductor = playing(KICK, "trigger");
    let twice = [
        Command::event("/trigger"),
        Command::event("/trigger"),
        number("/trigger", 0.0),
    ];
    assert_eq!(param(&mut conductor, KICK, &twice), 2.0);
    assert_eq!(param(&mut conductor, KICK, &[]), 0.0);
}

#[test]
fn a_tick_that_is_done_over_counts_its_events_once_more() {
    let mut conductor = conductor(show());
    let kick = [Command::event("/layers/a/kick")];
    let mut advance = |commands: &[Command], fresh: bool| {
        conductor.advance(commands, &[fresh]).layers[0].params[KICK].lane(0)
    };
    assert_eq!(advance(&kick, true), 1.0);
    assert_eq!(
        advance(&kick, false),
        2.0,
        "the picture's first and this one"
    );
    assert_eq!(advance(&[], false), 2.0);
    assert_eq!(advance(&[], true), 0.0);
}

#[test]
fn controls_of_the_show_are_clamped_and_read_by_expressions() {
    let mut show = show();
    show.controls = vec![Param::float("melt", 0.5, 0.0, 0.8)];
    show.signals = vec![("twice".to_owned(), expression("controls.melt * 2"))];
    show.layers[0].params[AMOUNT] = expression("twice / 2");
    let mut conductor = conductor(show);
    assert_eq!(param(&mut conductor, AMOUNT, &[]), 0.5);
    assert_eq!(
        param(&mut conductor, AMOUNT, &[number("/controls/melt", 3.0)]),
        0.8
    );
    assert_eq!(
        param(
            &mut conductor,
            AMOUNT,
            &[number("/controls/melt", f64::NAN)]
        ),
        0.8
    );
    tick(&mut conductor, &[number("/controls/mold", 0.1)]);
    assert!(conductor.unknown().contains("/controls/mold"));
}

#[test]
fn a_sync_moves_the_nearest_beat_here() {
    let mut conductor = conductor(show());
    let mut beat = |commands: &[Command]| conductor.advance(commands, &[true]).frame.beat;
    // At 120 BPM a beat lasts 30 ticks.
    for _ in 0..25 {
        beat(&[]);
    }
    assert_eq!(beat(&[number("/sync", 0.0)]), 25.0 / 30.0);
    assert_eq!(beat(&[number("/sync", 1.0)]), 1.0);
}

#[test]
fn the_tempo_moves_the_beat() {
    let mut conductor = conductor(show());
    let beat = |conductor: &mut Conductor, commands: &[Command]| {
        conductor.advance(commands, &[true]).frame.beat
    };
    assert_eq!(beat(&mut conductor, &[]), 0.0);
    let before = beat(&mut conductor, &[]);
    assert!((before - 120.0 / 3600.0).abs() < 1e-12, "{before}");
    let after = beat(&mut conductor, &[number("/tempo", 240.0)]);
    assert!(
        (after - before - 120.0 / 3600.0).abs() < 1e-12,
        "the new tempo begins here: {after}"
    );
    let next = beat(&mut conductor, &[]);
    assert!((next - after - 240.0 / 3600.0).abs() < 1e-12, "{next}");
}

#[test]
fn clean_forgets_what_expressions_remember() {
    let mut conductor = playing(AMOUNT, "count(trigger) / 10");
    let trigger = Command::event("/trigger");
    param(&mut conductor, AMOUNT, &[trigger.clone(), trigger.clone()]);
    assert!(!conductor.cleans());
    assert_eq!(
        param(&mut conductor, AMOUNT, &[Command::event("/clean"), trigger]),
        0.1
    );
    assert!(conductor.cleans());
    tick(&mut conductor, &[]);
    assert!(!conductor.cleans());
}

#[test]
fn pixels_are_scaled_with_the_canvas_and_nothing_else_is() {
    let mut conductor = Conductor::new(&Arc::new(show()), 60.0, 3.0);
    let values = tick(&mut conductor, &[]);
    assert_eq!(values.params[SHIFT], Value::point(24.0, -12.0));
    assert_eq!(values.params[AMOUNT], Value::number(0.5));
    assert_eq!(values.repeats, [4, 1, 1], "a pass asks what it will read");
    let far = Command::new("/layers/a/shift", Value::point(500.0, 0.0));
    let values = tick(&mut conductor, &[far]);
    assert_eq!(
        values.params[SHIFT],
        Value::point(300.0, 0.0),
        "limits are the show's own pixels"
    );
    assert_eq!(
        tick(&mut conductor, &[]).params[SHIFT],
        values.params[SHIFT],
        "and only once"
    );
}

#[test]
fn late_ticks_are_left_out_of_time() {
    let mut conductor = conductor(show());
    conductor.advance(&[], &[true]);
    conductor.skip(4);
    let frame = conductor.advance(&[], &[true]).frame;
    assert_eq!(
        (frame.tick, frame.time, frame.delta),
        (5, 5.0 / 60.0, 1.0 / 60.0)
    );
}

#[test]
fn layers_have_chances_of_their_own() {
    let mut show = show();
    let mut other = show.layers[0].clone();
    "b".clone_into(&mut other.name);
    show.layers.push(other);
    let values = conductor(show).advance(&[], &[true, true]);
    assert_ne!(values.layers[0].seed, values.layers[1].seed);
}

/// A show whose source has one parameter set to an expression.
fn source(param: usize, text: &str) -> Conductor {
    let mut show = show();
    let mut source = SourceEntry::new("b", "b.mp4");
    source.playback[param] = expression(text);
    show.sources.push(source);
    conductor(show)
}

#[test]
fn a_source_is_played_by_expressions_and_by_addresses() {
    let mut conductor = source(Playback::SPEED, "tick / 10");
    let mut speed = |commands: &[Command]| {
        let values = conductor.begin(commands).remove(0);
        conductor.finish(&[true]);
        values.params[Playback::SPEED].lane(0)
    };
    assert_eq!((speed(&[]), speed(&[])), (0.0, 0.1));
    assert_eq!(speed(&[number("/sources/b/speed", -9.0)]), -4.0);
    assert_eq!(speed(&[]), -4.0);
    assert_eq!(speed(&[Command::event("/sources/b/speed/release")]), 0.4);
}

#[test]
fn a_jump_is_a_change_or_a_message() {
    let mut conductor = source(Playback::JUMP, "floor(tick / 2)");
    let mut jump = |commands: &[Command]| {
        let values = conductor.begin(commands).remove(0);
        conductor.finish(&[true]);
        values.jumps.then(|| values.params[Playback::JUMP].lane(0))
    };
    let ticks = [jump(&[]), jump(&[]), jump(&[]), jump(&[])];
    assert_eq!(ticks, [None, None, Some(1.0), None]);
    let message = [number("/sources/b/jump", 3.5)];
    assert_eq!(
        (jump(&message), jump(&message), jump(&[])),
        (Some(3.5), Some(3.5), None)
    );
    assert_eq!(
        jump(&[Command::event("/sources/b/jump/release")]),
        Some(3.0)
    );
}

#[test]
fn a_restart_is_counted_and_an_unknown_source_is_told() {
    let mut conductor = source(Playback::RESTART, "tick > 1");
    let mut restarts = |commands: &[Command]| {
        let values = conductor.begin(commands).remove(0);
        values.params[Playback::RESTART].lane(0)
    };
    assert_eq!(
        [restarts(&[]), restarts(&[]), restarts(&[]), restarts(&[])],
        [0.0, 0.0, 1.0, 0.0]
    );
    assert_eq!(restarts(&[Command::event("/sources/b/restart")]), 1.0);
    restarts(&[Command::event("/sources/c/restart")]);
    assert!(conductor.unknown().contains("/sources/c/restart"));
}
