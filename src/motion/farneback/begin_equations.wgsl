// A grid's first equations.
@compute @workgroup_size(COLUMNS, ROWS)
fn main(@builtin(global_invocation_id) id: vec3u) {
    let at = vec2i(id.xy);
    if (any(at >= EXTENT)) { return; }
    put_equations(at, begun(at * STRIDE));
}
