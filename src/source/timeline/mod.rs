//! The pictures of a source in one running count, whichever way it is played.

mod reel;
#[cfg(test)]
pub(super) mod tests;

use std::collections::VecDeque;

use self::reel::Reel;
use super::{Options, Source, SourceError};
use crate::picture::Picture;

/// Containers that count in whole milliseconds round a picture's time by up to half of one.
pub(super) const ROUNDING: f64 = 0.000_6;

/// Which part of a source is played, and which way.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Route {
    /// The beginning, in seconds from the source's first picture.
    pub(super) start: f64,
    /// The end; infinite for the source's own.
    pub(super) end: f64,
    /// From the end to the beginning.
    pub(super) backward: bool,
}

impl Route {
    /// All of it, forward.
    pub(super) const WHOLE: Self = Self {
        start: 0.0,
        end: f64::INFINITY,
        backward: false,
    };

    /// Where it begins; the end is infinite whatever it is, since the source may end before it.
    pub(super) const fn first(&self) -> f64 {
        if self.backward {
            f64::INFINITY
        } else {
            self.start
        }
    }
}

/// A change of the way that a source is played.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Turn {
    /// When it happens, on the running count.
    pub(super) at: f64,
    /// Where in the source.
    pub(super) position: f64,
    pub(super) route: Route,
    /// When the picture began, in the source, that is shown and need not be given once more.
    pub(super) held: Option<f64>,
    /// How many turns there were before.
    pub(super) number: u64,
}

impl Turn {
    fn at(at: f64, position: f64, route: Route) -> Self {
        Self {
            at,
            position,
            route,
            held: None,
            number: 0,
        }
    }
}

/// A picture on the running count, in `time`, and where it is entered in the source.
#[derive(Debug)]
pub(super) struct Given {
    pub(super) picture: Picture,
    /// When it begins in the source, in seconds.
    pub(super) begins: f64,
    /// Where the playhead is in the source at the picture's time.
    pub(super) position: f64,
    pub(super) backward: bool,
    /// The number of the turn that led to it.
    pub(super) turn: u64,
}

impl Given {
    /// A picture of a source that keeps its own time: it is entered nowhere.
    pub(super) fn once(picture: Picture) -> Self {
        Self {
            begins: picture.time,
            position: picture.time,
            backward: false,
            turn: 0,
            picture,
        }
    }

    /// The picture as the source gave it.
    fn unread(mut self) -> Picture {
        self.picture.time = self.begins;
        self.picture
    }
}

/// The pictures of a source in one running count: from the start that was asked for, over all loops and turns.
pub(super) struct Timeline {
    reel: Reel,
    /// What it is called in messages.
    name: String,
    looping: bool,
    route: Route,
    /// Where the running count is 0, in the source: what is shown at `position` is due at `offset` + position,
    /// backward at `offset` − position.
    offset: f64,
    /// Where the next picture is to be found, when it does not follow the one before.
    seeks: Option<Turn>,
    /// Pictures to be given backward, and where the last of them ends.
    stretch: VecDeque<Picture>,
    edge: f64,
    /// The number of the last turn.
    turns: u64,
    /// Whether the start that was asked for is still to be found.
    is_first: bool,
    given: u64,
    /// When the last picture that was given began.
    last: f64,
    /// Whether this pass has given any: a source that is empty when it is rewound must not spin.
    pass_gave: bool,
}

impl Timeline {
    pub(super) fn new(source: Box<dyn Source>, options: &Options, name: &str) -> Self {
        let info = source.info();
        if options.looping && !info.still && !info.rewinds {
            log::warn!("{name}: a pipe cannot start again: it plays once");
        }
        let position = if info.still {
            0.0
        } else {
            options.start.max(0.0)
        };
        Self {
            reel: Reel::new(source),
            name: name.to_owned(),
            looping: options.looping,
            route: Route::WHOLE,
            offset: 0.0,
            seeks: Some(Turn::at(0.0, position, Route::WHOLE)),
            turns: 0,
            is_first: true,
            stretch: VecDeque::new(),
            edge: 0.0,
            given: 0,
            last: 0.0,
            pass_gave: false,
        }
    }

