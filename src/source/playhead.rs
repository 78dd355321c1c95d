use super::Place;
use super::timeline::{Given, Route, Turn};

/// A part shorter than this is made as long, in seconds: a loop of one picture of usual films.
const SHORTEST: f64 = 1.0 / 30.0;

/// What is further from what is heard, in seconds, is seen as wrong: the picture leaps after the sound, or waits for it.
const FAR: f64 = 0.1;

/// How much of what it is off a source makes up for in a second: so little is never seen, and clocks drift by less.
const PULL: f64 = 2.0;

/// How a source is played in one tick.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Playing {
    /// Where the part that is played begins, in seconds from the first picture.
    pub start: f64,
    /// Where it ends; infinite for the source's own end.
    pub end: f64,
    /// Seconds of the source in a second: 1 as it was made, 0 stands, below 0 backward.
    pub speed: f64,
    /// Begin anew: at the part's start, backward at its end.
    pub restarts: bool,
    /// Go to this place, in seconds.
    pub jump: Option<f64>,
}

impl Default for Playing {
    /// All of it, as it was made.
    fn default() -> Self {
        Self {
            start: 0.0,
            end: f64::INFINITY,
            speed: 1.0,
            restarts: false,
            jump: None,
        }
    }
}

/// Where a source is being played. What is due is a matter of how far it has been played in all, forward or
/// backward, and that is a sum over ticks: so a render is as exact as its arithmetic, and a reader ahead of it
/// knows what comes next.
#[derive(Debug)]
pub(super) struct Playhead {
    /// Seconds of the source played in all, up to the middle of the last tick.
    played: f64,
    /// Whether the next tick is the first one from a place where the source was put.
    is_put: bool,
    route: Route,
    /// A place that is known: what `played` was there, and where in the source it was.
    at: f64,
    position: f64,
    backward: bool,
    /// When the picture that is shown begins in the source.
    held: Option<f64>,
    turns: u64,
}

impl Playhead {
    /// A source that begins at `start`.
    pub(super) fn new(start: f64) -> Self {
        Self {
            played: 0.0,
            is_put: true,
            route: Route::WHOLE,
            at: 0.0,
            position: start.max(0.0),
            backward: false,
            held: None,
            turns: 0,
        }
    }

    /// The new way, if the source is to be played another way than before.
    pub(super) fn turn(&mut self, playing: &Playing) -> Option<Turn> {
        let backward = match playing.speed {
            0.0 => self.route.backward,
            speed => speed < 0.0,
        };
        let route = Route {
            start: playing.start,
            end: playing.end.max(playing.start + SHORTEST),
            backward,
        };
        let is_cued = playing.restarts || playing.jump.is_some();
        if route == self.route && !is_cued {
            return None;
        }
        let position = match playing.jump {
            Some(position) => position,
            None if playing.restarts || self.is_unmoved_backward(&route) => route.first(),
            None => self.position(),
        };
        self.is_put |= is_cued;
        self.turns += 1;
        (self.route, self.at, self.position, self.backward) =
            (route, self.played, position, backward);
        Some(Turn {
            at: self.played,
            position,
            route,
            held: self.held.filter(|_| !is_cued),
            number: self.turns,
        })
    }

    /// What is played backward from its very beginning begins at its end.
    fn is_unmoved_backward(&self, route: &Route) -> bool {
        route.backward && self.played == 0.0 && self.position <= route.start
    }

    /// Where in the source it is now; past the end of a loop it counts on.
    fn position(&self) -> f64 {
        let since = self.played - self.at;
        self.position + if self.backward { -since } else { since }
    }

    /// Where it is when a tick of so many seconds begins.
    pub(super) fn place(&self, speed: f64, seconds: f64) -> Place {
        let since = speed.abs() * seconds * (self.share() - 0.5);
        let onward = if self.backward { -since } else { since };
        Place {
            count: self.played + since,
            position: self.position() + onward,
            start: self.route.start,
            end: self.route.end,
            speed,
            turn: self.turns,
        }
    }

