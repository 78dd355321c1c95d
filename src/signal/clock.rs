use std::ops::RangeInclusive;

use super::pulse::Pulse;

/// Beats in a bar.
pub const BEATS_PER_BAR: f64 = 4.0;

/// The fastest tempo in BPM; the slowest is 0, at which the beat stands still.
pub const FASTEST_TEMPO: f64 = 1000.0;

/// The tempo in BPM of a show that says none, until one is heard.
pub const USUAL_TEMPO: f64 = 120.0;

const TEMPI: RangeInclusive<f64> = 0.0..=FASTEST_TEMPO;

/// Where the show is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Tick {
    /// Counts from 0.
    pub tick: u64,
    /// Seconds since the start: the tick's number divided by the rate.
    pub time: f64,
    /// Seconds that one tick lasts.
    pub delta: f64,
    /// Beats since the start, with a fraction.
    pub beat: f64,
    /// Bars of four beats since the start, with a fraction.
    pub bar: f64,
    /// Beats per minute.
    pub tempo: f64,
}

/// Whose beat a clock has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Leader {
    /// What is heard, where that is sure; else it goes on by itself.
    #[default]
    Ear,
    /// A tempo that was written, typed or tapped, until it is released.
    Hand,
}

/// Counts ticks at the canvas's rate. Time and beat are computed from the count, never summed, so that no error
/// grows with the length of a show.
#[derive(Clone, Debug)]
pub struct Clock {
    fps: f64,
    leader: Leader,
    tempo: f64,
    /// The tempo at which the beat runs, faster or slower where it makes up for what it is off.
    pace: f64,
    next: u64,
    /// The tick and the beat at which this pace began.
    since: (u64, f64),
    /// By how many beats bars are ahead of it.
    lead: f64,
}

impl Clock {
    /// A clock before its first tick, with a tempo in BPM until another leads. `fps` is ticks per second, above 0.
    ///
    /// # Panics
    /// Where `fps` is not a finite number above 0: the caller checks what a user wrote.
    #[must_use]
    pub fn new(fps: f64, tempo: f64) -> Self {
        assert!(
            fps.is_finite() && fps > 0.0,
            "a clock of {fps} ticks per second"
        );
        let mut clock = Self {
            fps,
            leader: Leader::Ear,
            tempo: USUAL_TEMPO,
            pace: USUAL_TEMPO,
            next: 0,
            since: (0, 0.0),
            lead: 0.0,
        };
        clock.run(tempo);
        clock
    }

    /// The next tick; the first call yields tick 0 at 0 s.
    pub fn advance(&mut self) -> Tick {
        let tick = self.next;
        self.next += 1;
        let beat = self.beat(tick);
        Tick {
            tick,
            time: tick as f64 / self.fps,
            delta: 1.0 / self.fps,
            beat,
            bar: (beat + self.lead) / BEATS_PER_BAR,
            tempo: self.tempo,
        }
    }

    /// Leaves ticks out that came too late to be shown; time and beat go on as if they had been.
    pub fn skip(&mut self, ticks: u64) {
        self.next += ticks;
    }

    /// Ticks per second.
    #[must_use]
    pub const fn fps(&self) -> f64 {
        self.fps
    }

    /// Ticks per second from the next tick on, above 0. Time and beat go on from where they are, time to the nearest
    /// tick.
    pub fn set_fps(&mut self, fps: f64) {
        if fps != self.fps {
            let beat = self.beat(self.next);
            self.next = at_rate(self.next, self.fps, fps);
            self.since = (self.next, beat);
            self.fps = fps;
        }
    }

    /// The tempo in BPM from the next tick on, held to 0 ..= [`FASTEST_TEMPO`], until [`Self::release`]. The beat goes on
    /// from where it is. NaN and infinity change nothing.
    pub fn set_tempo(&mut self, tempo: f64) {
        if tempo.is_finite() {
            self.leader = Leader::Hand;
            self.run(tempo);
        }
    }

    /// Moves the beat so that its nearest whole one falls on the next tick, and keeps its tempo until [`Self::release`].
    pub fn sync(&mut self) {
        self.set_tempo(self.tempo);
        self.since.1 = self.since.1.round();
    }

    /// Lets whoever is heard lead again.
    pub const fn release(&mut self) {
        self.leader = Leader::Ear;
    }

    /// Whose beat it has.
    #[must_use]
    pub const fn leader(&self) -> Leader {
        self.leader
    }

