use std::fmt::Write as _;

use super::header::{INPUT_IMAGE, ImageKind, MOST_HISTORIES, Output};
use super::keys::BLEND_MODES;
use super::{Block, Effect, Keys, Pass, Variant, params_block};

const PRELUDE: [&str; 6] = [
    include_str!("prelude/access.wgsl"),
    include_str!("prelude/random.wgsl"),
    include_str!("prelude/color.wgsl"),
    include_str!("prelude/blend.wgsl"),
    include_str!("prelude/store.wgsl"),
    include_str!("prelude/compose.wgsl"),
];

/// What happens at a picture's border, numbered from 0, as the constants BLANK, SMEAR, WRAP, MIRROR.
pub(super) const EDGES: [&str; 4] = ["blank", "smear", "wrap", "mirror"];

/// The bindings of a pass's one group, in order: three uniform blocks, then the textures it reads.
/// These numbers are the layout of every pass.
pub mod binding {
    /// `frame`.
    pub const FRAME: u32 = 0;
    /// `params`.
    pub const PARAMS: u32 = 1;
    /// The host's `layer`.
    pub const LAYER: u32 = 2;
    /// The layer's picture, written.
    pub const PICTURE: u32 = 3;
    /// The pass's target, written.
    pub const TARGET: u32 = 4;
    /// The layer's input, to compose with.
    pub const BELOW: u32 = 5;
    /// The matte.
    pub const MATTE: u32 = 6;
    /// The first of the effect's images; its targets follow them.
    pub const IMAGES: u32 = 7;
}

/// A texture that a pass writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Written {
    /// Its binding where the pass is dispatched.
    pub binding: u32,
    /// Whether it holds 32-bit floats.
    pub float: bool,
}

impl Written {
    /// What a pass writes; drawn, these are its attachments in this order.
    pub fn of(pass: &Pass, last: bool, variant: &Variant) -> impl Iterator<Item = Self> {
        let written = |binding, float| Self { binding, float };
        let target = pass
            .target
            .iter()
            .map(move |_| written(binding::TARGET, pass.float));
        target.chain(last.then_some(written(binding::PICTURE, variant.float)))
    }

    const fn name(self) -> &'static str {
        match self.binding {
            binding::TARGET => "target_",
            _ => "picture_",
        }
    }

    /// What is written for the `value` of pixel `at`.
    const fn pixel(self) -> &'static str {
        match (self.binding, self.float) {
            (binding::PICTURE, true) => "finite(compose(at, value))",
            (binding::PICTURE, false) => "hold(compose(at, value))",
            (_, true) => "finite(value)",
            (_, false) => "quantize(value)",
        }
    }
}

/// Whether a pass is drawn as one triangle, its function a fragment's: lavapipe writes a picture in half the
/// time so, while real GPUs compute. What an author wrote as a kernel is dispatched, and so is a pass whose
/// target has another size than its picture.
#[must_use]
pub fn draws(effect: &Effect, index: usize, variant: &Variant) -> bool {
    let passes = &effect.header.passes;
    let pass = &passes[index];
    let differ = index + 1 == passes.len() && pass.target.is_some() && pass.size.is_some();
    variant.drawn && !differ && passes.iter().all(|pass| !pass.kernel)
}

/// The entry points of the module of a pass that is drawn.
pub mod drawing {
    /// The triangle's corners.
    pub const CORNER: &str = "corner_";
    /// A pixel.
    pub const PIXEL: &str = "main_";
}

/// The whole module of one pass: the author's file, then the host's part, so that an error's line is the
/// author's line. The kernel's entry point is [`entry_point`], or those of [`drawing`].
#[must_use]
pub fn kernel(effect: &Effect, index: usize, variant: &Variant) -> String {
    let pass = &effect.header.passes[index];
    let mut text = declarations(effect, index, variant);
    if draws(effect, index, variant) {
        text.push_str(&drawing(effect, pass, variant));
    } else if !pass.kernel {
        text.push_str(&wrapper(effect, pass, variant));
    }
    text
}

/// The name of a pass's entry point.
#[must_use]
pub fn entry_point(pass: &Pass) -> String {
    if pass.kernel {
        pass.entry.clone()
    } else {
        "main_".to_owned()
    }
}

