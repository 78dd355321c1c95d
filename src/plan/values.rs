use crate::effect::Keys;
use crate::param::Value;

/// What every pass is told about the tick.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct FrameValues {
    /// Seconds since the show began.
    pub time: f64,
    /// Seconds of one tick.
    pub delta: f64,
    /// Running count of beats, with its fraction.
    pub beat: f64,
    /// Running count of bars, with its fraction.
    pub bar: f64,
    /// The tick's number.
    pub tick: u64,
    /// The show's seed.
    pub seed: u32,
}

/// The numbers of one layer in one tick.
#[derive(Clone, Debug, PartialEq)]
pub struct LayerValues {
    /// One per key of [`Keys`].
    pub keys: Vec<Value>,
    /// One per parameter of the effect; an event's is how many fired.
    pub params: Vec<Value>,
    /// How often each pass runs.
    pub repeats: Vec<u32>,
    /// Which channel the matte reads; `None` is luma times alpha.
    pub matte_channel: Option<usize>,
    /// The matte is turned round.
    pub matte_invert: bool,
    /// For each flow that the effect reads, the share of its motion that this tick's step covers: 1 is all that
    /// happened between its two last pictures.
    pub shares: Vec<f64>,
    /// What sets the layer's chance apart from the others'.
    pub seed: u32,
}

impl LayerValues {
    /// The value of one key.
    #[must_use]
    pub fn key(&self, key: usize) -> f64 {
        self.keys[key].lane(0)
    }

    /// Whether the layer's state is to be forgotten before this tick.
    #[must_use]
    pub fn resets(&self) -> bool {
        self.key(Keys::RESET) > 0.0
    }
}

/// All numbers of one tick: a plan is made once, these change.
#[derive(Clone, Debug, PartialEq)]
pub struct Values {
    /// The tick.
    pub frame: FrameValues,
    /// One per layer of the show.
    pub layers: Vec<LayerValues>,
}
