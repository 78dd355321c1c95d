// Grey pictures of four pixels a word, the leftmost lowest. Beside the picture its edge goes on for PAD words.

// How much each primary adds to luma (ITU-R BT.709).
const LUMA = vec3f(0.2126, 0.7152, 0.0722);

@group(0) @binding(0) var picture: texture_2d<f32>;
@group(0) @binding(1) var searched: texture_storage_2d<r32uint, write>;

// The mean of the picture's pixels that one pixel of the searched picture stands for.
fn luma_at(at: vec2i) -> f32 {
    let full = vec2i(textureDimensions(picture));
    let begin = at * full / SIZE;
    let end = max((at + 1) * full / SIZE, begin + 1);
    var sum = vec3f();
    for (var y = begin.y; y < end.y; y++) {
        for (var x = begin.x; x < end.x; x++) {
            sum += saturate(textureLoad(picture, vec2i(x, y), 0).rgb);
        }
    }
    return dot(sum, LUMA) / f32((end.x - begin.x) * (end.y - begin.y));
}

@compute @workgroup_size(COLUMNS, ROWS)
fn grey(@builtin(global_invocation_id) id: vec3u) {
    if any(vec2i(id.xy) >= vec2i(WORDS, SIZE.y)) { return; }
    var lumas: vec4f;
    for (var lane = 0; lane < 4; lane++) {
        let x = (i32(id.x) - PAD) * 4 + lane;
        lumas[lane] = luma_at(vec2i(clamp(x, 0, SIZE.x - 1), i32(id.y)));
    }
    textureStore(searched, id.xy, vec4u(pack4x8unorm(lumas)));
}

@group(0) @binding(0) var larger: texture_2d<u32>;
@group(0) @binding(1) var halved: texture_storage_2d<r32uint, write>;

fn larger_at(at: vec2i) -> f32 {
    let inside = min(at, LARGER - 1);
    let word = textureLoad(larger, vec2i(LARGER_PAD + inside.x / 4, inside.y), 0).r;
    return f32((word >> u32(inside.x % 4 * 8)) & 255);
}

@compute @workgroup_size(COLUMNS, ROWS)
fn halve(@builtin(global_invocation_id) id: vec3u) {
    if any(vec2i(id.xy) >= vec2i(WORDS, SIZE.y)) { return; }
    var greys: vec4f;
    for (var lane = 0; lane < 4; lane++) {
        let x = clamp((i32(id.x) - PAD) * 4 + lane, 0, SIZE.x - 1);
        let at = 2 * vec2i(x, i32(id.y));
        greys[lane] = larger_at(at) + larger_at(at + vec2i(1, 0)) + larger_at(at + vec2i(0, 1)) + larger_at(at + 1);
    }
    textureStore(halved, id.xy, vec4u(pack4x8unorm(greys / 1020.0)));
}
