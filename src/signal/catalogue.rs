//! The names that every show knows.

/// A number with a name.
#[derive(Clone, Copy, Debug)]
pub struct Constant {
    /// As written in an expression.
    pub name: &'static str,
    /// Its value.
    pub value: f64,
}

/// All constants.
pub const CONSTANTS: &[Constant] = &[
    Constant {
        name: "pi",
        value: std::f64::consts::PI,
    },
    Constant {
        name: "tau",
        value: std::f64::consts::TAU,
    },
];

/// What measures a source's pictures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Gauge {
    /// How they move.
    Motion,
    /// How they differ, and how their light is spread.
    Scene,
}

/// How a signal follows what is heard, which comes a hundred times a second.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Heard {
    /// A number: between two moments lies what is between theirs.
    Flows,
    /// Nothing lies between its values.
    Steps,
    /// Every event counts.
    Counts,
    /// The show's own clock has it, which a heard beat leads.
    Leads,
}

/// A built-in signal, or a family of them.
#[derive(Clone, Copy, Debug)]
pub struct SignalDoc {
    /// As written in an expression.
    pub name: &'static str,
    /// What stands in parentheses after the name of a family; empty for a single signal.
    pub indices: &'static [&'static str],
    /// Whether it is a trigger, that is counts events.
    pub trigger: bool,
    /// Whether it reads 0 until the room that feeds it exists.
    pub later: bool,
    /// How it follows sound, if it is heard.
    pub heard: Option<Heard>,
    /// What it is measured by, if it is measured on a source's pictures: see [`Measured`].
    pub gauge: Option<Gauge>,
    /// `s`, `beats`, `BPM`, … or empty for a bare number.
    pub unit: &'static str,
    /// From where to where.
    pub range: &'static str,
    /// What it says.
    pub doc: &'static str,
}

impl SignalDoc {
    const fn now(
        name: &'static str,
        unit: &'static str,
        range: &'static str,
        doc: &'static str,
    ) -> Self {
        Self {
            name,
            indices: &[],
            trigger: false,
            later: false,
            heard: None,
            gauge: None,
            unit,
            range,
            doc,
        }
    }

    const fn later(
        name: &'static str,
        unit: &'static str,
        range: &'static str,
        doc: &'static str,
    ) -> Self {
        Self {
            later: true,
            ..Self::now(name, unit, range, doc)
        }
    }

    const fn heard(
        name: &'static str,
        unit: &'static str,
        range: &'static str,
        doc: &'static str,
    ) -> Self {
        Self {
            heard: Some(Heard::Flows),
            ..Self::now(name, unit, range, doc)
        }
    }

    const fn measured(
        gauge: Gauge,
        name: &'static str,
        unit: &'static str,
        range: &'static str,
        doc: &'static str,
    ) -> Self {
        Self {
            gauge: Some(gauge),
            ..Self::now(name, unit, range, doc)
        }
    }

    const fn steps(self) -> Self {
        Self {
            heard: Some(Heard::Steps),
            ..self
        }
    }

    const fn leads(self) -> Self {
        Self {
            heard: Some(Heard::Leads),
            ..self
        }
    }

    const fn trigger(self) -> Self {
        let heard = match self.heard {
            Some(_) => Some(Heard::Counts),
            None => None,
        };
        Self {
            trigger: true,
            heard,
            unit: "events",
            range: "0 or more",
            ..self
        }
    }

    const fn family(self, indices: &'static [&'static str]) -> Self {
        Self { indices, ..self }
    }

    /// From where to where, as numbers; infinite where it has no such end.
    #[must_use]
    pub fn limits(&self) -> (f64, f64) {
        let ends = self.range.split_once(" to ");
        let numbers = ends.and_then(|(low, high)| Some((low.parse().ok()?, high.parse().ok()?)));
        numbers.unwrap_or((f64::NEG_INFINITY, f64::INFINITY))
    }

    /// The name with its indices, as in `audio.band(n)`.
    #[must_use]
    pub fn signature(&self) -> String {
        if self.indices.is_empty() {
            return self.name.to_owned();
        }
        format!("{}({})", self.name, self.indices.join(", "))
    }
}

/// Whether a show knows this name from the start, so that it can't be given to a control or signal of its own.
/// Families count by their bare name: `audio.band`.
#[must_use]
pub fn is_signal(name: &str) -> bool {
    find(name).is_some()
}

/// How a signal follows what is heard, if it does.
#[must_use]
pub fn heard(name: &str) -> Option<Heard> {
    find(name)?.heard
}

