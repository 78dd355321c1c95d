use super::ShowError;
use super::names::{Scope, advice};
use super::written::{Form, Text, Written};
use crate::param::{Kind, Param, Value};
use crate::signal::Expression;

/// What a parameter is set to.
#[derive(Clone, Debug, PartialEq)]
pub enum Setting {
    /// A value; a parameter's is within its range and has as many lanes as the parameter.
    Value(Value),
    /// An expression over signals; its value is clamped each tick.
    Expression(Expression),
    /// One setting of one number for each lane.
    Vector(Vec<Self>),
}

impl Setting {
    /// The value, where it never changes.
    #[must_use]
    pub const fn constant(&self) -> Option<Value> {
        match self {
            Self::Value(value) => Some(*value),
            Self::Expression(_) | Self::Vector(_) => None,
        }
    }

    /// The expressions in it, one for each lane that has one.
    pub(super) fn expressions(&self) -> Vec<&Expression> {
        match self {
            Self::Value(_) => Vec::new(),
            Self::Expression(expression) => vec![expression],
            Self::Vector(lanes) => lanes.iter().flat_map(Self::expressions).collect(),
        }
    }

    /// Reads what a parameter is set to: a literal in its range, an expression of its width, or a list of both.
    pub(super) fn read(
        param: &Param,
        written: &Written,
        scope: &Scope<'_>,
    ) -> Result<Self, ShowError> {
        let setting = Self::understand(param, written, scope)?;
        if param.fixed && setting.constant().is_none() {
            let message = format!(
                "'{}' stays what it is while a show plays: give a plain value",
                param.name
            );
            return Err(scope.place.on(&written.span, message));
        }
        Ok(setting)
    }

    fn understand(param: &Param, written: &Written, scope: &Scope<'_>) -> Result<Self, ShowError> {
        match &written.form {
            Form::Number(number) => literal(param, written, Value::number(*number), scope),
            Form::Switch(on) if matches!(param.kind, Kind::Bool | Kind::Event) => {
                literal(param, written, Value::from(*on), scope)
            }
            Form::Text(text) => match param.parse(&text.content) {
                Some(value) => literal(param, written, value, scope),
                None => expression_for(param, written, text, scope).map(Self::Expression),
            },
            Form::List(items) => vector(param, written, items, scope),
            _ => Err(written.wrong(
                scope.place,
                &format!("'{}' takes {}", param.name, shape(param)),
            )),
        }
    }

    /// Reads a signal of the show: a number, an expression of any width, or a list of 2 to 4 of them.
    pub(super) fn read_signal(written: &Written, scope: &Scope<'_>) -> Result<Self, ShowError> {
        match &written.form {
            Form::Number(number) => Ok(Self::Value(Value::number(*number))),
            Form::Switch(on) => Ok(Self::Value(Value::from(*on))),
            Form::Text(text) => match text.content.parse() {
                Ok(value) => Ok(Self::Value(value)),
                Err(_) => expression(text, scope).map(Self::Expression),
            },
            Form::List(items) if (2..=4).contains(&items.len()) => Self::lanes(items, scope),
            _ => {
                let wanted = "a signal is a number, an expression or a list of 2 to 4 of them";
                Err(written.wrong(scope.place, wanted))
            }
        }
    }

    /// A value where all items are numbers, else one setting for each.
    fn lanes(items: &[Written], scope: &Scope<'_>) -> Result<Self, ShowError> {
        let lanes: Vec<_> = items
            .iter()
            .map(|item| lane(item, scope))
            .collect::<Result<_, _>>()?;
        let numbers: Option<Vec<f64>> = lanes
            .iter()
            .map(|lane| lane.constant().map(|value| value.lane(0)))
            .collect();
        Ok(numbers.map_or(Self::Vector(lanes), |numbers| {
            Self::Value(Value::lanes(&numbers))
        }))
    }
}

/// One number of a list.
fn lane(written: &Written, scope: &Scope<'_>) -> Result<Setting, ShowError> {
    let wanted = "an item of a list is a number or an expression that gives one";
    match &written.form {
        Form::Number(number) => Ok(Setting::Value(Value::number(*number))),
        Form::Text(text) => {
            if let Some(number) = text
                .content
                .parse()
                .ok()
                .filter(|value: &Value| value.width() == 1)
            {
                return Ok(Setting::Value(number));
            }
            let expression = expression(text, scope)?;
            match expression.width() {
                None | Some(1) => Ok(Setting::Expression(expression)),
                Some(width) => Err(scope
                    .place
                    .at(text.place(0), format!("{wanted}; this one gives {width}"))),
            }
        }
        _ => Err(written.wrong(scope.place, wanted)),
    }
}

