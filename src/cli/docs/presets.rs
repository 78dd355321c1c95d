//! The page of all presets.

use super::effects::table;
use crate::effect::Library;
use crate::session::Failure;
use crate::show::{Show, preset, presets};

const INTRODUCTION: &str = "# Presets

Made by `./x docs` from `presets/`. Play one with `afterimage live SOURCE -p NAME`; in the window, the arrows go
through all of them, 1 to 9 choose one of the first nine, and space is the trigger. The knobs are at `/controls/NAME`.

![all presets](pictures/presets.jpg)

In this picture each row is a preset, in the order of this page, over the bundled clip, an animation, a film and a
person who walks, each at two moments.
";

/// The page.
pub(super) fn page(library: &mut Library) -> Result<String, Failure> {
    let mut page = INTRODUCTION.to_owned();
    for (number, name) in presets().enumerate() {
        let text = preset(name).map_err(Failure::usage)?;
        let show = Show::parse(text, None, library).map_err(Failure::usage)?;
        page += &section(number, name, &show);
    }
    Ok(page)
}

fn section(number: usize, name: &str, show: &Show) -> String {
    let key = match number {
        0..=8 => format!(", key {}", number + 1),
        _ => String::new(),
    };
    format!(
        "\n## {}\n\n`{name}`{key}. {}\n\n![{name}](pictures/presets/{name}.jpg)\n\n{}",
        show.title,
        show.description,
        table(&show.controls)
    )
}