/// The signal that a name means; one that is measured may have a source's name in its middle.
pub(super) fn find(name: &str) -> Option<&'static SignalDoc> {
    let exact = SIGNALS.iter().find(|signal| signal.name == name);
    exact.or_else(|| measured(name).map(|measured| measured.signal))
}

/// A signal that is measured on the pictures of a source.
#[derive(Clone, Copy, Debug)]
pub struct Measured<'a> {
    /// What is measured.
    pub signal: &'static SignalDoc,
    /// On which source: `b` in `motion.b.mean`, none in `motion.mean`, which means the show's first one.
    pub source: Option<&'a str>,
}

/// What a measured signal is called on a source of this name: `motion.b.mean` for `motion.mean`.
#[must_use]
pub fn of_source(name: &str, source: &str) -> String {
    let (gauge, quantity) = name.split_once('.').unwrap_or(("", name));
    format!("{gauge}.{source}.{quantity}")
}

/// What a name says is to be measured, if it does.
#[must_use]
pub fn measured(name: &str) -> Option<Measured<'_>> {
    let words: Vec<_> = name.split('.').collect();
    let (gauge, source, quantity) = match words[..] {
        [gauge, quantity] => (gauge, None, quantity),
        [gauge, source, quantity] => (gauge, Some(source), quantity),
        _ => return None,
    };
    let is_it = |signal: &&SignalDoc| {
        signal.gauge.is_some() && signal.name.split('.').eq([gauge, quantity])
    };
    let signal = SIGNALS.iter().find(is_it)?;
    Some(Measured { signal, source })
}

