use super::super::tests::{AMOUNT, conductor, expression, number, param, show, tick};
use super::*;
use crate::engine::Command;
use crate::show::Show;

/// The same show after it was edited and saved.
fn edited(before: Conductor, edit: impl FnOnce(&mut Show)) -> Conductor {
    let mut show = (*before.show).clone();
    edit(&mut show);
    let mut after = conductor(show);
    after.succeed(before);
    after
}

/// A show in which `melt` and `kick` play the amount.
fn playing(amount: &str) -> Conductor {
    let mut show = show();
    show.controls = vec![Param::float("melt", 0.5, 0.0, 0.8)];
    show.signals = vec![("kick".to_owned(), expression("count(trigger) / 100"))];
    show.layers[0].params[AMOUNT] = expression(amount);
    conductor(show)
}

#[test]
fn time_beat_and_tempo_run_on() {
    let mut before = playing("time");
    let tempo = [number("/tempo", 60.0)];
    before.advance(&tempo, &[true]);
    for _ in 1..30 {
        before.advance(&[], &[true]);
    }
    let frame = edited(before, |show| show.title.push('!'))
        .advance(&[], &[true])
        .frame;
    assert_eq!((frame.tick, frame.time, frame.beat), (30, 0.5, 0.5));
}

#[test]
fn a_new_tempo_in_the_show_counts_and_the_beat_goes_on() {
    let mut before = playing("time");
    for _ in 0..60 {
        before.advance(&[], &[true]);
    }
    let mut after = edited(before, |show| show.canvas.tempo = Some(60.0));
    let beats = [(); 2].map(|()| after.advance(&[], &[true]).frame.beat);
    assert_eq!(beats, [2.0, 2.0 + 1.0 / 60.0]);
}

#[test]
fn a_parameter_stays_taken_over_until_its_own_text_changes() {
    let mut before = playing("tick / 100");
    tick(&mut before, &[number("/layers/a/amount", 0.75)]);
    let mut after = edited(before, |show| {
        show.layers[0].params[1] = Setting::Value(Value::point(1.0, 1.0));
    });
    assert_eq!(param(&mut after, AMOUNT, &[]), 0.75, "another one's text");
    let mut after = edited(after, |show| {
        show.layers[0].params[AMOUNT] = expression("tick / 50");
    });
    assert_eq!(param(&mut after, AMOUNT, &[]), 0.04);
}

#[test]
fn a_control_keeps_its_value_within_its_range_until_its_own_default_changes() {
    let mut before = playing("controls.melt");
    tick(&mut before, &[number("/controls/melt", 0.7)]);
    let mut after = edited(before, |show| {
        show.controls.insert(0, Param::float("new", 0.1, 0.0, 1.0));
        show.controls[1] = Param::float("melt", 0.5, 0.0, 0.6);
    });
    assert_eq!(param(&mut after, AMOUNT, &[]), 0.6);
    let mut after = edited(after, |show| {
        show.controls[1] = Param::float("melt", 0.25, 0.0, 0.6);
    });
    assert_eq!(param(&mut after, AMOUNT, &[]), 0.25);
}

#[test]
fn calls_remember_while_their_text_is_the_same() {
    let mut before = playing("kick + count(trigger) / 10");
    let trigger = [Command::event("/trigger")];
    for _ in 0..3 {
        tick(&mut before, &trigger);
    }
    let mut after = edited(before, |show| {
        let other = Setting::Vector(vec![expression("count(trigger)"), expression("0")]);
        show.layers[0].params[1] = other;
    });
    let values = tick(&mut after, &trigger);
    assert!((values.params[AMOUNT].lane(0) - 0.44).abs() < 1e-12);
    assert_eq!(values.params[1].lane(0), 1.0, "a new text");
    let mut after = edited(after, |show| {
        show.signals[0].1 = expression("count(trigger) / 1000");
        show.layers[0].params[AMOUNT] = expression("kick + count(trigger) / 20");
    });
    let values = tick(&mut after, &trigger);
    let expected = 0.005 + 5.0 / 20.0;
    let amount = values.params[AMOUNT].lane(0);
    assert!(
        (amount - expected).abs() < 1e-12,
        "the calls' own text is the same: {amount}"
    );
    assert_eq!(values.params[1].lane(0), 2.0, "a lane's too");
}

#[test]
fn what_was_gone_begins_anew() {
    let mut before = playing("count(trigger) / 10");
    let trigger = [Command::event("/trigger")];
    tick(&mut before, &trigger);
    let mut without = edited(before, |show| show.layers[0].name = "b".to_owned());
    assert_eq!(param(&mut without, AMOUNT, &trigger), 0.1);
    let mut back = edited(without, |show| show.layers[0].name = "a".to_owned());
    assert_eq!(param(&mut back, AMOUNT, &trigger), 0.1);
}

#[test]
fn what_came_between_two_ticks_is_not_lost() {
    let mut before = playing("time");
    before.receive(&Command::event("/trigger"));
    before.receive(&Command::event("/layers/a/kick"));
    let mut after = edited(before, |show| {
        show.layers[0].params[AMOUNT] = expression("trigger");
    });
    let values = tick(&mut after, &[]);
    assert_eq!(values.params[AMOUNT].lane(0), 1.0);
    assert_eq!(values.params[2].lane(0), 1.0);
}

#[test]
fn a_layer_of_another_effect_begins_anew() {
    let mut before = playing("time");
    tick(&mut before, &[number("/layers/a/mix", 0.25)]);
    let mut after = edited(before, |show| {
        let mut other = (*show.layers[0].effect).clone();
        other.name = "other".to_owned();
        show.layers[0].effect = other.into();
    });
    let values = tick(&mut after, &[]);
    assert_eq!(values.key(crate::effect::Keys::MIX), 1.0);
}
