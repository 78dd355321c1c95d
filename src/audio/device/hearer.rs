use std::sync::Weak;
use std::sync::mpsc::Receiver;
use std::thread;
use std::time::{Duration, Instant};

use super::queue::Giver;
use super::state::State;
use super::{Heard, Reader};
use crate::audio::{Analysis, Settings};

/// How often the ring is looked at.
const LOOK: Duration = Duration::from_millis(2);

/// Where nothing comes for so long, there is silence: longer than any system's blocks.
const SILENCE: Duration = Duration::from_millis(250);

/// Rate of the silence before the first device.
const USUAL_RATE: u32 = 48_000;

/// Frames of silence that are heard at once.
const ZEROS: usize = 256;

/// Makes moments of what comes by the rings, and of silence where nothing comes.
pub(super) struct Hearer {
    rings: Receiver<Reader>,
    reader: Option<Reader>,
    settings: Settings,
    ear: Ear,
    /// When anything came last.
    came: Instant,
    /// How far silence has stood for what did not come.
    until: Instant,
}

/// The analysis of one kind of sound.
struct Ear {
    analysis: Analysis,
    rate: u32,
    channels: usize,
    /// Frames that the analysis has heard.
    frames: u64,
    /// Silence for [`ZEROS`] frames.
    zeros: Vec<f32>,
    giver: Giver,
    /// The time of the last moment.
    last: Instant,
}

impl Hearer {
    pub(super) fn new(
        rings: Receiver<Reader>,
        settings: Settings,
        giver: Giver,
        now: Instant,
    ) -> Self {
        Self {
            rings,
            reader: None,
            settings,
            ear: Ear {
                analysis: Analysis::new(USUAL_RATE, 1, &settings),
                rate: USUAL_RATE,
                channels: 1,
                frames: 0,
                zeros: vec![0.0; ZEROS],
                giver,
                last: now,
            },
            came: now,
            until: now,
        }
    }

    /// Hears for as long as anybody listens.
    pub(super) fn run(mut self, listener: &Weak<State>) {
        while listener.strong_count() > 0 {
            self.turn(Instant::now());
            thread::sleep(LOOK);
        }
    }

    /// Hears what has come by `now`.
    fn turn(&mut self, now: Instant) {
        while let Ok(reader) = self.rings.try_recv() {
            self.ear.fit(&reader, &self.settings);
            self.reader = Some(reader);
        }
        let ear = &mut self.ear;
        let came = self.reader.as_mut().is_some_and(|reader| {
            reader.read(|lost, samples, captured| {
                ear.hear_silence(lost, captured);
                ear.hear(samples, captured);
            })
        });
        if came {
            (self.came, self.until) = (now, now);
        } else if now.saturating_duration_since(self.came) > SILENCE {
            self.be_silent(now);
        }
    }

    /// Silence stands for what did not come.
    fn be_silent(&mut self, now: Instant) {
        let seconds = now.saturating_duration_since(self.until).as_secs_f64();
        let frames = (seconds * f64::from(self.ear.rate)).round();
        self.ear.hear_silence(frames as usize, now);
        self.until = now;
    }
}

impl Ear {
    /// Sound of another rate, or of more or fewer channels, begins anew.
    fn fit(&mut self, reader: &Reader, settings: &Settings) {
        if (self.rate, self.channels) == (reader.rate, reader.channels) {
            return;
        }
        (self.rate, self.channels) = (reader.rate, reader.channels);
        self.analysis = Analysis::new(self.rate, self.channels, settings);
        self.frames = 0;
        self.zeros = vec![0.0; ZEROS * self.channels];
    }

    /// Hears samples of which the first was captured at `begun`.
    fn hear(&mut self, samples: &[f32], begun: Instant) {
        let before = self.frames as f64 / f64::from(self.rate);
        let (last, giver) = (&mut self.last, &mut self.giver);
        self.analysis.hear(samples, |moment| {
            let into = Duration::from_secs_f64((moment.time - before).max(0.0));
            *last = (begun + into).max(*last);
            let moment = moment.clone();
            giver.give(Heard { at: *last, moment });
        });
        self.frames += (samples.len() / self.channels) as u64;
    }

