use serde::Deserialize;

use super::input::RawInput;
use super::model::{
    Clock, ENTRY, Header, INPUT_IMAGE, Image, ImageKind, MOST_HISTORIES, MOST_IMAGES, Output, Pass,
    STAGED,
};
use super::pass::{RawPass, check_passes};
use crate::effect::{EffectError, Keys, Place};

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

    /// The targets that a host stage and passes write, each once, with the pass that writes it first.
    pub fn targets(&self) -> impl Iterator<Item = (&str, &Pass)> {
        let named = |pass: &Pass| pass.target.clone();
        let passes = self.passes.iter().enumerate();
        let written = passes.filter_map(move |(index, pass)| {
            let target = pass.target.as_deref()?;
            let first = self.passes[..index]
                .iter()
                .all(|earlier| named(earlier).as_deref() != Some(target));
            first.then_some((target, pass))
        });
        let staged = self.staged.iter().map(|staged| (STAGED, staged));
        staged.chain(written)
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
    example: Vec<String>,
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

impl RawHeader {
    fn check(self, place: &Place<'_>) -> Result<Header, EffectError> {
        let (mut images, mut params) = (Vec::new(), Vec::new());
        let mut names: Vec<String> = Vec::new();
        for input in self.inputs {
            check_name(place, &input.name, &names)?;
            names.push(input.name.clone());
            match input.kind.as_str() {
                "image" | "table" | "flow" | "history" | "audio" | "audioFFT" => images.push(input),
                _ => params.push(input.param(place)?),
            }
        }
        let images = images.into_iter().map(|image| image.image(place, &params));
        let images = images.collect::<Result<Vec<_>, _>>()?;
        check_histories(place, &images)?;
        let composes = !matches!(self.output, RawOutput::Flow);
        let passes = match self.stage {
            Some(_) if !self.passes.is_empty() => {
                let message = "a host stage makes the whole picture: leave PASSES out";
                return Err(place.near("\"PASSES\"", message));
            }
            Some(_) if composes => vec![Pass::plain(ENTRY, None)],
            Some(_) => Vec::new(),
            None => check_passes(place, self.passes, &mut names, &images, &params)?,
        };
        let staged = self.stage.as_deref().filter(|_| composes);
        let header = Header {
            staged: staged.map(|stage| Pass::plain(stage, Some(STAGED))),
            description: self.description,
            credit: self.credit,
            example: self.example,
            categories: self.categories,
            images,
            params,
            passes,
            stage: self.stage,
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

/// A block has places for so many, and each is the past of a picture that the effect is given.
fn check_histories(place: &Place<'_>, images: &[Image]) -> Result<(), EffectError> {
    let of_kind =
        |wanted: fn(ImageKind) -> bool| images.iter().filter(move |image| wanted(image.kind));
    let flows = of_kind(|kind| kind == ImageKind::Flow).count();
    let histories = of_kind(|kind| matches!(kind, ImageKind::History(_)));
    for (count, what) in [(histories.clone().count(), "histories"), (flows, "flows")] {
        if count > MOST_HISTORIES {
            let message = format!("{count} {what}: at most {MOST_HISTORIES} can be read");
            return Err(place.near("\"INPUTS\"", message));
        }
    }
    for of in histories.filter_map(|image| image.of.as_deref()) {
        let has_past = |image: &&Image| matches!(image.kind, ImageKind::Image | ImageKind::Flow);
        if !images.iter().filter(has_past).any(|image| image.name == of) {
            let message =
                format!("OF '{of}': name an input of this effect that is an image or a flow");
            return Err(place.near(&format!("\"{of}\""), message));
        }
    }
    Ok(())
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

pub(super) fn check_name(
    place: &Place<'_>,
    name: &str,
    taken: &[String],
) -> Result<(), EffectError> {
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
