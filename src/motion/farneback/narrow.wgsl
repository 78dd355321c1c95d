// All levels' widths at once: STEPS pixels of a row at a time, of which level 0 keeps each, level 1 every second, and so on.
fn picture(x: i32, y: i32) -> f32 {
    let last = EXTENT.x - 1;
    let inside = clamp(last - abs(last - abs(x)), 0, last);
    return source[y * EXTENT.x + inside];
}

@compute @workgroup_size(COLUMNS, ROWS)
fn main(@builtin(global_invocation_id) id: vec3u) {
    let x = i32(id.x) * STEPS;
    let y = i32(id.y);
    if (x >= EXTENT.x || y >= EXTENT.y) { return; }
    narrow(x, y);
}
