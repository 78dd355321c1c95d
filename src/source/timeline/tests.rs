use super::super::Info;
use super::*;
use crate::picture::Size;

/// Pictures whose one grey sample is their number, at ten a second.
pub(in super::super) struct Counter {
    pub(in super::super) info: Info,
    pub(in super::super) count: u64,
    pub(in super::super) next: u64,
    pub(in super::super) fails_at: Option<u64>,
}

impl Counter {
    pub(in super::super) fn new(count: u64) -> Box<Self> {
        let picture = Picture::rgba8(Size::new(1, 1), vec![0; 4]);
        let info = Info::of(&picture, "counter".to_owned());
        Box::new(Self {
            info,
            count,
            next: 0,
            fails_at: None,
        })
    }
}

impl Source for Counter {
    fn info(&self) -> &Info {
        &self.info
    }

    fn next(&mut self) -> Result<Option<Picture>, SourceError> {
        if self.fails_at == Some(self.next) {
            return Err(SourceError::contents("counter", "broken on purpose"));
        }
        if self.next == self.count {
            return Ok(None);
        }
        let mut picture = Picture::rgba8(Size::new(1, 1), vec![self.next as u8; 4]);
        picture.time = self.next as f64 / 10.0;
        self.next += 1;
        Ok(Some(picture))
    }

    fn rewind(&mut self) -> Result<(), SourceError> {
        self.next = 0;
        Ok(())
    }

    fn end(&self) -> f64 {
        self.next as f64 / 10.0
    }
}

fn shown(given: &Given) -> (u8, u64, i64) {
    let picture = &given.picture;
    let tenths = (picture.time * 10.0).round() as i64;
    (picture.planes[0].bytes[0], picture.sequence, tenths)
}

fn timeline(count: u64, looping: bool, start: f64) -> Timeline {
    let options = Options {
        looping,
        start,
        ..Options::default()
    };
    Timeline::new(Counter::new(count), &options, "counter")
}

#[test]
fn loops_run_on_without_a_gap() {
    let mut timeline = timeline(3, true, 0.0);
    let pictures: Vec<_> = (0..7)
        .map(|_| shown(&timeline.next(false).unwrap().unwrap()))
        .collect();
    let expected: Vec<_> = (0..7).map(|n| ((n % 3) as u8, n, n as i64)).collect();
    assert_eq!(pictures, expected);
}

#[test]
fn a_start_in_the_middle_shows_what_is_shown_there() {
    let mut timeline = timeline(4, true, 0.25);
    let pictures: Vec<_> = (0..4)
        .map(|_| timeline.next(false).unwrap().unwrap())
        .collect();
    let numbers: Vec<_> = pictures.iter().map(|given| shown(given).0).collect();
    let hundredths = |given: &Given| (given.picture.time * 100.0).round();
    let times: Vec<_> = pictures.iter().map(hundredths).collect();
    assert_eq!(numbers, [2, 3, 0, 1]);
    assert_eq!(times, [0.0, 5.0, 15.0, 25.0]);
}

#[test]
fn the_last_picture_can_be_the_start_but_not_what_follows_it() {
    let mut last = timeline(4, false, 0.39);
    assert_eq!(shown(&last.next(false).unwrap().unwrap()).0, 3);
    assert!(last.next(false).unwrap().is_none());
    assert!((last.end() - 0.01).abs() < 1e-9);
    let message = timeline(4, false, 0.4).next(false).unwrap_err().to_string();
    assert!(message.contains("start earlier"), "{message}");
}

#[test]
fn an_empty_source_does_not_spin() {
    assert!(timeline(0, true, 0.0).next(false).unwrap().is_none());
}

fn turn(at: f64, position: f64, start: f64, end: f64, backward: bool) -> Turn {
    let route = Route {
        start,
        end,
        backward,
    };
    Turn::at(at, position, route)
}

fn some(timeline: &mut Timeline, count: usize) -> Vec<(u8, i64)> {
    let next = |_| {
        let given = timeline.next(false).unwrap();
        given.map(|given| (shown(&given).0, shown(&given).2))
    };
    (0..count).map_while(next).collect()
}

#[test]
fn backward_a_picture_is_due_where_the_next_one_begins() {
    let mut looping = timeline(4, true, 0.0);
    looping.turn(
        turn(5.0, f64::INFINITY, 0.0, f64::INFINITY, true),
        Vec::new(),
    );
    let expected = [(3, 50), (2, 51), (1, 52), (0, 53), (3, 54), (2, 55)];
    assert_eq!(some(&mut looping, 6), expected);
    let mut once = timeline(4, false, 0.0);
    once.turn(turn(5.0, 0.35, 0.2, f64::INFINITY, true), Vec::new());
    assert_eq!(some(&mut once, 6), [(3, 50), (2, 51)]);
    assert!((once.end() - 5.15).abs() < 1e-9);
}

#[test]
fn a_part_loops_without_a_gap_both_ways() {
    for (backward, expected) in [
        (false, [(3, 0), (4, 1), (2, 2), (3, 3), (4, 4), (2, 5)]),
        (true, [(3, 0), (2, 1), (4, 2), (3, 3), (2, 4), (4, 5)]),
    ] {
        let mut timeline = timeline(9, true, 0.0);
        let position = if backward { 0.4 } else { 0.3 };
        timeline.turn(turn(0.0, position, 0.2, 0.5, backward), Vec::new());
        assert_eq!(some(&mut timeline, 6), expected);
    }
}

#[test]
fn a_turn_past_the_end_goes_round_or_stays_on_the_last() {
    let jump = turn(1.0, 0.9, 0.0, f64::INFINITY, false);
    let mut looping = timeline(4, true, 0.0);
    some(&mut looping, 1);
    looping.turn(jump, Vec::new());
    assert_eq!(some(&mut looping, 3), [(1, 10), (2, 11), (3, 12)]);
    let mut once = timeline(4, false, 0.0);
    once.turn(jump, Vec::new());
    assert_eq!(some(&mut once, 3), [(3, 10)]);
}
