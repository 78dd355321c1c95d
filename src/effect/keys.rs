use crate::param::{Kind, Param, Value};

/// ffmpeg's forty blend modes (libavfilter/vf_blend.c), in the order of `blend_levels` and
/// `blend_unit` in the prelude.
pub const BLEND_MODES: [&str; 40] = [
    "normal",
    "addition",
    "average",
    "subtract",
    "multiply",
    "screen",
    "overlay",
    "hardlight",
    "darken",
    "lighten",
    "difference",
    "negation",
    "extremity",
    "grainmerge",
    "grainextract",
    "multiply128",
    "hardmix",
    "heat",
    "freeze",
    "divide",
    "phoenix",
    "burn",
    "dodge",
    "vividlight",
    "linearlight",
    "pinlight",
    "softlight",
    "exclusion",
    "reflect",
    "glow",
    "and",
    "or",
    "xor",
    "softdifference",
    "geometric",
    "harmonic",
    "interpolate",
    "bleach",
    "stain",
    "hardoverlay",
];

/// Colour spaces of a layer's `channels`, with the letters of their components.
pub const SPACES: [(&str, [&str; 3]); 4] = [
    ("rgb", ["r", "g", "b"]),
    ("ycbcr", ["y", "cb", "cr"]),
    ("hsv", ["h", "s", "v"]),
    ("lab", ["l", "a", "b"]),
];

/// All three components and alpha (bits 0 to 3).
pub const CHANNELS_ALL: u32 = 0b1111;

/// The keys that every layer has beside its effect's own parameters, as parameters.
#[derive(Clone, Debug)]
pub struct Keys {
    /// In the order of the constants below.
    pub params: [Param; 7],
}

impl Keys {
    /// Index of `on`: whether the layer runs.
    pub const ON: usize = 0;
    /// Index of `mix`.
    pub const MIX: usize = 1;
    /// Index of `blend`.
    pub const BLEND: usize = 2;
    /// Index of `channels`.
    pub const CHANNELS: usize = 3;
    /// Index of `space`.
    pub const SPACE: usize = 4;
    /// Index of `tap`.
    pub const TAP: usize = 5;
    /// Index of `reset`.
    pub const RESET: usize = 6;

    /// Names that belong to the layer: no effect may declare an input of such a name.
    pub const NAMES: [&str; 13] = [
        "name", "effect", "image", "on", "mix", "blend", "matte", "channels", "space", "tap",
        "through", "reset", "release",
    ];

    /// The most pictures back that a layer's `tap` may reach.
    pub const LONGEST_TAP: u32 = 255;

    /// The table.
    #[must_use]
    pub fn new() -> Self {
        let spaces = SPACES.map(|(name, _)| name);
        let mask = f64::from(CHANNELS_ALL);
        let channels = Param::new(
            "channels",
            Kind::Long(Vec::new()),
            Value::number(mask),
            Value::number(0.0),
            Value::number(mask),
        );
        let tap = Param::new(
            "tap",
            Kind::Long(Vec::new()),
            Value::number(0.0),
            Value::number(0.0),
            Value::number(f64::from(Self::LONGEST_TAP)),
        );
        Self {
            params: [
                Param::bool("on", true)
                    .describe("Off: the layer is left out, and its state stands still."),
                Param::float("mix", 1.0, 0.0, 1.0)
                    .describe("0 is the layer's input, 1 the effect, both exact."),
                Param::choice("blend", &BLEND_MODES, 0)
                    .describe("How the effect is laid over its input: ffmpeg's forty modes."),
                channels.describe("Which components the effect touches, in the layer's space."),
                Param::choice("space", &spaces, 0)
                    .describe("The colour space that channels are named in."),
                tap.describe("How many pictures back the effect's input is taken; what it is composed with stays the current one."),
                Param::event("reset").describe("Forgets the layer's state."),
            ],
        }
    }
}

impl Default for Keys {
    fn default() -> Self {
        Self::new()
    }
}
