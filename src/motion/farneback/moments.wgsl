// The moments of order 0, 1 and 2 of each column's neighbourhood (borders replicated): STEPS pixels down at a time, so that
// each is read once. The sums are the host's. The source has so many ROWS_OF_SOURCE; those that are yet to be BLURRED are
// reflected at the border.
fn picture(x: i32, y: i32) -> f32 {
    let last = ROWS_OF_SOURCE - 1;
    let row = select(y, last - abs(last - abs(y)), BLURRED);
    return source[clamp(row, 0, last) * SIZE.x + x];
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
