//! A picture's part of a recipe: grey, the pyramid, and the polynomials of each level.

use super::constants::{Polynomial, gaussian};
use super::module::{Module, Named, array, array_out, reads, writes};
use super::recipe::{Cook, Stores};
use super::slide::{Axis, blurred, moments, polynomials};
use crate::picture::Size;
use crate::plan::{Bind, Texel};

impl Cook<'_> {
    /// Grey pictures of the field's size.
    fn grey(&mut self, picture: Size, field: Size, grey: usize) {
        let module = Module::default()
            .with(include_str!("grey.wgsl"))
            .with(include_str!("covered.wgsl"))
            .constant("SAME", picture == field)
            .constant("SIZE", vec2("u", field));
        let binds = vec![
            reads("image", Bind::Image(0)),
            array_out("grey", "f32", grey),
        ];
        self.each_pixel("grey".to_owned(), module, field, binds);
    }

    /// The polynomials of each level of a picture.
    pub(super) fn pyramid(&mut self, picture: Size, stores: &[Stores]) -> Vec<Vec<usize>> {
        let field = self.levels[0].size;
        let grey = self.book.buffer("grey", field.area() * 4);
        self.grey(picture, field, grey);
        let levels = stores.iter().enumerate();
        levels
            .map(|(index, stores)| {
                let size = self.levels[index].size;
                let wide = Size::new(size.width, field.height);
                let across = [grey, stores.narrow];
                self.shrink("narrow", index, Axis::Across, across, (field, wide));
                let down = [stores.narrow, stores.small];
                self.shrink("small", index, Axis::Down, down, (wide, size));
                self.moments(index, stores);
                self.expansion(index, stores.moments)
            })
            .collect()
    }

    fn shrink(
        &mut self,
        label: &str,
        index: usize,
        axis: Axis,
        [source, shrunk]: [usize; 2],
        (whole, size): (Size, Size),
    ) {
        let level = &self.levels[index];
        let weights = gaussian(level.taps(), level.sigma());
        let module = Module::default()
            .with(include_str!("shrink.wgsl"))
            .with(include_str!("between.wgsl"))
            .with(&blurred(&weights, whole == size))
            .constant("AXIS", axis as u32)
            .constant("WHOLE", vec2("i", whole))
            .constant("SIZE", vec2("i", size));
        let binds = vec![
            array("source", "f32", source),
            array_out("shrunk", "f32", shrunk),
        ];
        self.each_pixel(format!("{label}.{index}"), module, size, binds);
    }

    fn moments(&mut self, index: usize, stores: &Stores) {
        let size = self.levels[index].size;
        let steps = self.kind.expansion.0;
        let module = Module::default()
            .with(&self.strips())
            .with(include_str!("moments.wgsl"))
            .with(&moments(&self.polynomial(), steps))
            .constant("STEPS", steps)
            .constant("SIZE", vec2("i", size));
        let binds = vec![
            array("source", "f32", stores.small),
            array_out("moments", "vec4f", stores.moments),
        ];
        let label = format!("moments.{index}");
        let invocations = (size.width, size.height.div_ceil(steps));
        self.book
            .run(label, module, self.kind.workgroup, invocations, binds);
    }

    fn polynomial(&self) -> Polynomial {
        Polynomial::new(self.settings.poly_n, self.settings.poly_sigma)
    }

    fn expansion(&mut self, index: usize, moments: usize) -> Vec<usize> {
        let Size { width, height } = self.levels[index].size;
        let polynomial = self.polynomial();
        let steps = self.kind.expansion.1;
        let module = Module::default()
            .with(include_str!("polynomial.wgsl"))
            .with(&self.strips())
            .with(include_str!("expansion.wgsl"))
            .with(&polynomials(&polynomial, steps))
            .constant("STEPS", steps)
            .constant("LINEAR", format!("{:?}f", polynomial.linear))
            .constant("MEAN", format!("{:?}f", polynomial.mean))
            .constant("SQUARE", format!("{:?}f", polynomial.square))
            .constant("MIXED", format!("{:?}f", polynomial.mixed))
            .with(self.keeping());
        let stores = self.expansion_stores(index);
        let mut binds = vec![array("moments", "vec4f", moments)];
        binds.extend(self.expansion_written(&stores));
        let label = format!("expansion.{index}");
        self.book.run(
            label,
            module,
            self.kind.workgroup,
            (width.div_ceil(steps), height),
            binds,
        );
        stores
    }

    const fn keeping(&self) -> &'static str {
        if self.settings.exact {
            "fn keep(at: vec2i, value: Polynomial) {
    textureStore(expansion, at, value.first);
    textureStore(expansion_mixed, at, vec4f(value.mixed));
}"
        } else {
            "fn keep(at: vec2i, value: Polynomial) {
    let bits = vec3u(pack2x16float(value.first.xy), pack2x16float(value.first.zw), pack2x16float(vec2f(value.mixed, 0.0)));
    textureStore(expansion, at, vec4u(bits, 0u));
}"
        }
    }

    fn expansion_stores(&mut self, index: usize) -> Vec<usize> {
        let size = self.levels[index].size;
        let label = format!("expansion.{index}");
        let texels: &[_] = if self.settings.exact {
            &[Texel::Rgba32Float, Texel::R32Float]
        } else {
            &[Texel::Rgba32Uint]
        };
        let stores: Vec<_> = texels
            .iter()
            .map(|texel| self.book.texture(label.clone(), size, *texel))
            .collect();
        for store in &stores {
            self.book.keep(*store);
        }
        stores
    }

    fn expansion_written(&self, stores: &[usize]) -> Vec<Named> {
        match *stores {
            [first, mixed] => vec![
                writes("expansion", "rgba32float", Bind::Write(first)),
                writes("expansion_mixed", "r32float", Bind::Write(mixed)),
            ],
            _ => vec![writes("expansion", "rgba32uint", Bind::Write(stores[0]))],
        }
    }
}

/// A size as a vector of WGSL.
fn vec2(kind: &str, size: Size) -> String {
    format!("vec2{kind}({}, {})", size.width, size.height)
}
