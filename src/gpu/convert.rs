//! Writes the shader that turns the samples of one format into colours.
//!
//! Formulas: ITU-R BT.601-7, BT.709-6 and BT.2020-2 for matrices, ranges and the codes of black and
//! white; ITU-T H.273 for the siting of chroma samples.

use std::collections::HashSet;
use std::fmt::Write;

use crate::picture::{Component, Encoding, Format, Model, Range, Rotation, Siting};

use super::planes::{self, LANES};

/// Everything that one conversion depends on.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Conversion {
    pub(super) format: Format,
    pub(super) encoding: Encoding,
    pub(super) rotation: Rotation,
    /// Whether colours are rounded to n/255.
    pub(super) levels: bool,
    /// Columns and rows of a workgroup, in blocks.
    pub(super) workgroup: (u32, u32),
    /// Whether it may be drawn.
    pub(super) draws: bool,
}

impl Conversion {
    /// Whether it is drawn: lavapipe writes an attachment in half the time of a storage texture, and nothing is read twice
    /// where one texel holds a pixel.
    pub(super) fn is_drawn(&self) -> bool {
        self.draws
            && self.rotation == Rotation::None
            && planes::samples_of_pixel(&self.format).is_some()
    }

    /// The shader, with the entry point `convert`; planes are bound from 0 on, and after them the picture, unless it is drawn.
    pub(super) fn shader(&self) -> String {
        let mut parts = vec![
            self.declarations(),
            include_str!("convert.wgsl").to_owned(),
            self.color(),
        ];
        match self.is_drawn() {
            true => parts.push(self.fragment()),
            false => parts.extend([include_str!("convert_block.wgsl").to_owned(), self.entry()]),
        }
        parts.join("\n")
    }

    fn declarations(&self) -> String {
        let mut text = format!("const LEVELS = {};\n", self.levels);
        for plane in 0..planes::count(&self.format) {
            text += &format!("@group(0) @binding({plane}) var plane{plane}: texture_2d<u32>;\n");
        }
        text
    }

    /// The function from the codes of one pixel to its colour.
    fn color(&self) -> String {
        let terms = |weights: [f64; 3]| self.weighted(weights);
        let colors = match self.format.model {
            Model::Gray => format!("vec3f({})", terms([1.0, 0.0, 0.0])),
            Model::Rgb => {
                let [red, green, blue] = [[1., 0., 0.], [0., 1., 0.], [0., 0., 1.]].map(terms);
                format!("vec3f({red}, {green}, {blue})")
            }
            Model::Yuv => {
                let [red, green, blue] = self.matrix().map(terms);
                format!("vec3f({red}, {green}, {blue})")
            }
        };
        let alpha = match (self.format.has_alpha(), self.format.components.len() - 1) {
            (true, last) => format!("code.{} * {:?}", axis(last), self.scale(last).0),
            _ => "1.0".to_owned(),
        };
        format!("fn color(code: vec4f) -> vec4f {{\n    return vec4f({colors}, {alpha});\n}}\n")
    }

    /// Red, green and blue as sums of luma, blue difference and red difference.
    fn matrix(&self) -> [[f64; 3]; 3] {
        let (red, blue) = self.encoding.matrix.weights();
        let green = 1.0 - red - blue;
        let (from_blue, from_red) = (2.0 * (1.0 - blue), 2.0 * (1.0 - red));
        [
            [1.0, 0.0, from_red],
            [1.0, -from_blue * blue / green, -from_red * red / green],
            [1.0, from_blue, 0.0],
        ]
    }

    /// The sum of the components' values by `weights`, as one linear function of the codes.
    fn weighted(&self, weights: [f64; 3]) -> String {
        let mut text = String::new();
        let mut constant = 0.0;
        for (index, weight) in weights.into_iter().enumerate() {
            if weight != 0.0 {
                let (scale, bias) = self.scale(index);
                let factor = weight * scale;
                write!(text, "code.{} * {factor:?} + ", axis(index)).expect("strings take all");
                constant += weight * bias;
            }
        }
        text + &format!("{constant:?}")
    }

    /// Scale and bias from a component's code to its value: 0..1, colour differences -0.5..0.5.
    fn scale(&self, index: usize) -> (f64, f64) {
        let depth = i32::from(self.format.components[index].depth);
        let (unit, largest) = (2f64.powi(depth - 8), 2f64.powi(depth) - 1.0);
        let difference = self.format.model == Model::Yuv && matches!(index, 1 | 2);
        let alpha = self.format.has_alpha() && index + 1 == self.format.components.len();
        match (self.encoding.range, difference) {
            (Range::Limited, false) if !alpha => (1.0 / (219.0 * unit), -16.0 / 219.0),
            (Range::Limited, true) => (1.0 / (224.0 * unit), -128.0 / 224.0),
            (_, false) => (1.0 / largest, 0.0),
            (Range::Full, true) => (1.0 / largest, -128.0 * unit / largest),
        }
    }

