use std::sync::Arc;
use std::time::Instant;

use rtrb::{Consumer, Producer, RingBuffer};

use super::Wanted;
use super::played::Played;

/// Samples of left and right that are heard at once.
pub type Frame = [f32; 2];

/// Sound that waits to be played, in parts of a second.
const PARTS: u32 = 2;

/// Pieces that may wait: those of 256 frames for as long, at 96 kHz.
const PIECES: usize = 256;

/// Some frames of one cue in a row.
#[derive(Debug)]
struct Piece {
    cue: u64,
    /// How far the film has been played at the first of them, in seconds in all.
    count: f64,
    frames: usize,
}

/// The decoding thread's side of a stream to a device.
#[derive(Debug)]
pub struct Supply {
    frames: Producer<Frame>,
    pieces: Producer<Piece>,
    /// Frames a second.
    pub rate: u32,
    pub(super) played: Arc<Played>,
}

/// The system's side. It neither locks nor allocates nor waits, whatever the other side does.
#[derive(Debug)]
pub struct Tap {
    frames: Consumer<Frame>,
    pieces: Consumer<Piece>,
    rate: f64,
    played: Arc<Played>,
    /// What is left of the piece that is being played.
    piece: Option<Piece>,
    /// The cue that is being heard without a gap; 0 in silence.
    joined: u64,
    /// Frames that the device took in all, silence too.
    taken: u64,
}

/// A ring for stereo sound of `rate` frames a second that goes out as it is wanted.
#[must_use]
pub fn supply(rate: u32, wanted: &Arc<Wanted>) -> (Supply, Tap) {
    let rate = rate.max(1);
    let (give_frames, take_frames) = RingBuffer::new((rate / PARTS).max(1) as usize);
    let (give_pieces, take_pieces) = RingBuffer::new(PIECES);
    let played = Arc::new(Played::new(wanted));
    let supply = Supply {
        frames: give_frames,
        pieces: give_pieces,
        rate,
        played: Arc::clone(&played),
    };
    let tap = Tap {
        frames: take_frames,
        pieces: take_pieces,
        rate: f64::from(rate),
        played,
        piece: None,
        joined: 0,
        taken: 0,
    };
    (supply, tap)
}

impl Supply {
    /// Puts in what there is room for of a cue's frames, of which the first has this count; says how many that was.
    pub fn give(&mut self, cue: u64, count: f64, frames: &[Frame]) -> usize {
        let room = self.frames.slots().min(frames.len());
        if room == 0 || self.pieces.is_full() {
            return 0;
        }
        let Ok(chunk) = self.frames.write_chunk_uninit(room) else {
            return 0;
        };
        let frames = chunk.fill_from_iter(frames.iter().copied());
        // There is room: nobody else gives.
        let _ = self.pieces.push(Piece { cue, count, frames });
        frames
    }

    /// Whether a device still takes what is given.
    #[must_use]
    pub fn is_open(&self) -> bool {
        !self.frames.is_abandoned()
    }
}

impl Tap {
    /// At `at`, what is `ahead` seconds before what is taken next is heard.
    pub fn report(&self, ahead: f64, at: Instant) {
        self.played.report(self.seconds() - ahead, at);
    }

    /// Gives the device its next frames: what is wanted when they will be heard, or silence.
    pub fn take(&mut self, frames: usize, mut put: impl FnMut(Frame)) {
        self.played.heartbeat.beat(Instant::now());
        let mut left = frames;
        while left > 0 {
            let (silent, count) = self.next(left);
            self.play(silent, count, &mut put);
            left -= count;
        }
    }

    /// How many of the next frames are silent, or else sound: at least one, at most `most`.
    fn next(&mut self, most: usize) -> (bool, usize) {
        let cue = self.played.wanted.cue();
        if !self.find(cue) {
            self.part();
            return (true, most);
        }
        let (count, frames) = match &self.piece {
            Some(piece) => (piece.count, piece.frames),
            None => return (true, most),
        };
        if self.joined == cue {
            return (false, most.min(frames));
        }
        let Some(wanted) = self.played.wanted_at(self.seconds()) else {
            return (true, most);
        };
        let late = ((wanted - count) * self.rate).round();
        if late < 0.0 {
            return (true, most.min((-late) as usize));
        }
        let late = late as usize;
        if late >= frames {
            self.pass(frames);
            return self.next(most);
        }
        self.pass(late);
        let count = count + late as f64 / self.rate;
        self.played.join(cue, count, self.seconds());
        self.joined = cue;
        (false, most.min(frames - late))
    }

    /// Whether there are frames of a cue; those of all others are passed over.
    fn find(&mut self, cue: u64) -> bool {
        loop {
            if self.piece.as_ref().is_none_or(|piece| piece.frames == 0) {
                self.piece = self.pieces.pop().ok();
            }
            match &self.piece {
                None => return false,
                Some(piece) if piece.cue == cue => return true,
                Some(piece) => self.pass(piece.frames),
            }
        }
    }

