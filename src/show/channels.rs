use super::ShowError;
use super::names::Scope;
use super::written::{Form, Text, Written};
use crate::effect::SPACES;
use crate::param::Value;

/// Reads which components a layer touches, as letters of its colour space: `r`, `rg`, `cb cr`, `["r", "a"]`. Bits
/// 0 to 2 are the space's components, bit 3 is alpha.
pub(super) fn read(written: &Written, space: usize, scope: &Scope<'_>) -> Result<Value, ShowError> {
    let (name, letters) = SPACES[space];
    let advice = format!(
        "'channels' takes letters of the space {name}: {}, and alpha",
        letters.join(", ")
    );
    let texts: Vec<&Text> = match &written.form {
        Form::Text(text) => vec![text],
        Form::List(items) => items
            .iter()
            .map(|item| item.text(scope.place, &advice))
            .collect::<Result<_, _>>()?,
        _ => return Err(written.wrong(scope.place, &advice)),
    };
    let mut mask = 0;
    for text in &texts {
        mask |= mask_of(text, letters).map_err(|at| written_at(scope, text, at, &advice))?;
    }
    if mask == 0 {
        return Err(written.wrong(scope.place, &advice));
    }
    Ok(Value::number(f64::from(mask)))
}

fn written_at(scope: &Scope<'_>, text: &Text, at: usize, advice: &str) -> ShowError {
    let message = format!("{advice}, not '{}'", &text.content[at..]);
    scope.place.at(text.place(at), message)
}

/// The bits of the components named, or the byte at which none is.
fn mask_of(text: &Text, letters: [&str; 3]) -> Result<u32, usize> {
    let names = ["alpha", letters[0], letters[1], letters[2], "a"];
    let bits = [3, 0, 1, 2, 3];
    let mut rest = text.content.as_str();
    let mut mask = 0;
    loop {
        rest = rest.trim_start_matches([' ', ',']);
        if rest.is_empty() {
            return Ok(mask);
        }
        let fitting = (0..names.len()).filter(|name| rest.starts_with(names[*name]));
        // The longest: "cb" is not a "c" and a "b"; of equals the space's own, lab's a before alpha's.
        let longest = fitting.rev().max_by_key(|name| names[*name].len());
        let name = longest.ok_or(text.content.len() - rest.len())?;
        mask |= 1 << bits[name];
        rest = &rest[names[name].len()..];
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_name_components() {
        let rgb = SPACES[0].1;
        let mask = |text: &str, letters| mask_of(&Text::plain(text, 0), letters);
        assert_eq!(mask("r", rgb), Ok(0b0001));
        assert_eq!(mask("rg", rgb), Ok(0b0011));
        assert_eq!(mask("b, alpha", rgb), Ok(0b1100));
        assert_eq!(mask("rgba", rgb), Ok(0b1111));
        assert_eq!(mask("cb cr", SPACES[1].1), Ok(0b0110));
        assert_eq!(mask("ycbcr", SPACES[1].1), Ok(0b0111));
        assert_eq!(mask("la", SPACES[3].1), Ok(0b0011));
        assert_eq!(mask("l alpha", SPACES[3].1), Ok(0b1001));
        assert_eq!(mask("rx", rgb), Err(1));
    }
}