    /// One pixel, whose samples one texel holds.
    fn fragment(&self) -> String {
        let step = planes::samples_of_pixel(&self.format).expect("only such are drawn");
        let code = |component: &Component| {
            let lane = format!("(at.x * {step} + {}) % {LANES}", component.offset);
            format!("f32(texel[{lane}] >> {}u)", component.shift)
        };
        let mut codes: Vec<_> = self.format.components.iter().map(code).collect();
        codes.resize(4, "0.0".to_owned());
        format!(
            "@fragment\n\
             fn convert(@builtin(position) position: vec4f) -> @location(0) vec4f {{\n    \
                 let at = vec2i(position.xy);\n    \
                 let texel = textureLoad(plane0, vec2i(at.x * {step} / {LANES}, at.y), 0);\n    \
                 return stored(color(vec4f({})));\n}}\n",
            codes.join(", ")
        )
    }

    fn entry(&self) -> String {
        let turns = match self.rotation {
            Rotation::None => 0,
            Rotation::Clockwise90 => 1,
            Rotation::Half => 2,
            Rotation::Clockwise270 => 3,
        };
        let picture = planes::count(&self.format);
        let block = planes::block(&self.format);
        let (columns, rows) = self.workgroup;
        let mut body = Body::new(self);
        for row in 0..block.height {
            for column in 0..block.width {
                body.pixel(column, row);
            }
        }
        format!(
            "const TURN = {turns};\n\
             @group(0) @binding({picture}) var picture: texture_storage_2d<rgba16float, write>;\n\
             @compute @workgroup_size({columns}, {rows})\n\
             fn convert(@builtin(global_invocation_id) id: vec3u) {{\n    \
                 let size = stored_size();\n    \
                 let block = vec2i(id.xy);\n    \
                 let at = block * vec2i({}, {});\n    \
                 if any(at >= size) {{ return; }}\n{}}}\n",
            block.width, block.height, body.text
        )
    }
}

fn axis(index: usize) -> char {
    ['x', 'y', 'z', 'w'][index]
}

/// Where pixel `at` of a block lies among samples halved `halvings` times: the sample before it and
/// the way to the next one, 0..1.
fn tap(at: u32, halvings: u8, centred: bool) -> (i32, f64) {
    let pixels = f64::from(1 << halvings);
    let position = match centred {
        true => (f64::from(at) + 0.5) / pixels - 0.5,
        false => f64::from(at) / pixels,
    };
    (position.floor() as i32, position - position.floor())
}

/// The statements for one block, every texel loaded and every sample interpolated once.
struct Body<'a> {
    conversion: &'a Conversion,
    named: HashSet<String>,
    text: String,
}

impl<'a> Body<'a> {
    fn new(conversion: &'a Conversion) -> Self {
        Self {
            conversion,
            named: HashSet::new(),
            text: String::new(),
        }
    }

    fn component(&self, index: usize) -> Component {
        self.conversion.format.components[index]
    }

    fn line(&mut self, line: &str) {
        self.text += "    ";
        self.text += line;
        self.text += "\n";
    }

    /// Names the value of `expression`, once.
    fn name(&mut self, name: &str, expression: &str) -> String {
        let name = name.replace('-', "m");
        if self.named.insert(name.clone()) {
            self.line(&format!("let {name} = {expression};"));
        }
        name
    }

    fn pixel(&mut self, column: u32, row: u32) {
        let count = self.conversion.format.components.len();
        let mut codes: Vec<_> = (0..count)
            .map(|index| self.value(index, column, row))
            .collect();
        codes.resize(4, "0.0".to_owned());
        let codes = codes.join(", ");
        self.line(&format!(
            "put(at + vec2i({column}, {row}), size, color(vec4f({codes})));"
        ));
    }

