// The coarsest level's first equations: nothing has moved.
@compute @workgroup_size(COLUMNS, ROWS)
fn main(@builtin(global_invocation_id) id: vec3u) {
    if (any(id.xy >= textureDimensions(first))) { return; }
    put_equations(vec2i(id.xy), vec2f());
}
