use std::fmt::Write as _;

use super::is_history;
use crate::effect::header::{ImageKind, MOST_HISTORIES};
use crate::effect::{Effect, Pass, Variant};

/// How the numbers of a texture read.
#[derive(Clone, Copy, Debug, Default)]
struct Reading {
    /// It has layers: pictures of the past.
    history: bool,
    /// Its numbers are what they are, not colours that 8-bit shows round.
    raw: bool,
    /// It holds motion on another grid than the layer's picture has, and is read between its pixels.
    scaled: bool,
}

impl Reading {
    /// Of all pictures that a pass can read. What lies on the pass's own grid it reads texel by texel.
    fn all(effect: &Effect, pass: &Pass, variant: &Variant) -> Vec<Self> {
        let header = &effect.header;
        let scaled = |grid: usize| variant.scaled.contains(&grid) && pass.grid != Some(grid);
        let images = header
            .images
            .iter()
            .enumerate()
            .map(|(number, image)| Self {
                history: is_history(image.kind),
                raw: image.kind == ImageKind::Table
                    || image.is_sound()
                    || header.holds_motion(image),
                scaled: scaled(number),
            });
        let targets = header.targets().map(|(_, pass)| Self {
            raw: pass.float,
            scaled: pass.grid.is_some_and(scaled),
            ..Self::default()
        });
        images.chain(targets).collect()
    }

    /// The size of picture `number`.
    fn size(self, number: usize) -> String {
        match self.scaled {
            true => "layer.grid".to_owned(),
            false => format!("vec2i(textureDimensions(image_{number}_))"),
        }
    }

    /// Its pixel `p`; `place` is the layer of a history.
    fn pixel(self, number: usize, place: &str) -> String {
        let separator = if self.history { ", " } else { "" };
        match (self.scaled, self.raw) {
            (true, _) => format!("between_{number}_(p{separator}{place})"),
            (_, true) => format!("textureLoad(image_{number}_, p{separator}{place}, 0)"),
            (_, false) => {
                format!("as_picture(textureLoad(image_{number}_, p{separator}{place}, 0))")
            }
        }
    }

    /// The function that reads it between its pixels.
    fn between(self, number: usize) -> String {
        let (parameter, place) = match self.history {
            true => (", place: i32", ", place"),
            false => ("", ""),
        };
        let load = |x: u32, y: u32| {
            let at = format!("clamp(corner + vec2i({x}, {y}), vec2i(0), extent - 1)");
            format!("textureLoad(image_{number}_, {at}{place}, 0)")
        };
        format!(
            "fn between_{number}_(p: vec2i{parameter}) -> vec4f {{
let extent = vec2i(textureDimensions(image_{number}_));
let q = (vec2f(p) + 0.5) * vec2f(extent) / vec2f(layer.grid) - 0.5;
let corner = vec2i(floor(q));
let f = q - vec2f(corner);
return mix(mix({}, {}, f.x), mix({}, {}, f.x), f.y);
}}\n",
            load(0, 0),
            load(1, 0),
            load(0, 1),
            load(1, 1),
        )
    }
}

/// `size`, `texel`, `texel_past` and `share`: which texture a picture's number stands for, and how its numbers read.
pub(super) fn access(text: &mut String, effect: &Effect, pass: &Pass, variant: &Variant) {
    let (mut sizes, mut texels, mut pasts) = (String::new(), String::new(), String::new());
    let mut histories = 0;
    for (number, reading) in Reading::all(effect, pass, variant).into_iter().enumerate() {
        if reading.scaled {
            text.push_str(&reading.between(number));
        }
        let size = reading.size(number);
        let _ = writeln!(sizes, "case {number}: {{ return {size}; }}");
        let mut pixel = format!("texel_past({number}, 0, p)");
        if reading.history {
            debug_assert!(histories < MOST_HISTORIES, "the header is checked");
            let past = reading.pixel(number, &format!("slot({histories}, n)"));
            let _ = writeln!(pasts, "case {number}: {{ return {past}; }}");
            histories += 1;
        } else {
            pixel = reading.pixel(number, "");
        }
        let _ = writeln!(texels, "case {number}: {{ return {pixel}; }}");
    }
    let shares = shares(effect);
    let _ = write!(
        text,
        "alias Image = i32;
fn as_picture(c: vec4f) -> vec4f {{
if (EIGHT_BITS) {{ return round(c * 255.0) / (255.0 / WHITE); }}
return c;
}}
fn slot(history: i32, n: i32) -> i32 {{
let place = layer.heads[history] - clamp(n, 0, layer.filled[history] - 1);
return select(place, place + layer.depths[history], place < 0);
}}
fn size(image: i32) -> vec2i {{ switch image {{
{sizes}default: {{ return vec2i(1); }} }} }}
fn texel_past(image: i32, n: i32, p: vec2i) -> vec4f {{ switch image {{
{pasts}default: {{ return vec4f(0.0); }} }} }}
fn texel(image: i32, p: vec2i) -> vec4f {{ switch image {{
{texels}default: {{ return vec4f(0.0); }} }} }}
fn share(flow: i32) -> f32 {{ switch flow {{
{shares}default: {{ return 1.0; }} }} }}
"
    );
}

/// Which of `layer.shares` each flow has.
fn shares(effect: &Effect) -> String {
    let images = effect.header.images.iter().enumerate();
    let flows = images.filter(|(_, image)| image.kind == ImageKind::Flow);
    let cases = flows.enumerate().map(|(place, (number, _))| {
        format!("case {number}: {{ return layer.shares[{place}]; }}\n")
    });
    cases.collect()
}
