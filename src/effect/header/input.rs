use serde::Deserialize;
use serde_json::Value as Json;

use super::model::{Image, ImageKind, SoundImage};
use super::pass::over_inputs;
use crate::effect::kernel::EDGES;
use crate::effect::{BLEND_MODES, EffectError, Keys, Place};
use crate::param::{Kind, Param, Value};

#[derive(Deserialize)]
#[serde(rename_all = "UPPERCASE", deny_unknown_fields)]
pub(super) struct RawInput {
    pub(super) name: String,
    #[serde(rename = "TYPE")]
    pub(super) kind: String,
    label: Option<String>,
    #[serde(default)]
    description: String,
    #[serde(default)]
    unit: String,
    default: Option<Json>,
    min: Option<Json>,
    max: Option<Json>,
    soft: Option<[Json; 2]>,
    identity: Option<Json>,
    values: Option<RawValues>,
    labels: Option<Vec<String>>,
    of: Option<String>,
    #[serde(default)]
    optional: bool,
    #[serde(default)]
    fixed: bool,
}

/// The numbers of a choice, or the name of a list that several effects share.
#[derive(Deserialize, Clone)]
#[serde(untagged)]
enum RawValues {
    Numbers(Vec<i64>),
    Shared(String),
}

impl RawInput {
    /// `params` are the effect's: how far back a history reaches may depend on them.
    pub(super) fn image(self, place: &Place<'_>, params: &[Param]) -> Result<Image, EffectError> {
        let mut reach = None;
        let kind = match self.kind.as_str() {
            "flow" => ImageKind::Flow,
            "table" => ImageKind::Table,
            "audio" => ImageKind::Sound(SoundImage::Wave(
                self.columns(place, SoundImage::LONGEST_WAVE)?,
            )),
            "audioFFT" => ImageKind::Sound(SoundImage::Spectrum(
                self.columns(place, SoundImage::FINEST_SPECTRUM)?,
            )),
            "history" => {
                if let Some(text @ Json::String(_)) = &self.max {
                    reach = Some(over_inputs(place, text, params)?);
                }
                ImageKind::History(self.farthest(place, reach.is_some())?)
            }
            _ => ImageKind::Image,
        };
        if self.optional && kind != ImageKind::Table {
            let message = format!("'{}' is no table: only a table can be OPTIONAL", self.name);
            return Err(place.near(&format!("\"{}\"", self.name), message));
        }
        Ok(Image {
            name: self.name,
            description: self.description,
            kind,
            reach,
            of: self.of,
            optional: self.optional,
        })
    }

    /// How wide the picture of a sound is: as wide as can be where the effect does not say.
    fn columns(&self, place: &Place<'_>, most: u32) -> Result<u32, EffectError> {
        let Some(json) = &self.max else {
            return Ok(most);
        };
        let columns = json
            .as_u64()
            .and_then(|columns| u32::try_from(columns).ok());
        let columns = columns.filter(|columns| (1..=most).contains(columns));
        let message = format!(
            "MAX of '{}' is how many columns it has: 1 to {most}",
            self.name
        );
        columns.ok_or_else(|| place.near(&format!("\"{}\"", self.name), message))
    }

    /// How many pictures back a history reaches at most.
    fn farthest(&self, place: &Place<'_>, by_inputs: bool) -> Result<u32, EffectError> {
        if by_inputs {
            return Ok(Keys::LONGEST_TAP);
        }
        let most = self.max.as_ref().and_then(Json::as_u64);
        let depth = most.and_then(|most| u32::try_from(most).ok());
        let depth = depth.filter(|depth| (1..=Keys::LONGEST_TAP).contains(depth));
        let message = format!(
            "history '{}' needs MAX, how many pictures back it reaches: 1 to {}, or an expression over inputs",
            self.name,
            Keys::LONGEST_TAP
        );
        depth.ok_or_else(|| place.near(&format!("\"{}\"", self.name), message))
    }

    pub(super) fn param(self, place: &Place<'_>) -> Result<Param, EffectError> {
        let quoted = format!("\"{}\"", self.name);
        let refuse = |message: String| place.near(&quoted, message);
        let kind = self.kind(place)?;
        let read = |json: &Option<Json>, what: &str| match json {
            Some(json) => option_number(json, &kind)
                .or_else(|| number_lanes(json, kind.width()))
                .map(Some)
                .ok_or_else(|| {
                    refuse(format!(
                        "{what} of '{}' must be {}",
                        self.name,
                        shape(&kind)
                    ))
                }),
            None => Ok(None),
        };
        let (low, high) = limits(&kind);
        let min = read(&self.min, "MIN")?.or(low);
        let max = read(&self.max, "MAX")?.or(high);
        let (Some(min), Some(max)) = (min, max) else {
            let advice = "needs MIN and MAX: the limits beyond which the maths breaks (SOFT is the slider's travel)";
            return Err(refuse(format!("'{}' {advice}", self.name)));
        };
        let default = read(&self.default, "DEFAULT")?.unwrap_or_else(|| min.map(|_| 0.0));
        let identity = read(&self.identity, "IDENTITY")?;
        let mut param =
            Param::new(&self.name, kind.clone(), default, min, max).describe(&self.description);
        if let Some([from, to]) = self.soft.clone() {
            let from = read(&Some(from), "SOFT")?.unwrap_or(min);
            let to = read(&Some(to), "SOFT")?.unwrap_or(max);
            param.soft = (from, to);
        }
        param.identity = identity;
        param.unit = self.unit;
        param.fixed = self.fixed;
        if let Some(label) = self.label {
            param.label = label;
        }
        for (what, value) in [
            ("DEFAULT", Some(default)),
            ("IDENTITY", identity),
            ("SOFT", Some(param.soft.0)),
            ("SOFT", Some(param.soft.1)),
        ] {
            if value.is_some_and(|value| !param.allows(value)) {
                return Err(refuse(format!(
                    "{what} of '{}' is outside what it allows: {}",
                    self.name,
                    param.allowed()
                )));
            }
        }
        Ok(param)
    }

