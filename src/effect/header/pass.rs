use serde::Deserialize;
use serde_json::Value as Json;

use super::model::{ENTRY, Image, Pass, PassSize};
use super::read::check_name;
use crate::effect::{EffectError, Place};
use crate::param::Param;
use crate::signal::Expression;

#[derive(Deserialize)]
#[serde(rename_all = "UPPERCASE", deny_unknown_fields)]
pub(super) struct RawPass {
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

pub(super) fn check_passes(
    place: &Place<'_>,
    raw: Vec<RawPass>,
    names: &mut Vec<String>,
    images: &[Image],
    params: &[Param],
) -> Result<Vec<Pass>, EffectError> {
    if raw.is_empty() {
        return Ok(vec![Pass::plain(ENTRY, None)]);
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
        .map(|json| over_inputs(place, json, params))
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

/// An expression over an effect's own inputs.
pub(super) fn over_inputs(
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
