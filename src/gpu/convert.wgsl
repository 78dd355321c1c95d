// What every conversion shares. The host puts before it: TURN, the quarter turns clockwise from the
// stored picture to the shown one; LEVELS, whether colours are rounded to n/255; `picture`, the
// shown picture.

/// The size of the picture as it is stored.
fn stored_size() -> vec2i {
    let shown = vec2i(textureDimensions(picture));
    return select(shown, shown.yx, TURN % 2 == 1);
}

/// Where the stored pixel `at` is shown.
fn turned(at: vec2i, size: vec2i) -> vec2i {
    switch TURN {
        case 1: { return vec2i(size.y - 1 - at.y, at.x); }
        case 2: { return size - 1 - at; }
        case 3: { return vec2i(at.y, size.x - 1 - at.x); }
        default: { return at; }
    }
}

/// Stores one pixel. Colours outside 0..1, which RGB from YUV can take, are clipped as 8-bit
/// references do; the nearest half float is chosen here, because some drivers truncate. By bits, as in
/// the effects' `half_float`.
fn put(at: vec2i, size: vec2i, color: vec4f) {
    if any(at >= size) {
        return;
    }
    var clipped = clamp(color, vec4f(0.0), vec4f(1.0));
    if LEVELS {
        clipped = round(clipped * 255.0) / 255.0;
    }
    let bits = bitcast<vec4u>(clipped);
    let even = (bits >> vec4u(13u)) & vec4u(1u);
    let half = bitcast<vec4f>((bits + 0xfffu + even) & vec4u(0xffffe000u));
    textureStore(picture, turned(at, size), half);
}
