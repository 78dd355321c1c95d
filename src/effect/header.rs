use serde::Deserialize;
use serde_json::Value as Json;

use super::kernel::EDGES;
use super::{BLEND_MODES, EffectError, Keys, Place};
use crate::param::{Kind, Param, Value};
use crate::picture::Size;
use crate::signal::Expression;

/// The name of the picture that an effect is applied to.
pub(super) const INPUT_IMAGE: &str = "inputImage";

/// How many textures a pass may read: WebGPU's base limit of sampled textures, less one for the matte.
const MOST_IMAGES: usize = 15;

/// How many histories an effect may read: the places for their positions in the layer's block.
pub(super) const MOST_HISTORIES: usize = 4;

/// What advances an effect's state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Clock {
    /// Each new picture of its source.
    #[default]
    Source,
    /// Each tick of the canvas.
    Canvas,
}

/// What an effect's picture holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Output {
    /// Colours.
    #[default]
    Picture,
    /// How much of something there is at each pixel.
    Matte,
    /// Where each pixel was minus where it is, in canvas pixels.
    Flow,
}

/// What kind of picture an input takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ImageKind {
    /// Colours.
    Image,
    /// A motion field.
    Flow,
    /// The past pictures of another input, this many at most.
    History(u32),
}

/// A picture that an effect reads.
#[derive(Clone, Debug, PartialEq)]
pub struct Image {
    /// The stem: show key, and what WGSL passes to `load`.
    pub name: String,
    /// What it is for.
    pub description: String,
    /// Its kind.
    pub kind: ImageKind,
}

/// Width or height of a pass: an expression over `$WIDTH` and `$HEIGHT`, the canvas's.
#[derive(Clone, Debug, PartialEq)]
pub struct PassSize {
    /// Pixels in a row.
    pub width: Expression,
    /// Rows.
    pub height: Expression,
}

impl PassSize {
    /// The size on a canvas; each side is brought to the nearest possible one.
    #[must_use]
    pub fn pixels(&self, canvas: Size) -> Size {
        let side = |expression: &Expression| {
            let value = expression.evaluate_constant(|name| match name.trim_start_matches('$') {
                "WIDTH" => Some(f64::from(canvas.width)),
                "HEIGHT" => Some(f64::from(canvas.height)),
                _ => None,
            });
            let pixels = value.map_or(1.0, |value| value.lane(0).round());
            pixels.clamp(1.0, f64::from(Size::LARGEST_SIDE)) as u32
        };
        Size::new(side(&self.width), side(&self.height))
    }
}

/// One pass: a WGSL function, and where its pixels go.
#[derive(Clone, Debug, PartialEq)]
pub struct Pass {
    /// The function's name.
    pub entry: String,
    /// The texture it writes; the last pass writes the layer's picture, and this as well if it is named.
    pub target: Option<String>,
    /// The target is kept, and read as the last tick's until it is written.
    pub persistent: bool,
    /// The target holds 32-bit floats.
    pub float: bool,
    /// The target's size; the canvas's where absent.
    pub size: Option<PassSize>,
    /// How often the pass runs in a tick, each run reading what the one before wrote.
    pub repeat: Option<Expression>,
    /// It reads its own pixel only: `fn NAME(color: vec4f, at: vec2i) -> vec4f`.
    pub point: bool,
    /// It is a whole kernel with its own `@compute`.
    pub kernel: bool,
}

/// An effect's declarations, checked.
#[derive(Clone, Debug, PartialEq)]
pub struct Header {
    /// What it does.
    pub description: String,
    /// What it follows: paper, page, reference implementation.
    pub credit: String,
    /// Where a panel files it.
    pub categories: Vec<String>,
    /// Its pictures, in the order of declaration.
    pub images: Vec<Image>,
    /// Its parameters, in the order of declaration.
    pub params: Vec<Param>,
    /// Its passes, in order.
    pub passes: Vec<Pass>,
    /// What advances its state.
    pub clock: Clock,
    /// What its picture holds.
    pub output: Output,
    /// Why no values leave the picture unchanged, where none do.
    pub no_identity: Option<String>,
    /// In an 8-bit show it computes in levels 0..255: it scales by `WHITE`.
    pub levels: bool,
}

