//! The instrument that watches the frame loop: on its thread nothing may wait for a disk, a device or a
//! compiler.
//!
//! Whatever can wait says so with [`may_block`]; on every other thread that costs one look at a flag.

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::marker::PhantomData;

thread_local! {
    static ON_LOOP: Cell<bool> = const { Cell::new(false) };
    static BLOCKED: RefCell<BTreeSet<&'static str>> = const { RefCell::new(BTreeSet::new()) };
}

/// While it lives, this thread is the frame loop's.
#[derive(Debug)]
pub struct FrameLoop {
    /// It marks the thread that made it: it must not go to another.
    stays: PhantomData<*const ()>,
}

impl FrameLoop {
    /// Marks this thread.
    #[must_use]
    pub fn enter() -> Self {
        ON_LOOP.set(true);
        BLOCKED.take();
        Self { stays: PhantomData }
    }

    /// What on this thread may have waited since it was marked.
    #[must_use]
    pub fn blocked(&self) -> Vec<&'static str> {
        BLOCKED.with_borrow(|blocked| blocked.iter().copied().collect())
    }
}

impl Drop for FrameLoop {
    fn drop(&mut self) {
        ON_LOOP.set(false);
    }
}

/// Says that the caller is about to do something that may wait. On the frame loop that is a fault of the
/// program: the show goes on, and it is logged once.
pub fn may_block(what: &'static str) {
    if ON_LOOP.get() && BLOCKED.with_borrow_mut(|blocked| blocked.insert(what)) {
        log::error!("the frame loop waited to {what}: please report this");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_marked_thread_is_watched_and_only_while_it_is_marked() {
        may_block("do it before");
        let frame_loop = FrameLoop::enter();
        std::thread::spawn(|| may_block("do it elsewhere"))
            .join()
            .unwrap();
        assert!(frame_loop.blocked().is_empty());
        may_block("do it here");
        may_block("do it here");
        assert_eq!(frame_loop.blocked(), ["do it here"]);
        drop(frame_loop);
        may_block("do it after");
        assert!(FrameLoop::enter().blocked().is_empty());
    }
}
