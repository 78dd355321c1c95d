use serde_json::{Value as Json, json};

use super::arguments::Effects;
use crate::effect::Effect;
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
        println!("{}", Json::from(rows));
    } else if arguments.name.is_some() {
        effects.iter().for_each(|effect| print_whole(effect));
    } else {
        for effect in &effects {
            println!("{:16} {}", effect.name, effect.header.description);
        }
    }
    Ok(())
}

fn print_whole(effect: &Effect) {
    let header = &effect.header;
    println!("{}: {}", effect.name, header.description);
    if !header.credit.is_empty() {
        println!("mirrors: {}", header.credit);
    }
    for image in &header.images {
        println!("  {:16} a picture. {}", image.name, image.description);
    }
    for param in &header.params {
        let unit = if param.unit.is_empty() {
            String::new()
        } else {
            format!(" {}", param.unit)
        };
        let default = param.print(param.default);
        println!(
            "  {:16} {default}{unit} ({}). {}",
            param.name,
            param.allowed(),
            param.description
        );
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
