use super::super::Place;
use super::super::timeline::tests::Counter;
use super::*;
use std::sync::mpsc;
use std::time::{Duration, Instant};

fn looping() -> Options {
    Options {
        looping: true,
        ..Options::default()
    }
}

fn feed(source: Box<dyn Source>, options: Options) -> Feed {
    Feed::over(source, options, "test").unwrap()
}

fn number(picture: Option<Picture>) -> Option<u8> {
    picture.map(|picture| picture.planes[0].bytes[0])
}

#[test]
fn a_faster_canvas_holds_and_a_slower_one_passes_over() {
    let mut fast = feed(Counter::new(3), Options::default());
    let half = 0.5 / 25.0;
    let taken: Vec<_> = (0..10)
        .map(|tick| number(fast.take(f64::from(tick) / 25.0 + half, Wait::Block)))
        .collect();
    let new = |tick: usize| taken[tick];
    assert_eq!([new(0), new(2), new(5)], [Some(0), Some(1), Some(2)]);
    assert_eq!(taken.iter().flatten().count(), 3);
    assert!(fast.ended());

    let mut slow = feed(Counter::new(100), Options::default());
    let half = 0.5 / 2.0;
    let taken: Vec<_> = (0..4)
        .map(|tick| number(slow.take(f64::from(tick) / 2.0 + half, Wait::Block)))
        .collect();
    assert_eq!(taken, [Some(2), Some(7), Some(12), Some(17)]);
    assert_eq!(slow.passed_over(), 14);
}

#[test]
fn the_end_comes_after_the_last_picture_is_over() {
    let mut feed = feed(Counter::new(3), Options::default());
    assert_eq!(number(feed.take(0.29, Wait::Block)), Some(2));
    assert!(!feed.ended());
    assert_eq!(feed.take(0.31, Wait::Block), None);
    assert!(feed.ended());
    assert_eq!(feed.end(), Some(0.3));
}

#[test]
fn a_loop_never_ends() {
    let mut feed = feed(Counter::new(3), looping());
    for tick in 0..1000_u32 {
        let picture = feed
            .take(f64::from(tick) / 10.0 + 0.05, Wait::Block)
            .unwrap();
        assert_eq!(picture.sequence, u64::from(tick));
        assert_eq!(picture.planes[0].bytes[0], (tick % 3) as u8);
        feed.recycle(picture);
    }
    assert!(!feed.ended());
}

#[test]
fn an_error_ends_the_feed_and_is_told_once() {
    let mut counter = Counter::new(9);
    counter.fails_at = Some(2);
    let mut feed = feed(counter, looping());
    assert_eq!(number(feed.take(5.0, Wait::Block)), Some(1));
    assert!(feed.ended());
    assert!(feed.error().unwrap().to_string().contains("on purpose"));
    assert!(feed.error().is_none());
}

/// A source whose read returns only when it is let go.
struct Stuck(Box<Counter>, mpsc::Receiver<()>);

impl Source for Stuck {
    fn info(&self) -> &Info {
        self.0.info()
    }

    fn next(&mut self) -> Result<Option<Picture>, SourceError> {
        let _ = self.1.recv();
        self.0.next()
    }

    fn rewind(&mut self) -> Result<(), SourceError> {
        self.0.rewind()
    }

    fn end(&self) -> f64 {
        self.0.end()
    }
}

#[test]
fn a_stuck_source_hangs_neither_the_loop_nor_the_end() {
    let (go, gate) = mpsc::channel();
    let mut feed = feed(Box::new(Stuck(Counter::new(3), gate)), Options::default());
    assert_eq!(feed.take(1.0, Wait::Never), None);
    assert!(!feed.ended());
    go.send(()).unwrap();
    let deadline = Instant::now() + Duration::from_secs(60);
    let late = loop {
        if let Some(picture) = feed.take(1.0, Wait::Never) {
            break picture;
        }
        assert!(Instant::now() < deadline, "the picture never came");
        thread::yield_now();
    };
    assert_eq!(late.sequence, 0);
    assert_eq!(feed.late(), 1);
    drop(feed);
}

/// A source whose reader panics.
struct Panics(Info);

impl Source for Panics {
    fn info(&self) -> &Info {
        &self.0
    }

    fn next(&mut self) -> Result<Option<Picture>, SourceError> {
        panic!("on purpose")
    }

    fn rewind(&mut self) -> Result<(), SourceError> {
        Ok(())
    }

    fn end(&self) -> f64 {
        0.0
    }
}

#[test]
fn a_panic_in_the_reader_is_an_error_like_others() {
    let info = Counter::new(1).info;
    let mut feed = feed(Box::new(Panics(info)), Options::default());
    assert_eq!(feed.take(1.0, Wait::Block), None);
    assert!(feed.error().is_some());
}

/// Chance that is the same in every run (SplitMix64; Steele, Lea & Flood 2014).
struct Chance(u64);

impl Chance {
    fn share(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
    }

    fn one_in(&mut self, many: f64) -> bool {
        self.share() * many < 1.0
    }

    /// Another way to play twenty pictures at ten a second.
    fn play(&mut self, playing: &mut Playing) {
        (playing.restarts, playing.jump) = (self.one_in(40.0), None);
        if self.one_in(10.0) {
            playing.speed = self.share() * 6.0 - 3.0;
        }
        if self.one_in(20.0) {
            playing.start = self.share() * 0.9;
            playing.end = 1.0 + self.share() * 2.0;
        }
        if self.one_in(25.0) {
            playing.jump = Some(self.share() * 3.0);
        }
    }
}

