//! Good defaults of encoders.

use super::container::Options;

/// What an encoder gets beside the settings.
pub(super) struct Tuning {
    pub(super) encoder: &'static str,
    /// Constant quality that hardly anyone tells from the original.
    pub(super) crf: u32,
    /// Speed, and quiet.
    pub(super) options: Options,
    /// For a film that grows, over these: many times faster, and nothing is kept back to look ahead.
    pub(super) growing: Options,
}

pub(super) const TUNINGS: [Tuning; 5] = [
    Tuning {
        encoder: "libx264",
        crf: 18,
        options: &[("preset", "fast")],
        growing: &[("preset", "superfast"), ("tune", "zerolatency")],
    },
    Tuning {
        encoder: "libx265",
        crf: 20,
        options: &[
            ("preset", "fast"),
            ("x265-params", "log-level=none:frame-threads=2"),
        ],
        growing: &[
            ("preset", "ultrafast"),
            ("tune", "zerolatency"),
            ("x265-params", "log-level=none:frame-threads=1"),
        ],
    },
    Tuning {
        encoder: "libvpx-vp9",
        crf: 30,
        options: &[("row-mt", "1"), ("cpu-used", "4")],
        growing: &[
            ("deadline", "realtime"),
            ("cpu-used", "8"),
            ("lag-in-frames", "0"),
        ],
    },
    Tuning {
        encoder: "libaom-av1",
        crf: 28,
        options: &[("row-mt", "1"), ("cpu-used", "6")],
        growing: &[
            ("usage", "realtime"),
            ("cpu-used", "8"),
            ("lag-in-frames", "0"),
        ],
    },
    Tuning {
        encoder: "libsvtav1",
        crf: 28,
        options: &[("preset", "8")],
        growing: &[("preset", "12"), ("svtav1-params", "pred-struct=1")],
    },
];
