//! A picture's part of a recipe: grey, the pyramid, and the polynomials of each level.

use super::constants::{Polynomial, gaussian};
use super::level::Level;
use super::module::{Module, Named, array, array_out, reads, writes};
use super::recipe::{Cook, Stores};
use super::slide::{Axis, blurred, halved, moments, polynomials, shrunk_moments};
use crate::picture::Size;
use crate::plan::{Bind, Texel};

/// A pixel that is halved more often than that has too many above it for one kernel.
const MOST_HALVES: usize = 3;

impl Cook<'_> {
    /// Grey pictures of the field's size.
    fn grey(&mut self, picture: Size, field: Size, grey: usize) {
        let module = Module::default()
            .with(include_str!("grey.wgsl"))
            .with(include_str!("covered.wgsl"))
            .constant("WHOLE", format!("{}u", whole(picture, field).unwrap_or(0)))
            .constant("SIZE", vec2("u", field));
        let binds = vec![
            reads("image", Bind::Image(0)),
            array_out("grey", "f32", grey),
        ];
        self.each_pixel("grey".to_owned(), module, field, binds);
    }

    /// The polynomials of each level of a picture.
    pub(super) fn pyramid(&mut self, picture: Size, stores: &[Stores]) -> Vec<[usize; 2]> {
        let field = self.levels[0].size;
        let grey = self.book.buffer("grey", field.area() * 4);
        self.grey(picture, field, grey);
        self.narrow(grey, stores);
        let levels = stores.iter().enumerate();
        levels
            .map(|(index, stores)| {
                self.moments(index, field.height, stores);
                self.expansion(index, stores.moments)
            })
            .collect()
    }

    /// Brings the grey picture to each level's width: all in one kernel, which reads each pixel once, where the widths are
    /// halves of each other.
    fn narrow(&mut self, grey: usize, stores: &[Stores]) {
        let field = self.levels[0].size;
        let step = 1 << (stores.len() - 1);
        let halved = self.settings.pyr_scale == 0.5
            && step <= 1 << MOST_HALVES
            && field.width.is_multiple_of(step);
        if halved && self.kind.fused {
            self.narrow_at_once(grey, stores, step);
            return;
        }
        for (index, stores) in stores.iter().enumerate() {
            let wide = Size::new(self.levels[index].size.width, field.height);
            let across = [grey, stores.narrow];
            self.shrink("narrow", index, Axis::Across, across, (field, wide));
        }
    }

    fn narrow_at_once(&mut self, grey: usize, stores: &[Stores], step: u32) {
        let field = self.levels[0].size;
        let blur = |level: &Level| gaussian(level.taps(), level.sigma());
        let weights: Vec<_> = self.levels.iter().map(blur).collect();
        let module = Module::default()
            .with(include_str!("narrow.wgsl"))
            .with(&halved(&weights, field.width))
            .constant("STEPS", step)
            .constant("EXTENT", vec2("i", field));
        let outs = stores.iter().enumerate();
        let outs =
            outs.map(|(index, stores)| array_out(&format!("narrow_{index}"), "f32", stores.narrow));
        let binds = [array("source", "f32", grey)].into_iter().chain(outs);
        let invocations = (field.width / step, field.height);
        self.run("narrow".to_owned(), module, invocations, binds.collect());
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

    /// The moments of a level's columns. Where its rows are those of the field halved, they are shrunk in the same kernel.
    fn moments(&mut self, index: usize, rows: u32, stores: &Stores) {
        let (polynomial, steps) = (self.polynomial(), self.kind.expansion.0);
        let size = self.levels[index].size;
        let shrinks = self.kind.fused && index <= MOST_HALVES && size.height << index == rows;
        let (source, rows, slide) = if shrinks {
            let level = &self.levels[index];
            let weights = gaussian(level.taps(), level.sigma());
            let slide = shrunk_moments(&polynomial, steps, (index, &weights));
            (stores.narrow, rows, slide)
        } else {
            let small = self.small(index, rows, stores.narrow);
            (small, size.height, moments(&polynomial, steps))
        };
        let module = Module::default()
            .with(&self.strips())
            .with(include_str!("moments.wgsl"))
            .with(&slide)
            .constant("STEPS", steps)
            .constant("SIZE", vec2("i", size))
            .constant("ROWS_OF_SOURCE", rows)
            .constant("BLURRED", shrinks);
        let binds = vec![
            array("source", "f32", source),
            array_out("moments", "vec4f", stores.moments),
        ];
        let label = format!("moments.{index}");
        let invocations = (size.width, size.height.div_ceil(steps));
        self.run(label, module, invocations, binds);
    }

    /// A level's picture, from one of its width.
    fn small(&mut self, index: usize, rows: u32, narrow: usize) -> usize {
        let size = self.levels[index].size;
        let wide = Size::new(size.width, rows);
        let small = self.strip_buffer(&format!("small.{index}"), (size.width, size.height), 4);
        self.shrink("small", index, Axis::Down, [narrow, small], (wide, size));
        small
    }

    fn polynomial(&self) -> Polynomial {
        Polynomial::new(self.settings.poly_n, self.settings.poly_sigma)
    }

    fn expansion(&mut self, index: usize, moments: usize) -> [usize; 2] {
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
            .with(include_str!("keep.wgsl"));
        let stores = self.expansion_stores(index);
        let mut binds = vec![array("moments", "vec4f", moments)];
        binds.extend(self.expansion_written(stores));
        let label = format!("expansion.{index}");
        let invocations = (width.div_ceil(steps), height);
        self.run(label, module, invocations, binds);
        stores
    }

    /// Whole polynomials but for the mixed coefficient, and that.
    fn expansion_stores(&mut self, index: usize) -> [usize; 2] {
        let size = self.levels[index].size;
        let texels = self.coefficients();
        let labels = ["expansion", "expansion_mixed"];
        let stores = [0, 1].map(|part| {
            let label = format!("{}.{index}", labels[part]);
            self.book.texture(label, size, texels[part])
        });
        for store in stores {
            self.book.keep(store);
        }
        stores
    }

    /// What holds a polynomial: the mixed coefficient is alone. A CPU driver reads one number between pixels in half the time
    /// of four; base hardware filters half floats only.
    const fn coefficients(&self) -> [Texel; 2] {
        match (self.settings.exact, self.filters_floats) {
            (true, _) => [Texel::Rgba32Float, Texel::R32Float],
            (false, true) => [Texel::Rgba16Float, Texel::R32Float],
            (false, false) => [Texel::Rgba16Float; 2],
        }
    }

    fn expansion_written(&self, [first, mixed]: [usize; 2]) -> [Named; 2] {
        let texels = self.coefficients().map(Texel::wgsl);
        [
            writes("expansion", texels[0], Bind::Write(first)),
            writes("expansion_mixed", texels[1], Bind::Write(mixed)),
        ]
    }
}

/// How many pixels of a picture lie across, and down, one of the field, if they are a whole number.
fn whole(picture: Size, field: Size) -> Option<u32> {
    let times = picture.width / field.width;
    (picture == Size::new(field.width * times, field.height * times)).then_some(times)
}

/// A size as a vector of WGSL.
pub(super) fn vec2(kind: &str, size: Size) -> String {
    format!("vec2{kind}({}, {})", size.width, size.height)
}
