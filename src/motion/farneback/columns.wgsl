// The window's sums down each column (borders replicated), STEPS rows at a time.
fn put(x: i32, y: i32, sums: Equations) {
    if (y >= EXTENT.y) { return; }
    let index = place_of(x, y, EXTENT.y);
    sums_first[index] = sums.first;
    sums_h2[index] = sums.h2;
}

@compute @workgroup_size(COLUMNS, ROWS)
fn main(@builtin(global_invocation_id) id: vec3u) {
    let x = i32(id.x);
    let y = i32(id.y) * STEPS;
    if (x >= EXTENT.x || y >= EXTENT.y) { return; }
    slide(x, y);
}
