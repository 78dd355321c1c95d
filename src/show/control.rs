use super::ShowError;
use super::error::Place;
use super::names::{Scope, advice, check_word};
use super::setting::Setting;
use super::written::{Field, Form, Written};
use crate::param::{Kind, Param, Value};

const KEYS: [&str; 8] = [
    "default",
    "min",
    "max",
    "type",
    "label",
    "unit",
    "description",
    "options",
];
const TYPES: [&str; 6] = ["float", "bool", "long", "event", "point2D", "color"];

/// Reads one of `[controls]`: `melt = { default = 0.6, min = 0, max = 1 }`, or the default alone.
pub(super) fn control(field: &Field, scope: &Scope<'_>) -> Result<Param, ShowError> {
    let place = scope.place;
    check_word(&field.key).map_err(|message| place.on(&field.key_span, message))?;
    let own = [Field {
        key: "default".to_owned(),
        key_span: field.key_span.clone(),
        value: field.value.clone(),
    }];
    let fields = match &field.value.form {
        Form::Table(fields) => fields.as_slice(),
        _ => &own,
    };
    if let Some(field) = fields
        .iter()
        .find(|field| !KEYS.contains(&field.key.as_str()))
    {
        let message = format!(
            "unknown key '{}' of a control{}",
            field.key,
            advice(&field.key, KEYS)
        );
        return Err(place.on(&field.key_span, message));
    }
    let value = |key: &str| {
        fields
            .iter()
            .find(|field| field.key == key)
            .map(|field| &field.value)
    };
    let mut param = bare(&field.key, kind(value("type"), value("options"), place)?);
    param.min = limit(value("min"), &param, param.min, scope)?;
    param.max = limit(value("max"), &param, param.max, scope)?;
    check_limits(&param, value("max").unwrap_or(&field.value), place)?;
    param.soft = (param.min, param.max);
    param.default = param.min;
    if let Some(default) = value("default") {
        param.default = constant(&param, default, scope)?;
    }
    texts(&mut param, value, place)?;
    Ok(param)
}

fn texts<'a>(
    param: &mut Param,
    value: impl Fn(&str) -> Option<&'a Written>,
    place: &Place<'_>,
) -> Result<(), ShowError> {
    let slots = [
        ("label", &mut param.label),
        ("unit", &mut param.unit),
        ("description", &mut param.description),
    ];
    for (key, slot) in slots {
        if let Some(written) = value(key) {
            let text = written.text(place, &format!("'{key}' is a text"))?;
            slot.clone_from(&text.content);
        }
    }
    Ok(())
}

/// A parameter with the limits of its type: 0 to 1 where it has none of its own.
fn bare(name: &str, kind: Kind) -> Param {
    let same = |number| Value::lanes(&vec![number; kind.width()]);
    let (low, high) = match &kind {
        Kind::Event => return Param::event(name),
        Kind::Long(options) => (same(0.0), same((options.len().max(1) - 1) as f64)),
        _ => (same(0.0), same(1.0)),
    };
    Param::new(name, kind, low, low, high)
}

fn kind(
    written: Option<&Written>,
    options: Option<&Written>,
    place: &Place<'_>,
) -> Result<Kind, ShowError> {
    let name = match written {
        Some(written) => written.text(place, "'type' is a text")?.content.as_str(),
        None if options.is_some() => "long",
        None => "float",
    };
    if let Some(options) = options.filter(|_| name != "long") {
        return Err(place.on(&options.span, "only the type long has 'options'"));
    }
    match name {
        "float" => Ok(Kind::Float),
        "bool" => Ok(Kind::Bool),
        "long" => labels(options, place).map(Kind::Long),
        "event" => Ok(Kind::Event),
        "point2D" => Ok(Kind::Point2D),
        "color" => Ok(Kind::Color),
        other => {
            let message = format!("unknown type '{other}'{}", advice(other, TYPES));
            Err(place.on(
                &written
                    .map(|written| written.span.clone())
                    .unwrap_or_default(),
                message,
            ))
        }
    }
}

fn labels(options: Option<&Written>, place: &Place<'_>) -> Result<Vec<(i64, String)>, ShowError> {
    let Some(written) = options else {
        return Ok(Vec::new());
    };
    let wanted = "'options' is a list of texts, numbered from 0";
    let Form::List(items) = &written.form else {
        return Err(written.wrong(place, wanted));
    };
    let texts = items.iter().map(|item| item.text(place, wanted));
    (0..)
        .zip(texts)
        .map(|(number, text)| Ok((number, text?.content.clone())))
        .collect()
}

/// A limit may be any number: it is read by a parameter of the same type without limits.
fn limit(
    written: Option<&Written>,
    param: &Param,
    unset: Value,
    scope: &Scope<'_>,
) -> Result<Value, ShowError> {
    let Some(written) = written else {
        return Ok(unset);
    };
    if !matches!(&param.kind, Kind::Float | Kind::Point2D | Kind::Color)
        && param.kind != Kind::Long(Vec::new())
    {
        let message = format!("the type {} has no 'min' and 'max'", param.kind.name());
        return Err(scope.place.on(&written.span, message));
    }
    let most = param.min.map(|_| 1e9);
    let open = Param {
        min: most.map(|most| -most),
        max: most,
        ..param.clone()
    };
    constant(&open, written, scope)
}

fn check_limits(param: &Param, written: &Written, place: &Place<'_>) -> Result<(), ShowError> {
    let mut lanes = param.min.as_slice().iter().zip(param.max.as_slice());
    if lanes.any(|(low, high)| low > high) {
        let message = format!(
            "'max' of '{}' is below its 'min', {}",
            param.name, param.min
        );
        return Err(place.on(&written.span, message));
    }
    Ok(())
}

/// A literal in the parameter's range.
pub(super) fn constant(
    param: &Param,
    written: &Written,
    scope: &Scope<'_>,
) -> Result<Value, ShowError> {
    let setting = Setting::read(param, written, scope)?;
    setting.constant().ok_or_else(|| {
        let message = format!(
            "'{}' must be a plain value: it is turned by hand, not by an expression",
            param.name
        );
        scope.place.on(&written.span, message)
    })
}