    /// Goes another way from now on. What was `returned` is the end of what was given, and not shown.
    pub(super) fn turn(&mut self, turn: Turn, returned: Vec<Given>) {
        let onward = !turn.route.backward && !self.route.backward;
        let returned = returned.into_iter().map(Given::unread).collect();
        match onward {
            true => self.reel.unread(returned, turn.held),
            false => self.reel.forget(returned),
        }
        let stretch = std::mem::take(&mut self.stretch);
        self.recycle(stretch);
        (self.route, self.is_first) = (turn.route, false);
        self.pass_gave = turn.held.is_some();
        (self.turns, self.last) = (turn.number, turn.at);
        self.offset = turn.at - self.signed(turn.position);
        self.seeks =
            (!onward || !self.reel.follows(turn.held) || !self.has(turn.position)).then_some(turn);
    }

    /// Whether a position is within the part that is played.
    fn has(&self, position: f64) -> bool {
        (self.route.start..self.route.end).contains(&position)
    }

    fn signed(&self, position: f64) -> f64 {
        if self.route.backward {
            -position
        } else {
            position
        }
    }

    /// The next picture; none after the last one of a source that does not loop. One who `follows` files
    /// wants to know at the end of each pass whether the file is another one by then.
    pub(super) fn next(&mut self, follows: bool) -> Result<Option<Given>, SourceError> {
        loop {
            let found = match self.seeks.take() {
                Some(turn) => self.begin(turn)?,
                None if self.route.backward => self.step_back()?,
                None => self.step()?,
            };
            match found {
                Step::Give(picture, position) => return Ok(Some(self.give(picture, position))),
                Step::Again => {}
                Step::Over => {
                    if follows && self.reel.source.is_replaced() {
                        return Err(SourceError::Replaced(self.name.clone()));
                    }
                    if !(self.loops() && self.pass_gave) {
                        return Ok(None);
                    }
                    self.wrap();
                }
            }
        }
    }

    /// Finds the picture at which a turn leads on.
    fn begin(&mut self, turn: Turn) -> Result<Step, SourceError> {
        let position = self.within(turn.position);
        self.offset = turn.at - self.signed(position);
        if self.route.backward {
            return self.begin_back(turn, position);
        }
        let Some(picture) = self.reel.find(position)? else {
            return Ok(Step::Over);
        };
        if self.reel.end.is_some_and(|end| position >= end) && !self.is_still() {
            return self.past_end(turn, picture);
        }
        self.enter(turn, picture, position)
    }

    /// Gives the first picture of a turn, unless it is shown already.
    fn enter(&mut self, turn: Turn, picture: Picture, position: f64) -> Result<Step, SourceError> {
        let is_held = |held: f64| (held - picture.time).abs() < ROUNDING;
        if !turn.held.is_some_and(is_held) {
            return Ok(Step::Give(picture, position));
        }
        self.pass_gave = true;
        self.recycle([picture]);
        Ok(Step::Again)
    }

    /// A turn to where the source has no pictures: round again, or its last one.
    fn past_end(&mut self, turn: Turn, last: Picture) -> Result<Step, SourceError> {
        let end = self.reel.source.end();
        if self.is_first {
            let problem = format!("ends after {end:.3} s; start earlier");
            let place = format!("start at {} s", turn.position);
            return Err(SourceError::contents(place, problem));
        }
        if !self.loops() || self.route.start >= end {
            let position = last.time;
            self.offset = turn.at - position;
            return self.enter(turn, last, position);
        }
        self.recycle([last]);
        self.seeks = Some(turn);
        Ok(Step::Again)
    }

