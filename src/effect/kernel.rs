mod access;

use std::fmt::Write as _;

use super::header::{INPUT_IMAGE, ImageKind, Output, STAGED};
use super::keys::BLEND_MODES;
use super::{Block, Effect, Keys, Pass, Variant, params_block};
use access::access;

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
            (binding::PICTURE, true) => "finite(compose(at, seen_(value, at)))",
            (binding::PICTURE, false) => "hold(compose(at, seen_(value, at)))",
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
    if effect.header.staged.is_some() {
        let _ = writeln!(
            text,
            "fn {}(at: vec2i) -> vec4f {{ return load({STAGED}, at, SMEAR); }}",
            pass.entry
        );
    }
    constants(&mut text, effect, variant);
    uniforms(&mut text, effect, pass, variant);
    keys(&mut text, variant);
    textures(&mut text, effect, variant);
    access(&mut text, effect, pass, variant);
    seen(&mut text, pass);
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

/// `seen_`: what the layer's picture is given of a pixel's value.
fn seen(text: &mut String, pass: &Pass) {
    let kept = if pass.float {
        "finite(value)"
    } else {
        "as_picture(quantize(value))"
    };
    let seen = pass
        .then
        .as_ref()
        .map_or_else(|| "value".to_owned(), |then| format!("{then}({kept}, at)"));
    let _ = writeln!(
        text,
        "fn seen_(value: vec4f, at: vec2i) -> vec4f {{ return {seen}; }}"
    );
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
        text.push_str(&block.assignment(*index, *words));
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
