// No motion: what a first run finds as the last field.
@compute @workgroup_size(COLUMNS, ROWS)
fn main(@builtin(global_invocation_id) id: vec3u) {
    if (any(id.xy >= vec2u(EXTENT))) { return; }
    textureStore(field, id.xy, vec4f());
}
