fn first_at(at: vec2i) -> Polynomial { return Polynomial(textureLoad(first, at, 0), textureLoad(first_mixed, at, 0).x); }
fn second_at(at: vec2i) -> Polynomial { return Polynomial(textureLoad(second, at, 0), textureLoad(second_mixed, at, 0).x); }

fn second_between(corner: vec2i, part: vec2f) -> Polynomial {
    let a = second_at(corner);
    let b = second_at(corner + vec2i(1, 0));
    let c = second_at(corner + vec2i(0, 1));
    let d = second_at(corner + vec2i(1, 1));
    let rest = 1.0 - part;
    let weights = vec4f(rest.x * rest.y, part.x * rest.y, rest.x * part.y, part.x * part.y);
    return Polynomial(
        weights.x * a.first + weights.y * b.first + weights.z * c.first + weights.w * d.first,
        weights.x * a.mixed + weights.y * b.mixed + weights.z * c.mixed + weights.w * d.mixed,
    );
}
