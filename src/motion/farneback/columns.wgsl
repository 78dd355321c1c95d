// The window's sums down each column (borders replicated), STEPS rows at a time.
fn found(x: i32, y: i32) -> Equations {
    let size = vec2i(textureDimensions(first));
    let index = place_of(x, clamp(y, 0, size.y - 1), size.y);
    return Equations(equations_first[index], equations_h2[index]);
}

fn put(x: i32, y: i32, sums: Equations) {
    let size = vec2i(textureDimensions(first));
    if (y >= size.y) { return; }
    let index = place_of(x, y, size.y);
    sums_first[index] = sums.first;
    sums_h2[index] = sums.h2;
}

@compute @workgroup_size(COLUMNS, ROWS)
fn main(@builtin(global_invocation_id) id: vec3u) {
    let x = i32(id.x);
    let y = i32(id.y) * STEPS;
    let size = vec2i(textureDimensions(first));
    if (x >= size.x || y >= size.y) { return; }
    slide(x, y);
}
