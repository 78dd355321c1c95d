use crate::param::{Kind, Param, Value};

/// How a source is played, as parameters: keys of the show, addresses below `/sources/NAME/`, one declaration.
#[derive(Clone, Debug)]
pub struct Playback {
    /// In the order of the constants below.
    pub params: [Param; 6],
}

impl Playback {
    /// Index of `in`: where the part that is played begins.
    pub const IN: usize = 0;
    /// Index of `out`: where it ends.
    pub const OUT: usize = 1;
    /// Index of `speed`.
    pub const SPEED: usize = 2;
    /// Index of `pause`.
    pub const PAUSE: usize = 3;
    /// Index of `restart`.
    pub const RESTART: usize = 4;
    /// Index of `jump`.
    pub const JUMP: usize = 5;

    /// The latest place that can be named, in seconds; as `out` it is the source's own end.
    pub const LATEST: f64 = 86400.0;

    /// The table.
    #[must_use]
    pub fn new() -> Self {
        let place = |name: &str, default: f64| Param {
            unit: "s".to_owned(),
            ..Param::float(name, default, 0.0, Self::LATEST)
        };
        let speed = Param::new(
            "speed",
            Kind::Float,
            Value::number(1.0),
            Value::number(-4.0),
            Value::number(4.0),
        );
        Self {
            params: [
                place("in", 0.0)
                    .describe("Where the part that is played begins; a loop comes back to here."),
                place("out", Self::LATEST)
                    .describe("Where it ends; a day is the source's own end."),
                speed.describe(
                    "1 is as it was made, 0 stands, 4 is four times as fast, -4 as fast backward.",
                ),
                Param::bool("pause", false)
                    .describe("On: the picture stands, and goes on from there."),
                Param::event("restart").describe("Begins anew: at `in`, backward at `out`."),
                place("jump", 0.0).describe(
                    "Goes to this place whenever it changes; by its address, at every message.",
                ),
            ],
        }
    }
}

impl Playback {
    /// The table of `docs/sources.md`, in Markdown.
    #[must_use]
    pub fn reference() -> String {
        let row = |param: &Param| {
            let (name, allowed, default) =
                (&param.name, param.allowed(), param.print(param.default));
            let (unit, does) = (&param.unit, &param.description);
            format!("| `{name}` | {allowed} {unit} | {default} | {does} |\n").replace("  |", " |")
        };
        let rows: String = Self::new().params.iter().map(row).collect();
        format!("| key | takes | default | does |\n|---|---|---|---|\n{rows}")
    }
}

impl Default for Playback {
    fn default() -> Self {
        Self::new()
    }
}
