// ffmpeg's forty blend modes (libavfilter/blend_modes.c and vf_blend.c, 5.1). a is the upper picture, b the
// lower one. Each mode stands twice: on whole levels 0..255, where every quotient is truncated as C's integers
// are, and continuously on 0..1.

// Lays a over b in the effect's scale (WHITE is its white). At opacity 0 there is a alone; NORMAL is the
// exception, as in ffmpeg: it fades from b at 0 to a at 1.
fn blend(a: vec3f, b: vec3f, mode: i32, opacity: f32) -> vec3f {
    if (EIGHT_BITS || is_bytewise(mode)) {
        let scale = 255.0 / WHITE;
        return blend_bytes(blend_level(a * scale), blend_level(b * scale), mode, opacity) / scale;
    }
    if (mode == BLEND_NORMAL) { return a * opacity + b * (1.0 - opacity); }
    return blend_unit(blend_input(a), blend_input(b), mode) * opacity + a * (1.0 - opacity);
}

// Modes that work on bits or wrap around 256: they have no continuous form.
fn is_bytewise(mode: i32) -> bool {
    return mode == BLEND_AND || mode == BLEND_OR || mode == BLEND_XOR || mode == BLEND_BLEACH || mode == BLEND_STAIN;
}

fn blend_level(c: vec3f) -> vec3f { return clamp(round(c), vec3f(0.0), vec3f(255.0)); }

// A colour as the formulas take it: within 0..1 (the screen of 2 and 2 would be 0), and where it is the half
// float that n/255 was rounded to, n/255 itself: near white a quotient by 1 - a would multiply that rounding.
fn blend_input(c: vec3f) -> vec3f {
    let held = clamp(c, vec3f(0.0), vec3f(1.0));
    let whole = round(held * 255.0);
    // A half float has 11 bits: it is off by 2^-11 of its power of two at most, here in levels.
    let power = bitcast<vec3f>(bitcast<vec3u>(held) & vec3u(0x7f800000u));
    return select(held, whole / 255.0, abs(held * 255.0 - whole) <= power * (255.01 / 2048.0));
}

// p / q truncated, for whole p of 0..131071 and q of 1..510: the half keeps an inexact division (WGSL allows 2.5
// units in the last place) on the right side of a whole number. Integer division is slow on a GPU.
fn blend_quotient(p: vec3f, q: vec3f) -> vec3f { return floor((p + 0.5) / max(q, vec3f(1.0))); }

// With opacity, in single precision, truncated, the low 8 bits.
fn blend_bytes(a: vec3f, b: vec3f, mode: i32, opacity: f32) -> vec3f {
    var mixed = a + (blend_levels(a, b, mode) - a) * opacity;
    if (mode == BLEND_NORMAL) { mixed = a * opacity + b * (1.0 - opacity); }
    let whole = trunc(mixed);
    return whole - 256.0 * floor(whole / 256.0);
}

fn product_levels(a: vec3f, b: vec3f) -> vec3f { return blend_quotient(a * b, vec3f(255.0)); }

fn screen_levels(share: f32, a: vec3f, b: vec3f) -> vec3f {
    return 255.0 - share * product_levels(255.0 - a, 255.0 - b);
}

fn burn_levels(a: vec3f, b: vec3f) -> vec3f {
    return select(max(vec3f(0.0), 255.0 - blend_quotient((255.0 - b) * 256.0, a)), vec3f(0.0), a == vec3f(0.0));
}

fn dodge_levels(a: vec3f, b: vec3f) -> vec3f {
    return select(min(vec3f(255.0), blend_quotient(b * 256.0, 255.0 - a)), a, a == vec3f(255.0));
}

fn heat_levels(a: vec3f, b: vec3f) -> vec3f {
    let c = 255.0 - b;
    return select(255.0 - min(blend_quotient(c * c, a), vec3f(255.0)), vec3f(0.0), a == vec3f(0.0));
}

fn glow_levels(a: vec3f, b: vec3f) -> vec3f {
    return select(min(vec3f(255.0), blend_quotient(b * b, 255.0 - a)), a, a == vec3f(255.0));
}

fn overlay_levels(a: vec3f, b: vec3f) -> vec3f {
    return select(screen_levels(2.0, a, b), 2.0 * product_levels(a, b), a < vec3f(128.0));
}

fn softlight_levels(a: vec3f, b: vec3f) -> vec3f {
    return product_levels(a, a) + 2.0 * product_levels(b, product_levels(a, 255.0 - a));
}

fn softdifference_levels(a: vec3f, b: vec3f) -> vec3f {
    let above = blend_quotient((a - b) * 255.0, 255.0 - b);
    let below = blend_quotient((b - a) * 255.0, b);
    return select(below, above, a > b);
}