impl Header {
    /// Reads the JSON in the file's leading comment.
    ///
    /// # Errors
    /// The first thing wrong, at its place.
    pub fn parse(place: &Place<'_>) -> Result<Self, EffectError> {
        let json = leading_comment(place)?;
        let start = place.text.len() - place.text.trim_start().len() + 2;
        let raw: RawHeader = serde_json::from_str(json).map_err(|error| {
            let lines_before = place.text[..start].matches('\n').count();
            let shift = if error.line() == 1 { start } else { 0 };
            let text = error.to_string();
            let message = text.split(" at line ").next().unwrap_or(&text).to_owned();
            let advice = format!("the header is not right: {message}");
            place.error(
                error.line() + lines_before,
                (error.column() + shift).max(1),
                advice,
            )
        })?;
        raw.check(place)
    }

    /// The targets that passes write, each once, with the pass that writes it first.
    pub fn targets(&self) -> impl Iterator<Item = (&str, &Pass)> {
        let named = |pass: &Pass| pass.target.clone();
        self.passes
            .iter()
            .enumerate()
            .filter_map(move |(index, pass)| {
                let target = pass.target.as_deref()?;
                let first = self.passes[..index]
                    .iter()
                    .all(|earlier| named(earlier).as_deref() != Some(target));
                first.then_some((target, pass))
            })
    }
}

fn leading_comment<'a>(place: &Place<'a>) -> Result<&'a str, EffectError> {
    let text = place.text.trim_start();
    let missing = || {
        place.error(
            1,
            1,
            "the file must begin with /*{ … }*/, the header in JSON",
        )
    };
    let rest = text
        .strip_prefix("/*")
        .filter(|rest| rest.trim_start().starts_with('{'));
    let rest = rest.ok_or_else(missing)?;
    let end = rest
        .find("*/")
        .ok_or_else(|| place.error(1, 1, "the header's comment is not closed: end it with }*/"))?;
    let json = &rest[..end];
    if let Some(inner) = json.find("/*") {
        let byte = place.text.len() - rest.len() + inner;
        return Err(place.at(byte, "no /* inside the header: WGSL comments nest"));
    }
    Ok(json)
}

#[derive(Deserialize)]
#[serde(rename_all = "UPPERCASE", deny_unknown_fields)]
struct RawHeader {
    description: String,
    #[serde(default)]
    credit: String,
    #[serde(default)]
    categories: Vec<String>,
    #[serde(default)]
    inputs: Vec<RawInput>,
    #[serde(default)]
    passes: Vec<RawPass>,
    #[serde(default)]
    clock: RawClock,
    #[serde(default)]
    output: RawOutput,
    #[serde(rename = "NO_IDENTITY")]
    no_identity: Option<String>,
    #[serde(default)]
    levels: bool,
    #[serde(rename = "ISFVSN")]
    _isf_version: Option<String>,
    #[serde(rename = "VSN")]
    _version: Option<String>,
    stage: Option<String>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "lowercase")]
enum RawClock {
    #[default]
    Source,
    Canvas,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "lowercase")]
enum RawOutput {
    #[default]
    Picture,
    Matte,
    Flow,
}

#[derive(Deserialize)]
#[serde(rename_all = "UPPERCASE", deny_unknown_fields)]
struct RawInput {
    name: String,
    #[serde(rename = "TYPE")]
    kind: String,
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
}

/// The numbers of a choice, or the name of a list that several effects share.
#[derive(Deserialize, Clone)]
#[serde(untagged)]
enum RawValues {
    Numbers(Vec<i64>),
    Shared(String),
}

#[derive(Deserialize)]
#[serde(rename_all = "UPPERCASE", deny_unknown_fields)]
struct RawPass {
    entry: String,
    target: Option<String>,
    #[serde(default)]
    persistent: bool,
    #[serde(default)]
    float: bool,
    width: Option<Json>,
    height: Option<Json>,
    repeat: Option<Json>,
    #[serde(default)]
    point: bool,
    #[serde(default)]
    kernel: bool,
}

