use std::collections::BTreeMap;
use std::path::Path;

use serde_json::{Map, Value, json};

use super::arguments::Analyze;
use super::say;
use crate::audio::{FRAME_BANDS, Frames, HOPS_PER_SECOND, Moment, Settings};
use crate::output;
use crate::session::{Failure, Heard, hear};
use crate::signal::SIGNALS;

/// Writes what a sound is like: as JSON, or as a table with a line for each hop.
pub(super) fn hear_file(arguments: &Analyze) -> Result<(), Failure> {
    if let Some(out) = &arguments.out {
        output::check_file(out)?;
    }
    let settings = Settings {
        adaptive_gain: !arguments.fixed_gain,
        ..Settings::default()
    };
    let heard = hear(&arguments.sound, &settings)?;
    match &arguments.out {
        Some(out) => Ok(output::write_file(
            out,
            text(&heard, is_json(out)).as_bytes(),
        )?),
        None => say(&text(&heard, arguments.json)),
    }
}

fn is_json(out: &Path) -> bool {
    out.extension()
        .is_some_and(|extension| extension.eq_ignore_ascii_case("json"))
}

fn text(heard: &Heard, as_json: bool) -> String {
    if as_json {
        return report(heard).to_string() + "\n";
    }
    let mut lines = vec![columns(heard)];
    lines.extend(heard.moments.iter().map(line));
    lines.join("\n") + "\n"
}

/// The names of a table's columns.
fn columns(heard: &Heard) -> String {
    let mut names = vec!["seconds".to_owned()];
    if let Some(moment) = heard.moments.first() {
        moment.tell(|name, index, _| {
            names.push(index.map_or_else(|| name.to_owned(), |index| format!("{name}({index})")));
        });
    }
    names.join("\t")
}

fn line(moment: &Moment) -> String {
    let mut numbers = vec![format!("{:.2}", moment.time)];
    moment.tell(|_, _, number| numbers.push(rounded(number).to_string()));
    numbers.join("\t")
}

/// All that is known, with what it means.
fn report(heard: &Heard) -> Value {
    json!({
        "rate": heard.rate,
        "channels": heard.channels,
        "seconds": heard.seconds,
        "tempo": heard.tempo().map(rounded),
        "beats": heard.beats().into_iter().map(rounded).collect::<Vec<_>>(),
        "onsets": heard.onsets().into_iter().map(rounded).collect::<Vec<_>>(),
        "definitions": {
            "rate": "samples a second",
            "tempo": "beats a minute, octave included: the median while the beat was sure; null where it never was",
            "beats": "seconds from the first sample",
            "onsets": "seconds from the first sample; the time that hearing takes is made up for",
            "hops": "what a show hears: nothing later than a hop's end counts for it; the first ends after seconds_per_hop",
            "frames": "frame t stands around sample t * hop_length, with silence around the sound, as in librosa; rms: root mean \
                       square of its n_fft samples; bands: sum of |X|^2 over the bins from and below the edges, Hann window",
        },
        "hops": {"seconds_per_hop": 1.0 / f64::from(HOPS_PER_SECOND), "signals": signals(heard)},
        "frames": frames(&heard.frames),
    })
}

/// Every signal with its values, one for each hop; those of a family lie in a list of their own for each member.
fn signals(heard: &Heard) -> Value {
    let mut values: BTreeMap<&str, BTreeMap<Option<i64>, Vec<f64>>> = BTreeMap::new();
    for moment in &heard.moments {
        moment.tell(|name, index, number| {
            let members = values.entry(name).or_default();
            members.entry(index).or_default().push(rounded(number));
        });
    }
    let described = values.into_iter().map(|(name, members)| {
        let family = !members.contains_key(&None);
        let lists: Vec<_> = members.into_values().collect();
        let values = if family {
            json!(lists)
        } else {
            json!(lists[0])
        };
        (name.to_owned(), description(name, values))
    });
    Value::Object(described.collect::<Map<_, _>>())
}

fn description(name: &str, values: Value) -> Value {
    let doc = SIGNALS.iter().find(|signal| signal.name == name);
    json!({
        "unit": doc.map_or("", |doc| doc.unit),
        "range": doc.map_or("", |doc| doc.range),
        "definition": doc.map_or("", |doc| doc.doc),
        "values": values,
    })
}

fn frames(frames: &Frames) -> Value {
    json!({
        "n_fft": Frames::SIZE,
        "hop_length": Frames::STEP,
        "rms": frames.rms,
        "bands_hz": FRAME_BANDS,
        "bands": frames.bands,
    })
}

/// To a millionth: what lies beyond is no news.
fn rounded(number: f64) -> f64 {
    (number * 1e6).round() / 1e6
}