    fn begin_back(&mut self, turn: Turn, position: f64) -> Result<Step, SourceError> {
        (self.stretch, self.edge) = self.reel.stretch(position)?;
        // Only now it may be known that the source ends before the position.
        if self.edge < position && position.is_finite() && self.loops() {
            self.seeks = Some(turn);
            return Ok(Step::Again);
        }
        self.offset = turn.at + self.edge;
        let edge = self.edge;
        match self.stretch.pop_back() {
            None => Ok(Step::Over),
            Some(picture) => {
                self.edge = picture.time;
                self.enter(turn, picture, edge)
            }
        }
    }

    /// A position that is played: the next one on the way, round again where it is past the last.
    fn within(&self, position: f64) -> f64 {
        let Route {
            start, backward, ..
        } = self.route;
        let end = self.top();
        let length = end - start;
        if backward && (position <= start || position.is_infinite()) {
            end
        } else if position < start || length <= 0.0 {
            start
        } else if position > end || position == end && !backward {
            match self.loops() {
                true => start + (position - start).rem_euclid(length),
                false => position.min(end),
            }
        } else {
            position
        }
    }

    /// Where the part that is played ends, as far as is known.
    fn top(&self) -> f64 {
        self.route.end.min(self.reel.end.unwrap_or(f64::INFINITY))
    }

    fn step(&mut self) -> Result<Step, SourceError> {
        match self.reel.read()? {
            Some(picture) if picture.time < self.route.end - ROUNDING => {
                let position = picture.time;
                Ok(Step::Give(picture, position))
            }
            past => {
                self.recycle(past);
                Ok(Step::Over)
            }
        }
    }

    fn step_back(&mut self) -> Result<Step, SourceError> {
        if self.edge <= self.route.start + ROUNDING {
            return Ok(Step::Over);
        }
        if self.stretch.is_empty() {
            (self.stretch, _) = self.reel.stretch(self.edge)?;
        }
        let position = self.edge;
        Ok(self.stretch.pop_back().map_or(Step::Over, |picture| {
            self.edge = picture.time;
            Step::Give(picture, position)
        }))
    }

    /// Begins the next pass where this one ended.
    fn wrap(&mut self) {
        let stretch = std::mem::take(&mut self.stretch);
        self.recycle(stretch);
        self.pass_gave = false;
        self.seeks = Some(Turn::at(self.end(), self.route.first(), self.route));
    }

    /// When the last picture is over.
    pub(super) fn end(&self) -> f64 {
        if self.route.backward {
            return self.offset - self.route.start;
        }
        self.offset + self.route.end.min(self.reel.source.end())
    }

    /// Opens the source anew; its first picture is due at `due`, or after those that were given.
    pub(super) fn reopen(&mut self, due: f64) -> Result<(), SourceError> {
        let over = Some(self.end()).filter(|end| end.is_finite() && !self.route.backward);
        self.reel.reopen()?;
        self.stretch.clear();
        self.pass_gave = false;
        let at = over.unwrap_or(self.last).max(due);
        self.seeks = Some(Turn::at(at, self.route.first(), self.route));
        Ok(())
    }

    fn loops(&self) -> bool {
        let info = self.reel.source.info();
        self.looping && info.rewinds && !info.still
    }

    /// Whether its one picture lasts for ever.
    pub(super) fn is_still(&self) -> bool {
        self.reel.source.info().still
    }

    /// Gives pictures back to be filled again.
    pub(super) fn recycle(&mut self, pictures: impl IntoIterator<Item = Picture>) {
        for picture in pictures {
            self.reel.source.recycle(picture);
        }
    }

    fn give(&mut self, mut picture: Picture, position: f64) -> Given {
        let begins = picture.time;
        picture.time = (self.offset + self.signed(position)).max(self.last);
        picture.sequence = self.given;
        (self.given, self.last) = (self.given + 1, picture.time);
        (self.pass_gave, self.is_first) = (true, false);
        Given {
            picture,
            begins,
            position,
            backward: self.route.backward,
            turn: self.turns,
        }
    }
}

/// What comes next on the way.
enum Step {
    /// A picture, and where it is entered.
    Give(Picture, f64),
    /// Look again.
    Again,
    /// The pass is over.
    Over,
}
