use std::sync::mpsc::{SyncSender, sync_channel};
use std::sync::{Mutex, PoisonError};

use winit::event_loop::EventLoopProxy;

use super::keys::keys;
use super::window::Event;
use crate::frame_loop::may_block;
use crate::gpu::{GpuError, WindowSurface};
use crate::session::live::Window;

/// What a surface is answered to.
pub(super) type Reply = SyncSender<Result<WindowSurface, GpuError>>;

/// The engine's side of the window: some systems make surfaces on the window's thread only, so it is asked.
#[derive(Debug)]
pub(super) struct Surfaces {
    events: Mutex<EventLoopProxy<Event>>,
}

impl Surfaces {
    pub(super) const fn new(events: EventLoopProxy<Event>) -> Self {
        Self {
            events: Mutex::new(events),
        }
    }
}

impl Window for Surfaces {
    fn surface(&self) -> Result<WindowSurface, GpuError> {
        may_block("wait for the window");
        let closed = || GpuError::NoSurface("it was closed".to_owned());
        let (reply, answer) = sync_channel(1);
        let events = self.events.lock().unwrap_or_else(PoisonError::into_inner);
        let asked = events.send_event(Event::Surface(reply));
        drop(events);
        asked.map_err(|_| closed())?;
        answer.recv().map_err(|_| closed())?
    }

    fn keys(&self) -> Vec<(&'static str, &'static str)> {
        keys()
    }
}
