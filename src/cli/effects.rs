use std::sync::Arc;

use serde_json::{Value as Json, json};

use super::arguments::Effects;
use super::say;
use crate::effect::{Effect, Image};
use crate::param::Param;
use crate::session::{Failure, library};

/// Prints what effects there are, or one with its parameters.
pub(super) fn list(arguments: &Effects) -> Result<(), Failure> {
    let mut library = library();
    let names = arguments
        .name
        .as_ref()
        .map_or_else(|| library.names(), |name| vec![name.clone()]);
    let mut effects = Vec::new();
    for name in names {
        effects.push(library.get(&name).map_err(Failure::usage)?);
    }
    if arguments.json {
        let rows: Vec<Json> = effects.iter().map(|effect| as_json(effect)).collect();
        return say(&Json::from(rows).to_string());
    }
    let whole = arguments.name.is_some();
    let row = |effect: &Arc<Effect>| {
        if whole {
            as_page(effect)
        } else {
            as_row(effect)
        }
    };
    say(&effects.iter().map(row).collect::<String>())
}

fn as_row(effect: &Effect) -> String {
    format!("{:16} {}\n", effect.name, effect.header.description)
}

fn as_page(effect: &Effect) -> String {
    let header = &effect.header;
    let mut page = format!("{}: {}\n", effect.name, header.description);
    if !header.credit.is_empty() {
        page += &format!("mirrors: {}\n", header.credit);
    }
    for image in &header.images {
        page += &format!(
            "  {:16} {}. {}\n",
            image.name,
            takes(image),
            image.description
        );
    }
    for param in &header.params {
        let unit = if param.unit.is_empty() {
            String::new()
        } else {
            format!(" {}", param.unit)
        };
        let default = param.print(param.default);
        let allowed = param.allowed();
        page += &format!(
            "  {:16} {default}{unit} ({allowed}). {}\n",
            param.name, param.description
        );
    }
    page
}

/// What an input that is no parameter takes.
pub(super) const fn takes(image: &Image) -> &'static str {
    if image.is_sound() {
        "what the show hears"
    } else {
        "a picture"
    }
}

fn as_json(effect: &Effect) -> Json {
    let header = &effect.header;
    let images: Vec<Json> = header
        .images
        .iter()
        .map(|image| json!({"name": image.name, "description": image.description}))
        .collect();
    json!({
        "name": effect.name,
        "description": header.description,
        "credit": header.credit,
        "categories": header.categories,
        "images": images,
        "params": header.params.iter().map(param_json).collect::<Vec<_>>(),
    })
}

fn param_json(param: &Param) -> Json {
    json!({
        "name": param.name,
        "type": param.kind.name(),
        "unit": param.unit,
        "default": param.default.as_slice(),
        "min": param.min.as_slice(),
        "max": param.max.as_slice(),
        "allowed": param.allowed(),
        "description": param.description,
    })
}
