use super::Ear;
use crate::audio::{Moment, Settings};
use crate::engine::Conductor;
use crate::plan::{Sound, Spectrum};
use crate::signal::{BEATS_PER_BAR, Heard, Pulse, Signal, heard};
use crate::source::Wait;

/// A moment counts as past this near to it, so that no rounding makes it late.
const BOUNDARY: f64 = 1e-9;

/// Tells a show what is heard, tick by tick: numbers as they are at the tick's time, events as often as they were.
#[derive(Debug)]
pub(in crate::session) struct Listener {
    /// None in silence.
    ear: Option<Box<dyn Ear>>,
    /// When the sound began, in seconds of the show.
    begun: f64,
    /// What was before this time of the sound counts no more: it had no listener yet.
    deaf_until: f64,
    /// The newest moment up to the last tick, and the one after it where that is known.
    last: Moment,
    next: Option<Moment>,
    /// For each signal, in the order in which a moment tells them, how it follows, and its events since the last tick.
    signals: Vec<(Option<Heard>, u32)>,
    /// Kept from tick to tick, so that none allocates: the numbers of the moment after.
    numbers: Vec<f64>,
}

impl Listener {
    /// Listens by an ear, or to silence, from the beginning of the show on.
    pub(super) fn new(ear: Option<Box<dyn Ear>>, settings: &Settings) -> Self {
        let last = Moment::silent(settings);
        let mut signals = Vec::new();
        last.tell(|name, _, _| signals.push((heard(name), 0)));
        Self {
            ear,
            begun: 0.0,
            deaf_until: 0.0,
            last,
            next: None,
            numbers: Vec::with_capacity(signals.len()),
            signals,
        }
    }

    /// Says when its sound began and after when it listens, both in seconds of the show.
    pub(in crate::session) fn begin(&mut self, begun: f64, deaf_until: f64) {
        (self.begun, self.deaf_until) = (begun, deaf_until - begun);
    }

    /// Goes on in another show, whose time is `earlier` by so many seconds.
    pub(in crate::session) fn shift(&mut self, earlier: f64) {
        self.begun -= earlier;
    }

    /// Tells a tick what is heard at its time in seconds.
    pub(in crate::session) fn tick(&mut self, time: f64, wait: Wait, conductor: &mut Conductor) {
        let now = time - self.begun;
        self.listen(now, wait);
        conductor.follow(self.pulse(now));
        self.tell(now, conductor);
    }

    /// The beat as it is now.
    fn pulse(&self, now: f64) -> Pulse {
        let (beat, since) = (self.last.beat, now - self.last.time);
        let passed = since.max(0.0) * beat.tempo / 60.0;
        Pulse {
            tempo: beat.tempo,
            beat: beat.count + passed,
            bar: beat.bars + passed / BEATS_PER_BAR,
            confidence: beat.confidence.into(),
        }
    }

    /// What the newest moment of the last tick looks like; silence where nobody asked for it.
    pub(in crate::session) fn sound(&self) -> Sound {
        let Some(look) = &self.last.look else {
            return Sound::default();
        };
        let spectrum = |magnitudes: &Vec<f32>| Spectrum {
            magnitudes: magnitudes.clone(),
            spacing: look.spacing,
        };
        Sound {
            waves: look.waves.clone(),
            spectra: look.spectra.iter().map(spectrum).collect(),
        }
    }

    /// Takes all moments up to now, and the one after.
    fn listen(&mut self, now: f64, wait: Wait) {
        let Some(ear) = &mut self.ear else { return };
        while let Some(moment) = self.next.take().or_else(|| ear.next(now, wait)) {
            if moment.time > now + BOUNDARY {
                self.next = Some(moment);
                break;
            }
            if moment.time > self.deaf_until {
                count(&mut self.signals, &moment);
            }
            self.last = moment;
        }
    }

    fn tell(&mut self, now: f64, conductor: &mut Conductor) {
        let (share, numbers) = (self.share(now), &mut self.numbers);
        numbers.clear();
        let after = self.next.as_ref().unwrap_or(&self.last);
        after.tell(|_, _, number| numbers.push(number));
        let mut signals = self.signals.iter_mut().zip(numbers);
        self.last.tell(|name, index, number| {
            let Some(((manner, events), after)) = signals.next() else {
                return;
            };
            let signal = match manner {
                Some(Heard::Flows) => Signal::from(number + (*after - number) * share),
                Some(Heard::Steps) => Signal::from(number),
                Some(Heard::Counts) => Signal::Trigger(std::mem::take(events)),
                Some(Heard::Leads) | None => return,
            };
            conductor.hear(name, index, signal);
        });
    }

    /// How far it is from the last moment to the next one, from 0 to 1.
    fn share(&self, now: f64) -> f64 {
        let next = self.next.as_ref().map_or(self.last.time, |next| next.time);
        let length = next - self.last.time;
        if length > 0.0 {
            ((now - self.last.time) / length).clamp(0.0, 1.0)
        } else {
            0.0
        }
    }
}

fn count(signals: &mut [(Option<Heard>, u32)], moment: &Moment) {
    let mut signals = signals.iter_mut();
    moment.tell(|_, _, number| {
        if let Some((Some(Heard::Counts), events)) = signals.next() {
            *events += u32::from(number > 0.0);
        }
    });
}
