use serde::Deserialize;
use serde_json::Value as Json;

use super::model::{ENTRY, Image, Pass, PassSize, holds_motion};
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
    grid: Option<String>,
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
                    if (first.persistent, first.float, &first.size, first.grid)
                        != (pass.persistent, pass.float, &pass.size, pass.grid) =>
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
    Ok(joined(passes))
}

/// The last pass, where it only looks at its own pixel of what the one before wrote, is done with that one at once.
fn joined(mut passes: Vec<Pass>) -> Vec<Pass> {
    let [.., before, last] = passes.as_slice() else {
        return passes;
    };
    let whole = before.size.is_none() && before.grid.is_none() && before.repeat.is_none();
    let looks = last.point && last.target.is_none() && last.repeat.is_none();
    if looks && whole && !before.kernel {
        let then = passes.pop().map(|last| last.entry);
        if let Some(before) = passes.last_mut() {
            before.then = then;
        }
    }
    passes
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
    let sized = size.is_some() || raw.grid.is_some();
    if last && sized {
        return Err(near(
            "the last pass has the canvas's size: leave WIDTH, HEIGHT and GRID out".to_owned(),
        ));
    }
    let grid = raw.grid.as_deref().map(|name| grid(place, name, images));
    let grid = grid.transpose()?;
    if grid.is_some() && (size.is_some() || !raw.float) {
        return Err(near(format!(
            "pass '{}' holds motion on its GRID: it needs FLOAT, and neither WIDTH nor HEIGHT",
            raw.entry
        )));
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
        grid,
        repeat,
        point: raw.point,
        kernel: raw.kernel,
        then: None,
    })
}

/// The place of the motion whose texels a target has.
fn grid(place: &Place<'_>, name: &str, images: &[Image]) -> Result<usize, EffectError> {
    let found = images
        .iter()
        .position(|image| image.name == name && holds_motion(image, images));
    found.ok_or_else(|| {
        let message = format!("GRID '{name}': name an input of this effect that holds motion");
        place.near(&format!("\"{name}\""), message)
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
