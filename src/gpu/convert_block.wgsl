// What conversions share that go block by block. The host puts after it: TURN, the quarter turns clockwise from the
// stored picture to the shown one; `picture`, the shown picture.

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

/// Stores one pixel.
fn put(at: vec2i, size: vec2i, color: vec4f) {
    if any(at >= size) {
        return;
    }
    textureStore(picture, turned(at, size), stored(color));
}
