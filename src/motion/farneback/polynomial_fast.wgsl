fn first_at(at: vec2i) -> Polynomial { return Polynomial(textureLoad(first, at, 0), textureLoad(first_mixed, at, 0).x); }

fn second_between(corner: vec2i, part: vec2f) -> Polynomial {
    let place = (vec2f(corner) + part + 0.5) / vec2f(LEVEL);
    return Polynomial(textureSampleLevel(second, between_pixels, place, 0.0), textureSampleLevel(second_mixed, between_pixels, place, 0.0).x);
}