fn hardoverlay_levels(a: vec3f, b: vec3f) -> vec3f {
    let light = blend_quotient(255.0 * b, 510.0 - 2.0 * a);
    let result = select(blend_quotient(2.0 * a * b, vec3f(255.0)), light, a > vec3f(128.0));
    return select(min(vec3f(255.0), result), a, a == vec3f(255.0));
}

// One mode at full opacity on whole levels, not yet wrapped.
fn blend_levels(a: vec3f, b: vec3f, mode: i32) -> vec3f {
    let none = vec3f(0.0);
    let full = vec3f(255.0);
    let half = vec3f(128.0);
    switch mode {
        case BLEND_ADDITION: { return min(full, a + b); }
        case BLEND_AVERAGE: { return floor((a + b) / 2.0); }
        case BLEND_SUBTRACT: { return max(none, a - b); }
        case BLEND_MULTIPLY: { return product_levels(a, b); }
        case BLEND_SCREEN: { return screen_levels(1.0, a, b); }
        case BLEND_OVERLAY: { return overlay_levels(a, b); }
        case BLEND_HARDLIGHT: { return overlay_levels(b, a); }
        case BLEND_DARKEN: { return min(a, b); }
        case BLEND_LIGHTEN: { return max(a, b); }
        case BLEND_DIFFERENCE: { return abs(a - b); }
        case BLEND_NEGATION: { return full - abs(full - a - b); }
        case BLEND_EXTREMITY: { return abs(full - a - b); }
        case BLEND_GRAINMERGE: { return clamp(a + b - half, none, full); }
        case BLEND_GRAINEXTRACT: { return clamp(half + a - b, none, full); }
        case BLEND_MULTIPLY128: { return clamp(trunc((a - half) * b / 32.0 + half), none, full); }
        case BLEND_HARDMIX: { return select(full, none, a < full - b); }
        case BLEND_HEAT: { return heat_levels(a, b); }
        case BLEND_FREEZE: { return heat_levels(b, a); }
        case BLEND_DIVIDE: { return select(min(full, blend_quotient(255.0 * a, b)), full, b == none); }
        case BLEND_PHOENIX: { return min(a, b) - max(a, b) + full; }
        case BLEND_BURN: { return burn_levels(a, b); }
        case BLEND_DODGE: { return dodge_levels(a, b); }
        case BLEND_VIVIDLIGHT: {
            return select(dodge_levels(2.0 * (a - half), b), burn_levels(2.0 * a, b), a < half);
        }
        case BLEND_LINEARLIGHT: { return clamp(b + 2.0 * a - select(half * 2.0, full, b < half), none, full); }
        case BLEND_PINLIGHT: { return select(max(a, 2.0 * (b - half)), min(a, 2.0 * b), b < half); }
        case BLEND_SOFTLIGHT: { return min(full, softlight_levels(a, b)); }
        case BLEND_EXCLUSION: { return a + b - blend_quotient(2.0 * a * b, full); }
        case BLEND_REFLECT: { return glow_levels(b, a); }
        case BLEND_GLOW: { return glow_levels(a, b); }
        case BLEND_AND: { return vec3f(vec3u(a) & vec3u(b)); }
        case BLEND_OR: { return vec3f(vec3u(a) | vec3u(b)); }
        case BLEND_XOR: { return vec3f(vec3u(a) ^ vec3u(b)); }
        case BLEND_SOFTDIFFERENCE: { return min(full, softdifference_levels(a, b)); }
        case BLEND_GEOMETRIC: { return round(sqrt(a * b)); }
        case BLEND_HARMONIC: { return blend_quotient(2.0 * a * b, a + b); }
        case BLEND_INTERPOLATE: { return round(255.0 * interpolate_unit(a / 255.0, b / 255.0)); }
        case BLEND_BLEACH: { return full - a - b; }
        case BLEND_STAIN: { return 2.0 * full - a - b; }
        case BLEND_HARDOVERLAY: { return hardoverlay_levels(a, b); }
        default: { return a; }
    }
}

fn blend_ratio(p: vec3f, q: vec3f) -> vec3f { return p / max(q, vec3f(1e-6)); }

fn burn_unit(a: vec3f, b: vec3f) -> vec3f {
    return select(max(vec3f(0.0), 1.0 - blend_ratio(1.0 - b, a)), vec3f(0.0), a <= vec3f(0.0));
}

fn dodge_unit(a: vec3f, b: vec3f) -> vec3f {
    return select(min(vec3f(1.0), blend_ratio(b, 1.0 - a)), vec3f(1.0), a >= vec3f(1.0));
}