    /// Follows a beat as it is at the next tick, unless a hand leads. Before its first tick it takes that beat's place. Later it
    /// never goes back and never leaps: it runs faster or slower until it falls on the other's. Bars go forward to where the other's are. A pulse that is not
    /// sure changes nothing: the tempo stays, and the beat runs on by itself.
    pub fn follow(&mut self, pulse: &Pulse) {
        if self.leader == Leader::Hand {
            return;
        }
        if !pulse.is_sure() {
            if self.pace != self.tempo {
                self.run(self.tempo);
            }
            return;
        }
        self.run(pulse.tempo);
        if self.next == 0 {
            self.since.1 = pulse.beat.rem_euclid(1.0);
        }
        let beat = self.since.1;
        self.pace = self.tempo * pulse.pull(beat);
        self.lead += pulse.bars_ahead(beat, beat + self.lead);
    }

    /// Runs at a tempo from the next tick on.
    fn run(&mut self, tempo: f64) {
        self.since = (self.next, self.beat(self.next));
        self.tempo = tempo.clamp(*TEMPI.start(), *TEMPI.end());
        self.pace = self.tempo;
    }

    /// The tempo in BPM.
    #[must_use]
    pub const fn tempo(&self) -> f64 {
        self.tempo
    }

    /// Back to tick 0, time 0 and beat 0 at the present tempo.
    pub fn restart(&mut self) {
        self.next = 0;
        (self.since, self.lead) = ((0, 0.0), 0.0);
    }

    /// One division of (mostly) whole numbers, so that a beat that falls on a tick is a whole number there.
    fn beat(&self, tick: u64) -> f64 {
        let (start, beat) = self.since;
        beat + (tick - start) as f64 * self.pace / (60.0 * self.fps)
    }
}

/// The tick of another rate that comes nearest to the time of this one.
#[must_use]
pub fn at_rate(tick: u64, fps: f64, other: f64) -> u64 {
    (tick as f64 / fps * other).round() as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_is_exact_after_a_day() {
        let mut clock = Clock::new(60.0, 120.0);
        clock.skip(60 * 86_400);
        let tick = clock.advance();
        assert_eq!((tick.tick, tick.time), (5_184_000, 86_400.0));
        assert_eq!((tick.beat, tick.bar), (172_800.0, 43_200.0));
    }

    #[test]
    fn beats_that_fall_on_a_tick_are_whole() {
        let mut clock = Clock::new(60.0, 128.0);
        let ticks: Vec<Tick> = (0..4501).map(|_| clock.advance()).collect();
        assert_eq!(ticks[225].beat, 8.0);
        assert_eq!(ticks[4500].beat, 160.0);
    }

    #[test]
    fn a_new_tempo_keeps_the_beat_continuous() {
        let mut clock = Clock::new(50.0, 120.0);
        let before = (0..75).map(|_| clock.advance()).last().expect("75 ticks");
        clock.set_tempo(60.0);
        let after = clock.advance();
        assert!((after.beat - before.beat - 0.04).abs() < 1e-12);
        assert_eq!(after.beat, 3.0);
        assert!((clock.advance().beat - after.beat - 0.02).abs() < 1e-12);
        clock.set_tempo(f64::NAN);
        assert_eq!(clock.advance().tempo, 60.0);
    }

    #[test]
    fn the_nearest_beat_falls_on_the_tick_of_a_sync() {
        let mut clock = Clock::new(60.0, 120.0);
        for (late, beat) in [(50, 2.0), (10, 2.0), (45, 4.0)] {
            clock.skip(late);
            clock.sync();
            assert_eq!(clock.advance().beat, beat);
        }
        assert!((clock.advance().beat - 4.0 - 1.0 / 30.0).abs() < 1e-12);
    }

    #[test]
    fn a_new_rate_keeps_time_and_beat_continuous() {
        let mut clock = Clock::new(60.0, 90.0);
        clock.skip(600);
        clock.set_fps(24.0);
        let tick = clock.advance();
        assert_eq!((tick.tick, tick.time, tick.beat), (240, 10.0, 15.0));
        assert_eq!((tick.delta, clock.advance().beat), (1.0 / 24.0, 15.0625));
    }

    #[test]
    fn restart_goes_back_to_the_first_tick() {
        let mut clock = Clock::new(24.0, 90.0);
        let first = clock.advance();
        clock.skip(7);
        assert_eq!(clock.advance().tick, 8);
        clock.restart();
        assert_eq!(clock.advance(), first);
    }
}
