/*{
  "DESCRIPTION": "Makes a matte: white where the picture is unlike a key colour, the picture before, or a background that is held; then it grows, shrinks, softens and fades. What edges, polygon or flow_view's speed draw is a matte too; by luma they grow and soften here.",
  "CREDIT": "ffmpeg lumakey, chromakey, colorkey (a key's distance, similarity and blend)",
  "CATEGORIES": ["Matte"],
  "EXAMPLE": ["-e matte:similarity=0.6:softness=0.05:grow=5:feather=6:through=false", "-e pixelate:matte=!matte"],
  "OUTPUT": "matte",
  "NO_IDENTITY": "a matte is no picture",
  "INPUTS": [
    {"NAME": "inputImage", "TYPE": "image"},
    {"NAME": "before", "TYPE": "history", "MAX": 1, "DESCRIPTION": "The picture before, for difference."},
    {"NAME": "by", "TYPE": "long", "VALUES": [0, 1, 2, 3, 4], "LABELS": ["luma", "chroma", "color", "difference", "plate"], "DEFAULT": "luma",
     "DESCRIPTION": "What it goes by. luma: how much brighter or darker than the key. chroma: how far from the key's hue and saturation, however bright, as for a green screen. color: how far from the key in all. difference: how far from the picture before. plate: how far from the picture that take held."},
    {"NAME": "key", "TYPE": "color", "DEFAULT": [0, 0, 0, 1],
     "DESCRIPTION": "By luma, chroma or color, what comes out black. Black itself: what is bright, or coloured, comes out white."},
    {"NAME": "similarity", "TYPE": "float", "UNIT": "ratio", "DEFAULT": 0.2, "MIN": 0, "MAX": 1,
     "DESCRIPTION": "How far from the key is still black: 0 nothing but it, 1 everything."},
    {"NAME": "softness", "TYPE": "float", "UNIT": "ratio", "DEFAULT": 0.2, "MIN": 0, "MAX": 1,
     "DESCRIPTION": "How much farther it takes to be white: 0 black or white, 1 grey all over."},
    {"NAME": "take", "TYPE": "event", "DESCRIPTION": "Holds the current picture as the plate: fire it while the stage is empty. Until then it is the first one."},
    {"NAME": "invert", "TYPE": "bool", "DEFAULT": false, "DESCRIPTION": "On: white where it is like the key, before it grows. Off: white where it is not."},
    {"NAME": "part", "TYPE": "long", "VALUES": [0, 1], "LABELS": ["whole", "rim"], "DEFAULT": "whole",
     "DESCRIPTION": "whole: all that is white. rim: only its outline, which reaches as far as grow says to both sides."},
    {"NAME": "grow", "TYPE": "float", "UNIT": "px", "DEFAULT": 0, "MIN": -64, "MAX": 64, "SOFT": [-32, 32],
     "DESCRIPTION": "How far white grows over its rim: positive closes holes, negative lets specks vanish, 0 neither."},
    {"NAME": "feather", "TYPE": "float", "UNIT": "px", "DEFAULT": 0, "MIN": 0, "MAX": 1024, "SOFT": [0, 64],
     "DESCRIPTION": "How soft its rim then is: 0 as it was found."},
    {"NAME": "decay", "TYPE": "float", "UNIT": "ratio", "DEFAULT": 0, "MIN": 0, "MAX": 1,
     "DESCRIPTION": "What is left of it in each picture: 0 nothing, 0.85 a trail, 1 what was ever white stays white."}
  ],
  "PASSES": [
    {"ENTRY": "keep", "TARGET": "plate", "PERSISTENT": true, "REPEAT": "$by == 4 or $take > 0"},
    {"ENTRY": "compare", "TARGET": "found", "FLOAT": true},
    {"ENTRY": "grow_rows", "TARGET": "found", "FLOAT": true, "REPEAT": "$grow != 0"},
    {"ENTRY": "grow_columns", "TARGET": "found", "FLOAT": true, "REPEAT": "$grow != 0"},
    {"ENTRY": "grow_falling", "TARGET": "found", "FLOAT": true, "REPEAT": "$grow != 0"},
    {"ENTRY": "grow_rising", "TARGET": "found", "FLOAT": true, "REPEAT": "$grow != 0 or $part == 1"},
    {"ENTRY": "feather_rows", "TARGET": "soft", "WIDTH": "$WIDTH / 2", "HEIGHT": "$HEIGHT / 2", "FLOAT": true, "REPEAT": "2 * ($feather > 0)"},
    {"ENTRY": "feather_columns", "TARGET": "soft", "WIDTH": "$WIDTH / 2", "HEIGHT": "$HEIGHT / 2", "FLOAT": true, "REPEAT": "2 * ($feather > 0)"},
    {"ENTRY": "fade", "TARGET": "held", "PERSISTENT": true, "FLOAT": true}
  ]
}*/
const LUMA_KEY: i32 = 0;
const CHROMA: i32 = 1;
const COLOR: i32 = 2;
const DIFFERENCE: i32 = 3;
const RIM: i32 = 1;