fn vector(
    param: &Param,
    written: &Written,
    items: &[Written],
    scope: &Scope<'_>,
) -> Result<Setting, ShowError> {
    if !fits(param, items.len()) || items.is_empty() {
        let message = format!(
            "'{}' takes {}, not {} items",
            param.name,
            shape(param),
            items.len()
        );
        return Err(scope.place.on(&written.span, message));
    }
    match Setting::lanes(items, scope)? {
        Setting::Value(value) => literal(param, written, value, scope),
        Setting::Vector(lanes) if param.kind.width() == 1 => {
            Ok(lanes.into_iter().next().expect("a list that is not empty"))
        }
        Setting::Vector(mut lanes) => {
            check_lanes(param, items, &lanes, scope)?;
            let opaque = Setting::Value(Value::number(1.0));
            lanes.resize(param.kind.width(), opaque);
            Ok(Setting::Vector(lanes))
        }
        other => Ok(other),
    }
}

/// The numbers among expressions must be in range too.
fn check_lanes(
    param: &Param,
    items: &[Written],
    lanes: &[Setting],
    scope: &Scope<'_>,
) -> Result<(), ShowError> {
    let outside = |lane: usize| {
        let range = param.min.lane(lane)..=param.max.lane(lane);
        lanes[lane]
            .constant()
            .is_some_and(|value| !range.contains(&value.lane(0)))
    };
    match (0..lanes.len()).find(|lane| outside(*lane)) {
        Some(lane) => {
            let (low, high) = (param.min.lane(lane), param.max.lane(lane));
            let wanted = format!(
                "item {} of '{}' must be {low} to {high}",
                lane + 1,
                param.name
            );
            Err(items[lane].wrong(scope.place, &wanted))
        }
        None => Ok(()),
    }
}

/// A value that never changes, in the parameter's type.
fn literal(
    param: &Param,
    written: &Written,
    value: Value,
    scope: &Scope<'_>,
) -> Result<Setting, ShowError> {
    let whole = value.lane(0).fract() == 0.0;
    let wanted = match &param.kind {
        _ if !fits(param, value.width()) => return Err(width_error(param, value, written, scope)),
        Kind::Bool if !(whole && param.allows(value)) => "true or false".to_owned(),
        Kind::Event if !(whole && param.allows(value)) => param.allowed(),
        Kind::Long(options) if options.is_empty() && !whole => {
            format!("a whole number, {}", param.allowed())
        }
        _ if !param.allows(value) => param.allowed(),
        _ => return Ok(Setting::Value(param.clamp(value, param.default))),
    };
    let message = format!("'{}' takes {wanted}, not {value}", param.name);
    Err(scope.place.on(&written.span, message))
}

fn width_error(param: &Param, value: Value, written: &Written, scope: &Scope<'_>) -> ShowError {
    let message = format!("'{}' takes {}, not {value}", param.name, shape(param));
    scope.place.on(&written.span, message)
}

/// An expression for one parameter; a word that is no signal may have been meant as one of its options.
fn expression_for(
    param: &Param,
    written: &Written,
    text: &Text,
    scope: &Scope<'_>,
) -> Result<Expression, ShowError> {
    let word = text.content.trim();
    let is_word = word.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    if let Kind::Long(options) = &param.kind
        && !options.is_empty()
        && is_word
        && !scope.knows_signal(word)
    {
        let labels = options.iter().map(|(_, label)| label.as_str());
        let message = format!(
            "'{word}' is no option of '{}'{}",
            param.name,
            advice(word, labels)
        );
        return Err(scope.place.at(text.place(0), message));
    }
    if let Ok(value) = word.parse::<Value>() {
        return Err(width_error(param, value, written, scope));
    }
    let expression = expression(text, scope)?;
    match expression.width() {
        Some(width) if !fits(param, width) => Err(scope.place.at(
            text.place(0),
            format!(
                "'{}' takes {}, this expression gives {width}",
                param.name,
                shape(param)
            ),
        )),
        _ => Ok(expression),
    }
}

fn expression(text: &Text, scope: &Scope<'_>) -> Result<Expression, ShowError> {
    let expression = Expression::parse(&text.content)
        .map_err(|error| scope.place.at(text.place(error.span.start), error.message))?;
    scope.check_signals(text, &expression)?;
    Ok(expression)
}

/// One number is spread over all lanes; a colour may leave alpha out.
fn fits(param: &Param, width: usize) -> bool {
    width == 1 || width == param.kind.width() || (width == 3 && param.kind == Kind::Color)
}

const fn shape(param: &Param) -> &'static str {
    match param.kind {
        Kind::Point2D => "two numbers, [x, y], or an expression",
        Kind::Color => "a colour, [red, green, blue, alpha] or \"#rrggbb\", or an expression",
        Kind::Bool => "true, false or an expression",
        Kind::Event => "a trigger: an expression or a number of events",
        Kind::Long(_) | Kind::Float => "one number or an expression",
    }
}
