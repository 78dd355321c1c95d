// One axis of a level: OpenCV blurs the whole picture (GaussianBlur, reflect-101), then takes two blurred pixels for each
// new one (INTER_LINEAR). Here only those that are taken are blurred, by blurred(), whose weights come from the host.
fn picture(along: i32, across: i32) -> f32 {
    let last = WHOLE[AXIS] - 1;
    let inside = clamp(last - abs(last - abs(along)), 0, last);
    let at = select(vec2i(across, inside), vec2i(inside, across), AXIS == 0);
    return source[at.y * WHOLE.x + at.x];
}

@compute @workgroup_size(COLUMNS, ROWS)
fn main(@builtin(global_invocation_id) id: vec3u) {
    let at = vec2i(id.xy);
    if (any(at >= SIZE)) { return; }
    let place = between(at[AXIS], WHOLE[AXIS], SIZE[AXIS]);
    shrunk[at.y * SIZE.x + at.x] = blurred(place.first, place.part, at[1 - AXIS]);
}