/// Everything but the kernel: what an author's functions are checked against.
pub(super) fn declarations(effect: &Effect, index: usize, variant: &Variant) -> String {
    let passes = &effect.header.passes;
    let (pass, last) = (&passes[index], index + 1 == passes.len());
    let mut text = effect.text.clone();
    text.push('\n');
    constants(&mut text, effect, variant);
    uniforms(&mut text, effect, pass, variant);
    keys(&mut text, variant);
    textures(&mut text, effect, variant);
    access(&mut text, effect, variant);
    for part in PRELUDE {
        text.push_str(part);
    }
    let written: Vec<_> = Written::of(pass, last, variant).collect();
    if draws(effect, index, variant) {
        attachments(&mut text, &written);
    } else {
        storage(&mut text, &written);
    }
    text
}

fn constants(text: &mut String, effect: &Effect, variant: &Variant) {
    for (number, name) in EDGES.iter().enumerate() {
        let _ = writeln!(text, "const {}: i32 = {number};", name.to_uppercase());
    }
    for (number, name) in BLEND_MODES.iter().enumerate() {
        let _ = writeln!(text, "const BLEND_{}: i32 = {number};", name.to_uppercase());
    }
    let levels = variant.eight_bits && effect.header.levels;
    let white = if levels { "255.0" } else { "1.0" };
    let _ = writeln!(text, "const WHITE: f32 = {white};");
    let flags = [
        ("EIGHT_BITS", variant.eight_bits),
        ("COMPOSES", variant.composes()),
        ("BLEND", variant.blend),
        ("MATTE", variant.matte),
        ("CHANNELS", variant.channels),
        ("MOTION", effect.header.output == Output::Flow),
        ("KEEPS_KIND", effect.header.keeps_kind()),
    ];
    for (name, on) in flags {
        let _ = writeln!(text, "const {name}: bool = {on};");
    }
}

fn uniforms(text: &mut String, effect: &Effect, pass: &Pass, variant: &Variant) {
    // A kernel that an author wrote reads its parameters where they are; the host's makes a copy of them
    // first, in which those that never change are written out as constants.
    let params = if pass.kernel { "params" } else { "params_" };
    let blocks = [
        (binding::FRAME, "frame", "Frame", Block::frame()),
        (
            binding::PARAMS,
            params,
            "Params",
            params_block(&effect.header.params),
        ),
        (binding::LAYER, "layer", "Layer", Block::layer()),
    ];
    let space = variant.blocks().wgsl();
    for (number, name, kind, block) in blocks {
        let declaration = block.wgsl();
        let _ = writeln!(
            text,
            "{declaration}\n@group(0) @binding({number}) var<{space}> {name}: {kind};"
        );
    }
    if !pass.kernel {
        let _ = writeln!(text, "var<private> params: Params;");
    }
}

/// `key_blend` and its like: a constant where the layer's key never changes.
fn keys(text: &mut String, variant: &Variant) {
    for (key, name, kind) in [
        (Keys::BLEND, "blend", "i32"),
        (Keys::CHANNELS, "channels", "u32"),
        (Keys::SPACE, "space", "i32"),
    ] {
        let fixed = variant.fixed_key(key);
        let value = fixed.map_or_else(
            || format!("layer.{name}"),
            |number| format!("{kind}({number})"),
        );
        let _ = writeln!(text, "fn key_{name}() -> {kind} {{ return {value}; }}");
    }
}

/// The textures a pass can read: images, then targets, numbered in this order.
fn textures(text: &mut String, effect: &Effect, variant: &Variant) {
    let images = effect
        .header
        .images
        .iter()
        .map(|image| (image.name.as_str(), is_history(image.kind)));
    let targets = effect.header.targets().map(|(name, _)| (name, false));
    for (number, (name, history)) in images.chain(targets).enumerate() {
        let kind = if history {
            "texture_2d_array<f32>"
        } else {
            "texture_2d<f32>"
        };
        let at = binding::IMAGES as usize + number;
        let _ = writeln!(text, "const {name}: i32 = {number};");
        let _ = writeln!(
            text,
            "@group(0) @binding({at}) var image_{number}_: {kind};"
        );
    }
    let composed = [
        (variant.composes(), "below", binding::BELOW),
        (variant.matte, "matte", binding::MATTE),
    ];
    for (wanted, name, at) in composed {
        let mut read = "vec4f(1.0)".to_owned();
        if wanted {
            let _ = writeln!(
                text,
                "@group(0) @binding({at}) var {name}_: texture_2d<f32>;"
            );
            read = format!("textureLoad({name}_, at, 0)");
        }
        let _ = writeln!(
            text,
            "fn {name}_at(at: vec2i) -> vec4f {{ return {read}; }}"
        );
    }
}