impl RawHeader {
    fn check(self, place: &Place<'_>) -> Result<Header, EffectError> {
        if let Some(stage) = &self.stage {
            return Err(place.near("\"STAGE\"", format!("no host stage is called '{stage}'")));
        }
        let (mut images, mut params) = (Vec::new(), Vec::new());
        let mut names: Vec<String> = Vec::new();
        for input in self.inputs {
            check_name(place, &input.name, &names)?;
            names.push(input.name.clone());
            match input.kind.as_str() {
                "image" | "flow" | "history" => images.push(input.image(place)?),
                "audio" | "audioFFT" => {
                    let text = format!("\"{}\"", input.name);
                    return Err(
                        place.near(&text, "audio and audioFFT inputs come in a later version")
                    );
                }
                _ => params.push(input.param(place)?),
            }
        }
        let passes = check_passes(place, self.passes, &mut names, &images, &params)?;
        let histories = images
            .iter()
            .filter(|image| matches!(image.kind, ImageKind::History(_)))
            .count();
        if histories > MOST_HISTORIES {
            return Err(place.near(
                "\"INPUTS\"",
                format!("{histories} histories: at most {MOST_HISTORIES} can be read"),
            ));
        }
        let header = Header {
            description: self.description,
            credit: self.credit,
            categories: self.categories,
            images,
            params,
            passes,
            clock: match self.clock {
                RawClock::Source => Clock::Source,
                RawClock::Canvas => Clock::Canvas,
            },
            output: match self.output {
                RawOutput::Picture => Output::Picture,
                RawOutput::Matte => Output::Matte,
                RawOutput::Flow => Output::Flow,
            },
            no_identity: self.no_identity,
            levels: self.levels,
        };
        check_textures(place, &header)?;
        check_identity(place, &header)?;
        Ok(header)
    }
}

/// An identity, or the reason why there is none, must be declared: a law tests it.
fn check_identity(place: &Place<'_>, header: &Header) -> Result<(), EffectError> {
    let declared = header.params.iter().any(|param| param.identity.is_some());
    let generator = !header.images.iter().any(|image| image.name == INPUT_IMAGE);
    match (declared, &header.no_identity) {
        (true, Some(_)) => Err(place.near("\"NO_IDENTITY\"", "an input declares IDENTITY: NO_IDENTITY contradicts it")),
        (false, None) if !generator => Err(place.error(
            1,
            1,
            "say which values leave the picture unchanged: give an input an IDENTITY, or NO_IDENTITY with the reason",
        )),
        _ => Ok(()),
    }
}

fn check_textures(place: &Place<'_>, header: &Header) -> Result<(), EffectError> {
    let count = header.images.len() + header.targets().count();
    if count > MOST_IMAGES {
        let message =
            format!("{count} pictures and targets: a pass can read at most {MOST_IMAGES}");
        return Err(place.near("\"INPUTS\"", message));
    }
    Ok(())
}

fn check_name(place: &Place<'_>, name: &str, taken: &[String]) -> Result<(), EffectError> {
    let quoted = format!("\"{name}\"");
    let letters = name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    let message =
        if name.is_empty() || !letters || !name.starts_with(|c: char| c.is_ascii_alphabetic()) {
            format!("'{name}' is not a name: use letters, digits and _, beginning with a letter")
        } else if Keys::NAMES.contains(&name) {
            format!("'{name}' is a key that every layer has: choose another name")
        } else if taken.iter().any(|other| other == name) {
            format!("'{name}' is declared twice")
        } else {
            return Ok(());
        };
    Err(place.near(&quoted, message))
}

impl RawInput {
    fn image(self, place: &Place<'_>) -> Result<Image, EffectError> {
        let quoted = format!("\"{}\"", self.name);
        let kind = match self.kind.as_str() {
            "flow" => ImageKind::Flow,
            "history" => {
                let most = self.max.as_ref().and_then(Json::as_u64);
                let depth = most.filter(|depth| (1..=u64::from(Keys::LONGEST_TAP)).contains(depth));
                let message = format!(
                    "history '{}' needs MAX, how many pictures back it reaches: 1 to {}",
                    self.name,
                    Keys::LONGEST_TAP
                );
                ImageKind::History(depth.ok_or_else(|| place.near(&quoted, message))? as u32)
            }
            _ => ImageKind::Image,
        };
        Ok(Image {
            name: self.name,
            description: self.description,
            kind,
        })
    }

