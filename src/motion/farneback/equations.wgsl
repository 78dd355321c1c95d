// The equations of a pixel, from the polynomials of the first picture where it is and of the second where the field points to.
// How far a pixel is trusted by its distance from a border.
fn trust(distance: i32) -> f32 {
    return select(select(1.0, 0.4472, distance < 5), 0.14, distance < 2);
}

fn equations(at: vec2i, flow: vec2f) -> Equations {
    let here = first_at(at);
    let there = vec2f(at) + flow;
    let corner = vec2i(floor(there));
    var slope = here.first.xy * 0.5;
    var curve = here.first.zw;
    var mixed = here.mixed * 0.5;
    if (all(corner >= vec2i(0)) && all(corner < LEVEL - 1)) {
        let other = second_between(corner, there - floor(there));
        slope -= other.first.xy * 0.5;
        curve = (curve + other.first.zw) * 0.5;
        mixed = (here.mixed + other.mixed) * 0.25;
    }
    let far = LEVEL - 1 - at;
    let weight = trust(at.x) * trust(far.x) * trust(at.y) * trust(far.y);
    slope = (slope + curve * flow.yx + mixed * flow) * weight;
    curve *= weight;
    mixed *= weight;
    let moments = vec3f(curve.x * curve.x + mixed * mixed, (curve.x + curve.y) * mixed, curve.y * curve.y + mixed * mixed);
    return Equations(vec4f(moments, curve.x * slope.x + mixed * slope.y), mixed * slope.x + curve.y * slope.y);
}
