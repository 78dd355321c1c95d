use std::ops::Range;

/// The edges of bass, middle and treble in Hz: kicks, voices and snares, hats.
pub(super) const GROUPS: [(f64, f64); 3] = [(20.0, 200.0), (200.0, 3000.0), (3000.0, 16_000.0)];

/// From the lowest to the highest edge of `audio.band(n)`, in Hz.
pub(super) const SPAN: (f64, f64) = (30.0, 16_000.0);

/// A range of frequencies on a grid of bins. A bin that an edge cuts counts for its share, so that bands narrower than
/// a bin have their part too.
#[derive(Clone, Debug)]
pub(super) struct Band {
    first: usize,
    weights: Vec<f32>,
}

impl Band {
    /// From `low` to `high` Hz; what lies above half the rate is silence.
    pub(super) fn new((low, high): (f64, f64), rate: u32, size: usize) -> Self {
        let bin = |frequency: f64| frequency * size as f64 / f64::from(rate) + 0.5;
        let last = (size / 2 + 1) as f64;
        let (low, high) = (bin(low).min(last), bin(high).min(last));
        let bins = low.floor() as usize..high.ceil() as usize;
        let share = |at: usize| ((at + 1) as f64).min(high) - (at as f64).max(low);
        Self {
            first: bins.start,
            weights: bins.map(|at| share(at) as f32).collect(),
        }
    }

    /// The power in it.
    pub(super) fn power(&self, spectrum: &[f32]) -> f32 {
        let bins = spectrum[self.first..].iter().zip(&self.weights);
        bins.map(|(power, weight)| power * weight).sum()
    }
}

/// `count` bands between the edges of `span`, each as many times wider than the one below.
pub(super) fn logarithmic(
    count: usize,
    (low, high): (f64, f64),
    rate: u32,
    size: usize,
) -> Vec<Band> {
    let edge = |at: usize| low * (high / low).powf(at as f64 / count as f64);
    let band = |at| Band::new((edge(at), edge(at + 1)), rate, size);
    (0..count).map(band).collect()
}

/// All that loudness is told of.
#[derive(Debug)]
pub(super) struct Bank {
    pub(super) groups: [Band; 3],
    pub(super) bands: Vec<Band>,
    /// The bins that colour is told of: see [`SPAN`].
    pub(super) audible: Range<usize>,
    /// Hz from one bin to the next.
    pub(super) bin: f32,
}

impl Bank {
    pub(super) fn new(bands: usize, rate: u32, size: usize) -> Self {
        let bin = f64::from(rate) / size as f64;
        let audible = [SPAN.0, SPAN.1].map(|edge| ((edge / bin).ceil() as usize).min(size / 2));
        Self {
            groups: GROUPS.map(|edges| Band::new(edges, rate, size)),
            bands: logarithmic(bands.clamp(1, 64), SPAN, rate, size),
            audible: audible[0]..audible[1],
            bin: bin as f32,
        }
    }
}
