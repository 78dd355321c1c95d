use naga::front::wgsl;
use naga::valid::{Capabilities, ValidationFlags, Validator};
use naga::{Function, Module, ScalarKind, SourceLocation, TypeInner, VectorSize};

use super::kernel::declarations;
use super::{Effect, EffectError, Pass, Place, Variant, kernel};

/// naga's verdict on every pass of an effect.
///
/// # Errors
/// The first complaint, with the author's own line and column.
pub fn verdict(effect: &Effect, place: &Place<'_>) -> Result<(), EffectError> {
    let variant = Variant {
        workgroup: (64, 1),
        ..Variant::default()
    };
    let last = effect.header.passes.len() - 1;
    for (index, pass) in effect.header.passes.iter().enumerate() {
        let text = declarations(effect, pass, index == last, variant);
        check_entry(pass, &parse(&text, place)?, place)?;
        let text = kernel(effect, pass, index == last, variant);
        validate(&parse(&text, place)?, &text, place)?;
    }
    Ok(())
}

fn parse(text: &str, place: &Place<'_>) -> Result<Module, EffectError> {
    wgsl::parse_str(text).map_err(|error| {
        let labels: Vec<_> = error.labels().map(|(_, label)| label.to_owned()).collect();
        let labels = labels.iter().filter(|label| !label.is_empty());
        let detail = labels
            .map(|label| format!(" ({label})"))
            .collect::<String>();
        let message = format!("{}{detail}", error.message());
        locate(place, error.location(text), &message)
    })
}

fn validate(module: &Module, text: &str, place: &Place<'_>) -> Result<(), EffectError> {
    let capabilities = Capabilities::SHADER_FLOAT16_IN_FLOAT32;
    let mut validator = Validator::new(ValidationFlags::all(), capabilities);
    validator.validate(module).map(|_| ()).map_err(|error| {
        let mut message = error.as_inner().to_string();
        let mut cause = std::error::Error::source(error.as_inner());
        while let Some(inner) = cause {
            message = format!("{message}: {inner}");
            cause = inner.source();
        }
        locate(place, error.location(text), &message)
    })
}

/// The author's place for a complaint, or the header where the complaint is about the host's part: then an
/// input's name collides with it.
fn locate(place: &Place<'_>, location: Option<SourceLocation>, message: &str) -> EffectError {
    let own = location.filter(|found| (found.offset as usize) < place.text.len());
    match own {
        Some(found) => place.at(found.offset as usize, message),
        None => place.error(
            1,
            1,
            format!("{message}: rename what collides with the prelude"),
        ),
    }
}

fn check_entry(pass: &Pass, module: &Module, place: &Place<'_>) -> Result<(), EffectError> {
    let name = pass.entry.as_str();
    if pass.kernel {
        let found = module.entry_points.iter().any(|entry| entry.name == name);
        let advice =
            format!("there is no @compute function '{name}', which PASSES names as a KERNEL");
        return if found {
            Ok(())
        } else {
            Err(place.near("\"PASSES\"", advice))
        };
    }
    let wanted = if pass.point {
        format!("fn {name}(color: vec4f, at: vec2i) -> vec4f")
    } else {
        format!("fn {name}(at: vec2i) -> vec4f")
    };
    let mut functions = module.functions.iter().map(|(_, function)| function);
    let Some(function) = functions.find(|function| function.name.as_deref() == Some(name)) else {
        return Err(place.near(
            "\"PASSES\"",
            format!("there is no function '{name}': write {wanted}"),
        ));
    };
    if has_signature(module, function, pass.point) {
        return Ok(());
    }
    Err(place.near(&format!("fn {name}"), format!("a pass must be {wanted}")))
}

fn has_signature(module: &Module, function: &Function, point: bool) -> bool {
    let color = |handle| {
        is_vector(
            &module.types[handle].inner,
            VectorSize::Quad,
            ScalarKind::Float,
        )
    };
    let place = |handle| {
        is_vector(
            &module.types[handle].inner,
            VectorSize::Bi,
            ScalarKind::Sint,
        )
    };
    let arguments: Vec<_> = function
        .arguments
        .iter()
        .map(|argument| argument.ty)
        .collect();
    let taken = match arguments[..] {
        [at] if !point => place(at),
        [first, at] if point => color(first) && place(at),
        _ => false,
    };
    taken
        && function
            .result
            .as_ref()
            .is_some_and(|result| color(result.ty))
}

fn is_vector(inner: &TypeInner, wanted: VectorSize, kind: ScalarKind) -> bool {
    matches!(inner, TypeInner::Vector { size, scalar } if *size == wanted && scalar.kind == kind)
}

/// Columns and rows of the workgroup of a kernel that an author wrote; 1 by 1 where there is none.
#[must_use]
pub fn workgroup(text: &str, entry: &str) -> (u32, u32) {
    let module = wgsl::parse_str(text).unwrap_or_default();
    let found = module.entry_points.iter().find(|point| point.name == entry);
    found.map_or((1, 1), |point| {
        (point.workgroup_size[0], point.workgroup_size[1])
    })
}
