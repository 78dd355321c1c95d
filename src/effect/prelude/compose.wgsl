// The keys that every layer has: out = in + (E(effect, in) - in) * mix * matte, exact at both ends.
// Colours are in the effect's own scale (WHITE is its white).

// How much of the effect shows: mix times the matte's luma times alpha, or one of its channels.
fn coverage(at: vec2i) -> f32 {
    if (!MATTE) { return layer.mix; }
    let c = matte_at(at);
    var share = dot(c.rgb, LUMA) * c.a;
    if (layer.matte_channel >= 0) { share = c[layer.matte_channel]; }
    if (layer.matte_invert != 0u) { share = 1.0 - share; }
    return layer.mix * clamp(share, 0.0, 1.0);
}

fn to_space(rgb: vec3f) -> vec3f {
    switch key_space() {
        case 1: { return rgb_to_ycbcr(rgb); }
        case 2: { return rgb_to_hsv(rgb); }
        case 3: { return rgb_to_lab(rgb); }
        default: { return rgb; }
    }
}

fn from_space(c: vec3f) -> vec3f {
    switch key_space() {
        case 1: { return ycbcr_to_rgb(c); }
        case 2: { return hsv_to_rgb(c); }
        case 3: { return lab_to_rgb(c); }
        default: { return c; }
    }
}

// Takes the touched components from `after`, the others from `before`, in the layer's space.
fn choose_channels(before: vec4f, after: vec4f) -> vec4f {
    let touched = (vec4u(key_channels()) & vec4u(1u, 2u, 4u, 8u)) != vec4u(0u);
    let alpha = select(before.a, after.a, touched.w);
    if (all(touched.xyz)) { return vec4f(after.rgb, alpha); }
    if (!any(touched.xyz)) { return vec4f(before.rgb, alpha); }
    if (key_space() == 0) { return select(before, after, touched); }
    let mixed = select(to_space(before.rgb / WHITE), to_space(after.rgb / WHITE), touched.xyz);
    return vec4f(from_space(mixed) * WHITE, alpha);
}

fn compose(at: vec2i, value: vec4f) -> vec4f {
    if (!COMPOSES) { return value; }
    var before = below_at(at);
    if (!MOTION) { before = as_picture(before); }
    // Motion cannot be mixed with colours: what does not show is no motion.
    if (!KEEPS_KIND) { before = vec4f(0.0); }
    var after = value;
    if (BLEND) { after = vec4f(blend(value.rgb, before.rgb, key_blend(), 1.0), value.a); }
    let share = coverage(at);
    var result = before + (after - before) * share;
    if (share >= 1.0) { result = after; }
    if (share <= 0.0) { result = before; }
    if (CHANNELS) { result = choose_channels(before, result); }
    return result;
}
