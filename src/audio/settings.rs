/// What a listener may choose.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Settings {
    /// Whether loudness counts from what was loud of late (1 is the loudest of the last seconds), or from full scale
    /// (1 is a sine of full scale).
    pub adaptive_gain: bool,
    /// Bands of `audio.band(n)`, 1 to 64.
    pub bands: usize,
    /// How Hydra's numbers are made.
    pub hydra: Hydra,
    /// Whether each moment says what the sound looks like.
    pub looks: bool,
}

/// Hydra's settings of its audio object `a`, with its defaults.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Hydra {
    /// `setBins`: numbers that `fft` has, 1 to 24.
    pub bins: usize,
    /// `setCutoff`: loudness below which `fft` is 0.
    pub cutoff: f32,
    /// `setScale`: loudness above the cutoff at which `fft` is 1.
    pub scale: f32,
    /// `setSmooth`: the share that a value keeps in a sixtieth of a second; 0 follows at once, 1 stands still.
    pub smooth: f32,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            adaptive_gain: true,
            bands: 16,
            hydra: Hydra::default(),
            looks: false,
        }
    }
}

impl Default for Hydra {
    fn default() -> Self {
        Self {
            bins: 4,
            cutoff: 2.0,
            scale: 10.0,
            smooth: 0.4,
        }
    }
}
