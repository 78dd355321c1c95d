// One axis of a level: OpenCV blurs the whole picture (GaussianBlur, reflect-101), then takes two blurred pixels for each
// new one (INTER_LINEAR). Here only those that are taken are blurred, by blurred(), whose weights come from the host.
fn picture(along: i32, across: i32) -> f32 {
    let last = i32(textureDimensions(source)[AXIS]) - 1;
    let inside = clamp(last - abs(last - abs(along)), 0, last);
    return textureLoad(source, select(vec2i(across, inside), vec2i(inside, across), AXIS == 0), 0).x;
}

@compute @workgroup_size(COLUMNS, ROWS)
fn main(@builtin(global_invocation_id) id: vec3u) {
    if (any(id.xy >= textureDimensions(shrunk))) { return; }
    let at = vec2i(id.xy);
    let place = between(at[AXIS], i32(textureDimensions(source)[AXIS]), i32(textureDimensions(shrunk)[AXIS]));
    textureStore(shrunk, at, vec4f(blurred(place.first, place.part, at[1 - AXIS])));
}
