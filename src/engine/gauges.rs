//! What signals measure on the sources' pictures: sent to the GPU with each new picture, heard of a tick later.

use std::collections::{BTreeSet, VecDeque};
use std::sync::Arc;

use crate::gpu::{Gpu, NewPictures, State};
use crate::measure::{Meter, Reading, Subject, meter};
use crate::picture::Size;
use crate::plan::{Form, Measure, Shape};
use crate::show::{PictureRef, Show};
use crate::signal::{Gauge, of_source};

/// After so many seconds without a picture a source is taken to stand still, or after twice the time between its
/// last two.
const STILLNESS: f64 = 0.5;

/// All that the signals of a show measure.
#[derive(Debug)]
pub(super) struct Gauges {
    measures: Vec<Measure>,
    parts: Vec<Part>,
}

/// A signal's name, and what was read.
pub(super) type Heard = (String, Reading);

/// What is measured on one source by one meter.
#[derive(Debug)]
struct Part {
    meter: Box<dyn Meter>,
    key: String,
    source: usize,
    name: String,
    /// When the last picture is in its source.
    time: Option<f64>,
    /// Seconds between the last two pictures.
    period: f64,
    /// Seconds of the show since the last picture.
    idle: f64,
    rests: bool,
    /// The periods of the pictures whose numbers are under way.
    under_way: VecDeque<f64>,
}

impl Gauges {
    pub(super) fn new(show: &Show, forms: &[Form], canvas: Size, cpu: bool) -> Self {
        let wanted = show.measured().into_iter();
        let wanted: BTreeSet<(Gauge, usize)> = wanted
            .filter_map(|(signal, source)| Some((signal.gauge?, source)))
            .collect();
        let of = |(gauge, source): (Gauge, usize)| {
            let (name, picture, shape) = subject(gauge, source, show, forms, canvas)?;
            let meter = meter(gauge, Subject { shape, cpu }, canvas);
            let measure = Measure {
                name,
                source,
                picture,
                recipe: Arc::new(meter.recipe().of(&[shape])),
            };
            let part = Part::new(meter, &measure, show);
            Some((measure, part))
        };
        let (measures, parts) = wanted.into_iter().filter_map(of).unzip();
        Self { measures, parts }
    }

    /// What plans have to run.
    pub(super) fn measures(&self) -> &[Measure] {
        &self.measures
    }

    /// A tick of so many seconds begins its work with these pictures.
    pub(super) fn advance(&mut self, pictures: &NewPictures<'_>, seconds: f64) {
        for part in &mut self.parts {
            let picture = pictures.get(part.source).copied().flatten();
            part.advance(picture.map(|picture| picture.time), seconds);
        }
    }

    /// What has come back since the last time, in order. With a GPU it waits for all that is under way.
    pub(super) fn hear(&mut self, state: &mut State, waits_for: Option<&Gpu>) -> Vec<Heard> {
        let parts = self.parts.iter_mut();
        parts.flat_map(|part| part.hear(state, waits_for)).collect()
    }
}

/// What is measured: a name for it, the picture and its shape.
fn subject(
    gauge: Gauge,
    source: usize,
    show: &Show,
    forms: &[Form],
    canvas: Size,
) -> Option<(&'static str, PictureRef, Shape)> {
    match gauge {
        Gauge::Motion => {
            let layer = show.motion_of(source)?;
            Some(("motion", PictureRef::Layer(layer), forms[layer].shape))
        }
        Gauge::Scene => {
            let shape = Shape {
                size: canvas,
                float: false,
            };
            Some(("scene", PictureRef::Source(source), shape))
        }
    }
}

impl Part {
    fn new(meter: Box<dyn Meter>, measure: &Measure, show: &Show) -> Self {
        Self {
            meter,
            key: measure.key(show),
            source: measure.source,
            name: show.sources[measure.source].name.clone(),
            time: None,
            period: 0.0,
            idle: 0.0,
            rests: false,
            under_way: VecDeque::new(),
        }
    }

    fn advance(&mut self, picture: Option<f64>, seconds: f64) {
        self.idle += seconds;
        let Some(time) = picture else {
            return;
        };
        let since = self.time.map_or(0.0, |before| (time - before).abs());
        // Pictures without times of their own follow the show's.
        self.period = if since > 0.0 { since } else { self.idle };
        self.under_way.push_back(self.period);
        (self.time, self.idle, self.rests) = (Some(time), 0.0, false);
    }

    fn hear(&mut self, state: &mut State, waits_for: Option<&Gpu>) -> Vec<Heard> {
        let mut readings = Vec::new();
        while !self.under_way.is_empty() {
            let numbers = match waits_for {
                Some(gpu) => state.await_numbers(gpu, &self.key),
                None => state.take_numbers(&self.key),
            };
            let Some(numbers) = numbers else { break };
            let period = self.under_way.pop_front().unwrap_or(self.period);
            readings.extend(self.meter.read(&numbers, period));
        }
        let stands_still = self.idle > STILLNESS.max(2.0 * self.period);
        if stands_still && !std::mem::replace(&mut self.rests, true) {
            readings.extend(self.meter.rest());
        }
        let named = |reading: Reading| (of_source(reading.name, &self.name), reading);
        let first = readings.iter().filter(|_| self.source == 0);
        let first = first.map(|reading| (reading.name.to_owned(), *reading));
        let first: Vec<_> = first.collect();
        first
            .into_iter()
            .chain(readings.into_iter().map(named))
            .collect()
    }
}