    /// Leaves frames of a piece out.
    fn pass(&mut self, count: usize) {
        if let Ok(chunk) = self.frames.read_chunk(count) {
            chunk.commit_all();
        }
        self.advance(count);
    }

    fn play(&mut self, silent: bool, count: usize, put: &mut impl FnMut(Frame)) {
        if silent {
            (0..count).for_each(|_| put([0.0; 2]));
        } else {
            // A piece is told of once all its frames are there.
            (0..count).for_each(|_| put(self.frames.pop().unwrap_or_default()));
            self.advance(count);
        }
        self.taken += count as u64;
    }

    fn advance(&mut self, count: usize) {
        if let Some(piece) = &mut self.piece {
            piece.frames -= count.min(piece.frames);
            piece.count += count as f64 / self.rate;
        }
    }

    fn part(&mut self) {
        if std::mem::take(&mut self.joined) != 0 {
            self.played.part();
        }
    }

    /// Seconds from the stream's beginning to what is taken next.
    fn seconds(&self) -> f64 {
        self.taken as f64 / self.rate
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    const RATE: u32 = 1000;

    /// Frames that say in milliseconds what their count is, from `from` on.
    fn frames(from: usize, count: usize) -> Vec<Frame> {
        let frame = |at: usize| [at as f32, -(at as f32)];
        (from..from + count).map(frame).collect()
    }

    /// A stream of which all is heard a fifth of a second after it is taken, of a film that has played for two seconds.
    fn stream() -> (Arc<Wanted>, Instant, Supply, Tap) {
        let (wanted, now) = (Arc::new(Wanted::default()), Instant::now());
        let (supply, tap) = supply(RATE, &wanted);
        wanted.set(2.0, now);
        tap.report(0.2, now);
        (wanted, now, supply, tap)
    }

    fn taken(tap: &mut Tap, count: usize) -> Vec<f32> {
        let mut all = Vec::new();
        tap.take(count, |[left, right]| {
            assert_eq!(left, -right);
            all.push(left);
        });
        assert_eq!(all.len(), count);
        all
    }

    #[test]
    fn what_is_late_is_left_out_and_what_is_early_waits() {
        let (wanted, now, mut supply, mut tap) = stream();
        let cue = wanted.begin();
        assert_eq!(supply.give(cue, 2.0, &frames(2000, 300)), 300);
        let sound = taken(&mut tap, 50);
        assert_eq!((sound[0], sound[49]), (2200.0, 2249.0));
        let heard = |after: u64| {
            tap.played
                .heard(now + Duration::from_millis(after))
                .unwrap()
        };
        assert!((heard(200) - 2.2).abs() < 1e-6 && (heard(0) - 2.0).abs() < 1e-6);
        let cue = wanted.begin();
        // It is wanted a twentieth of a second after this.
        supply.give(cue, 2.3, &frames(2300, 100));
        let sound = taken(&mut tap, 100);
        assert_eq!((sound[49], sound[50], sound[99]), (0.0, 2300.0, 2349.0));
    }

    #[test]
    fn what_is_heard_is_the_devices_time_and_not_the_films() {
        let (wanted, now, mut supply, mut tap) = stream();
        let cue = wanted.begin();
        supply.give(cue, 2.0, &frames(2000, 500));
        assert_eq!(taken(&mut tap, 100)[0], 2200.0);
        // The film has run away; half a second later, the device has come on by a tenth only.
        let later = now + Duration::from_millis(500);
        wanted.set(9.0, later);
        tap.report(0.2, later);
        assert_eq!(taken(&mut tap, 100)[0], 2300.0);
        let heard = tap.played.heard(later).unwrap();
        assert!((heard - 2.1).abs() < 1e-6, "{heard}");
    }

    #[test]
    fn a_gap_is_silent_tells_no_time_and_is_made_up_for() {
        let (wanted, now, mut supply, mut tap) = stream();
        assert_eq!(taken(&mut tap, 10), [0.0; 10]);
        let cue = wanted.begin();
        supply.give(cue, 2.0, &frames(2000, 240));
        let sound = taken(&mut tap, 100);
        assert_eq!((sound[0], sound[29], sound[30]), (2210.0, 2239.0, 0.0));
        assert_eq!(tap.played.heard(now), None);
        supply.give(cue, 2.24, &frames(2240, 200));
        assert_eq!(taken(&mut tap, 10)[0], 2310.0);
        assert!(tap.played.heard(now).is_some());
        wanted.end(cue);
        assert_eq!(taken(&mut tap, 10), [0.0; 10]);
        assert_eq!(tap.played.heard(now), None);
    }

    #[test]
    fn it_takes_what_there_is_room_for() {
        let (wanted, _, mut supply, tap) = stream();
        let cue = wanted.begin();
        assert_eq!(supply.give(cue, 2.0, &frames(0, 900)), 500);
        assert_eq!(supply.give(cue, 2.5, &frames(0, 900)), 0);
        drop(tap);
        assert!(!supply.is_open());
    }
}
