//! What the system's sound thread does in this program: no memory is asked for or given back on it.
#![cfg(feature = "audio")]

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::hint::black_box;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use afterimage::audio::device::{Wanted, ring, supply};

/// Counts what its thread asks for and gives back.
struct Counting;

thread_local! {
    static CALLS: Cell<u64> = const { Cell::new(0) };
}

fn count() {
    CALLS.set(CALLS.get() + 1);
}

// SAFETY: it hands every call on to the system's allocator as it came; counting touches a number of the thread's own,
// which needs no memory.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count();
        // SAFETY: as the caller promises.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, place: *mut u8, layout: Layout) {
        count();
        // SAFETY: as the caller promises.
        unsafe { System.dealloc(place, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

fn calls(work: impl FnOnce()) -> u64 {
    let before = CALLS.get();
    work();
    CALLS.get() - before
}

#[test]
fn the_counter_counts() {
    assert_eq!(calls(|| drop(black_box(Box::new(1)))), 2);
}

#[test]
fn the_callback_asks_for_no_memory_with_room_and_without() {
    let (mut writer, mut reader) = ring(48_000, 2);
    let block = [0.25; 960];
    let made = calls(|| {
        // Half a minute that nobody reads: the ring is full after two seconds.
        for _ in 0..3000 {
            writer.write(block.into_iter(), Duration::from_millis(5));
        }
    });
    assert_eq!(made, 0);
    let reading = thread::spawn(move || {
        let mut frames = 0;
        while frames < 48_000 {
            reader.read(|lost, samples, _| frames += lost + samples.len() / 2);
        }
    });
    let made = calls(|| {
        while !reading.is_finished() {
            writer.write(block.into_iter(), Duration::from_millis(5));
        }
    });
    assert_eq!(made, 0);
    assert!(reading.join().is_ok());
}

#[test]
fn playing_asks_for_no_memory_with_sound_and_without() {
    let wanted = Arc::new(Wanted::default());
    let (mut supply, mut tap) = supply(48_000, &wanted);
    wanted.set(0.0, Instant::now());
    let mut cue = wanted.begin();
    let mut loud = 0;
    for turn in 0..100 {
        // Now and then sound is what nobody wants any more, and now and then there is none.
        if turn % 10 == 5 {
            cue = wanted.begin();
        }
        if turn % 10 < 8 {
            supply.give(cue, wanted.count(Instant::now()), &[[0.25; 2]; 480]);
        }
        let made = calls(|| {
            tap.report(0.0, Instant::now());
            tap.take(480, |[left, _]| loud += usize::from(left > 0.0));
        });
        assert_eq!(made, 0);
    }
    assert!(loud > 480, "{loud}");
}
