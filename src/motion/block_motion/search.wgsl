// Where each block was: the window of the picture before that is most like it.
//
// Vectors are in pixels of the level, from where a block is to where it was. Their cost is the mean difference of
// the two windows in grey levels, and SMOOTHNESS for each pixel by which they differ from what is expected or from
// their neighbours.

@group(0) @binding(0) var now: texture_2d<u32>;
@group(0) @binding(1) var before: texture_2d<u32>;
@group(0) @binding(2) var vectors: texture_storage_2d<rgba32float, write>;
@group(0) @binding(3) var coarser: texture_2d<f32>;

// Four pixels, of which the first is the word's `place.x`; PAD words lie to the left.
fn word(grey: texture_2d<u32>, place: vec2i) -> u32 {
    return textureLoad(grey, vec2i(place.x + PAD, clamp(place.y, 0, SIZE.y - 1)), 0).r;
}

// The four pixels that begin `shift` bits into two words.
fn between(low: u32, high: u32, shift: u32) -> vec4f {
    return unpack4x8unorm(select((low >> shift) | (high << (32 - shift)), low, shift == 0));
}

// The first pixel of a block's window: blocks divide the picture evenly, windows stand around their middles.
fn window(block: vec2u) -> vec2i { return ((2 * vec2i(block) + 1) * SIZE / GRID - WINDOW) / 2; }

fn shift(x: i32) -> u32 { return u32(x & 3) * 8; }

fn difference(window: vec2i, vector: vec2i) -> f32 {
    let was = window + vector;
    let shifts = vec2u(shift(window.x), shift(was.x));
    var sum = vec4f();
    for (var y = 0; y < WINDOW; y++) {
        let here = vec2i(window.x >> 2, window.y + y);
        let there = vec2i(was.x >> 2, was.y + y);
        var low = vec2u(word(now, here), word(before, there));
        for (var x = 1; x <= WINDOW / 4; x++) {
            let high = vec2u(word(now, here + vec2i(x, 0)), word(before, there + vec2i(x, 0)));
            sum += abs(between(low.x, high.x, shifts.x) - between(low.y, high.y, shifts.y));
            low = high;
        }
    }
    return 255.0 / f32(WINDOW * WINDOW) * dot(sum, vec4f(1.0));
}

struct Found {
    vector: vec2i,
    cost: f32,
}

fn better(found: Found, window: vec2i, vector: vec2i, expected: vec2i) -> Found {
    if all(vector == found.vector) { return found; }
    let cost = difference(window, vector) + SMOOTHNESS * length(vec2f(vector - expected));
    if cost < found.cost { return Found(vector, cost); }
    return found;
}

fn put(block: vec2u, found: Found) { textureStore(vectors, block, vec4f(vec2f(found.vector), 0.0, 0.0)); }

// The coarsest level: every vector within RADIUS.
@compute @workgroup_size(COLUMNS, ROWS)
fn search(@builtin(global_invocation_id) id: vec3u) {
    if any(vec2i(id.xy) >= GRID) { return; }
    let window = window(id.xy);
    var found = Found(vec2i(), difference(window, vec2i()));
    for (var y = -RADIUS; y <= RADIUS; y++) {
        for (var x = -RADIUS; x <= RADIUS; x++) {
            found = better(found, window, vec2i(x, y), vec2i());
        }
    }
    put(id.xy, found);
}

// What the coarser level found at a block or beside it, in pixels of this level.
fn parent(block: vec2u, beside: vec2i) -> vec2i {
    let place = (2 * vec2i(block) + 1) * COARSER_GRID / (2 * GRID);
    let inside = clamp(place + beside, vec2i(), COARSER_GRID - 1);
    return 2 * vec2i(textureLoad(coarser, inside, 0).xy);
}

fn median(a: vec2i, b: vec2i, c: vec2i) -> vec2i { return max(min(a, b), min(max(a, b), c)); }

// Every other level: what the coarser one found around here, then a pixel beside the best of that. The median of
// three neighbours is what is expected, as in ITU-T H.263.
@compute @workgroup_size(COLUMNS, ROWS)
fn refine(@builtin(global_invocation_id) id: vec3u) {
    if any(vec2i(id.xy) >= GRID) { return; }
    let window = window(id.xy);
    let left = parent(id.xy, vec2i(-1, 0));
    let above = parent(id.xy, vec2i(0, -1));
    let expected = median(left, above, parent(id.xy, vec2i(1, -1)));
    var found = Found(vec2i(), difference(window, vec2i()) + SMOOTHNESS * length(vec2f(expected)));
    found = better(found, window, parent(id.xy, vec2i()), expected);
    found = better(found, window, left, expected);
    found = better(found, window, above, expected);
    found = better(found, window, parent(id.xy, vec2i(1, 0)), expected);
    found = better(found, window, parent(id.xy, vec2i(0, 1)), expected);
    let middle = found.vector;
    for (var y = -1; y <= 1; y++) {
        for (var x = -1; x <= 1; x++) {
            found = better(found, window, middle + vec2i(x, y), expected);
        }
    }
    put(id.xy, found);
}

@group(0) @binding(3) var searched: texture_2d<f32>;

fn neighbour(block: vec2u, number: i32) -> vec2i {
    let place = vec2i(block) + vec2i(number % 3, number / 3) - 1;
    return vec2i(textureLoad(searched, clamp(place, vec2i(), GRID - 1), 0).xy);
}

fn strain(block: vec2u, vector: vec2i) -> f32 {
    var sum = 0.0;
    for (var number = 0; number < 9; number++) {
        sum += length(vec2f(vector - neighbour(block, number)));
    }
    return SMOOTHNESS * sum / 8.0;
}

// After that on each level: a neighbour's vector where it does as well. What comes in at the picture's edge was
// nowhere before, and so follows what is beside it.
@compute @workgroup_size(COLUMNS, ROWS)
fn settle(@builtin(global_invocation_id) id: vec3u) {
    if any(vec2i(id.xy) >= GRID) { return; }
    let window = window(id.xy);
    let own = neighbour(id.xy, 4);
    var found = Found(own, difference(window, own) + strain(id.xy, own));
    for (var number = 0; number < 9; number++) {
        let vector = neighbour(id.xy, number);
        if any(vector != found.vector) {
            let cost = difference(window, vector) + strain(id.xy, vector);
            if cost < found.cost { found = Found(vector, cost); }
        }
    }
    put(id.xy, found);
}