// The first picture is the plate until another one is taken: where there is none yet, alpha is 0.
fn keep(at: vec2i) -> vec4f {
    let held = load(plate, at, SMEAR);
    if (params.take == 0u && held.a > 0.0) { return held; }
    return vec4f(load(inputImage, at, SMEAR).rgb, 1.0);
}

// Of two colours, 0 the same, 1 black and white.
fn apart(a: vec3f, b: vec3f) -> f32 { return length(a - b) * 0.57735027; }

// A mean over the neighbours: cameras have less colour than light, and more noise in it.
fn chroma_apart(at: vec2i) -> f32 {
    let key = rgb_to_ycbcr(params.key.rgb).yz;
    var sum = 0.0;
    for (var n = 0; n < 9; n++) {
        let p = at + vec2i(n % 3, n / 3) - 1;
        sum += length(rgb_to_ycbcr(load(inputImage, p, SMEAR).rgb).yz - key);
    }
    return sum * (0.70710678 / 9.0);
}

fn distance_from_key(at: vec2i) -> f32 {
    let color = load(inputImage, at, SMEAR).rgb;
    switch params.by {
        case LUMA_KEY: { return abs(luma(color) - luma(params.key.rgb)); }
        case CHROMA: { return chroma_apart(at); }
        case COLOR: { return apart(color, params.key.rgb); }
        case DIFFERENCE: { return apart(color, past(before, 1, at, SMEAR).rgb); }
        default: { return apart(color, load(plate, at, SMEAR).rgb); }
    }
}

// x the matte, y its reverse, by which a rim grows inward.
fn compare(at: vec2i) -> vec4f {
    let beyond = distance_from_key(at) - params.similarity;
    var white = clamp(beyond / max(params.softness, 1e-6), 0.0, 1.0);
    // By ffmpeg's limit, from which a key is hard.
    if (params.softness <= 1e-4) { white = select(0.0, 1.0, beyond > 0.0); }
    if (params.invert != 0u) { white = 1.0 - white; }
    return vec4f(white, 1.0 - white, 0.0, 0.0);
}

// How far it grows along the diagonals, and how far along the axes: the two diagonals reach twice as far along an axis, and
// all four together make an octagon.
fn diagonal() -> i32 { return i32(0.293 * round(abs(params.grow))); }

fn straight() -> i32 { return i32(round(abs(params.grow))) - 2 * diagonal(); }

fn grown(at: vec2i, axis: vec2i, reach: i32) -> vec4f {
    let way = select(sign(params.grow), 1.0, params.part == RIM);
    return extreme(found, at, axis, reach, way);
}

fn grow_rows(at: vec2i) -> vec4f { return grown(at, vec2i(1, 0), straight()); }

fn grow_columns(at: vec2i) -> vec4f { return grown(at, vec2i(0, 1), straight()); }

fn grow_falling(at: vec2i) -> vec4f { return grown(at, vec2i(1, 1), diagonal()); }

fn grow_rising(at: vec2i) -> vec4f {
    let both = grown(at, vec2i(1, -1), diagonal());
    return select(both, vec4f(min(both.x, both.y)), params.part == RIM);
}

// Each axis is softened twice, so that a hard rim does not become stairs: 0.8 and 0.6 add up to 1 as deviations do.
fn feather_reach() -> f32 { return params.feather * select(0.6, 0.8, layer.iteration == 0); }

fn feather_rows(at: vec2i) -> vec4f {
    if (layer.iteration > 0) { return gaussian(soft, vec2f(at) + 0.5, vec2f(0.5 * feather_reach(), 0.0), SMEAR); }
    let place = (vec2f(at) + 0.5) * vec2f(frame.size) / vec2f(size(soft));
    return gaussian(found, place, vec2f(feather_reach(), 0.0), SMEAR);
}

fn feather_columns(at: vec2i) -> vec4f {
    return gaussian(soft, vec2f(at) + 0.5, vec2f(0.0, 0.5 * feather_reach()), SMEAR);
}

fn feathered(at: vec2i) -> f32 {
    if (params.feather == 0.0) { return load(found, at, SMEAR).x; }
    return sample(soft, (vec2f(at) + 0.5) * vec2f(size(soft)) / vec2f(frame.size), SMEAR).x;
}

fn fade(at: vec2i) -> vec4f {
    return vec4f(vec3f(max(feathered(at), params.decay * load(held, at, SMEAR).x)), 1.0);
}
