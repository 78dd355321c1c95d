//! The page of all effects.

use super::cell;
use crate::cli::effects::takes;
use crate::effect::{Effect, Keys, Library};
use crate::param::{Kind, Param};
use crate::session::{Failure, Options};

const INTRODUCTION: &str = "# Effects

Made by `./x docs` from the headers of the effects; `afterimage effects NAME` prints the same on a terminal.
Try one with the line above its picture. Every number can be an [expression](expressions.md), and a control's at
`/layers/LAYER/NAME`. The keys that every layer has are at the end.
";

const KEYS: &str = "
## The keys of every layer

`out = in + (E(effect, in) - in) * mix * matte`, E being the blend mode.

";

/// The page.
pub(super) fn page(library: &mut Library) -> Result<String, Failure> {
    let mut page = INTRODUCTION.to_owned();
    for name in library.names() {
        let effect = library.get(&name).map_err(Failure::usage)?;
        page += &section(&effect);
    }
    page += KEYS;
    page += &table(&Keys::new().params);
    Ok(page)
}

/// What the command line says to show an effect at its best.
pub(super) fn example(effect: &Effect) -> Options {
    let mut options = Options::default();
    for option in words(effect) {
        match option.split_once(' ') {
            Some(("-s", source)) => options.sources.push(source.to_owned()),
            Some(("--audio", sound)) => options.audio = Some(sound.to_owned()),
            Some((_, layer)) => options.effects.push(layer.to_owned()),
            None => options.source = Some(option),
        }
    }
    options
}

fn words(effect: &Effect) -> Vec<String> {
    let example = &effect.header.example;
    if example.is_empty() {
        vec![format!("-e {}", effect.name)]
    } else {
        example.clone()
    }
}

fn section(effect: &Effect) -> String {
    let header = &effect.header;
    let name = &effect.name;
    let words = words(effect).join(" ");
    let mut section = format!(
        "\n## {name}\n\n{}\n\n`afterimage live {words}`\n\n![{name}](pictures/effects/{name}.jpg)\n\n",
        header.description
    );
    if !header.credit.is_empty() {
        section += &format!("Mirrors: {}\n\n", header.credit);
    }
    for image in header
        .images
        .iter()
        .filter(|image| image.name != "inputImage")
    {
        section += &format!(
            "- `{}`, {}. {}\n",
            image.name,
            takes(image),
            image.description
        );
    }
    if header.images.len() > 1 {
        section += "\n";
    }
    section + &table(&header.params)
}

/// The parameters, a row each; nothing where there are none.
pub(super) fn table(params: &[Param]) -> String {
    if params.is_empty() {
        return String::new();
    }
    let rows = params.iter().map(|param| {
        let allowed = match param.kind {
            Kind::Event => "a trigger".to_owned(),
            _ => format!("{}; {}", param.print(param.default), param.allowed()),
        };
        let unit = if param.unit.is_empty() {
            String::new()
        } else {
            format!(" ({})", param.unit)
        };
        format!(
            "| `{}`{unit} | {} | {} |\n",
            param.name,
            cell(&allowed),
            cell(&param.description)
        )
    });
    let head = "| parameter | default; allowed | |\n|---|---|---|\n";
    rows.fold(head.to_owned(), |table, row| table + &row)
}
