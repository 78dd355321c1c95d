// Where the rule of interval holds, looked for in the picture of borders.

fn border_levels(at: vec2i) -> vec4i {
    let source = source_of(at);
    if !is_inside(at, GRID) || !is_inside(source, SIZE) { return vec4i(); }
    return levels(border_texel(source));
}

// Pillow's FIND_EDGES: what a pixel is more than its neighbours. The rim is itself. A CPU driver goes through what is not
// asked for too, if only once for a loop whose end it does not know.
fn edges(at: vec2i, here: vec4i) -> vec4i {
    let asked = params.interval == INTERVAL_EDGES || params.interval == INTERVAL_ANCHORED;
    let reach = select(0, 1, asked && all(at > vec2i(0)) && all(at < GRID - 1));
    var sum = 9 * here;
    for (var y = -reach; y <= reach; y++) {
        for (var x = -reach; x <= reach; x++) { sum -= border_levels(at + vec2i(x, y)); }
    }
    return select(here, clamp(sum, vec4i(0), vec4i(255)), reach == 1);
}

// Twice the lightness, so that it is whole.
fn lightness(color: vec4i) -> i32 { return most(color.rgb) + least(color.rgb); }

// Thresholds that are meant to be whole levels are, whatever a float makes of them.
fn at_least(threshold: f32) -> i32 { return i32(ceil(threshold * 510.0 - 0.001)); }

fn at_most(threshold: f32) -> i32 { return i32(floor(threshold * 510.0 + 0.001)); }

fn is_marked(at: vec2i, row: i32, place: i32) -> bool {
    let here = border_levels(at);
    let lightness = lightness(edges(at, here));
    switch params.interval {
        case INTERVAL_NONE: { return false; }
        case INTERVAL_THRESHOLD: { return lightness < at_least(params.lower) || lightness > at_most(params.upper); }
        case INTERVAL_RANDOM, INTERVAL_WAVES: {
            return (drawn[row * WORDS + (place >> 5u)] >> u32(place & 31) & 1u) == 1u;
        }
        case INTERVAL_FILE: { return lightness < 255; }
        default: { return lightness >= at_least(params.lower); }
    }
}
