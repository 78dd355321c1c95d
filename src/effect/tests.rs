use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use naga::front::wgsl;
use naga::valid::{Capabilities, ValidationFlags, Validator};
use naga::{AddressSpace, Module, TypeInner};

use super::*;
use crate::param::Param;

/// Every type of input and every kind of pass; types follow one another so that blocks need padding.
const EVERYTHING: &str = r#"/*{
  "DESCRIPTION": "Every type of input, every kind of pass.",
  "INPUTS": [
    {"NAME": "inputImage", "TYPE": "image"},
    {"NAME": "motion", "TYPE": "flow"},
    {"NAME": "before", "TYPE": "history", "MAX": 3},
    {"NAME": "wave", "TYPE": "audio", "MAX": 64},
    {"NAME": "tones", "TYPE": "audioFFT"},
    {"NAME": "amount", "TYPE": "float", "MIN": 0, "MAX": 1, "IDENTITY": 0},
    {"NAME": "tint", "TYPE": "color"},
    {"NAME": "hit", "TYPE": "event"},
    {"NAME": "place", "TYPE": "point2D", "MIN": [0, 0], "MAX": [1, 1]},
    {"NAME": "on_beat", "TYPE": "bool"},
    {"NAME": "mode", "TYPE": "long", "VALUES": "blend"},
    {"NAME": "other_place", "TYPE": "point2D", "MIN": [0, 0], "MAX": [1, 1]}
  ],
  "LEVELS": true,
  "PASSES": [
    {"ENTRY": "gather", "TARGET": "sum", "PERSISTENT": true, "FLOAT": true, "REPEAT": 2},
    {"ENTRY": "small", "TARGET": "half_size", "WIDTH": "$WIDTH / 2", "HEIGHT": "$HEIGHT / 2"},
    {"ENTRY": "finish", "POINT": true}
  ]
}*/
fn gather(at: vec2i) -> vec4f { return load(wave, at, SMEAR) * sample(tones, vec2f(at), SMEAR).r + load(sum, at, WRAP) + load(motion, at, MIRROR) + past(before, 2, at, BLANK); }
fn small(at: vec2i) -> vec4f { return cubic(sum, vec2f(at), SMEAR) + sample(inputImage, vec2f(at), WRAP); }
fn finish(color: vec4f, at: vec2i) -> vec4f {
    let c = lab_to_rgb(rgb_to_lab(hsv_to_rgb(rgb_to_hsv(ycbcr_to_rgb(rgb_to_ycbcr(color.rgb))))));
    let t = turn(params.amount) * random(at, 1u) * random_still(at, params.hit);
    return vec4f(blend(c, params.tint.rgb * luma(c), params.mode, t.x), color.a);
}
"#;

fn folder(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(name)
}

fn effects() -> Vec<Effect> {
    let mut library = Library::default();
    let built_in = library.names().into_iter().map(|name| {
        let effect = library.get(&name).unwrap_or_else(|error| panic!("{error}"));
        (*effect).clone()
    });
    let everything = Effect::parse("everything", None, EVERYTHING);
    built_in
        .chain([everything.unwrap_or_else(|error| panic!("{error}"))])
        .collect()
}

/// The kernels of all passes in one variant, with their pass's name.
fn kernels(effect: &Effect, variant: &Variant) -> Vec<(String, String)> {
    let passes = &effect.header.passes;
    let texts = (0..passes.len()).map(|index| kernel(effect, index, variant));
    let names = passes
        .iter()
        .map(|pass| format!("{}.{}", effect.name, pass.entry));
    names.zip(texts).collect()
}

/// Every combination of flags; half of them with all that can be fixed fixed at its default.
fn variants(effect: &Effect) -> impl Iterator<Item = Variant> {
    let defaults =
        |params: &[Param]| -> Vec<_> { params.iter().map(|param| Some(param.default)).collect() };
    let params = &effect.header.params;
    let fixed = Variant::of(
        &defaults(&Keys::new().params),
        &defaults(params),
        params,
        true,
    );
    (0..64u32).map(move |bits| Variant {
        eight_bits: bits & 1 != 0,
        mix: bits & 2 != 0,
        blend: bits & 4 != 0,
        matte: bits & 8 != 0,
        channels: bits & 16 != 0,
        workgroup: (16, 8),
        ..if bits & 32 == 0 {
            Variant::default()
        } else {
            fixed.clone()
        }
    })
}

#[test]
fn every_kernel_passes_naga_in_every_variant() {
    for effect in effects() {
        for variant in variants(&effect) {
            for (name, text) in kernels(&effect, &variant) {
                let module = wgsl::parse_str(&text)
                    .unwrap_or_else(|error| panic!("{name} {variant:?}: {error}"));
                let capabilities = Capabilities::SHADER_FLOAT16_IN_FLOAT32;
                Validator::new(ValidationFlags::all(), capabilities)
                    .validate(&module)
                    .unwrap_or_else(|error| panic!("{name} {variant:?}: {error:?}"));
            }
        }
    }
}

