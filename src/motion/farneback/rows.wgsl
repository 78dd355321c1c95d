// The window's sums along each row (borders replicated), STEPS columns at a time, and what follows from them. Neighbouring
// invocations have rows of their own: to a CPU that is all one.
fn found(x: i32, y: i32) -> Equations {
    let index = place_of(clamp(x, 0, EXTENT.x - 1), y, EXTENT.y);
    return Equations(sums_first[index], sums_h2[index]);
}

fn put(x: i32, y: i32, sums: Equations) {
    if (x < EXTENT.x) { finish(vec2i(x, y), sums); }
}

@compute @workgroup_size(COLUMNS, ROWS)
fn main(@builtin(global_invocation_id) id: vec3u) {
    let x = i32(id.y) * STEPS;
    let y = i32(id.x);
    if (x >= EXTENT.x || y >= EXTENT.y) { return; }
    slide(x, y);
}
