use super::super::{Rate, seconds};

/// The period of films that do not say their rate.
const DEFAULT_PERIOD: f64 = 1.0 / 25.0;

/// From time stamps to seconds.
#[derive(Clone, Debug)]
pub(super) struct Clock {
    /// Seconds of one stamp unit.
    unit: f64,
    /// Seconds of a picture whose own length is not known.
    period: f64,
    /// The stamp of the film's first picture.
    first: Option<i64>,
    /// When the last picture began, and when it is over.
    last: Option<(f64, f64)>,
    count: u64,
}

impl Clock {
    /// A clock whose stamps count `unit` seconds, for a film of `rate`.
    pub(super) fn new(unit: f64, rate: Option<Rate>) -> Self {
        Self {
            unit,
            period: rate.map_or(DEFAULT_PERIOD, |rate| seconds(1, rate)),
            first: None,
            last: None,
            count: 0,
        }
    }

    /// Tells the clock the stamp of the film's first picture.
    pub(super) fn start(&mut self, first: Option<i64>) {
        self.first = first;
    }

    /// Whether the film has stamps at all; bare streams have none.
    pub(super) fn is_stamped(&self) -> bool {
        self.first.is_some()
    }

    /// The first picture's stamp in seconds.
    pub(super) fn first_stamp(&self) -> f64 {
        self.length(self.first.unwrap_or(0))
    }

    /// Seconds of a picture whose own length is not known.
    pub(super) fn period(&self) -> f64 {
        self.period
    }

    /// Seconds of `units`.
    pub(super) fn length(&self, units: i64) -> f64 {
        units as f64 * self.unit
    }

    /// Seconds from the film's first picture to `stamp`.
    pub(super) fn seconds(&self, stamp: i64) -> Option<f64> {
        Some((stamp - self.first?) as f64 * self.unit)
    }

    /// A stamp that is a multiple of the period, but for the container's rounding, as that multiple:
    /// films at a fixed rate then keep an even cadence in any container.
    fn on_grid(&self, time: f64) -> f64 {
        let nearest = (time / self.period).round() * self.period;
        let is_rounded = (nearest - time).abs() <= self.unit && self.period > 4.0 * self.unit;
        if is_rounded { nearest } else { time }
    }

    /// The time and number of the next picture. Without a stamp, or with one that does not go forward, it
    /// follows the one before.
    pub(super) fn next(&mut self, stamp: Option<i64>, length: i64) -> (f64, u64) {
        let (begun, over) = self.last.unwrap_or((-1.0, 0.0));
        let stamped = stamp.and_then(|stamp| self.seconds(stamp));
        let time = stamped
            .map(|time| self.on_grid(time))
            .filter(|&time| time > begun && time >= 0.0)
            .unwrap_or(over);
        let length = if length > 0 {
            self.length(length)
        } else {
            self.period
        };
        self.last = Some((time, time + length));
        self.count += 1;
        (time, self.count - 1)
    }

    pub(super) fn end(&self) -> f64 {
        self.last.map_or(0.0, |(_, over)| over)
    }

    pub(super) fn reset(&mut self) {
        (self.last, self.count) = (None, 0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn clock() -> Clock {
        let mut clock = Clock::new(0.001, Some((30, 1)));
        clock.start(Some(7));
        clock
    }

    fn times(stamps: &[Option<i64>]) -> Vec<f64> {
        let mut clock = clock();
        let next = |stamp: &Option<i64>| clock.next(*stamp, 0).0;
        stamps.iter().map(next).collect()
    }

    #[test]
    fn rounded_stamps_fall_on_the_grid_and_others_stay() {
        let found = times(&[Some(7), Some(40), Some(74), Some(87), Some(107)]);
        let third = |n: f64| n * (1.0 / 30.0);
        assert_eq!(found, [0.0, third(1.0), third(2.0), 0.08, third(3.0)]);
    }

    #[test]
    fn missing_and_backward_stamps_follow_the_one_before() {
        let found = times(&[Some(7), None, Some(7), Some(507)]);
        let third = 1.0 / 30.0;
        assert_eq!(found, [0.0, third, third + third, 0.5]);
    }

    #[test]
    fn a_film_ends_when_its_last_picture_is_over() {
        let mut clock = clock();
        assert_eq!(clock.end(), 0.0);
        assert_eq!(clock.next(Some(7), 40), (0.0, 0));
        assert_eq!(clock.next(Some(1007), 250), (1.0, 1));
        assert_eq!(clock.end(), 1.25);
        clock.reset();
        assert_eq!(clock.next(Some(7), 40), (0.0, 0));
    }
}
