// Colours to 8 bits: clipped to 0..1 and rounded half to even, alpha straight.
// The host puts the workgroup's size before it.

@group(0) @binding(0) var source: texture_2d<f32>;
@group(0) @binding(1) var levels: texture_storage_2d<rgba8uint, write>;

@compute @workgroup_size(COLUMNS, ROWS)
fn quantise(@builtin(global_invocation_id) id: vec3u) {
    let at = vec2i(id.xy);
    if any(at >= vec2i(textureDimensions(levels))) {
        return;
    }
    let color = clamp(textureLoad(source, at, 0), vec4f(0.0), vec4f(1.0));
    textureStore(levels, at, vec4u(round(color * 255.0)));
}