/// Name and offset of each member of the uniform block behind a variable, and the block's size, by naga.
fn members(module: &Module, variable: &str) -> (Vec<(String, usize)>, usize) {
    let mut uniforms = module
        .global_variables
        .iter()
        .filter(|(_, global)| global.space == AddressSpace::Uniform);
    let found = uniforms.find(|(_, global)| global.name.as_deref() == Some(variable));
    let (_, global) = found.unwrap_or_else(|| panic!("no block {variable}"));
    let TypeInner::Struct { members, span } = &module.types[global.ty].inner else {
        panic!("{variable} is no struct");
    };
    let named = members.iter().map(|member| {
        (
            member.name.clone().unwrap_or_default(),
            member.offset as usize,
        )
    });
    (named.collect(), *span as usize)
}

#[test]
fn naga_agrees_on_every_offset() {
    let with_passes = |effect: &Effect| !effect.header.passes.is_empty();
    for effect in effects().into_iter().filter(with_passes) {
        let (name, text) = kernels(&effect, &Variant::default()).remove(0);
        let module = wgsl::parse_str(&text).unwrap_or_else(|error| panic!("{name}: {error}"));
        let blocks = [
            ("frame", Block::frame()),
            ("layer", Block::layer()),
            ("params_", params_block(&effect.header.params)),
        ];
        for (variable, block) in blocks {
            let (mut named, span) = members(&module, variable);
            if block.fields.is_empty() {
                assert_eq!(named.remove(0).0, "unused", "{name}.{variable}");
            }
            let ours = block
                .fields
                .iter()
                .map(|field| (field.name.clone(), field.offset));
            assert_eq!(named, ours.collect::<Vec<_>>(), "{name}.{variable}");
            assert_eq!(span.next_multiple_of(16), block.size, "{name}.{variable}");
        }
    }
}

/// Each file of tests/broken/effects ends with a line `// expected: LINE:COLUMN: part of the message`.
#[test]
fn broken_effects_are_refused_at_their_line_and_column() {
    let listed = fs::read_dir(folder("tests/broken/effects")).expect("the folder is there");
    let paths: BTreeSet<_> = listed
        .map(|entry| entry.expect("it can be read").path())
        .collect();
    assert!(paths.len() >= 40, "only {} files", paths.len());
    let wrong: Vec<_> = paths.iter().filter_map(refused_otherwise).collect();
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

/// What is wrong with how a broken file is refused, if anything is.
fn refused_otherwise(path: &PathBuf) -> Option<String> {
    let text = fs::read_to_string(path).expect("it can be read");
    let last = text.lines().last().unwrap_or_default();
    let expected = last.strip_prefix("// expected: ").unwrap_or_default();
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    let Err(error) = Effect::parse(&stem, Some(path.clone()), &text) else {
        return Some(format!("{stem} is not refused, expected {expected}"));
    };
    let said = format!("{}:{}: {}", error.line, error.column, error.message);
    let (place, message) = expected
        .split_once(": ")
        .unwrap_or(("no last line", "// expected: …"));
    let fits = said.starts_with(&format!("{place}: ")) && said.contains(message);
    (!fits).then(|| format!("{stem} says    {said}\n{stem} expected {expected}"))
}

/// The names that `fn` declares in the WGSL that the host adds to a file.
fn host_functions() -> BTreeSet<String> {
    let everything = Effect::parse("everything", None, EVERYTHING).expect("it is right");
    let (_, text) = kernels(&everything, &Variant::default()).remove(0);
    let added = &text[EVERYTHING.len()..];
    let names = added.split("fn ").skip(1);
    names
        .filter_map(|rest| Some(rest.split_once('(')?.0.to_owned()))
        .filter(|name| name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_'))
        .filter(|name| !name.ends_with('_'))
        .collect()
}

#[test]
fn the_whole_prelude_is_in_the_handbook() {
    let handbook = fs::read_to_string(folder("docs/writing-effects.md")).expect("it is there");
    let functions = host_functions();
    assert!(functions.contains("load") && functions.contains("texel"));
    let missing: Vec<_> = functions
        .iter()
        .filter(|name| {
            !handbook.contains(&format!("`{name}`")) && !handbook.contains(&format!("`{name}("))
        })
        .collect();
    assert!(
        missing.is_empty(),
        "docs/writing-effects.md lacks {missing:?}"
    );
}

/// The handbook's complete examples: code blocks that begin with a header.
#[test]
fn the_examples_of_the_handbook_are_right() {
    let handbook = fs::read_to_string(folder("docs/writing-effects.md")).expect("it is there");
    let blocks = handbook.split("```wgsl\n").skip(1);
    let texts: Vec<_> = blocks
        .filter_map(|rest| Some(rest.split_once("```")?.0))
        .filter(|text| text.starts_with("/*{"))
        .collect();
    assert!(texts.len() >= 2, "{} examples", texts.len());
    for text in texts {
        Effect::parse("example", None, text).unwrap_or_else(|error| panic!("{error}\n{text}"));
    }
}
