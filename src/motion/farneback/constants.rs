//! The numbers that OpenCV prepares before it looks at a pixel, rounded where it rounds.

/// A Gaussian over `taps` (odd) pixels that adds up to 1. Without width it is OpenCV's fixed one of three taps.
pub(super) fn gaussian(taps: u32, sigma: f64) -> Vec<f32> {
    if sigma <= 0.0 {
        return if taps == 3 {
            vec![0.25, 0.5, 0.25]
        } else {
            vec![1.0]
        };
    }
    let middle = f64::from(taps / 2);
    let weight = |tap| (-(f64::from(tap) - middle).powi(2) / (2.0 * sigma * sigma)).exp();
    let weights: Vec<f64> = (0..taps).map(weight).collect();
    let sum: f64 = weights.iter().sum();
    weights.iter().map(|weight| (weight / sum) as f32).collect()
}

/// The weights and the inverse of the moments by which a quadratic polynomial is fitted.
#[derive(Debug)]
pub(super) struct Polynomial {
    /// The weight of a pixel by its distance from the middle along one axis.
    pub(super) weights: Vec<f32>,
    /// What a first moment is multiplied by for x or y.
    pub(super) linear: f32,
    /// What the mean is multiplied by for x² or y².
    pub(super) mean: f32,
    /// What a second moment is multiplied by for x² or y².
    pub(super) square: f32,
    /// What the mixed moment is multiplied by for xy.
    pub(super) mixed: f32,
}

impl Polynomial {
    /// How far its pixels are from the middle.
    pub(super) const fn reach(&self) -> u32 {
        self.weights.len() as u32 - 1
    }

    /// How many pixels in a row those of `steps` polynomials are.
    pub(super) const fn places(&self, steps: u32) -> u32 {
        steps + 2 * self.reach()
    }

    /// Over 2`reach` + 1 pixels; `sigma` is the standard deviation of the weights, 0 for 0.3 of the reach.
    pub(super) fn new(reach: u32, sigma: f64) -> Self {
        let sigma = if sigma < 1e-7 {
            f64::from(reach) * 0.3
        } else {
            sigma
        };
        let weight = |x: u32| (-f64::from(x * x) / (2.0 * sigma * sigma)).exp() as f32;
        let sides = |x: u32| if x == 0 { 1.0 } else { 2.0 };
        let sum: f64 = (0..=reach).map(|x| sides(x) * f64::from(weight(x))).sum();
        let weights: Vec<f32> = (0..=reach)
            .map(|x| (f64::from(weight(x)) / sum) as f32)
            .collect();
        let moment = |power: i32| -> f64 {
            let terms = (0..=reach).zip(&weights);
            terms
                .map(|(x, weight)| sides(x) * f64::from(*weight) * f64::from(x).powi(power))
                .sum()
        };
        // The moments of 1, x² and y² against each other: two of each sort are equal, so that the inverse is short.
        let (zeroth, second, fourth) = (moment(0), moment(2), moment(4));
        let (one, once) = (zeroth * zeroth, zeroth * second);
        let (twice, both) = (zeroth * fourth, second * second);
        let rest = one * (twice + both) - 2.0 * once * once;
        Self {
            linear: (1.0 / once) as f32,
            mean: (-once / rest) as f32,
            square: ((one * twice - once * once) / ((twice - both) * rest)) as f32,
            mixed: (1.0 / both) as f32,
            weights,
        }
    }
}
