// A level's first equations: by the coarser level's field, brought to this size, GROWTH times as long.
fn coarse(at: vec2i) -> vec2f {
    let from_size = vec2i(textureDimensions(coarser));
    let size = vec2i(textureDimensions(first));
    let x = between(at.x, from_size.x, size.x);
    let y = between(at.y, from_size.y, size.y);
    let next = min(vec2i(x.first, y.first) + 1, from_size - 1);
    let a = textureLoad(coarser, vec2i(x.first, y.first), 0).xy;
    let b = textureLoad(coarser, vec2i(next.x, y.first), 0).xy;
    let c = textureLoad(coarser, vec2i(x.first, next.y), 0).xy;
    let d = textureLoad(coarser, next, 0).xy;
    return mix(mix(a, b, x.part), mix(c, d, x.part), y.part) * GROWTH;
}

@compute @workgroup_size(COLUMNS, ROWS)
fn main(@builtin(global_invocation_id) id: vec3u) {
    if (any(id.xy >= textureDimensions(first))) { return; }
    put_equations(vec2i(id.xy), coarse(vec2i(id.xy)));
}
