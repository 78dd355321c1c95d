// A picture of any kind of floats, row by row into a buffer.
// The host puts the workgroup's size before it.

@group(0) @binding(0) var source: texture_2d<f32>;
@group(0) @binding(1) var<storage, read_write> pixels: array<vec4f>;

@compute @workgroup_size(COLUMNS, ROWS)
fn floats(@builtin(global_invocation_id) id: vec3u) {
    let size = textureDimensions(source);
    if any(id.xy >= size) {
        return;
    }
    pixels[id.y * size.x + id.x] = textureLoad(source, id.xy, 0);
}