fn heat_unit(a: vec3f, b: vec3f) -> vec3f {
    let c = 1.0 - b;
    return select(1.0 - min(blend_ratio(c * c, a), vec3f(1.0)), vec3f(0.0), a <= vec3f(0.0));
}

fn glow_unit(a: vec3f, b: vec3f) -> vec3f {
    return select(min(vec3f(1.0), blend_ratio(b * b, 1.0 - a)), vec3f(1.0), a >= vec3f(1.0));
}

fn overlay_unit(a: vec3f, b: vec3f) -> vec3f {
    return select(1.0 - 2.0 * (1.0 - a) * (1.0 - b), 2.0 * a * b, a < vec3f(0.5));
}

fn softdifference_unit(a: vec3f, b: vec3f) -> vec3f {
    return select(blend_ratio(b - a, b), blend_ratio(a - b, 1.0 - b), a > b);
}

fn hardoverlay_unit(a: vec3f, b: vec3f) -> vec3f {
    let light = blend_ratio(b, 2.0 - 2.0 * a);
    let result = select(2.0 * a * b, light, a > vec3f(0.5));
    return select(min(vec3f(1.0), result), vec3f(1.0), a >= vec3f(1.0));
}

fn interpolate_unit(a: vec3f, b: vec3f) -> vec3f {
    return (2.0 - cos(a * 3.14159265) - cos(b * 3.14159265)) * 0.25;
}

// One mode at full opacity on 0..1. The middle is 128/255 as on levels; 0.5 tells the levels below it from it.
fn blend_unit(a: vec3f, b: vec3f, mode: i32) -> vec3f {
    let none = vec3f(0.0);
    let full = vec3f(1.0);
    let half = vec3f(128.0 / 255.0);
    let middle = vec3f(0.5);
    switch mode {
        case BLEND_ADDITION: { return min(full, a + b); }
        case BLEND_AVERAGE: { return (a + b) * 0.5; }
        case BLEND_SUBTRACT: { return max(none, a - b); }
        case BLEND_MULTIPLY: { return a * b; }
        case BLEND_SCREEN: { return 1.0 - (1.0 - a) * (1.0 - b); }
        case BLEND_OVERLAY: { return overlay_unit(a, b); }
        case BLEND_HARDLIGHT: { return overlay_unit(b, a); }
        case BLEND_DARKEN: { return min(a, b); }
        case BLEND_LIGHTEN: { return max(a, b); }
        case BLEND_DIFFERENCE: { return abs(a - b); }
        case BLEND_NEGATION: { return 1.0 - abs(1.0 - a - b); }
        case BLEND_EXTREMITY: { return abs(1.0 - a - b); }
        case BLEND_GRAINMERGE: { return clamp(a + b - half, none, full); }
        case BLEND_GRAINEXTRACT: { return clamp(half + a - b, none, full); }
        case BLEND_MULTIPLY128: { return clamp((a - half) * b * (255.0 / 32.0) + half, none, full); }
        case BLEND_HARDMIX: { return select(full, none, a + b < full - 0.5 / 255.0); }
        case BLEND_HEAT: { return heat_unit(a, b); }
        case BLEND_FREEZE: { return heat_unit(b, a); }
        case BLEND_DIVIDE: { return select(min(full, blend_ratio(a, b)), full, b <= none); }
        case BLEND_PHOENIX: { return min(a, b) - max(a, b) + full; }
        case BLEND_BURN: { return burn_unit(a, b); }
        case BLEND_DODGE: { return dodge_unit(a, b); }
        case BLEND_VIVIDLIGHT: {
            return select(dodge_unit(2.0 * (a - half), b), burn_unit(2.0 * a, b), a < middle);
        }
        case BLEND_LINEARLIGHT: { return clamp(b + 2.0 * a - select(half * 2.0, full, b < middle), none, full); }
        case BLEND_PINLIGHT: { return select(max(a, 2.0 * (b - half)), min(a, 2.0 * b), b < middle); }
        case BLEND_SOFTLIGHT: { return min(full, a * a + 2.0 * b * a * (1.0 - a)); }
        case BLEND_EXCLUSION: { return a + b - 2.0 * a * b; }
        case BLEND_REFLECT: { return glow_unit(b, a); }
        case BLEND_GLOW: { return glow_unit(a, b); }
        case BLEND_SOFTDIFFERENCE: { return min(full, softdifference_unit(a, b)); }
        case BLEND_GEOMETRIC: { return sqrt(a * b); }
        case BLEND_HARMONIC: { return 2.0 * blend_ratio(a * b, a + b); }
        case BLEND_INTERPOLATE: { return interpolate_unit(a, b); }
        case BLEND_HARDOVERLAY: { return hardoverlay_unit(a, b); }
        default: { return a; }
    }
}