    /// Plays on, and says how far it is in the middle of that time. Where it is `heard` so far when the tick begins, it goes
    /// after that.
    pub(super) fn advance(&mut self, speed: f64, seconds: f64, heard: Option<f64>) -> f64 {
        let off = heard.map_or(0.0, |heard| heard - self.place(speed, seconds).count);
        let made_up = if off.abs() > FAR {
            off
        } else {
            off * PULL * seconds
        };
        let step = speed.abs() * seconds * self.share() + made_up;
        self.is_put = false;
        self.played += step.max(0.0);
        self.played
    }

    /// The ticks from where it is to the middle of the next one: half of one where it was put, else from the middle of the last.
    const fn share(&self) -> f64 {
        if self.is_put { 0.5 } else { 1.0 }
    }

    /// Leaves out so many seconds.
    pub(super) fn skip(&mut self, speed: f64, seconds: f64) {
        self.played += speed.abs() * seconds;
    }

    /// Notes the picture that is shown.
    pub(super) fn show(&mut self, given: &Given) {
        self.held = Some(given.begins);
        if given.turn == self.turns {
            (self.at, self.position, self.backward) =
                (given.picture.time, given.position, given.backward);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tick_shows_its_middle_and_speed_stretches_it() {
        let mut playhead = Playhead::new(0.0);
        assert_eq!(playhead.advance(1.0, 0.5, None), 0.25);
        assert_eq!(playhead.advance(1.0, 0.5, None), 0.75);
        assert_eq!(playhead.advance(2.0, 0.5, None), 1.75);
        assert_eq!(playhead.advance(0.0, 0.5, None), 1.75);
        assert_eq!(playhead.advance(-1.0, 0.5, None), 2.25);
    }

    #[test]
    fn it_goes_after_what_is_heard_evenly_and_after_what_is_far_at_once() {
        let mut playhead = Playhead::new(0.0);
        let mut heard = 0.0;
        for _ in 0..6000 {
            let before = playhead.played;
            let step = playhead.advance(1.0, 0.01, Some(heard)) - before;
            assert!((0.004..0.011).contains(&step), "{step}");
            // A device that is a tenth slow.
            heard += 0.009;
        }
        assert!((playhead.played - heard).abs() < 0.06, "{playhead:?}");
        let place = playhead.place(1.0, 0.01).count;
        assert_eq!(
            playhead.advance(1.0, 0.01, Some(place - 0.5)),
            playhead.played
        );
        assert!(
            (playhead.played - place).abs() < 0.01,
            "it waits: {playhead:?}"
        );
        playhead.advance(1.0, 0.01, Some(place + 5.0));
        assert!(
            (playhead.played - place - 5.0).abs() < 0.02,
            "it leaps: {playhead:?}"
        );
    }

    #[test]
    fn only_another_way_is_a_turn_and_it_begins_where_the_last_one_was_left() {
        let mut playhead = Playhead::new(3.0);
        let mut turn = |playing: Playing, seconds: f64| {
            let turn = playhead.turn(&playing);
            playhead.advance(playing.speed, seconds, None);
            turn.map(|turn| (turn.at, turn.position, turn.route.backward))
        };
        let usual = Playing::default();
        let speed = |speed: f64| Playing { speed, ..usual };
        assert_eq!(turn(usual, 1.0), None);
        assert_eq!(turn(speed(0.5), 1.0), None);
        assert_eq!(turn(speed(-2.0), 1.0), Some((1.0, 4.0, true)));
        assert_eq!(turn(speed(0.0), 1.0), None);
        assert_eq!(turn(usual, 1.0), Some((3.0, 2.0, false)));
        let jump = Playing {
            jump: Some(9.0),
            ..usual
        };
        assert_eq!(turn(jump, 1.0), Some((4.0, 9.0, false)));
        let restart = Playing {
            restarts: true,
            start: 2.0,
            ..usual
        };
        assert_eq!(turn(restart, 1.0), Some((4.5, 2.0, false)));
    }

    #[test]
    fn what_begins_backward_begins_at_its_end() {
        let backward = Playing {
            speed: -1.0,
            end: 7.0,
            ..Playing::default()
        };
        let first = |start: f64| Playhead::new(start).turn(&backward).unwrap().position;
        assert_eq!((first(0.0), first(3.0)), (f64::INFINITY, 3.0));
    }
}
