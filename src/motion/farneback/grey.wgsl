// Grey from 0 to 255 by OpenCV's fixed point (imgproc, color_yuv), of the mean over what a pixel of the field covers.
const RATIOS = vec3u(9798u, 19235u, 3735u);

fn level_at(at: vec2u) -> vec3f {
    return round(saturate(textureLoad(image, at, 0).rgb) * 255.0);
}

// Of whole pixels only: so many across and down.
fn mean_of_whole(at: vec2u) -> vec3f {
    var sum = vec3f();
    for (var y = 0u; y < WHOLE; y++) {
        for (var x = 0u; x < WHOLE; x++) { sum += level_at(at * WHOLE + vec2u(x, y)); }
    }
    return sum / f32(WHOLE * WHOLE);
}

fn mean(at: vec2u, ratio: vec2f) -> vec3f {
    let low = vec2f(at) * ratio;
    let high = low + ratio;
    let first = vec2u(low + 1e-3);
    let end = min(vec2u(ceil(high - 1e-3)), textureDimensions(image));
    var sum = vec4f();
    for (var y = first.y; y < end.y; y++) {
        let share = covered(y, low.y, high.y);
        for (var x = first.x; x < end.x; x++) {
            sum += share * covered(x, low.x, high.x) * vec4f(level_at(vec2u(x, y)), 1.0);
        }
    }
    return sum.rgb / sum.a;
}

@compute @workgroup_size(COLUMNS, ROWS)
fn main(@builtin(global_invocation_id) at: vec3u) {
    if (any(at.xy >= SIZE)) { return; }
    var value: f32;
    if (WHOLE == 1) {
        let levels = vec3u(level_at(at.xy)) * RATIOS;
        value = f32((levels.r + levels.g + levels.b + 16384u) >> 15u);
    } else if (WHOLE > 1) {
        value = dot(mean_of_whole(at.xy), vec3f(RATIOS) / 32768.0);
    } else {
        let ratio = vec2f(textureDimensions(image)) / vec2f(SIZE);
        value = dot(mean(at.xy, ratio), vec3f(RATIOS) / 32768.0);
    }
    grey[at.y * SIZE.x + at.x] = value;
}