/// What a looping source of two seconds is to show, said in another way: a place that moves.
struct Ideal {
    position: f64,
    is_put: bool,
}

impl Ideal {
    fn within(position: f64, playing: &Playing) -> f64 {
        let (start, end) = (playing.start, playing.end.min(2.0));
        let backward = playing.speed < 0.0;
        match position {
            _ if backward && position <= start => end,
            _ if position < start => start,
            _ if position > end || position == end && !backward => {
                start + (position - start).rem_euclid(end - start)
            }
            _ => position,
        }
    }

    fn moved(position: f64, way: f64, playing: &Playing) -> f64 {
        let (start, end) = (playing.start, playing.end.min(2.0));
        let to = position + way;
        match way < 0.0 {
            true => end - (end - to).rem_euclid(end - start),
            false => start + (to - start).rem_euclid(end - start),
        }
    }

    fn tick(&mut self, playing: &Playing, seconds: f64) -> u8 {
        let first = if playing.speed < 0.0 {
            playing.end.min(2.0)
        } else {
            playing.start
        };
        let restarted = if playing.restarts {
            first
        } else {
            self.position
        };
        let position = Self::within(playing.jump.unwrap_or(restarted), playing);
        let is_put = playing.restarts || playing.jump.is_some() || self.is_put;
        let way = playing.speed * seconds * if is_put { 0.5 } else { 1.0 };
        self.is_put = false;
        self.position = Self::moved(position, way, playing);
        let middle = self.position * 10.0;
        match playing.speed < 0.0 {
            true => middle.ceil() as u8 - 1,
            false => middle.floor() as u8,
        }
    }
}

#[test]
fn whatever_the_player_does_the_picture_is_that_of_the_place() {
    for seed in 0..20 {
        let mut feed = feed(Counter::new(20), looping());
        let mut ideal = Ideal {
            position: 0.0,
            is_put: true,
        };
        let mut chance = Chance(seed);
        let mut playing = Playing::default();
        let mut shown = None;
        for tick in 0..400 {
            chance.play(&mut playing);
            let until = feed.play(&playing, 0.03);
            let new = number(feed.take(until, Wait::Block));
            let is_cued = playing.restarts || playing.jump.is_some();
            let is_short = playing.end - playing.start < 0.3;
            let is_new = is_cued || is_short || new.is_none() || new != shown;
            assert!(
                is_new,
                "seed {seed}, tick {tick}, {new:?} again, {playing:?} at {} ",
                ideal.position
            );
            shown = new.or(shown);
            let expected = ideal.tick(&playing, 0.03);
            assert_eq!(
                shown,
                Some(expected),
                "seed {seed}, tick {tick}, {playing:?}"
            );
        }
    }
}

#[test]
fn a_pipe_stands_still_when_it_is_told_and_ignores_the_rest() {
    let mut counter = Counter::new(9);
    counter.info.rewinds = false;
    let mut feed = feed(counter, looping());
    let mut playing = Playing {
        speed: -3.0,
        jump: Some(0.5),
        ..Playing::default()
    };
    for expected in 0..3 {
        let until = feed.play(&playing, 0.1);
        assert_eq!(number(feed.take(until, Wait::Block)), Some(expected));
    }
    playing.speed = 0.0;
    let until = feed.play(&playing, 0.1);
    assert_eq!(number(feed.take(until, Wait::Block)), None);
}

#[test]
fn a_feed_that_is_closed_has_let_go_of_its_source() {
    struct Told {
        counter: Box<Counter>,
        _lives: mpsc::Sender<()>,
    }

    impl Source for Told {
        fn info(&self) -> &Info {
            self.counter.info()
        }

        fn next(&mut self) -> Result<Option<Picture>, SourceError> {
            self.counter.next()
        }

        fn rewind(&mut self) -> Result<(), SourceError> {
            self.counter.rewind()
        }

        fn end(&self) -> f64 {
            self.counter.end()
        }
    }

    let (told, gone) = mpsc::channel();
    let source = Told {
        counter: Counter::new(99),
        _lives: told,
    };
    let mut feed = feed(Box::new(source), looping());
    feed.take(0.0, Wait::Block);
    feed.close();
    let disconnected = gone.recv_timeout(Duration::from_secs(60));
    assert_eq!(disconnected, Err(mpsc::RecvTimeoutError::Disconnected));
}

/// A device whose clock is a tenth slow.
#[derive(Debug)]
struct Slow(f64);

impl Timekeeper for Slow {
    fn heard(&mut self, place: &Place) -> Option<f64> {
        let plays = place.speed == 1.0;
        self.0 += if plays { 0.009 } else { 0.0 };
        plays.then_some(self.0)
    }
}

#[test]
fn pictures_follow_what_is_heard_and_ticks_where_nothing_is() {
    let mut feed = feed(Counter::new(3), looping());
    feed.keep_time(Some(Box::new(Slow(0.0))));
    let mut shown = |ticks: usize, speed: f64| {
        let playing = Playing {
            speed,
            ..Playing::default()
        };
        let takes = (0..ticks).filter_map(|_| {
            let until = feed.play(&playing, 0.01);
            feed.take(until, Wait::Block)
        });
        takes.count()
    };
    // A hundred ticks a second of ten pictures.
    assert!((89..=92).contains(&shown(1000, 1.0)));
    assert!((99..=101).contains(&shown(500, 2.0)));
}
