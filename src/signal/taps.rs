/// Taps further apart begin anew: nobody taps slower than 30 BPM.
const LONGEST_GAP: f64 = 2.0;

/// Taps that count: with more, a change of tempo would take long to be heard.
const MOST: usize = 9;

/// A tempo tapped by hand: the median of the last intervals, which one tap amiss does not change.
#[derive(Clone, Debug, Default)]
pub struct Taps {
    /// In seconds, ascending.
    times: Vec<f64>,
}

impl Taps {
    /// Takes a tap at a time in seconds, and gives the tempo in BPM from the second tap on.
    pub fn tap(&mut self, time: f64) -> Option<f64> {
        if self
            .times
            .last()
            .is_some_and(|last| time - last > LONGEST_GAP)
        {
            self.times.clear();
        }
        self.times.push(time);
        let surplus = self.times.len().saturating_sub(MOST);
        self.times.drain(..surplus);
        let pairs = self.times.windows(2);
        let mut intervals: Vec<f64> = pairs.map(|pair| pair[1] - pair[0]).collect();
        intervals.retain(|interval| *interval > 0.0);
        intervals.sort_by(f64::total_cmp);
        median(&intervals).map(|interval| 60.0 / interval)
    }
}

/// The middle of sorted numbers, or between the two in the middle.
fn median(sorted: &[f64]) -> Option<f64> {
    let middle = sorted.len() / 2;
    match sorted.len() {
        0 => None,
        length if length % 2 == 1 => Some(sorted[middle]),
        _ => Some(f64::midpoint(sorted[middle - 1], sorted[middle])),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tapped(times: &[f64]) -> Option<f64> {
        let mut taps = Taps::default();
        times.iter().map(|time| taps.tap(*time)).last().flatten()
    }

    #[test]
    fn the_tempo_is_that_of_the_median_interval() {
        assert_eq!(tapped(&[3.0]), None);
        assert_eq!(tapped(&[3.0, 3.5]), Some(120.0));
        // One tap comes 0.1 s late: the intervals beside it are wrong, the tempo is not.
        assert_eq!(tapped(&[0.0, 0.5, 1.0, 1.6, 2.0, 2.5]), Some(120.0));
        assert_eq!(tapped(&[1.0, 1.0]), None);
    }

    #[test]
    fn a_pause_begins_anew_and_old_taps_are_forgotten() {
        assert_eq!(tapped(&[0.0, 0.25, 0.5, 3.0]), None);
        assert_eq!(tapped(&[0.0, 0.25, 0.5, 3.0, 4.0]), Some(60.0));
        let slow = (0..20).map(f64::from);
        let fast = (1..=9).map(|tap| 19.0 + f64::from(tap) / 2.0);
        assert_eq!(tapped(&slow.chain(fast).collect::<Vec<_>>()), Some(120.0));
    }
}
