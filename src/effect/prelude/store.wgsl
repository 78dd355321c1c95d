// Writing pictures.

// NaN and infinity become 0, larger numbers the largest half float. By bits: a driver may assume that
// there is no NaN and drop a comparison.
fn finite(v: vec4f) -> vec4f {
    let bad = (bitcast<vec4u>(v) & vec4u(0x7f800000u)) == vec4u(0x7f800000u);
    return select(v, vec4f(0.0), bad);
}

// Rounded to the nearest half float here: some drivers truncate in the store, which darkens feedback.
fn half_float(v: vec4f) -> vec4f {
    let c = clamp(v, vec4f(-65504.0), vec4f(65504.0));
    return vec4f(unpack2x16float(pack2x16float(c.xy)), unpack2x16float(pack2x16float(c.zw)));
}

// What a picture holds of a colour that is given in the effect's own scale (WHITE is its white).
fn quantize(value: vec4f) -> vec4f {
    let clean = finite(value);
    if (EIGHT_BITS) {
        return half_float(clamp(round(clean * (255.0 / WHITE)), vec4f(0.0), vec4f(255.0)) / 255.0);
    }
    return half_float(clean);
}
