use std::ops::Range;

use naga::front::wgsl;
use naga::valid::{Capabilities, ValidationFlags, Validator};
use naga::{Function, Module, ScalarKind, TypeInner, VectorSize};

use super::kernel::declarations;
use super::{Effect, EffectError, Pass, Place, Variant, kernel};

/// naga's verdict on every pass of an effect.
///
/// # Errors
/// The first complaint, with the author's own line and column.
pub fn verdict(effect: &Effect, place: &Place<'_>) -> Result<(), EffectError> {
    let variant = |drawn| Variant {
        workgroup: (64, 1),
        drawn,
        ..Variant::default()
    };
    for (index, pass) in effect.header.passes.iter().enumerate() {
        let text = declarations(effect, index, &variant(false));
        let module = parse(&text, place)?;
        check_entry(pass, &module, place)?;
        if let Some(then) = &pass.then {
            check_entry(&Pass::looking(then), &module, place)?;
        }
        for drawn in [false, true] {
            let text = kernel(effect, index, &variant(drawn));
            validate(&parse(&text, place)?, place)?;
        }
    }
    Ok(())
}

fn parse(text: &str, place: &Place<'_>) -> Result<Module, EffectError> {
    wgsl::parse_str(text).map_err(|error| {
        let labels = error.labels().map(|(_, label)| label);
        let detail = labels
            .filter(|label| !label.is_empty())
            .map(|label| format!(" ({label})"))
            .collect::<String>();
        let message = format!("{}{detail}", error.message());
        let own = error
            .labels()
            .find_map(|(span, _)| own_bytes(place, span.to_range()));
        locate(place, own, &message)
    })
}

fn validate(module: &Module, place: &Place<'_>) -> Result<(), EffectError> {
    let capabilities = Capabilities::SHADER_FLOAT16_IN_FLOAT32;
    let mut validator = Validator::new(ValidationFlags::all(), capabilities);
    validator.validate(module).map(|_| ()).map_err(|error| {
        let mut message = error.as_inner().to_string();
        let mut cause = std::error::Error::source(error.as_inner());
        while let Some(inner) = cause {
            message = format!("{message}: {inner}");
            cause = inner.source();
        }
        // naga names the function, its arguments and the expression in it: the last is the nearest.
        let own = error
            .spans()
            .filter_map(|(span, _)| own_bytes(place, span.to_range()))
            .max_by_key(|bytes| bytes.start);
        locate(place, own, &in_wgsl(message))
    })
}

/// naga prints types as its own data: put them as an author writes them.
fn in_wgsl(mut message: String) -> String {
    for (kind, scalar) in [("Float", "f32"), ("Sint", "i32"), ("Uint", "u32")] {
        let data = format!("Scalar {{ kind: {kind}, width: 4 }}");
        for (size, lanes) in [("Bi", 2), ("Tri", 3), ("Quad", 4)] {
            let vector = format!("Vector {{ size: {size}, scalar: {data} }}");
            message = message.replace(&vector, &format!("vec{lanes}<{scalar}>"));
        }
        message = message.replace(&format!("Scalar({data})"), scalar);
    }
    message
}

/// The bytes, if they are the author's and not the host's.
fn own_bytes(place: &Place<'_>, bytes: Option<Range<usize>>) -> Option<Range<usize>> {
    bytes.filter(|bytes| bytes.start < place.text.len())
}

/// The author's place for a complaint. Where it is about the host's part, one of the header's names got there.
fn locate(place: &Place<'_>, own: Option<Range<usize>>, message: &str) -> EffectError {
    if let Some(bytes) = own {
        return place.at(bytes.start, message);
    }
    let name = message.split('`').nth(1).unwrap_or_default();
    let advice =
        format!("{message}: the host's part of the shader cannot use this name, rename it");
    place.near(&format!("\"{name}\""), advice)
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
            Err(place.near(&format!("\"{name}\""), advice))
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
            &format!("\"{name}\""),
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
