//! Pictures read as storage textures, where that is quicker: on lavapipe.
//!
//! Mesa 22.3 looks up the mip level of a `texture_2d` anew for each of the eight pixels that it works at, whatever level is
//! asked for. A storage texture has none, so that a read costs a third. What is read must then be known to have one format.

use std::borrow::Cow;
use std::collections::HashSet;

use naga::{
    Expression, Function, GlobalVariable, Handle, ImageClass, ImageQuery, Module, Scalar, Span,
    StorageAccess, StorageFormat, Type, TypeInner,
};

use super::Gpu;

/// The formats of the textures that a kernel reads, by their bindings.
pub(super) type Formats = Vec<(u32, wgpu::TextureFormat)>;

impl Gpu {
    /// A module of WGSL that reads textures of these formats.
    pub(super) fn module_reading(
        &self,
        label: &str,
        text: &str,
        formats: &[(u32, wgpu::TextureFormat)],
    ) -> wgpu::ShaderModule {
        let parsed = || naga::front::wgsl::parse_str(text).ok();
        match self.reads_storage().then(parsed).flatten() {
            Some(mut module) if !formats.is_empty() => {
                read_as_storage(&mut module, formats);
                self.device
                    .create_shader_module(wgpu::ShaderModuleDescriptor {
                        label: Some(label),
                        source: wgpu::ShaderSource::Naga(Cow::Owned(module)),
                    })
            }
            // What is no WGSL the device says better.
            _ => self.module(label, text),
        }
    }
}

/// Makes storage textures of those textures that a module only loads from.
fn read_as_storage(module: &mut Module, formats: &[(u32, wgpu::TextureFormat)]) {
    let (sampled, handed) = (sampled(module), handed(module));
    let mut stored = HashSet::new();
    for (handle, global) in module.global_variables.iter_mut() {
        if sampled.contains(&handle) || handed.contains(&global.ty) {
            continue;
        }
        if let Some(inner) = stored_type(&module.types[global.ty].inner, global, formats) {
            let kind = Type { name: None, inner };
            global.ty = module.types.insert(kind, Span::UNDEFINED);
            stored.insert(handle);
        }
    }
    functions(module).for_each(|function| leave_levels_out(function, &stored));
}

fn functions(module: &mut Module) -> impl Iterator<Item = &mut Function> {
    let entries = module.entry_points.iter_mut();
    let others = module.functions.iter_mut().map(|(_, function)| function);
    others.chain(entries.map(|entry| &mut entry.function))
}

/// What is read by a sampler, between pixels.
fn sampled(module: &mut Module) -> HashSet<Handle<GlobalVariable>> {
    let image = |function: &Function, expression: &Expression| match expression {
        Expression::ImageSample { image, .. } => match function.expressions[*image] {
            Expression::GlobalVariable(global) => Some(global),
            _ => None,
        },
        _ => None,
    };
    let of_function = |function: &mut Function| {
        let expressions = function.expressions.iter();
        let images = expressions.filter_map(|(_, expression)| image(function, expression));
        images.collect::<Vec<_>>()
    };
    functions(module).flat_map(of_function).collect()
}

/// The types of what functions are given.
fn handed(module: &Module) -> HashSet<Handle<Type>> {
    let functions = module.functions.iter();
    let arguments = functions.flat_map(|(_, function)| &function.arguments);
    arguments.map(|argument| argument.ty).collect()
}

fn stored_type(
    inner: &TypeInner,
    global: &GlobalVariable,
    formats: &[(u32, wgpu::TextureFormat)],
) -> Option<TypeInner> {
    let TypeInner::Image {
        dim,
        arrayed,
        class: ImageClass::Sampled { kind, multi: false },
    } = *inner
    else {
        return None;
    };
    let binding = global.binding.as_ref()?.binding;
    let (_, format) = formats.iter().find(|(at, _)| *at == binding)?;
    let format = storage_format(*format)?;
    let class = ImageClass::Storage {
        format,
        access: StorageAccess::LOAD,
    };
    // Another entry point's texture may have the same binding.
    (Scalar::from(format).kind == kind).then_some(TypeInner::Image {
        dim,
        arrayed,
        class,
    })
}

