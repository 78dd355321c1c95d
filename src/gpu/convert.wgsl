// What every conversion shares. The host puts LEVELS before it: whether colours are rounded to n/255.

/// What is stored of a colour. Colours outside 0..1, which RGB from YUV can take, are clipped as 8-bit
/// references do; the nearest half float is chosen here, because some drivers truncate. By bits, as in
/// the effects' `half_float`.
fn stored(color: vec4f) -> vec4f {
    var clipped = clamp(color, vec4f(0.0), vec4f(1.0));
    if LEVELS {
        clipped = round(clipped * 255.0) / 255.0;
    }
    let bits = bitcast<vec4u>(clipped);
    let even = (bits >> vec4u(13u)) & vec4u(1u);
    return bitcast<vec4f>((bits + 0xfffu + even) & vec4u(0xffffe000u));
}
