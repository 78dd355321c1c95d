// What each cell is sorted by, and whether a run may begin there. Keys are whole numbers of 8-bit levels, which is what
// a screen shows, so that they have the order and the ties of satyarth/pixelsort's.

@group(0) @binding(1) var picture: texture_2d<f32>;
@group(0) @binding(2) var borders: texture_2d<f32>;
@group(0) @binding(3) var mask: texture_2d<f32>;
@group(0) @binding(4) var<storage, read> drawn: array<u32>;
@group(0) @binding(5) var<storage, read_write> cells: array<u32>;

fn levels(color: vec4f) -> vec4i { return vec4i(round(saturate(color) * 255.0)); }

fn most(c: vec3i) -> i32 { return max(max(c.r, c.g), c.b); }

fn least(c: vec3i) -> i32 { return min(min(c.r, c.g), c.b); }

// The hue of HLS: multiples of a sixth, where red wins ties, then green.
fn hue(c: vec3i) -> i32 {
    let most = most(c);
    let range = most - least(c);
    var sixths: i32;
    if c.r == most {
        sixths = c.g - c.b;
    } else if c.g == most {
        sixths = 2 * range + c.b - c.r;
    } else {
        sixths = 4 * range + c.r - c.g;
    }
    if sixths < 0 { sixths += 6 * range; }
    if range == 0 { return 0; }
    // Rounded down to 18 binary places, nine at a time.
    let whole = quotient(sixths, range);
    let rest = (sixths - whole * range) << 9u;
    let high = quotient(rest, range);
    return whole << 18u | high << 9u | quotient((rest - high * range) << 9u, range);
}

// The package feeds levels into a formula for 0 to 1: the two least colourful ranges and grey come last.
fn saturation(c: vec3i) -> i32 {
    let range = most(c) - least(c);
    if range >= 3 { return range - 3; }
    return select(253, 254, range == 1);
}

// What a pixel is sorted by, and in how many bits.
fn key(c: vec3i, at: vec2i) -> i32 {
    switch params.key {
        case KEY_HUE: { return hue(c); }
        case KEY_SATURATION: { return saturation(c); }
        case KEY_INTENSITY: { return c.r + c.g + c.b; }
        case KEY_MINIMUM: { return least(c); }
        case KEY_RED: { return c.r; }
        case KEY_GREEN: { return c.g; }
        case KEY_BLUE: { return c.b; }
        // BT.709.
        case KEY_LUMINANCE: { return 2126 * c.r + 7152 * c.g + 722 * c.b; }
        case KEY_WARMTH: { return c.r + c.g - c.b + 255; }
        case KEY_DISTANCE: { return i32(8.0 * length(vec2f(at) + 0.5 - params.centre * vec2f(GRID))); }
        default: { return most(c) + least(c); }
    }
}

fn border_levels(at: vec2i) -> vec4i {
    let source = source_of(at);
    if !is_inside(at, GRID) || !is_inside(source, SIZE) { return vec4i(); }
    return levels(textureLoad(borders, source, 0));
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

fn is_masked(source: vec2i) -> bool {
    if params.mask_level <= 0.0 { return false; }
    return lightness(levels(textureLoad(mask, source, 0))) < at_least(params.mask_level);
}

@compute @workgroup_size(64)
fn cells_of_picture(@builtin(global_invocation_id) id: vec3u) {
    play();
    let number = i32(id.y * COLUMNS + id.x);
    let extent = extent();
    let row = quotient(number, extent.y);
    let cell = vec2i(number - row * extent.y, FIRST + row);
    if row >= LINES || cell.y >= extent.x || params.amount <= 0.0 { return; }
    let at = pixel_at(cell);
    let source = source_of(at);
    var word = 0u;
    if cell.x < cells_of(cell.y) {
        if is_inside(at, GRID) && is_inside(source, SIZE) && !is_masked(source) {
            word = SORTED | u32(key(levels(textureLoad(picture, source, 0)).rgb, at));
        }
        if is_marked(at, row, cell.x) { word |= MARKED; }
        if is_cut(cell) { word |= CUT; }
    }
    cells[number] = word;
}
