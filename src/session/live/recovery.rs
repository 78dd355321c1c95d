use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use super::latency::LatencyMeter;
use super::play::{Live, NAP};
use super::rebuild::{Built, Order, Pauses, Rebuild};
use super::{Pace, Session, Window};

use crate::session::Failure;

/// A GPU that has lived this long is trusted again: its loss is answered at once.
const TRUSTED: Duration = Duration::from_secs(10);

/// What has to be known to go on after a loss of the GPU.
#[derive(Debug)]
pub(super) struct Recovery {
    choice: Option<String>,
    window: Option<Arc<dyn Window>>,
    /// Seconds of the session at which the GPU is given up, the next one last.
    on_purpose: Vec<f64>,
    /// The same for the window's surface.
    surfaces_on_purpose: Vec<f64>,
    losses: Losses,
    /// Under way while there is no GPU.
    rebuild: Option<Rebuild>,
}

impl Recovery {
    pub(super) fn new(
        choice: Option<String>,
        window: Option<Arc<dyn Window>>,
        session: &Session,
    ) -> Self {
        let next_last = |seconds: &[f64]| seconds.iter().rev().copied().collect();
        Self {
            choice,
            window,
            on_purpose: next_last(&session.losses),
            surfaces_on_purpose: next_last(&session.surface_losses),
            losses: Losses::default(),
            rebuild: None,
        }
    }

    /// Whether there is a GPU.
    pub(super) const fn is_over(&self) -> bool {
        self.rebuild.is_none()
    }

    fn is_to_lose(&mut self, seconds: f64) -> bool {
        self.is_over() && pop_due(&mut self.on_purpose, seconds)
    }

    fn is_to_lose_surface(&mut self, seconds: f64) -> bool {
        self.is_over() && pop_due(&mut self.surfaces_on_purpose, seconds)
    }
}

fn pop_due(times: &mut Vec<f64>, seconds: f64) -> bool {
    times.pop_if(|at| *at <= seconds).is_some()
}

impl Live {
    /// Whether there is a GPU. If it was lost, everything is built anew meanwhile.
    pub(super) fn has_gpu(&mut self) -> Result<bool, Failure> {
        let seconds = self.report.over() as f64 / self.stage.rate();
        if self.recovery.is_to_lose(seconds) {
            self.engine.gpu().lose("it was given up on purpose");
        }
        if self.recovery.is_to_lose_surface(seconds) {
            self.screen.lose_surface();
        }
        if let Some(rebuild) = &self.recovery.rebuild {
            let built = rebuild.ready()?;
            let is_there = built.is_some();
            built.into_iter().for_each(|built| self.resume(built));
            return Ok(is_there);
        }
        if self.engine.gpu().is_lost() {
            self.lose_gpu();
        }
        Ok(self.recovery.is_over())
    }

    /// Without a GPU ticks are left out, so that clock and recording go on.
    pub(super) fn pass_time(&mut self) {
        match self.pace {
            Pace::Stepped => thread::sleep(NAP),
            Pace::Wall => {
                if self.is_due() {
                    self.stage.skip(1);
                    self.report.left_out += 1;
                }
            }
        }
    }

    fn lose_gpu(&mut self) {
        let reason = self.engine.gpu().loss().unwrap_or_default();
        let text = format!("the GPU was lost ({reason}): everything is being built anew");
        self.trouble(text);
        self.recorder.lose_gpu();
        let order = Order {
            choice: self.recovery.choice.clone(),
            window: self.recovery.window.clone(),
            score: self.stage.score(),
        };
        let pause = self.recovery.losses.pause(Instant::now());
        // A window has one surface at a time.
        let gone = self.screen.lose_gpu();
        self.recovery.rebuild = Some(Rebuild::begin(order, pause, gone));
    }

    fn resume(&mut self, built: Built) {
        self.recovery.rebuild = None;
        // The new GPU counts its submissions anew.
        self.latency = LatencyMeter::default();
        self.hearing = LatencyMeter::default();
        self.report.rebuilt += 1;
        self.loader.move_to(built.engine.pipelines());
        self.reloader.move_to(built.engine.pipelines());
        self.screen.resume(built.presenter);
        self.recorder.resume(built.readback);
        let engine = std::mem::replace(&mut self.engine, built.engine);
        let pipelines = self.engine.pipelines();
        let gone = (self.stage.move_to(built.instance, pipelines), engine);
        // A driver may take its time to let a lost device go.
        thread::spawn(move || drop(gone));
        self.announce();
        log::warn!("the GPU is back: {}", self.engine.gpu().info.name);
    }
}

/// How long to wait before a loss is answered: not at all, unless one follows another.
#[derive(Debug, Default)]
pub(super) struct Losses {
    last: Option<Instant>,
    pauses: Pauses,
}

impl Losses {
    /// A GPU was lost at `now`.
    pub(super) fn pause(&mut self, now: Instant) -> Duration {
        let before = self.last.replace(now);
        if before.is_some_and(|before| now - before < TRUSTED) {
            self.pauses.next()
        } else {
            self.pauses = Pauses::default();
            Duration::ZERO
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_loss_is_answered_at_once_but_one_after_another_ever_later() {
        let (mut losses, begun) = (Losses::default(), Instant::now());
        let mut after = |seconds| {
            losses
                .pause(begun + Duration::from_secs(seconds))
                .as_millis()
        };
        assert_eq!(after(0), 0);
        assert_eq!(
            [1, 2, 3, 4, 5, 6].map(&mut after),
            [250, 500, 1000, 2000, 4000, 4000]
        );
        assert_eq!(after(60), 0);
        assert_eq!(after(61), 250);
    }
}
