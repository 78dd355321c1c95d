//! What a device reports of itself: errors, its loss, and what it has not finished.

use std::collections::{HashSet, VecDeque};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

/// A device's reports, shared with its callbacks.
#[derive(Debug, Default)]
pub(super) struct Health {
    errors: AtomicU64,
    /// Submissions so far.
    sent: AtomicU64,
    unfinished: Mutex<VecDeque<wgpu::SubmissionIndex>>,
    seen: Mutex<HashSet<String>>,
    loss: OnceLock<String>,
}

impl Health {
    /// Takes the device's reports: wgpu's own handler panics, which would end a show for one wrong layer.
    pub(super) fn watch(device: &wgpu::Device) -> Arc<Self> {
        let health = Arc::new(Self::default());
        let (on_error, on_loss) = (health.clone(), health.clone());
        device.on_uncaptured_error(Arc::new(move |error: wgpu::Error| on_error.record(&error)));
        device.set_device_lost_callback(move |_, message| on_loss.lose(message));
        health
    }

    /// How many errors there were.
    pub(super) fn errors(&self) -> u64 {
        self.errors.load(Ordering::Relaxed)
    }

    /// How many submissions there were so far.
    pub(super) fn sent(&self) -> u64 {
        self.sent.load(Ordering::Relaxed)
    }

    /// Takes note of a submission.
    pub(super) fn send(&self, index: wgpu::SubmissionIndex) {
        self.unfinished().push_back(index);
        self.sent.fetch_add(1, Ordering::Relaxed);
    }

    /// Why the device is gone.
    pub(super) fn loss(&self) -> Option<&str> {
        self.loss.get().map(String::as_str)
    }

    /// The submissions that the device has not finished, the oldest first.
    pub(super) fn unfinished(&self) -> MutexGuard<'_, VecDeque<wgpu::SubmissionIndex>> {
        self.unfinished
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    fn record(&self, error: &wgpu::Error) {
        self.errors.fetch_add(1, Ordering::Relaxed);
        let text = error.to_string();
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        // What is done on a device that is gone fails; that it is gone is told by who drives it.
        if self.loss().is_none() && seen.insert(text.clone()) {
            log::error!("the GPU refused a command: {text}");
        }
    }

    /// The device is gone.
    pub(super) fn lose(&self, message: String) {
        let reason = if message.is_empty() {
            "the driver gives no reason".to_owned()
        } else {
            message
        };
        self.loss.get_or_init(|| reason);
    }
}
