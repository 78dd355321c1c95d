// Chance that repeats: the same seed, layer, tick, pixel and stream give the same number.

// PCG in four dimensions (Jarzynski & Olano 2020, "Hash Functions for GPU Rendering").
fn pcg4d(key: vec4u) -> vec4u {
    var v = key * 1664525u + 1013904223u;
    v.x += v.y * v.w; v.y += v.z * v.x; v.z += v.x * v.y; v.w += v.y * v.z;
    v ^= v >> vec4u(16u);
    v.x += v.y * v.w; v.y += v.z * v.x; v.z += v.x * v.y; v.w += v.y * v.z;
    return v;
}

// A new number in [0, 1) for every pixel and tick; streams are independent of one another.
fn random(at: vec2i, stream: u32) -> f32 {
    let key = vec4u(vec2u(at), frame.tick * 747796405u + stream, frame.seed ^ layer.seed);
    return f32(pcg4d(key).x >> 8u) / 16777216.0;
}

// The same, but standing still: it does not change with the tick.
fn random_still(at: vec2i, stream: u32) -> f32 {
    let key = vec4u(vec2u(at), stream * 2891336453u + 1u, frame.seed ^ layer.seed);
    return f32(pcg4d(key).x >> 8u) / 16777216.0;
}
