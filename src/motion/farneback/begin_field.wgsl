// A level's first field.
@compute @workgroup_size(COLUMNS, ROWS)
fn main(@builtin(global_invocation_id) id: vec3u) {
    let at = vec2i(id.xy);
    if (any(at >= EXTENT)) { return; }
    textureStore(field, at, vec4f(begun(at), 0.0, 0.0));
}