    fn param(self, place: &Place<'_>) -> Result<Param, EffectError> {
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
                let allowed = "event, bool, long, float, point2D, color, image, flow or history";
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

fn check_passes(
    place: &Place<'_>,
    raw: Vec<RawPass>,
    names: &mut Vec<String>,
    images: &[Image],
    params: &[Param],
) -> Result<Vec<Pass>, EffectError> {
    if raw.is_empty() {
        let whole = Pass {
            entry: "effect".to_owned(),
            target: None,
            persistent: false,
            float: false,
            size: None,
            repeat: None,
            point: false,
            kernel: false,
        };
        return Ok(vec![whole]);
    }
    let last = raw.len() - 1;
    let mut passes: Vec<Pass> = Vec::new();
    for (index, pass) in raw.into_iter().enumerate() {
        let pass = check_pass(place, pass, index == last, images, params)?;
        if let Some(target) = &pass.target {
            let earlier = passes
                .iter()
                .find(|earlier| earlier.target.as_ref() == Some(target));
            match earlier {
                None => {
                    check_name(place, target, names)?;
                    names.push(target.clone());
                }
                Some(first)
                    if (first.persistent, first.float, &first.size)
                        != (pass.persistent, pass.float, &pass.size) =>
                {
                    let message =
                        format!("target '{target}' is declared differently by two passes");
                    return Err(place.near(&format!("\"{target}\""), message));
                }
                Some(_) => {}
            }
        }
        passes.push(pass);
    }
    Ok(passes)
}

fn check_pass(
    place: &Place<'_>,
    raw: RawPass,
    last: bool,
    images: &[Image],
    params: &[Param],
) -> Result<Pass, EffectError> {
    let near = |message: String| place.near(&format!("\"{}\"", raw.entry), message);
    if raw.target.is_none() && (!last || raw.persistent || raw.float) {
        return Err(near(format!(
            "pass '{}' needs a TARGET: only the last pass writes the layer's picture",
            raw.entry
        )));
    }
    if raw.point && raw.kernel {
        return Err(near(format!(
            "pass '{}' cannot be POINT and KERNEL at once",
            raw.entry
        )));
    }
    if raw.point && images.is_empty() {
        return Err(near(format!(
            "pass '{}' is POINT but the effect has no picture to read",
            raw.entry
        )));
    }
    let size = match (&raw.width, &raw.height) {
        (None, None) => None,
        (width, height) => Some(PassSize {
            width: size_expression(place, width.as_ref(), "$WIDTH")?,
            height: size_expression(place, height.as_ref(), "$HEIGHT")?,
        }),
    };
    if last && size.is_some() {
        return Err(near(
            "the last pass has the canvas's size: leave WIDTH and HEIGHT out".to_owned(),
        ));
    }
    let repeat = raw
        .repeat
        .as_ref()
        .map(|json| repeat_expression(place, json, params))
        .transpose()?;
    Ok(Pass {
        entry: raw.entry,
        target: raw.target,
        persistent: raw.persistent,
        float: raw.float,
        size,
        repeat,
        point: raw.point,
        kernel: raw.kernel,
    })
}

fn size_expression(
    place: &Place<'_>,
    json: Option<&Json>,
    whole: &str,
) -> Result<Expression, EffectError> {
    let json = json
        .cloned()
        .unwrap_or_else(|| Json::String(whole.to_owned()));
    let known = |name: &str| matches!(name, "$WIDTH" | "$HEIGHT" | "WIDTH" | "HEIGHT");
    constant_expression(place, &json, known, "$WIDTH and $HEIGHT")
}

fn repeat_expression(
    place: &Place<'_>,
    json: &Json,
    params: &[Param],
) -> Result<Expression, EffectError> {
    let known = |name: &str| {
        params
            .iter()
            .any(|param| name.strip_prefix('$').unwrap_or(name) == param.name)
    };
    constant_expression(place, json, known, "the effect's own inputs, as $NAME")
}

fn constant_expression(
    place: &Place<'_>,
    json: &Json,
    known: impl Fn(&str) -> bool,
    allowed: &str,
) -> Result<Expression, EffectError> {
    let text = json
        .as_str()
        .map_or_else(|| json.to_string(), ToOwned::to_owned);
    let start = place.text.find(&text).unwrap_or(0);
    let expression = Expression::parse(&text)
        .map_err(|error| place.at(start + error.span.start, error.message))?;
    let stranger = expression.names().find(|(name, _)| !known(name));
    if let Some((name, span)) = stranger {
        return Err(place.at(
            start + span.start,
            format!("'{name}' is unknown here: only {allowed} can be used"),
        ));
    }
    if expression.evaluate_constant(|_| Some(1.0)).is_none() {
        return Err(place.at(
            start,
            format!("'{text}' changes with time: only {allowed} can be used"),
        ));
    }
    Ok(expression)
}
