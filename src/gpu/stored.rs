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
