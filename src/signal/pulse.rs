use super::clock::BEATS_PER_BAR;

/// A beat from outside, as it is at one moment.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Pulse {
    /// Beats per minute; 0 while none is known.
    pub tempo: f64,
    /// Beats so far, with a fraction.
    pub beat: f64,
    /// Bars so far, with a fraction.
    pub bar: f64,
    /// How sure it is: 0 knows nothing, 1 has no doubt.
    pub confidence: f64,
}

/// The share of what a beat is off that is made up for in a beat.
const PULL: f64 = 0.5;

/// A clock that follows never runs faster or slower than by this share.
const MOST_PULL: f64 = 0.25;

/// Nearer than this share of a beat the same beat is meant, so that bars can be compared.
const NEAR: f64 = 0.25;

impl Pulse {
    /// Below this confidence nobody follows.
    pub const SURE: f64 = 0.5;

    /// Whether it is worth following.
    pub(super) fn is_sure(&self) -> bool {
        self.tempo > 0.0 && self.beat.is_finite() && self.confidence >= Self::SURE
    }

    /// How much faster a clock has to run whose beat is this one: 1 where both fall together.
    pub(super) fn pull(&self, beat: f64) -> f64 {
        1.0 + (self.off(beat) * PULL).clamp(-MOST_PULL, MOST_PULL)
    }

    /// By how many beats, 0 to 3, a clock's bars have to go forward, which has counted so many beats in bars.
    pub(super) fn bars_ahead(&self, beat: f64, in_bars: f64) -> f64 {
        let ahead = (self.bar * BEATS_PER_BAR - in_bars).round();
        if self.off(beat).abs() < NEAR {
            ahead.rem_euclid(BEATS_PER_BAR)
        } else {
            0.0
        }
    }

    /// How far it is ahead of a beat, -0.5 to 0.5.
    fn off(&self, beat: f64) -> f64 {
        let off = self.beat - beat;
        off - off.round()
    }
}

#[cfg(test)]
mod tests {
    use super::super::clock::{Clock, Leader, Tick};
    use super::*;

    /// A beat at this tempo, `begun` seconds late, as it is at a time.
    fn pulse(tempo: f64, begun: f64, time: f64) -> Pulse {
        let beat = (time - begun) * tempo / 60.0;
        Pulse {
            tempo,
            beat,
            bar: beat / BEATS_PER_BAR,
            confidence: 1.0,
        }
    }

    /// So many ticks of a clock that hears this.
    fn ticks(clock: &mut Clock, count: u64, heard: impl Fn(f64) -> Pulse) -> Vec<Tick> {
        let tick = |_| {
            let time = clock.clone().advance().time;
            clock.follow(&heard(time));
            clock.advance()
        };
        (0..count).map(tick).collect()
    }

    fn off(tick: &Tick, pulse: Pulse) -> f64 {
        pulse.off(tick.beat).abs()
    }

    #[test]
    fn it_falls_in_step_within_a_few_beats_and_never_goes_back() {
        // The first pulses are not sure, so that it begins at another beat.
        let sure = |pulse: Pulse, time: f64| Pulse {
            confidence: if time < 0.5 { 0.0 } else { 1.0 },
            ..pulse
        };
        for (fps, tempo, begun) in [(60.0, 97.0, 0.1), (24.0, 174.0, 0.3), (30.0, 62.0, -0.47)] {
            let mut clock = Clock::new(fps, 120.0);
            let heard = |time| pulse(tempo, begun, time);
            let all = ticks(&mut clock, 20 * fps as u64, |time| sure(heard(time), time));
            let settled = ((0.5 + 6.0 * 60.0 / tempo) * fps) as usize;
            for tick in &all[settled..] {
                assert!(off(tick, heard(tick.time)) < 0.05, "{tempo}: {tick:?}");
                let bars = heard(tick.time).bar - tick.bar;
                assert!((bars - bars.round()).abs() < 0.02, "{tempo}: {tick:?}");
            }
            let steps = all.windows(2).map(|pair| pair[1].beat - pair[0].beat);
            let usual = tempo / 60.0 / fps;
            assert!(
                steps
                    .skip(fps as usize)
                    .all(|step| (0.74..1.26).contains(&(step / usual))),
                "{tempo}"
            );
            assert!(all.windows(2).all(|pair| pair[1].bar > pair[0].bar));
        }
    }

    #[test]
    fn it_begins_in_step() {
        let heard = |time| pulse(90.0, -7.31, time);
        let all = ticks(&mut Clock::new(60.0, 120.0), 60, heard);
        assert!(all.iter().all(|tick| off(tick, heard(tick.time)) < 1e-9));
        assert!((0.0..1.0).contains(&all[0].beat));
    }

    #[test]
    fn what_is_not_sure_lets_it_run_on() {
        let mut clock = Clock::new(60.0, 120.0);
        ticks(&mut clock, 600, |time| pulse(90.0, 0.0, time));
        let unsure = |time| Pulse {
            confidence: 0.1,
            ..pulse(140.0, 0.2, time)
        };
        let alone = ticks(&mut clock, 600, unsure);
        assert!(alone.iter().all(|tick| tick.tempo == 90.0));
        let beats = alone[599].beat - alone[0].beat;
        assert!((beats - 599.0 / 40.0).abs() < 1e-9, "{beats}");
    }

    #[test]
    fn a_hand_leads_until_it_lets_go() {
        let heard = |time| pulse(90.0, 0.0, time);
        let mut clock = Clock::new(60.0, 120.0);
        ticks(&mut clock, 60, heard);
        clock.set_tempo(150.0);
        assert_eq!(clock.leader(), Leader::Hand);
        assert!(
            ticks(&mut clock, 60, heard)
                .iter()
                .all(|tick| tick.tempo == 150.0)
        );
        clock.release();
        assert_eq!(ticks(&mut clock, 1, heard)[0].tempo, 90.0);
        clock.sync();
        let synced = ticks(&mut clock, 60, heard);
        assert_eq!(synced[0].beat.fract(), 0.0);
        assert!((synced[40].beat - synced[0].beat - 1.0).abs() < 1e-9);
    }
}