    /// Hears so many frames of silence that end at `end`.
    fn hear_silence(&mut self, frames: usize, end: Instant) {
        let zeros = std::mem::take(&mut self.zeros);
        let mut left = frames;
        while left > 0 {
            let ahead = Duration::from_secs_f64(left as f64 / f64::from(self.rate));
            let part = left.min(ZEROS);
            let begun = end.checked_sub(ahead).unwrap_or(end);
            self.hear(&zeros[..part * self.channels], begun);
            left -= part;
        }
        self.zeros = zeros;
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::channel;

    use super::super::queue::{Taker, queue};
    use super::super::ring;
    use super::*;
    use crate::audio::Moment;

    /// A hearer at a certain time, and what it gives.
    fn hearer(now: Instant) -> (Hearer, std::sync::mpsc::Sender<Reader>, Taker) {
        let (send, rings) = channel();
        let (giver, taker) = queue();
        let hearer = Hearer::new(rings, Settings::default(), giver, now);
        (hearer, send, taker)
    }

    fn moments(taker: &mut Taker) -> Vec<Moment> {
        let heard = std::iter::from_fn(|| taker.take());
        heard.map(|heard| heard.moment).collect()
    }

    /// Beats of noise, four a second, in two channels.
    fn drums(rate: u32, seconds: u32) -> Vec<f32> {
        let mut state = 1_u32;
        let sample = |at: u32| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let since = f64::from(at % (rate / 4)) / f64::from(rate);
            ((f64::from(state) / f64::from(u32::MAX) - 0.5) * (-since * 40.0).exp()) as f32
        };
        let mono: Vec<_> = (0..rate * seconds).map(sample).collect();
        mono.iter().flat_map(|left| [*left, left * 0.5]).collect()
    }

    #[test]
    fn a_ring_in_odd_blocks_gives_the_numbers_of_the_whole() {
        let rate = 44_100;
        let sound = drums(rate, 3);
        let (mut expected, now) = (Vec::new(), Instant::now());
        let mut analysis = Analysis::new(rate, 2, &Settings::default());
        analysis.hear(&sound, |moment| expected.push(moment.clone()));
        assert!(expected.iter().filter(|moment| moment.onset).count() >= 10);
        for frames in [1, 37, 479, 6000] {
            let (mut hearer, rings, mut taker) = hearer(now);
            let (mut writer, reader) = ring(rate, 2);
            rings.send(reader).unwrap();
            for block in sound.chunks(2 * frames) {
                writer.write(block.iter().copied(), Duration::ZERO);
                hearer.turn(now);
            }
            assert_eq!(moments(&mut taker), expected, "blocks of {frames}");
        }
    }

    #[test]
    fn where_nothing_comes_silence_goes_on_and_all_falls_to_zero() {
        let (rate, now) = (8000, Instant::now());
        let (mut hearer, rings, mut taker) = hearer(now);
        let (mut writer, reader) = ring(rate, 2);
        rings.send(reader).unwrap();
        for block in drums(rate, 2).chunks(2 * 800) {
            writer.write(block.iter().copied(), Duration::ZERO);
            hearer.turn(now);
        }
        let loud = moments(&mut taker);
        assert!(loud.iter().any(|moment| moment.level > 0.5));
        let mut last = None;
        for turn in 1..=100 {
            hearer.turn(now + Duration::from_millis(20) * turn);
            while let Some(heard) = taker.take() {
                assert!(last.is_none_or(|last| last <= heard.at));
                last = Some(heard.at);
                if turn == 100 {
                    assert!(heard.moment.level < 1e-3, "{:?}", heard.moment);
                    assert_eq!((heard.moment.peak, heard.moment.onset), (0.0, false));
                }
            }
        }
        let (after, end) = (last.unwrap(), now + Duration::from_secs(2));
        assert!(end.saturating_duration_since(after) < Duration::from_millis(20));
    }

    #[test]
    fn a_device_of_another_kind_is_heard_anew_and_one_of_the_same_kind_goes_on() {
        let now = Instant::now();
        let (mut hearer, rings, mut taker) = hearer(now);
        for (rate, channels, time) in [(8000, 2, 1.0), (8000, 2, 2.0), (48_000, 1, 1.0)] {
            let (mut writer, reader) = ring(rate, channels);
            rings.send(reader).unwrap();
            let quarter = vec![0.25; rate as usize * channels];
            writer.write(quarter.into_iter(), Duration::ZERO);
            hearer.turn(now);
            let moments = moments(&mut taker);
            assert_eq!(moments.len(), 100);
            assert!((moments[99].time - time).abs() < 1e-6);
            assert!((moments[99].decibels + 12.04).abs() < 0.1);
        }
    }

    #[test]
    fn what_found_no_room_leaves_silence_and_not_a_shorter_time() {
        let (rate, now) = (1000, Instant::now());
        let (mut hearer, rings, mut taker) = hearer(now);
        let (mut writer, reader) = ring(rate, 1);
        rings.send(reader).unwrap();
        for _ in 0..3 {
            writer.write([0.5; 1000].into_iter(), Duration::ZERO);
        }
        hearer.turn(now);
        writer.write([0.5; 1000].into_iter(), Duration::ZERO);
        hearer.turn(now);
        let moments = moments(&mut taker);
        assert_eq!(moments.len(), 400);
        assert_eq!((moments[250].peak, moments[350].peak), (0.0, 0.5));
    }
}
