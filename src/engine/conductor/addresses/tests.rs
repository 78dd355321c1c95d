use super::super::tests::{AMOUNT, conductor, expression, number, param, show, tick};
use super::*;
use crate::show::{Setting, SourceEntry};

/// A show with one of everything.
fn rich() -> Show {
    let mut show = show();
    show.sources = vec![SourceEntry::new("b", "clip")];
    show.controls = vec![Param::float("melt", 0.5, 0.0, 1.0), Param::event("hit")];
    show.signals = vec![(
        "kick".to_owned(),
        expression("osc('/pad') + motion.mean + controls.hit"),
    )];
    show.layers[0].params[AMOUNT] = expression("osc('/fader/1', 0.25)");
    show
}

#[test]
fn every_address_that_takes_something_is_known_and_moves_what_it_stands_at() {
    let all = addresses(&rich());
    for (index, address) in all.iter().enumerate() {
        let mut conductor = conductor(rich());
        tick(&mut conductor, &[]);
        let before = conductor.standings().nth(index).unwrap();
        let wanted = if address.param.max.lane(0) == before.value.lane(0) {
            address.param.min
        } else {
            address.param.max
        };
        let wanted = wanted.map(|lane| if lane.is_finite() { lane } else { 7.0 });
        if address.access != Access::Read {
            let command = super::super::Command::new(&address.path, wanted);
            tick(&mut conductor, &[command]);
            assert!(conductor.unknown().is_empty(), "{}", address.path);
        }
        if address.access == Access::Both {
            let standing = conductor.standings().nth(index).unwrap();
            assert_eq!(standing.value.lane(0), wanted.lane(0), "{}", address.path);
        }
        if address.releases {
            let release = number(&format!("{}/release", address.path), 1.0);
            tick(&mut conductor, &[release]);
            let standing = conductor.standings().nth(index).unwrap();
            assert!(
                conductor.unknown().is_empty() && !standing.held,
                "{}",
                address.path
            );
        }
    }
}

#[test]
fn what_a_show_has_is_there_once_and_what_it_has_not_is_not() {
    let all = addresses(&rich());
    let paths: BTreeSet<_> = all.iter().map(|address| &*address.path).collect();
    assert_eq!(paths.len(), all.len());
    for path in [
        "/layers/a/amount",
        "/layers/a/mix",
        "/layers/a/kick",
        "/sources/b/speed",
        "/controls/melt",
        "/signals/kick",
        "/beat/phase",
        "/motion/mean",
        "/motion/b/mean",
        "/fader/1",
        "/pad",
        "/tempo",
    ] {
        assert!(paths.contains(path), "{path}");
    }
    for path in [
        "/layers/a/window",
        "/motion/x",
        "/layers/a/name",
        "/midi/cc",
    ] {
        assert!(!paths.contains(path), "{path}");
    }
}

#[test]
fn an_address_that_an_expression_names_is_heard_by_it() {
    let mut conductor = conductor(rich());
    assert_eq!(param(&mut conductor, AMOUNT, &[]), 0.25);
    assert_eq!(
        param(&mut conductor, AMOUNT, &[number("/fader/1", 0.75)]),
        0.75
    );
    assert_eq!(param(&mut conductor, AMOUNT, &[]), 0.75);
    let broken = [number("/fader/1", f64::NAN)];
    assert_eq!(param(&mut conductor, AMOUNT, &broken), 0.75);
    assert!(conductor.unknown().is_empty());
}

#[test]
fn every_event_counts_in_the_tick_that_hears_it() {
    let mut show = rich();
    show.signals = vec![
        ("pads".to_owned(), expression("count(osc('/pad'))")),
        ("hits".to_owned(), expression("count(controls.hit)")),
    ];
    show.layers[0].params[AMOUNT] = Setting::Value(Value::number(0.0));
    let mut conductor = conductor(show);
    let mut counts = |commands: &[super::super::Command]| {
        tick(&mut conductor, commands);
        let count = |name: &str| conductor.signals.get(name).value().lane(0);
        (count("pads"), count("hits"))
    };
    let many = super::super::Command {
        events: 9,
        ..number("/pad", 0.0)
    };
    assert_eq!(counts(&[number("/pad", 1.0), many]), (10.0, 0.0));
    assert_eq!(counts(&[number("/controls/hit", 1.0)]), (10.0, 1.0));
    assert_eq!(counts(&[number("/controls/hit", 0.0)]), (10.0, 1.0));
    assert_eq!(counts(&[]), (10.0, 1.0));
}
