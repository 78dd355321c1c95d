// The moments of order 0, 1 and 2 of each column's neighbourhood (borders replicated): STEPS pixels down at a time, so that
// each is read once. The sums are the host's.
fn picture(x: i32, y: i32) -> f32 {
    return source[clamp(y, 0, SIZE.y - 1) * SIZE.x + x];
}

fn put(x: i32, y: i32, even: f32, odd: f32, square: f32) {
    if (y < SIZE.y) { moments[place_of(x, y, SIZE.y)] = vec4f(even, odd, square, 0.0); }
}

@compute @workgroup_size(COLUMNS, ROWS)
fn main(@builtin(global_invocation_id) id: vec3u) {
    let x = i32(id.x);
    let y = i32(id.y) * STEPS;
    if (x >= SIZE.x || y >= SIZE.y) { return; }
    slide(x, y);
}
