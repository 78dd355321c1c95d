// The equations of a pixel, from the polynomials of the first picture where it is and of the second where the field points to.
// How far a pixel is trusted by its distance from a border.
fn trust(distance: i32) -> f32 {
    return select(select(1.0, 0.4472, distance < 5), 0.14, distance < 2);
}

fn blended(a: Polynomial, b: Polynomial, c: Polynomial, d: Polynomial, part: vec2f) -> Polynomial {
    let rest = 1.0 - part;
    let weights = vec4f(rest.x * rest.y, part.x * rest.y, rest.x * part.y, part.x * part.y);
    return Polynomial(
        weights.x * a.first + weights.y * b.first + weights.z * c.first + weights.w * d.first,
        weights.x * a.mixed + weights.y * b.mixed + weights.z * c.mixed + weights.w * d.mixed,
    );
}

fn equations(at: vec2i, flow: vec2f) -> Equations {
    let size = vec2i(textureDimensions(first));
    let here = first_at(at);
    let there = vec2f(at) + flow;
    let corner = vec2i(floor(there));
    var slope = here.first.xy * 0.5;
    var curve = here.first.zw;
    var mixed = here.mixed * 0.5;
    if (all(corner >= vec2i(0)) && all(corner < size - 1)) {
        let other = blended(
            second_at(corner),
            second_at(corner + vec2i(1, 0)),
            second_at(corner + vec2i(0, 1)),
            second_at(corner + vec2i(1, 1)),
            there - floor(there),
        );
        slope -= other.first.xy * 0.5;
        curve = (curve + other.first.zw) * 0.5;
        mixed = (here.mixed + other.mixed) * 0.25;
    }
    let far = size - 1 - at;
    let weight = trust(at.x) * trust(far.x) * trust(at.y) * trust(far.y);
    slope = (slope + curve * flow.yx + mixed * flow) * weight;
    curve *= weight;
    mixed *= weight;
    let moments = vec3f(curve.x * curve.x + mixed * mixed, (curve.x + curve.y) * mixed, curve.y * curve.y + mixed * mixed);
    return Equations(vec4f(moments, curve.x * slope.x + mixed * slope.y), mixed * slope.x + curve.y * slope.y);
}

fn put_equations(at: vec2i, flow: vec2f) {
    let found = equations(at, flow);
    let index = place_of(at.x, at.y, i32(textureDimensions(first).y));
    equations_first[index] = found.first;
    equations_h2[index] = found.h2;
}
