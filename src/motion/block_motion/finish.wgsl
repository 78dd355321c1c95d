// The last half pixel, and how sure it is: a mean difference of DOUBT levels is no match any more.

const DOUBT = 32.0;

@group(0) @binding(2) var whole: texture_2d<f32>;
@group(0) @binding(3) var field: texture_storage_2d<rgba16float, write>;

// Four pixels from `at` to the right.
fn four(grey: texture_2d<u32>, at: vec2i) -> vec4f {
    let place = vec2i(at.x >> 2, at.y);
    return between(word(grey, place), word(grey, place + vec2i(1, 0)), shift(at.x));
}

// As `difference`, with a vector in half pixels.
fn half_difference(window: vec2i, halves: vec2i) -> f32 {
    let vector = halves >> vec2u(1);
    let beside = halves & vec2i(1);
    var sum = vec4f();
    for (var y = 0; y < WINDOW; y++) {
        for (var x = 0; x < WINDOW; x += 4) {
            let at = window + vec2i(x, y);
            let was = at + vector;
            var mean = four(before, was) + four(before, was + beside);
            if all(beside == vec2i(1)) {
                mean = 0.5 * (mean + four(before, was + vec2i(1, 0)) + four(before, was + vec2i(0, 1)));
            }
            sum += abs(four(now, at) - 0.5 * mean);
        }
    }
    return 255.0 / f32(WINDOW * WINDOW) * dot(sum, vec4f(1.0));
}

@compute @workgroup_size(COLUMNS, ROWS)
fn finish(@builtin(global_invocation_id) id: vec3u) {
    if any(vec2i(id.xy) >= GRID) { return; }
    let window = window(id.xy);
    let vector = vec2i(textureLoad(whole, id.xy, 0).xy);
    var found = Found(2 * vector, difference(window, vector));
    for (var y = -HALVES; y <= HALVES; y++) {
        for (var x = -HALVES; x <= HALVES; x++) {
            let halves = 2 * vector + vec2i(x, y);
            let cost = half_difference(window, halves);
            if cost < found.cost { found = Found(halves, cost); }
        }
    }
    let motion = 0.5 * vec2f(found.vector) * SCALE;
    textureStore(field, id.xy, vec4f(motion, saturate(1.0 - found.cost / DOUBT), 1.0));
}
