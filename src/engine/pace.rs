//! How much of a motion one step of a state covers, where sources and canvas have rates of their own.

use crate::gpu::NewPictures;
use crate::plan::{Beat, LayerValues, beats, motion_beats};
use crate::show::Show;

/// How quickly the time between pictures is learned: the part of it that each picture gives.
const LEARNING: f64 = 1.0 / 8.0;

/// The pictures of one source, as the canvas's ticks see them.
#[derive(Clone, Copy, Debug, Default)]
struct Pace {
    /// Ticks between two pictures, 0 before there were two.
    period: f64,
    since: u32,
    begun: bool,
    /// Motion that has come and was not yet applied, in pictures.
    owed: f64,
}

impl Pace {
    /// The share of the motion between the two last pictures that this tick covers. What is left over when a new
    /// picture comes is covered then, so that the shares add up to the pictures.
    fn advance(&mut self, fresh: bool) -> f64 {
        self.since += 1;
        if fresh {
            let ticks = f64::from(self.since);
            self.period = match (self.begun, self.period > 0.0) {
                (false, _) => 0.0,
                (true, false) => ticks,
                (true, true) => self.period + (ticks - self.period) * LEARNING,
            };
            self.owed += 1.0;
            (self.begun, self.since) = (true, 0);
        }
        // What a picture has left over never grows to a second picture's motion.
        let share = (1.0 / self.period.max(1.0))
            .max(self.owed - 1.0)
            .min(self.owed);
        self.owed -= share;
        share
    }
}

/// The motion that a layer reads, and what its last step covered of it.
#[derive(Clone, Debug)]
struct Drive {
    own: Beat,
    motions: Vec<(Beat, f64)>,
}

impl Drive {
    /// A tick that does the last step over covers what came since as well.
    fn advance(&mut self, fresh: bool, shares: &[f64]) -> Vec<f64> {
        let own = self.own;
        let cover = |(beat, covered): &mut (Beat, f64)| {
            let share = match *beat {
                same if same == own => return 1.0,
                Beat::Tick => 1.0,
                Beat::Source(source) => shares[source],
            };
            *covered = if fresh { share } else { *covered + share };
            *covered
        };
        self.motions.iter_mut().map(cover).collect()
    }
}

/// The shares of all layers of a show.
#[derive(Clone, Debug)]
pub(super) struct Paces {
    sources: Vec<Pace>,
    layers: Vec<Drive>,
}

impl Paces {
    pub(super) fn new(show: &Show) -> Self {
        let layers = beats(show).into_iter().enumerate().map(|(layer, own)| {
            let motions = motion_beats(show, layer).into_iter();
            let motions = motions.map(|beat| (beat, 0.0)).collect();
            Drive { own, motions }
        });
        Self {
            sources: vec![Pace::default(); show.sources.len()],
            layers: layers.collect(),
        }
    }

    /// One tick: says to each layer what it covers.
    pub(super) fn advance(&mut self, pictures: &NewPictures<'_>, values: &mut [LayerValues]) {
        let sources = self.sources.iter_mut().zip(pictures);
        let shares: Vec<_> = sources
            .map(|(pace, picture)| pace.advance(picture.is_some()))
            .collect();
        for (drive, values) in self.layers.iter_mut().zip(values) {
            let fresh = drive.own.is_fresh(pictures);
            values.shares = drive.advance(fresh, &shares);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The shares of a source whose pictures come at these ticks.
    fn shares(ticks: usize, comes: impl Fn(usize) -> bool) -> Vec<f64> {
        let mut pace = Pace::default();
        (0..ticks).map(|tick| pace.advance(comes(tick))).collect()
    }

    #[test]
    fn at_the_same_rate_every_tick_covers_all() {
        assert!(shares(100, |_| true).iter().all(|share| *share == 1.0));
    }

    #[test]
    fn shares_add_up_to_the_pictures_and_are_even() {
        for (fps, canvas) in [(24, 60), (30, 60), (25, 60), (10, 60), (50, 60), (59, 60)] {
            let comes = |tick: usize| tick == 0 || tick * fps / canvas > (tick - 1) * fps / canvas;
            let all = shares(20 * canvas, comes);
            let sum: f64 = all.iter().sum();
            assert!((sum - 20.0 * fps as f64).abs() < 2.0, "{fps}: {sum}");
            let wanted = fps as f64 / canvas as f64;
            let settled = &all[10 * canvas..];
            let off = settled
                .iter()
                .filter(|share| (**share - wanted).abs() > 0.1 * wanted);
            assert!(off.count() * 10 < settled.len(), "{fps} in {canvas}");
        }
    }

    #[test]
    fn a_source_that_stands_still_moves_nothing() {
        let all = shares(300, |tick| tick < 100 && tick % 2 == 0);
        assert!(all[110..].iter().all(|share| *share == 0.0));
    }
}