const fn storage_format(format: wgpu::TextureFormat) -> Option<StorageFormat> {
    Some(match format {
        wgpu::TextureFormat::Rgba8Uint => StorageFormat::Rgba8Uint,
        wgpu::TextureFormat::Rgba16Uint => StorageFormat::Rgba16Uint,
        wgpu::TextureFormat::Rgba16Float => StorageFormat::Rgba16Float,
        wgpu::TextureFormat::R32Float => StorageFormat::R32Float,
        wgpu::TextureFormat::Rg32Float => StorageFormat::Rg32Float,
        wgpu::TextureFormat::Rgba32Float => StorageFormat::Rgba32Float,
        wgpu::TextureFormat::R32Uint => StorageFormat::R32Uint,
        wgpu::TextureFormat::Rgba32Uint => StorageFormat::Rgba32Uint,
        _ => return None,
    })
}

fn leave_levels_out(function: &mut Function, stored: &HashSet<Handle<GlobalVariable>>) {
    let images = function
        .expressions
        .iter()
        .filter_map(|(handle, expression)| {
            matches!(expression, Expression::GlobalVariable(global) if stored.contains(global))
                .then_some(handle)
        });
    let images: HashSet<_> = images.collect();
    for (_, expression) in function.expressions.iter_mut() {
        match expression {
            Expression::ImageLoad { image, level, .. } if images.contains(image) => *level = None,
            Expression::ImageQuery {
                image,
                query: ImageQuery::Size { level },
            } if images.contains(image) => *level = None,
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "
@group(0) @binding(0) var loaded: texture_2d<f32>;
@group(0) @binding(1) var sampled: texture_2d<f32>;
@group(0) @binding(2) var given: texture_2d_array<f32>;
@group(0) @binding(3) var numbers: texture_2d_array<u32>;
@group(0) @binding(4) var unknown: texture_2d<f32>;
@group(0) @binding(5) var between: sampler;
@group(0) @binding(6) var other: texture_2d<u32>;
fn first(layers: texture_2d_array<f32>) -> f32 { return textureLoad(layers, vec2i(), 0, 0).x; }
@fragment fn sum() -> @location(0) vec4f {
    let size = textureDimensions(loaded, 0) + textureDimensions(numbers);
    let number = textureLoad(numbers, vec2i(), 1, 0) + textureLoad(other, vec2i(), 0);
    return textureLoad(loaded, vec2u(size), 0) + textureSample(sampled, between, vec2f(0.5)) + first(given)
        + vec4f(number) + textureLoad(unknown, vec2i(), 0);
}";

    fn is_stored(module: &Module, name: &str) -> bool {
        let mut globals = module.global_variables.iter();
        let is_it = |global: &GlobalVariable| global.name.as_deref() == Some(name);
        let found = globals.find(|(_, global)| is_it(global));
        found.is_some_and(|(_, global)| {
            let inner = &module.types[global.ty].inner;
            matches!(
                inner,
                TypeInner::Image {
                    class: ImageClass::Storage { .. },
                    ..
                }
            )
        })
    }

    fn validated(module: &Module) -> bool {
        let flags = naga::valid::ValidationFlags::all();
        let capabilities = naga::valid::Capabilities::all();
        naga::valid::Validator::new(flags, capabilities)
            .validate(module)
            .is_ok()
    }

    #[test]
    fn what_is_only_loaded_becomes_storage_of_its_own_kind() {
        let mut module = naga::front::wgsl::parse_str(TEXT).expect("it is WGSL");
        let float = wgpu::TextureFormat::Rgba16Float;
        // The last is another entry point's, as it were: its kind is not that of the format.
        let formats = [0, 1, 2, 6].map(|at| (at, float));
        let whole = [(3, wgpu::TextureFormat::Rgba32Uint)];
        read_as_storage(&mut module, &[&formats[..], &whole].concat());
        for (name, wanted) in [
            ("loaded", true),
            ("numbers", true),
            ("sampled", false),
            ("given", false),
            ("unknown", false),
            ("other", false),
        ] {
            assert_eq!(is_stored(&module, name), wanted, "{name}");
        }
        assert!(validated(&module));
    }
}