    fn options(&self, place: &Place<'_>) -> Result<Kind, EffectError> {
        let refuse = |message: String| place.near(&format!("\"{}\"", self.name), message);
        let numbers = match self.values.clone() {
            Some(RawValues::Shared(name)) => {
                let labels = shared_options(&name).ok_or_else(|| refuse(format!("VALUES '{name}' of '{}' is unknown: use a list of numbers, \"edge\" or \"blend\"", self.name)))?;
                return Ok(Kind::Long(
                    (0..).zip(labels.iter().map(ToString::to_string)).collect(),
                ));
            }
            Some(RawValues::Numbers(numbers)) => numbers,
            None => Vec::new(),
        };
        let labels = self.labels.clone();
        let labels = labels.unwrap_or_else(|| numbers.iter().map(ToString::to_string).collect());
        if numbers.len() != labels.len() {
            let counts = format!("{} VALUES and {} LABELS", numbers.len(), labels.len());
            return Err(refuse(format!("'{}' has {counts}", self.name)));
        }
        Ok(Kind::Long(numbers.into_iter().zip(labels).collect()))
    }

    fn kind(&self, place: &Place<'_>) -> Result<Kind, EffectError> {
        let refuse = |message: String| place.near(&format!("\"{}\"", self.name), message);
        Ok(match self.kind.as_str() {
            "event" => Kind::Event,
            "bool" => Kind::Bool,
            "float" => Kind::Float,
            "point2D" => Kind::Point2D,
            "color" => Kind::Color,
            "long" => self.options(place)?,
            other => {
                let allowed =
                    "event, bool, long, float, point2D, color, image, table, flow or history";
                return Err(refuse(format!(
                    "TYPE '{other}' of '{}' is unknown: use {allowed}",
                    self.name
                )));
            }
        })
        .and_then(|kind| match (&kind, &self.min, &self.max) {
            (Kind::Long(options), None, _) | (Kind::Long(options), _, None)
                if options.is_empty() =>
            {
                Err(refuse(format!(
                    "'{}' needs VALUES and LABELS, or MIN and MAX",
                    self.name
                )))
            }
            _ => Ok(kind),
        })
    }
}

/// The lists that a choice may name instead of writing them out.
fn shared_options(name: &str) -> Option<&'static [&'static str]> {
    match name {
        "blend" => Some(&BLEND_MODES),
        "edge" => Some(&EDGES),
        _ => None,
    }
}

fn limits(kind: &Kind) -> (Option<Value>, Option<Value>) {
    let number = |number| Some(Value::number(number));
    match kind {
        Kind::Event => (number(0.0), number(f64::from(u16::MAX))),
        Kind::Bool => (number(0.0), number(1.0)),
        Kind::Long(options) => {
            let values = || options.iter().map(|(value, _)| *value as f64);
            (
                values().reduce(f64::min).map(Value::number),
                values().reduce(f64::max).map(Value::number),
            )
        }
        Kind::Color => (Some(Value::lanes(&[0.0; 4])), Some(Value::lanes(&[1.0; 4]))),
        Kind::Float | Kind::Point2D => (None, None),
    }
}

fn shape(kind: &Kind) -> String {
    let words = match kind {
        Kind::Point2D => "two numbers, [x, y]",
        Kind::Color => "four numbers, [red, green, blue, alpha]",
        Kind::Bool => "true or false",
        Kind::Long(options) if !options.is_empty() => {
            let labels: Vec<_> = options.iter().map(|(_, label)| label.as_str()).collect();
            return format!("one of {}", labels.join(", "));
        }
        _ => "a number",
    };
    words.to_owned()
}

/// A choice may also be given by its label.
fn option_number(json: &Json, kind: &Kind) -> Option<Value> {
    let Kind::Long(options) = kind else {
        return None;
    };
    let label = json.as_str()?;
    options
        .iter()
        .find(|(_, name)| name == label)
        .map(|(number, _)| Value::number(*number as f64))
}

fn number_lanes(json: &Json, width: usize) -> Option<Value> {
    match json {
        Json::Bool(on) => (width == 1).then(|| Value::from(*on)),
        Json::Number(number) if width == 1 => number.as_f64().map(Value::number),
        Json::Array(list) if list.len() == width && width > 1 => {
            let lanes: Option<Vec<f64>> = list.iter().map(Json::as_f64).collect();
            lanes.map(|lanes| Value::lanes(&lanes))
        }
        _ => None,
    }
}
