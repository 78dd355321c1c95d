// A quadratic polynomial around each pixel from the columns' moments (borders replicated): STEPS pixels to the right at a
// time. The sums are the host's; fit() turns them into coefficients.
fn moment(x: i32, y: i32) -> vec3f {
    let size = vec2i(textureDimensions(expansion));
    return moments[place_of(clamp(x, 0, size.x - 1), y, size.y)].xyz;
}

// even: the moments 1, y, y²; odd: x, xy; square: x².
fn fit(x: i32, y: i32, even: vec3f, odd: vec2f, square: f32) {
    if (x >= i32(textureDimensions(expansion).x)) { return; }
    let linear = vec2f(even.y, odd.x) * LINEAR;
    let squares = even.x * MEAN + vec2f(even.z, square) * SQUARE;
    keep(vec2i(x, y), Polynomial(vec4f(linear, squares), odd.y * MIXED));
}

@compute @workgroup_size(COLUMNS, ROWS)
fn main(@builtin(global_invocation_id) id: vec3u) {
    let x = i32(id.x) * STEPS;
    let y = i32(id.y);
    let size = vec2i(textureDimensions(expansion));
    if (x >= size.x || y >= size.y) { return; }
    slide(x, y);
}
