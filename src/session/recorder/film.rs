use std::path::PathBuf;

use super::super::Failure;
use super::super::live::Pace;
use super::super::writer::Writer;
use crate::gpu::Frame;
use crate::output::{Output, Settings};
use crate::picture::Size;

/// A film's length is told so often, in its seconds.
const TELLING: f64 = 0.25;

/// A film that is being recorded. It keeps its size and its rate, whatever the show becomes.
#[derive(Debug)]
pub(super) struct Film {
    writer: Writer,
    pub(super) size: Size,
    clock: FilmClock,
    /// The length that was told last, in seconds.
    told: f64,
    dropped: u64,
}

impl Film {
    pub(super) fn begin(output: Box<dyn Output>, settings: &Settings) -> Result<Self, Failure> {
        Ok(Self {
            writer: Writer::begin(output)?,
            size: settings.size,
            clock: FilmClock::new(settings.rate),
            told: 0.0,
            dropped: 0,
        })
    }

    /// The film's tick at a tick of the session.
    pub(super) fn tick(&mut self, moment: Moment) -> u64 {
        let tick = self.clock.tick(moment);
        let seconds = tick as f64 / self.clock.rate;
        if seconds >= self.told + TELLING {
            self.told = seconds;
            log::debug!("the film has come to {seconds:.2} s");
        }
        tick
    }

    /// A frame was left out: the one before it stands on.
    pub(super) const fn drop_frame(&mut self) {
        self.dropped += 1;
    }

    /// Takes a frame that stands from the film's tick on.
    pub(super) fn accept(&mut self, frame: Frame, tick: u64, pace: Pace) -> Result<(), Failure> {
        match pace {
            Pace::Stepped => self.writer.write(frame, tick),
            Pace::Wall => {
                if !self.writer.offer(frame, tick)? {
                    self.drop_frame();
                }
                Ok(())
            }
        }
    }

    /// The last frame stands on.
    pub(super) fn hold(&mut self, moment: Moment) {
        let tick = self.clock.tick(moment);
        self.writer.hold(tick);
    }

    /// Ends here. What is left to do is done on the writer's thread.
    pub(super) fn end(mut self, moment: Moment) -> Writer {
        self.writer.end(self.clock.tick(moment));
        self.writer
    }

    pub(super) fn status(&self) -> FilmStatus {
        let progress = self.writer.progress();
        FilmStatus {
            file: progress.file,
            seconds: progress.written as f64 / self.clock.rate,
            dropped: self.dropped,
        }
    }
}

/// A film that is being recorded.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FilmStatus {
    /// Its file, once it plays.
    pub file: Option<PathBuf>,
    /// How much of it is written, in seconds.
    pub seconds: f64,
    /// Frames that found no room; the one before each stands longer.
    pub dropped: u64,
}

/// A tick of a session, and how many there are in a second of it now.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in super::super) struct Moment {
    pub(in super::super) tick: u64,
    pub(in super::super) rate: f64,
}

/// Translates a session's ticks into a film's: a preset may bring another rate.
#[derive(Debug)]
struct FilmClock {
    rate: f64,
    /// When the session's rate was last another one, or the film began, and the film's tick then.
    since: Option<(Moment, f64)>,
}

impl FilmClock {
    fn new((numerator, denominator): (u32, u32)) -> Self {
        Self {
            rate: f64::from(numerator) / f64::from(denominator),
            since: None,
        }
    }

    fn tick(&mut self, now: Moment) -> u64 {
        let (since, before) = *self.since.get_or_insert((now, 0.0));
        let over = now.tick.saturating_sub(since.tick) as f64;
        let tick = before + over * (self.rate / since.rate);
        if now.rate != since.rate {
            self.since = Some((now, tick));
        }
        tick as u64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_film_begins_at_0_and_keeps_its_time_at_every_rate() {
        let mut clock = FilmClock::new((60, 1));
        let mut tick = |tick, rate| clock.tick(Moment { tick, rate });
        assert_eq!([100, 101, 160].map(|at| tick(at, 60.0)), [0, 1, 60]);
        // A show of 24 ticks a second: its first tick ends the time of the one before.
        assert_eq!([161, 162, 163].map(|at| tick(at, 24.0)), [61, 63, 66]);
        assert_eq!(tick(161 + 24, 24.0), 121);
        assert_eq!([186, 246].map(|at| tick(at, 60.0)), [123, 183]);
    }

    #[test]
    fn broken_rates_stay_whole_where_they_are_equal() {
        let mut clock = FilmClock::new((24_000, 1001));
        let rate = 24_000.0 / 1001.0;
        for tick in 0..100_000 {
            assert_eq!(clock.tick(Moment { tick, rate }), tick);
        }
    }
}
