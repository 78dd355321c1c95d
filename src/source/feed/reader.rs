use std::sync::Arc;
use std::thread;
use std::time::Duration;

use super::super::SourceError;
use super::super::timeline::{Given, Timeline};
use super::queue::Shared;
use crate::health::{Health, Reconnect};
use crate::picture::Picture;

/// How often a still is looked at, whether it was replaced.
const LOOK: Duration = Duration::from_millis(250);

/// How often a file that was replaced may be unreadable before it is told: it is being written.
const HALF_WRITTEN: u32 = 3;

/// The reading thread's side; if it is dropped in a panic, nobody waits for it in vain.
pub(super) struct Reader {
    shared: Arc<Shared>,
    name: String,
    reconnect: Reconnect,
    /// Whether the user was told that the last picture stands.
    holds: bool,
    kind: Kind,
}

impl Reader {
    pub(super) fn new(shared: &Arc<Shared>, name: &str) -> Self {
        Self {
            shared: Arc::clone(shared),
            name: name.to_owned(),
            reconnect: Reconnect::new(),
            holds: false,
            kind: Kind::default(),
        }
    }

    pub(super) fn run(mut self, mut timeline: Timeline) {
        while self.step(&mut timeline) {}
        drop(timeline);
        self.shared.go();
    }

    /// Reads one picture; whether there may be another.
    fn step(&mut self, timeline: &mut Timeline) -> bool {
        if let Some((turn, returned)) = self.shared.turn() {
            timeline.turn(turn, returned);
        }
        match timeline.next(self.shared.never_waits()) {
            Ok(Some(given)) => self.give(timeline, given),
            Ok(None) => self.end(timeline),
            Err(error @ SourceError::Stalled(_)) => self.stalled(error),
            Err(error) => self.recover(timeline, error),
        }
    }

    fn give(&mut self, timeline: &mut Timeline, given: Given) -> bool {
        if self.kind.is_new(&given.picture) {
            self.shared.rehearse(&given.picture);
        }
        let spares = self.shared.push(given);
        if std::mem::take(&mut self.holds) {
            log::warn!("{}: plays again", self.name);
        }
        let more = spares.is_some();
        timeline.recycle(spares.unwrap_or_default());
        more
    }

    /// After the last picture: a still may be replaced by another one, a film may be played again.
    fn end(&self, timeline: &Timeline) -> bool {
        self.shared.finish(timeline.end());
        match timeline.is_still() && self.shared.is_live() {
            true => self.shared.rest(LOOK),
            false => self.shared.wait_for_turn(),
        }
    }

    fn stalled(&mut self, error: SourceError) -> bool {
        self.shared.mark(Health::Holding, &error);
        if self.shared.never_waits() && !std::mem::replace(&mut self.holds, true) {
            self.shared.tell(error);
        }
        self.shared.rest(Duration::ZERO)
    }

    /// In a live session, opens a source that failed again and again.
    fn recover(&mut self, timeline: &mut Timeline, error: SourceError) -> bool {
        let is_replaced = matches!(error, SourceError::Replaced(_));
        let mut delay = Duration::ZERO;
        if !is_replaced {
            self.fail(error);
            delay = self.reconnect.delay();
        }
        if !self.shared.is_live() {
            self.shared.fail(timeline.end());
            return false;
        }
        for attempt in 1.. {
            if !self.shared.rest(delay) {
                break;
            }
            match timeline.reopen(self.shared.due()) {
                Ok(()) => return true,
                Err(_) if is_replaced && attempt < HALF_WRITTEN => {}
                Err(error) => self.fail(error),
            }
            delay = self.reconnect.delay();
        }
        false
    }

    fn fail(&mut self, error: SourceError) {
        self.shared.mark(Health::Reconnecting, &error);
        let is_news = self.reconnect.note(&error);
        if !self.holds && is_news {
            self.holds = true;
            self.shared.tell(error);
        }
    }
}

/// The last picture without its samples.
#[derive(Default)]
pub(super) struct Kind(Option<Picture>);

impl Kind {
    /// Whether with `picture` another kind begins.
    pub(super) fn is_new(&mut self, picture: &Picture) -> bool {
        if self.0.as_ref().is_some_and(|kind| kind.is_like(picture)) {
            return false;
        }
        let planes = Vec::new();
        let format = picture.format.clone();
        self.0 = Some(Picture {
            planes,
            format,
            ..*picture
        });
        true
    }
}

impl Drop for Reader {
    fn drop(&mut self) {
        if thread::panicking() {
            let problem = "its reader failed; please report this with the file";
            self.shared.tell(SourceError::contents(&self.name, problem));
            self.shared.fail(0.0);
        }
    }
}
