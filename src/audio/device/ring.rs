use std::sync::Arc;
use std::time::{Duration, Instant};

use rtrb::{Consumer, Producer, RingBuffer};

use super::heartbeat::Heartbeat;

/// Sound that a reader may fall behind by.
const SECONDS: usize = 2;

/// Blocks that it may fall behind by: those of 2 ms for as long.
const BLOCKS: usize = 1024;

/// What the device gave in one call.
struct Block {
    /// Frames before it that found no room.
    lost: usize,
    /// Of all channels together.
    samples: usize,
    /// When its first sample was captured.
    captured: Instant,
}

/// The system's side of a ring. It neither locks nor allocates nor waits, whatever the other side does: the ring has one
/// writer and one reader, each with an index of its own that only it moves.
#[derive(Debug)]
pub struct Writer {
    samples: Producer<f32>,
    blocks: Producer<Block>,
    channels: usize,
    lost: usize,
    heartbeat: Arc<Heartbeat>,
}

/// The hearing thread's side of a ring.
#[derive(Debug)]
pub struct Reader {
    samples: Consumer<f32>,
    blocks: Consumer<Block>,
    buffer: Vec<f32>,
    /// Samples a second.
    pub rate: u32,
    /// Channels that are interleaved.
    pub channels: usize,
    heartbeat: Arc<Heartbeat>,
}

/// A ring for sound of `rate` samples a second and so many interleaved channels.
#[must_use]
pub fn ring(rate: u32, channels: usize) -> (Writer, Reader) {
    let (rate, channels) = (rate.max(1), channels.max(1));
    let capacity = rate as usize * channels * SECONDS;
    let (give_samples, take_samples) = RingBuffer::new(capacity);
    let (give_blocks, take_blocks) = RingBuffer::new(BLOCKS);
    let heartbeat = Arc::new(Heartbeat::new());
    let writer = Writer {
        samples: give_samples,
        blocks: give_blocks,
        channels,
        lost: 0,
        heartbeat: Arc::clone(&heartbeat),
    };
    let reader = Reader {
        samples: take_samples,
        blocks: take_blocks,
        buffer: Vec::with_capacity(capacity),
        rate,
        channels,
        heartbeat,
    };
    (writer, reader)
}

impl Writer {
    /// Puts interleaved samples in that were captured so long ago, the first of them. Where there is no room they are left
    /// out, and silence stands for them.
    pub fn write(&mut self, samples: impl ExactSizeIterator<Item = f32>, age: Duration) {
        let count = samples.len();
        let now = Instant::now();
        self.heartbeat.beat(now);
        let room = self.samples.write_chunk_uninit(count);
        let (Ok(room), false) = (room, self.blocks.is_full()) else {
            self.lost += count / self.channels;
            return;
        };
        room.fill_from_iter(samples);
        let block = Block {
            lost: std::mem::take(&mut self.lost),
            samples: count,
            captured: now.checked_sub(age).unwrap_or(now),
        };
        // There is room: nobody else writes.
        let _ = self.blocks.push(block);
    }
}

impl Reader {
    /// Calls `each` with the frames of silence before a block, its samples, and when the first of them was captured, for
    /// all that has come; whether anything has.
    pub fn read(&mut self, mut each: impl FnMut(usize, &[f32], Instant)) -> bool {
        let mut any = false;
        while let Ok(block) = self.blocks.pop() {
            self.buffer.resize(block.samples, 0.0);
            // A block is told of once all its samples are there.
            let _ = self.samples.pop_entire_slice(&mut self.buffer);
            each(block.lost, &self.buffer, block.captured);
            any = true;
        }
        any
    }

    /// How it is known when the device last gave anything.
    pub(super) fn heartbeat(&self) -> Arc<Heartbeat> {
        Arc::clone(&self.heartbeat)
    }
}

impl std::fmt::Debug for Block {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Block({})", self.samples)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_comes_through_in_order() {
        let (mut writer, mut reader) = ring(100, 2);
        for block in [&[1.0, -1.0][..], &[0.5, -0.25, 0.0, 1.0], &[0.0, -1.0]] {
            writer.write(block.iter().copied(), Duration::ZERO);
        }
        let mut all = Vec::new();
        assert!(reader.read(|lost, samples, _| {
            assert_eq!(lost, 0);
            all.extend_from_slice(samples);
        }));
        assert_eq!(all, [1.0, -1.0, 0.5, -0.25, 0.0, 1.0, 0.0, -1.0]);
        assert!(!reader.read(|_, _, _| panic!("nothing is left")));
    }

    #[test]
    fn what_finds_no_room_is_counted_and_stands_for_silence() {
        let (mut writer, mut reader) = ring(100, 2);
        for _ in 0..5 {
            // Half a second each, and two seconds fit in.
            writer.write([0.5; 100].into_iter(), Duration::ZERO);
        }
        let mut blocks = 0;
        reader.read(|lost, samples, _| blocks += usize::from(lost == 0 && samples.len() == 100));
        assert_eq!(blocks, 4);
        writer.write([0.5; 2].into_iter(), Duration::ZERO);
        let mut left_out = 0;
        reader.read(|lost, _, _| left_out += lost);
        assert_eq!(left_out, 50);
    }

    #[test]
    fn a_block_says_when_it_was_captured() {
        let (mut writer, mut reader) = ring(100, 1);
        let begun = Instant::now();
        writer.write([0.0].into_iter(), Duration::from_millis(500));
        reader.read(|_, _, captured| {
            let now = Instant::now();
            assert!(captured < begun || now - begun > Duration::from_millis(500));
        });
    }
}
