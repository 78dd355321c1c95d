// What a pixel is sorted by. Keys are whole numbers of 8-bit levels, which is what a screen shows, so that they have the
// order and the ties of satyarth/pixelsort's.

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