/// Every built-in signal.
pub const SIGNALS: &[SignalDoc] = {
    use SignalDoc as S;
    &[
        S::now("time", "s", "0 and up", "Seconds since the show began."),
        S::now("delta", "s", "above 0", "Seconds that one tick lasts."),
        S::now("tick", "ticks", "0 and up", "Ticks since the show began."),
        S::now(
            "beat",
            "beats",
            "0 and up",
            "Beats since the show began, with a fraction.",
        )
        .leads(),
        S::now(
            "bar",
            "bars",
            "0 and up",
            "Bars of four beats since the show began, with a fraction.",
        )
        .leads(),
        S::now(
            "beat.phase",
            "",
            "0 to 1",
            "How far into the beat: `fract(beat)`.",
        )
        .leads(),
        S::now(
            "bar.phase",
            "",
            "0 to 1",
            "How far into the bar: `fract(bar)`.",
        )
        .leads(),
        S::now("tempo", "BPM", "0 to 1000", "Beats per minute.").leads(),
        S::now("trigger", "", "", "The show's trigger: the space bar.").trigger(),
        S::heard(
            "beat.confidence",
            "",
            "0 to 1",
            "How sure the beat tracking is; 0 knows nothing.",
        ),
        S::heard(
            "audio.decibels",
            "dB",
            "-120 to 0",
            "Root mean square of the last 45 ms: -120 is silence, 0 a square wave of full scale.",
        ),
        S::heard(
            "audio.level",
            "",
            "0 to 1",
            "Loudness; 0 is silence, 1 the loudest of late.",
        ),
        S::heard(
            "audio.peak",
            "",
            "0 to 1",
            "Largest sample; 1 is full scale.",
        ),
        S::heard("audio.low", "", "0 to 1", "Loudness of the bass, 20 to 200 Hz."),
        S::heard("audio.mid", "", "0 to 1", "Loudness of the middle, 200 to 3000 Hz."),
        S::heard("audio.high", "", "0 to 1", "Loudness of the treble, 3 to 16 kHz."),
        S::heard(
            "audio.band",
            "",
            "0 to 1",
            "Loudness of one of 16 bands, equally wide to the ear, from 30 Hz to 16 kHz; 0 is the lowest.",
        )
        .family(&["n"]),
        S::heard(
            "audio.centroid",
            "Hz",
            "0 and up",
            "Centre of gravity of the spectrum: how bright it sounds.",
        ),
        S::heard("audio.flatness", "", "0 to 1", "0 is a tone, 1 is noise."),
        S::heard(
            "audio.flux",
            "dB",
            "0 and up",
            "By how much the bands of the spectrum grew in 20 ms, on average.",
        ),
        S::heard("audio.onset", "", "", "Something was struck.").trigger(),
        S::heard(
            "audio.onset.low",
            "",
            "",
            "Something was struck in the bass: a kick.",
        )
        .trigger(),
        S::heard(
            "audio.onset.mid",
            "",
            "",
            "Something was struck in the middle: a snare.",
        )
        .trigger(),
        S::heard(
            "audio.onset.high",
            "",
            "",
            "Something was struck in the treble: a hat.",
        )
        .trigger(),
        S::heard(
            "audio.segment.silence",
            "",
            "0 or 1",
            "1 while there is silence.",
        )
        .steps(),
        S::heard(
            "audio.segment.sustain",
            "",
            "0 or 1",
            "1 while a sound is held.",
        )
        .steps(),
        S::heard(
            "audio.segment.noise",
            "",
            "0 or 1",
            "1 while there is noise.",
        )
        .steps(),
        S::heard(
            "audio.segment.impact",
            "",
            "0 or 1",
            "1 during a short, loud sound.",
        )
        .steps(),
        S::heard(
            "audio.segment.build",
            "",
            "0 or 1",
            "1 while it grows louder.",
        )
        .steps(),
        S::heard(
            "audio.segment.drop",
            "",
            "0 or 1",
            "1 while it grows quieter.",
        )
        .steps(),
        S::heard(
            "hydra.fft",
            "",
            "0 and up",
            "Hydra's `a.fft[i]` with its defaults; 0 is the lowest of 4 bins.",
        )
        .family(&["i"]),
        S::heard("hydra.vol", "", "0 and up", "Hydra's `a.vol`."),
        S::measured(
            Gauge::Motion,
            "motion.mean",
            "heights/s",
            "0 and up",
            "How fast the picture moves, on average. At 1 it crosses its own height in a second.",
        ),
        S::measured(
            Gauge::Motion,
            "motion.peak",
            "heights/s",
            "0 and up",
            "How fast the fastest hundredth of the picture moves.",
        ),
        S::measured(
            Gauge::Motion,
            "motion.x",
            "heights/s",
            "any",
            "Mean motion to the right: what moves to and fro cancels.",
        ),
        S::measured(
            Gauge::Motion,
            "motion.y", "heights/s", "any", "Mean motion downwards."),
        S::measured(
            Gauge::Motion,
            "motion.angle",
            "deg",
            "-180 to 180",
            "Direction of the mean motion: 0 right, 90 up.",
        ),
        S::measured(
            Gauge::Motion,
            "motion.divergence",
            "1/s",
            "any",
            "Above 0 things come nearer, below 0 they go away. At 1 they grow by their own area in a second.",
        ),
        S::measured(
            Gauge::Scene,
            "scene.score",
            "",
            "0 to 1",
            "How unlike its predecessor the picture is, as ffmpeg's `scene` of RGB pictures. Most cuts are above 0.3.",
        ),
        S::measured(
            Gauge::Scene,
            "scene.cut",
            "",
            "",
            "The source cut to another scene: `scene.score` was above 0.3. For more or fewer cuts write `scene.score > 0.2`.",
        )
        .trigger(),
        S::measured(
            Gauge::Scene,
            "luma.mean",
            "",
            "0 to 1",
            "How bright the picture is, on average.",
        ),
        S::measured(
            Gauge::Scene,
            "luma.difference",
            "",
            "0 to 1",
            "By how much a pixel's luma differs from that of the picture before, on average.",
        ),
        S::measured(
            Gauge::Scene,
            "luma.histogram",
            "",
            "0 to 1",
            "The share of the picture in one of 16 steps of luma; 0 is the darkest, 15 the brightest.",
        )
        .family(&["n"]),
        S::later("midi.cc", "", "0 to 1", "A controller's value.").family(&["channel", "number"]),
        S::later("midi.note", "", "", "A key was struck.")
            .family(&["channel", "number"])
            .trigger(),
    ]
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_there_once() {
        for signal in SIGNALS {
            let same = SIGNALS.iter().filter(|other| other.name == signal.name);
            assert_eq!(same.count(), 1, "{}", signal.name);
        }
        assert!(is_signal("beat.phase") && is_signal("midi.cc"));
        assert!(!is_signal("controls.melt") && !is_signal("beats"));
    }

    #[test]
    fn a_measured_signal_may_name_its_source() {
        let parts = |name| measured(name).map(|found| (found.signal.name, found.source));
        assert_eq!(parts("motion.x"), Some(("motion.x", None)));
        assert_eq!(parts("motion.b.x"), Some(("motion.x", Some("b"))));
        assert_eq!(parts("motion.x.mean"), Some(("motion.mean", Some("x"))));
        for other in [
            "motion",
            "motion.b",
            "motion.b.x.y",
            "audio.low",
            "audio.b.low",
        ] {
            assert_eq!(parts(other), None, "{other}");
        }
        for signal in SIGNALS.iter().filter(|signal| signal.gauge.is_some()) {
            let (name, parts) = (of_source(signal.name, "b"), (signal.name, Some("b")));
            assert_eq!(
                measured(&name).map(|found| (found.signal.name, found.source)),
                Some(parts)
            );
        }
    }
}
