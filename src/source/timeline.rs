use super::{Options, Source, SourceError};
use crate::picture::Picture;

/// Containers that count in whole milliseconds round a picture's time by up to half of one.
const ROUNDING: f64 = 0.000_6;

/// The pictures of a source in one running count: from the start that was asked for, over all loops.
pub(super) struct Timeline {
    source: Box<dyn Source>,
    /// What it is called in messages.
    name: String,
    looping: bool,
    start: f64,
    /// What to add to the source's own times.
    offset: f64,
    /// How many pictures were given.
    given: u64,
    /// When the last picture that was given began.
    last: f64,
    /// Whether this pass has given any: a source that is empty when it is rewound must not spin.
    pass_gave: bool,
    /// A picture that was read to know that the one before it is the first to be shown.
    ahead: Option<Picture>,
}

impl Timeline {
    pub(super) fn new(source: Box<dyn Source>, options: &Options, name: &str) -> Self {
        let info = source.info();
        if options.looping && !info.still && !info.rewinds {
            log::warn!("a pipe cannot start again: it plays once");
        }
        Self {
            looping: options.looping,
            start: if info.still {
                0.0
            } else {
                options.start.max(0.0)
            },
            source,
            name: name.to_owned(),
            offset: 0.0,
            given: 0,
            last: 0.0,
            pass_gave: false,
            ahead: None,
        }
    }

    /// The next picture; none after the last one of a source that does not loop. One who `follows` files
    /// wants to know at the end of each pass whether the file is another one by then.
    pub(super) fn next(&mut self, follows: bool) -> Result<Option<Picture>, SourceError> {
        if self.given == 0 && self.start > 0.0 {
            return self.first_from_start();
        }
        loop {
            if let Some(picture) = self.read()? {
                return Ok(Some(self.count(picture)));
            }
            if follows && self.source.is_replaced() {
                return Err(SourceError::Replaced(self.name.clone()));
            }
            if !(self.loops() && self.pass_gave) {
                return Ok(None);
            }
            let over = self.source.end();
            self.source.rewind()?;
            self.offset += over;
            self.pass_gave = false;
        }
    }

    /// Opens the source anew; its first picture is due at `due`, or after those that were given.
    pub(super) fn reopen(&mut self, due: f64) -> Result<(), SourceError> {
        let over = Some(self.end()).filter(|end| end.is_finite());
        self.source.reopen()?;
        self.offset = over.unwrap_or(self.last).max(due);
        (self.ahead, self.pass_gave) = (None, false);
        Ok(())
    }

    fn loops(&self) -> bool {
        let info = self.source.info();
        self.looping && info.rewinds && !info.still
    }

    /// Whether its one picture lasts for ever.
    pub(super) fn is_still(&self) -> bool {
        self.source.info().still
    }

    /// When the last picture is over.
    pub(super) fn end(&self) -> f64 {
        self.offset + self.source.end()
    }

    /// Gives pictures back to be filled again.
    pub(super) fn recycle(&mut self, pictures: Vec<Picture>) {
        for picture in pictures {
            self.source.recycle(picture);
        }
    }

    /// The picture that is shown at the start: the newest one that is not later.
    fn first_from_start(&mut self) -> Result<Option<Picture>, SourceError> {
        self.source.seek(self.start)?;
        let mut shown: Option<Picture> = None;
        while let Some(picture) = self.source.next()? {
            if shown.is_some() && picture.time > self.start + ROUNDING {
                self.ahead = Some(picture);
                break;
            }
            if let Some(passed) = shown.replace(picture) {
                self.source.recycle(passed);
            }
        }
        let end = self.source.end();
        match shown {
            Some(picture) if self.ahead.is_some() || self.start < end => {
                self.offset = -self.start;
                Ok(Some(self.count(picture)))
            }
            _ => {
                let problem = format!("ends after {end:.3} s; start earlier");
                let place = format!("start at {} s", self.start);
                Err(SourceError::contents(place, problem))
            }
        }
    }

    fn read(&mut self) -> Result<Option<Picture>, SourceError> {
        match self.ahead.take() {
            Some(picture) => Ok(Some(picture)),
            None => self.source.next(),
        }
    }

    fn count(&mut self, mut picture: Picture) -> Picture {
        picture.time = (picture.time + self.offset).max(0.0);
        picture.sequence = self.given;
        (self.given, self.last) = (self.given + 1, picture.time);
        self.pass_gave = true;
        picture
    }
}

#[cfg(test)]
pub(super) mod tests {
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

    fn shown(picture: &Picture) -> (u8, u64, i64) {
        let tenths = (picture.time * 10.0).round() as i64;
        (picture.planes[0].bytes[0], picture.sequence, tenths)
    }

    fn timeline(count: u64, looping: bool, start: f64) -> Timeline {
        let options = Options {
            looping,
            start,
            rate: None,
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
        let numbers: Vec<_> = pictures.iter().map(|p| p.planes[0].bytes[0]).collect();
        let times: Vec<_> = pictures.iter().map(|p| (p.time * 100.0).round()).collect();
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
}