const fn is_history(kind: ImageKind) -> bool {
    matches!(kind, ImageKind::History(_))
}

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
    fn all(effect: &Effect, variant: &Variant) -> Vec<Self> {
        let header = &effect.header;
        let images = header
            .images
            .iter()
            .enumerate()
            .map(|(number, image)| Self {
                history: is_history(image.kind),
                raw: image.kind == ImageKind::Table || header.holds_motion(image),
                scaled: variant.scaled.contains(&number),
            });
        let targets = header.targets().map(|(_, pass)| Self {
            raw: pass.float,
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
fn access(text: &mut String, effect: &Effect, variant: &Variant) {
    let (mut sizes, mut texels, mut pasts) = (String::new(), String::new(), String::new());
    let mut histories = 0;
    for (number, reading) in Reading::all(effect, variant).into_iter().enumerate() {
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
let depth = layer.depths[history];
return (layer.heads[history] - clamp(n, 0, layer.filled[history] - 1) + depth) % depth;
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

/// `store`: where the pixels of a dispatched pass go.
fn storage(text: &mut String, written: &[Written]) {
    let mut body = String::new();
    for target in written {
        let format = if target.float {
            "rgba32float"
        } else {
            "rgba16float"
        };
        let (at, name, pixel) = (target.binding, target.name(), target.pixel());
        let _ = writeln!(
            text,
            "@group(0) @binding({at}) var {name}: texture_storage_2d<{format}, write>;"
        );
        let _ = writeln!(body, "textureStore({name}, at, {pixel});");
    }
    let _ = writeln!(text, "fn store(at: vec2i, value: vec4f) {{\n{body}}}");
}

/// `written_`: where the pixels of a drawn pass go.
fn attachments(text: &mut String, written: &[Written]) {
    let (mut fields, mut pixels) = (String::new(), String::new());
    for (location, target) in written.iter().enumerate() {
        let _ = write!(fields, "@location({location}) {}: vec4f, ", target.name());
        let _ = write!(pixels, "{}, ", target.pixel());
    }
    let _ = writeln!(text, "struct Written_ {{ {fields}}}");
    let _ = writeln!(
        text,
        "fn written_(at: vec2i, value: vec4f) -> Written_ {{ return Written_({pixels}); }}"
    );
}

/// The kernel around an author's function: one invocation a pixel, bounds test, store.
fn wrapper(effect: &Effect, pass: &Pass, variant: &Variant) -> String {
    let (x, y) = variant.workgroup;
    let written = if pass.target.is_some() {
        "target_"
    } else {
        "picture_"
    };
    let call = call(effect, pass);
    let params = copy_params(effect, variant);
    format!(
        "@compute @workgroup_size({x}, {y}) fn main_(@builtin(global_invocation_id) id: vec3u) {{
let at = vec2i(id.xy);
if (any(at >= vec2i(textureDimensions({written})))) {{ return; }}
{params}store(at, {call});
}}\n"
    )
}

/// The triangle around an author's function: one fragment a pixel.
fn drawing(effect: &Effect, pass: &Pass, variant: &Variant) -> String {
    let (params, call) = (copy_params(effect, variant), call(effect, pass));
    format!(
        "@vertex fn {}(@builtin(vertex_index) corner: u32) -> @builtin(position) vec4f {{
return vec4f(vec2f(vec2u(corner & 1u, corner >> 1u) * 4u) - 1.0, 0.0, 1.0);
}}
@fragment fn {}(@builtin(position) place: vec4f) -> Written_ {{
let at = vec2i(place.xy);
{params}return written_(at, {call});
}}\n",
        drawing::CORNER,
        drawing::PIXEL,
    )
}

/// The call of an author's function for pixel `at`.
fn call(effect: &Effect, pass: &Pass) -> String {
    let name = &pass.entry;
    if pass.point {
        let from = point_source(effect, pass);
        format!("{name}(texel({from}, at), at)")
    } else {
        format!("{name}(at)")
    }
}

fn copy_params(effect: &Effect, variant: &Variant) -> String {
    let block = params_block(&effect.header.params);
    let mut text = "params = params_;\n".to_owned();
    for (index, words) in &variant.fixed {
        let _ = writeln!(
            text,
            "params.{} = {};",
            block.fields[*index].name,
            block.literal(*index, *words)
        );
    }
    text
}

/// The picture whose pixel a POINT pass is given: what the pass before it wrote, else the first image.
fn point_source(effect: &Effect, pass: &Pass) -> String {
    let passes = &effect.header.passes;
    let index = passes.iter().position(|other| other == pass).unwrap_or(0);
    let before = index
        .checked_sub(1)
        .and_then(|before| passes[before].target.clone());
    let images = &effect.header.images;
    let input = images
        .iter()
        .find(|image| image.name == INPUT_IMAGE)
        .unwrap_or(&images[0]);
    before.unwrap_or_else(|| input.name.clone())
}
