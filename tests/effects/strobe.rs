//! The strobe's limit, counted: WCAG 2.2, success criterion 2.3.1.

use afterimage::picture::Size;

use crate::stage::{Stage, flat};
use crate::{level, series, show};

const PIXEL: Size = Size::new(1, 1);

/// The ticks on which a white flash begins over black, in five seconds.
fn flashes(keys: &str, fps: u32) -> Vec<u32> {
    let show = show(&format!("[[layers]]\neffect = 'strobe'\n{keys}"));
    let mut stage = Stage::at(&show, PIXEL, f64::from(fps));
    let black = flat(PIXEL, [0, 0, 0, 255]);
    let lit: Vec<_> = (0..5 * fps)
        .map(|_| level(&stage.tick(&[Some(&black)])) > 128.0)
        .collect();
    let begins = |tick: &u32| {
        let tick = *tick as usize;
        lit[tick] && (tick == 0 || !lit[tick - 1])
    };
    (0..5 * fps).filter(begins).collect()
}

/// The most flashes that begin within one second.
fn most_in_a_second(flashes: &[u32], fps: u32) -> usize {
    let within = |first: &u32| {
        flashes
            .iter()
            .filter(|tick| (*first..first + fps).contains(tick))
            .count()
    };
    flashes.iter().map(within).max().unwrap_or(0)
}

#[test]
fn never_more_than_three_flashes_in_a_second() {
    let fast = [
        "rate = 3",
        "rate = 3.1",
        "rate = 7.3",
        "rate = 10",
        "rate = 13\nduty = 0.9",
        "beats = 0.125",
        "rate = '20 * sine(time)'",
        "rate = 'random(0, 60)'",
    ];
    for fps in [25, 60] {
        for keys in fast {
            let flashes = flashes(keys, fps);
            let most = most_in_a_second(&flashes, fps);
            assert!(
                (2..=3).contains(&most),
                "{keys} at {fps}: {most} in a second, {flashes:?}"
            );
        }
    }
}

#[test]
fn unlimited_flashes_as_fast_as_told() {
    assert_eq!(flashes("rate = 10\nunlimited = true", 60).len(), 50);
    assert_eq!(
        most_in_a_second(&flashes("beats = 0.25\nunlimited = true", 60), 60),
        8
    );
}

#[test]
fn slow_flashes_come_when_they_are_due() {
    let twice: Vec<_> = (0..10).map(|number| number * 30).collect();
    assert_eq!(flashes("rate = 2", 60), twice);
    assert_eq!(flashes("beats = 1", 60), twice, "at 120 BPM");
    assert!(flashes("rate = 0", 60).is_empty());
    assert_eq!(
        flashes("duty = 1\nrate = 9", 60),
        [0],
        "one that never ends"
    );
}

#[test]
fn a_flash_shows_what_its_mode_says() {
    let shown = |mode: &str| {
        series(
            &format!("[[layers]]\neffect = 'strobe'\nrate = 2\nduty = 0.5\n{mode}"),
            32,
        )
    };
    let [black, negative, frozen, tinted] = [
        "mode = 'black'",
        "mode = 'invert'",
        "mode = 'freeze'",
        "color = [1, 1, 1, 0.5]",
    ]
    .map(shown);
    assert_eq!((black[14], black[20]), (0.0, 20.0));
    assert_eq!((negative[14], negative[20]), (241.0, 20.0));
    assert_eq!((frozen[14], frozen[20], frozen[31]), (0.0, 20.0, 30.0));
    assert!((tinted[14] - 134.5).abs() <= 0.5);
}
