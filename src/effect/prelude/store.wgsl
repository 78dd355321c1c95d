// Writing pictures.

// NaN and infinity become 0, larger numbers the largest half float. By bits: a driver may assume that
// there is no NaN and drop a comparison.
fn finite(v: vec4f) -> vec4f {
    let bad = (bitcast<vec4u>(v) & vec4u(0x7f800000u)) == vec4u(0x7f800000u);
    return select(v, vec4f(0.0), bad);
}

// Rounded to the nearest half float here, halves to even: some drivers truncate in the store, which darkens
// feedback. By bits, which is faster than packing and unpacking; 65504 is the largest half float. Below
// 2^-14, where half floats have fewer digits, the driver's own rounding stands.
fn half_float(v: vec4f) -> vec4f {
    let bits = bitcast<vec4u>(v);
    let size = bits & vec4u(0x7fffffffu);
    let even = (size >> vec4u(13u)) & vec4u(1u);
    let rounded = (size + 0xfffu + even) & vec4u(0xffffe000u);
    return bitcast<vec4f>(min(rounded, vec4u(0x477fe000u)) | (bits & vec4u(0x80000000u)));
}

// What a picture holds of a colour that is given in the effect's own scale (WHITE is its white).
fn quantize(value: vec4f) -> vec4f {
    let clean = finite(value);
    if (EIGHT_BITS) {
        return half_float(clamp(round(clean * (255.0 / WHITE)), vec4f(0.0), vec4f(255.0)) / 255.0);
    }
    return half_float(clean);
}

// What a picture of the layer's kind holds: motion is never rounded to levels.
fn hold(value: vec4f) -> vec4f {
    if (MOTION) { return half_float(finite(value)); }
    return quantize(value);
}