    /// The code of component `index` at a pixel of the block, interpolated where it is halved.
    fn value(&mut self, index: usize, column: u32, row: u32) -> String {
        let halvings = planes::halvings(&self.conversion.format, index);
        let siting = self.conversion.encoding.siting;
        let (left, across) = tap(column, halvings.0, siting == Siting::Center);
        let (top, down) = tap(row, halvings.1, siting != Siting::TopLeft);
        let first = self.between_rows(index, left, (top, down), row);
        if across == 0.0 {
            return first;
        }
        let second = self.between_rows(index, left + 1, (top, down), row);
        self.name(
            &format!("value{index}_{column}_{row}"),
            &format!("mix({first}, {second}, {across:?})"),
        )
    }

    fn between_rows(&mut self, index: usize, sample: i32, tap: (i32, f64), row: u32) -> String {
        let upper = self.code(index, sample, tap.0);
        if tap.1 == 0.0 {
            return upper;
        }
        let lower = self.code(index, sample, tap.0 + 1);
        self.name(
            &format!("column{index}_{sample}_{row}"),
            &format!("mix({upper}, {lower}, {:?})", tap.1),
        )
    }

    /// The code of a component's sample, counted from the block's first one.
    fn code(&mut self, index: usize, sample: i32, row: i32) -> String {
        let component = self.component(index);
        let place = sample * i32::from(component.step) + i32::from(component.offset);
        let lanes = LANES as i32;
        let texel = self.texel(index, place.div_euclid(lanes), row);
        let lane = axis(place.rem_euclid(lanes) as usize);
        let mut expression = format!("f32({texel}.{lane} >> {}u)", component.shift);
        if sample < 0 {
            let edge = self.code(index, 0, row);
            expression = format!("select({expression}, {edge}, block.x == 0)");
        }
        self.name(&format!("code{index}_{sample}_{row}"), &expression)
    }

    /// The texel of a component's plane, counted from the block's first one.
    fn texel(&mut self, index: usize, texel: i32, row: i32) -> String {
        let block = planes::block(&self.conversion.format);
        let (across, down) = planes::halvings(&self.conversion.format, index);
        let component = self.component(index);
        let plane = component.plane;
        let stride = (block.width >> across) / LANES * u32::from(component.step);
        let y = match down {
            0 => format!("at.y + {row}"),
            _ => format!(
                "clamp(block.y * {} + {row}, 0, ((size.y - 1) >> {down}u))",
                block.height >> down
            ),
        };
        let x = match texel {
            0.. => format!("block.x * {stride} + {texel}"),
            _ => format!("max(block.x * {stride} + {texel}, 0)"),
        };
        self.name(
            &format!("texel{plane}_{texel}_{row}_{down}"),
            &format!("textureLoad(plane{plane}, vec2i({x}, {y}), 0)"),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::picture::Matrix;

    fn conversion(format: Format, encoding: Encoding) -> Conversion {
        Conversion {
            format,
            encoding,
            rotation: Rotation::None,
            levels: false,
            workgroup: (64, 1),
            draws: false,
        }
    }

    #[test]
    fn one_load_brings_four_samples() {
        let encoding = Encoding {
            matrix: Matrix::Bt709,
            range: Range::Limited,
            siting: Siting::Left,
        };
        let loads = |format| {
            let text = conversion(format, encoding).shader();
            text.matches("textureLoad").count()
        };
        assert_eq!(loads(Format::rgba8()), 4);
        assert_eq!(loads(Format::yuv(8, (0, 0))), 3);
        assert_eq!(loads(Format::yuv(8, (1, 1))), 2 * 2 + 2 * 3 * 2);
    }

    #[test]
    fn white_is_one_and_grey_has_no_colour() {
        for (range, black, white, grey) in [
            (Range::Limited, 16.0, 235.0, 128.0),
            (Range::Full, 0.0, 255.0, 128.0),
        ] {
            let encoding = Encoding {
                range,
                ..Encoding::FULL
            };
            let conversion = conversion(Format::yuv(10, (0, 0)), encoding);
            let value = |index, code: f64| {
                let (scale, bias) = conversion.scale(index);
                code * scale + bias
            };
            let deep = if range == Range::Full {
                1023.0
            } else {
                white * 4.0
            };
            assert!((value(0, deep) - 1.0).abs() < 1e-12);
            assert!(value(0, black * 4.0).abs() < 1e-12);
            assert!(value(1, grey * 4.0).abs() < 1e-12);
        }
    }

    #[test]
    fn chroma_taps_follow_the_siting() {
        assert_eq!(tap(0, 1, false), (0, 0.0));
        assert_eq!(tap(1, 1, false), (0, 0.5));
        assert_eq!(tap(0, 1, true), (-1, 0.75));
        assert_eq!(tap(1, 1, true), (0, 0.25));
        assert_eq!(tap(7, 0, true), (7, 0.0));
    }
}
