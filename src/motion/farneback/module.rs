//! Recipes by name instead of by number: what a kernel binds and how it declares it are said in one place.

use crate::picture::Size;
use crate::plan::{Bind, Dispatch, Kernel, Recipe, Store, StoreKind, Texel};

/// A recipe that grows.
#[derive(Debug, Default)]
pub(super) struct Book {
    pub(super) recipe: Recipe,
}

/// A binding: what WGSL calls it, with its type, and what it is.
pub(super) type Named = (String, Bind);

/// A kernel's text and the shape of its workgroups.
#[derive(Debug, Default)]
pub(super) struct Module {
    pub(super) text: String,
}

impl Module {
    /// Adds a part.
    pub(super) fn with(mut self, part: &str) -> Self {
        self.text.push_str(part);
        self.text.push('\n');
        self
    }

    /// Adds a constant.
    pub(super) fn constant(self, name: &str, value: impl std::fmt::Display) -> Self {
        self.with(&format!("const {name} = {value};"))
    }
}

impl Book {
    pub(super) fn texture(&mut self, label: String, size: Size, texel: Texel) -> usize {
        self.store(label, StoreKind::Texture(size, texel))
    }

    pub(super) fn buffer(&mut self, label: &str, bytes: u64) -> usize {
        self.store(label.to_owned(), StoreKind::Buffer(bytes))
    }

    fn store(&mut self, label: String, kind: StoreKind) -> usize {
        let stores = &mut self.recipe.stores;
        stores.push(Store {
            label,
            kind,
            kept: false,
        });
        stores.len() - 1
    }

    /// What the next run may read as the past.
    pub(super) fn keep(&mut self, store: usize) {
        self.recipe.stores[store].kept = true;
    }

    /// Runs a module in workgroups of `workgroup`, at least once for each of `invocations`.
    pub(super) fn run(
        &mut self,
        label: String,
        module: Module,
        workgroup: (u32, u32),
        invocations: (u32, u32),
        binds: Vec<Named>,
    ) {
        let module = module
            .constant("COLUMNS", workgroup.0)
            .constant("ROWS", workgroup.1);
        let (names, binds): (Vec<_>, Vec<_>) = binds.into_iter().unzip();
        let declare = |(index, name)| format!("@group(0) @binding({index}) var{name};\n");
        let declared: String = names.into_iter().enumerate().map(declare).collect();
        let kernel = self.kernel(Kernel {
            wgsl: declared + &module.text,
            entry: "main".to_owned(),
        });
        self.recipe.dispatches.push(Dispatch {
            label,
            kernel,
            binds,
            groups: [
                invocations.0.div_ceil(workgroup.0),
                invocations.1.div_ceil(workgroup.1),
                1,
            ],
        });
    }

    /// The index of a kernel; equal ones are one.
    fn kernel(&mut self, kernel: Kernel) -> usize {
        let kernels = &mut self.recipe.kernels;
        let known = kernels.iter().position(|known| *known == kernel);
        known.unwrap_or_else(|| {
            kernels.push(kernel);
            kernels.len() - 1
        })
    }
}

/// A texture that is read: `reads("grey", …)`.
pub(super) fn reads(name: &str, bind: Bind) -> Named {
    (format!(" {name}: texture_2d<f32>"), bind)
}

/// A sampler.
pub(super) fn sampler(name: &str) -> Named {
    (format!(" {name}: sampler"), Bind::Sampler)
}

/// A texture that is written.
pub(super) fn writes(name: &str, texel: &str, bind: Bind) -> Named {
    (format!(" {name}: texture_storage_2d<{texel}, write>"), bind)
}

/// A buffer that is read.
pub(super) fn array(name: &str, of: &str, store: usize) -> Named {
    (
        format!("<storage, read> {name}: array<{of}>"),
        Bind::Read(store),
    )
}

/// A buffer that is written.
pub(super) fn array_out(name: &str, of: &str, store: usize) -> Named {
    (
        format!("<storage, read_write> {name}: array<{of}>"),
        Bind::Write(store),
    )
}
