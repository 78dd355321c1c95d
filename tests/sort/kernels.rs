//! Every kernel is whole by itself, whatever path, size and adapter it is made for.

use afterimage::effect::Library;
use afterimage::engine::stages;
use afterimage::param::Value;
use afterimage::picture::Size;
use afterimage::plan::{Adapter, Recipe, Shape, Site, StoreKind};

const CPU: Adapter = Adapter {
    cpu: true,
    workgroup_memory: 32768,
    filters_floats: false,
};

/// Of a show that turns and plays nothing, or of one that plays everything.
fn recipe(path: usize, size: Size, adapter: Adapter, is_still: bool) -> Recipe {
    let effect = Library::default().get("pixel_sort").unwrap();
    let header = &effect.header;
    let set = |param: &afterimage::param::Param| match param.name.as_str() {
        "path" => Value::number(path as f64),
        "rotation" if !is_still => Value::number(30.0),
        _ => param.default,
    };
    let params = header.params.iter().map(set).collect();
    let images = vec![Shape { size, float: false }; header.images.len()];
    let stages = stages();
    let site = Site::new(header, params, size, images, adapter);
    let site = site.with_constants(|_, _| is_still);
    stages.get("pixel_sort").unwrap().recipe(&site)
}

fn each(check: impl Fn(&str, Recipe)) {
    for path in 0..4 {
        for size in [(1, 1), (1920, 1080), (3840, 2160)] {
            let size = Size::new(size.0, size.1);
            for (adapter, is_still) in [(CPU, false), (CPU, true), (Adapter::BASE, false)] {
                let what = format!("path {path}, {size}, {adapter:?}, still: {is_still}");
                check(&what, recipe(path, size, adapter, is_still));
            }
        }
    }
}

#[test]
fn every_kernel_is_valid() {
    each(|what, recipe| {
        for kernel in &recipe.kernels {
            let entry = &kernel.entry;
            let module = naga::front::wgsl::parse_str(&kernel.wgsl)
                .unwrap_or_else(|error| panic!("{what}: {}", error.emit_to_string(&kernel.wgsl)));
            let mut validator = naga::valid::Validator::new(
                naga::valid::ValidationFlags::all(),
                naga::valid::Capabilities::empty(),
            );
            let valid = validator.validate(&module);
            valid.unwrap_or_else(|error| {
                panic!("{what} {entry}: {}", error.emit_to_string(&kernel.wgsl))
            });
        }
    });
}

#[test]
fn no_store_is_larger_than_a_binding_may_be() {
    each(|what, recipe| {
        for store in &recipe.stores {
            let StoreKind::Buffer(bytes) = store.kind else {
                panic!("{what}: {store:?}");
            };
            assert!(bytes <= 128 << 20, "{what}: {store:?}");
        }
    });
}
