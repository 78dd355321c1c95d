/*{
  "DESCRIPTION": "Finds edges: how steep the picture is (sobel, scharr), its fine detail (laplacian), or lines one pixel wide (canny). Drawn over black, a colour or the picture; also a matte for other layers as it is.",
  "CREDIT": "OpenCV Sobel, Scharr, Laplacian (ksize 1), Canny (aperture 3) and its grey; Canny 1986, 'A Computational Approach to Edge Detection'",
  "CATEGORIES": ["Edges", "Matte"],
  "EXAMPLE": ["-e edges:low=80:high=240:tinted=0.8:backdrop=0.3"],
  "INPUTS": [
    {"NAME": "inputImage", "TYPE": "image"},
    {"NAME": "kind", "TYPE": "long", "VALUES": [0, 1, 2, 3], "LABELS": ["sobel", "scharr", "laplacian", "canny"], "DEFAULT": "canny",
     "DESCRIPTION": "sobel: soft bands, as bright as the picture is steep. scharr: the same, four times as strong and truer in direction. laplacian: double lines around what is small. canny: thin lines that do not break."},
    {"NAME": "norm", "TYPE": "long", "VALUES": [0, 1, 2, 3], "LABELS": ["sum", "length", "across", "down"], "DEFAULT": "sum",
     "DESCRIPTION": "How steepness is measured. sum: across and down added, OpenCV's L1. length: the same in every direction, L2. across: only what changes from left to right, down: only from top to bottom."},
    {"NAME": "low", "TYPE": "float", "UNIT": "levels", "DEFAULT": 100, "MIN": 0, "MAX": 2040, "SOFT": [0, 500],
     "DESCRIPTION": "By canny, the steepness from which a line goes on, in OpenCV's numbers: 0 into the finest grain, 1020 a step from black to white, 2040 nowhere."},
    {"NAME": "high", "TYPE": "float", "UNIT": "levels", "DEFAULT": 200, "MIN": 0, "MAX": 2040, "SOFT": [0, 500],
     "DESCRIPTION": "By canny, the steepness from which a line begins: 0 everywhere, 2040 nowhere."},
    {"NAME": "reach", "TYPE": "long", "DEFAULT": 32, "MIN": 0, "MAX": 255, "SOFT": [0, 64],
     "DESCRIPTION": "By canny, how far a line goes on that has begun, in blocks of 6 by 4 pixels: 0 hardly beyond its strong parts, 32 some hundred pixels, 255 to its end."},
    {"NAME": "gain", "TYPE": "float", "UNIT": "ratio", "DEFAULT": 1, "MIN": 0, "MAX": 64, "SOFT": [0, 4], "IDENTITY": 0,
     "DESCRIPTION": "How strongly edges show: 0 not at all, 1 in OpenCV's numbers (a step of a quarter of white is white by sobel)."},
    {"NAME": "ink", "TYPE": "color", "DEFAULT": [1, 1, 1, 1], "DESCRIPTION": "Their colour."},
    {"NAME": "tinted", "TYPE": "float", "UNIT": "ratio", "DEFAULT": 0, "MIN": 0, "MAX": 1,
     "DESCRIPTION": "How much of the direction's colour they take on instead: 0 all are of one ink, 1 red where it brightens to the right, green and blue a third of a turn on, counter-clockwise."},
    {"NAME": "paper", "TYPE": "color", "DEFAULT": [0, 0, 0, 1], "DESCRIPTION": "What lies below them."},
    {"NAME": "backdrop", "TYPE": "float", "UNIT": "ratio", "DEFAULT": 0, "MIN": 0, "MAX": 1, "IDENTITY": 1,
     "DESCRIPTION": "How much of the picture lies there instead: 0 only paper, 1 the picture as it is."}
  ],
  "PASSES": [
    {"ENTRY": "differentiate", "TARGET": "slopes", "FLOAT": true},
    {"ENTRY": "thin", "TARGET": "lines", "WIDTH": "ceil($WIDTH / 6)", "HEIGHT": "ceil($HEIGHT / 4)", "FLOAT": true, "REPEAT": "$kind == 3"},
    {"ENTRY": "follow", "TARGET": "lines", "WIDTH": "ceil($WIDTH / 6)", "HEIGHT": "ceil($HEIGHT / 4)", "FLOAT": true, "REPEAT": "($kind == 3) * $reach"},
    {"ENTRY": "show"}
  ]
}*/
const SCHARR: i32 = 1;
const LAPLACIAN: i32 = 2;
const CANNY: i32 = 3;
const LENGTH: i32 = 1;
const ACROSS: i32 = 2;
const DOWN: i32 = 3;

// OpenCV's grey in whole levels: BT.601 in fixed point (cvtColor).
fn grey_level(at: vec2i) -> f32 {
    let levels = round(clamp(load(inputImage, at, SMEAR).rgb, vec3f(0.0), vec3f(1.0)) * 255.0);
    return floor((dot(levels, vec3f(9798.0, 19235.0, 3735.0)) + 16384.0) / 32768.0);
}

// Beyond the border OpenCV mirrors without repeating the border pixel; its Canny repeats it.
fn grey(at: vec2i) -> f32 {
    if (params.kind == CANNY) { return grey_level(at); }
    return grey_level(mirrored(at, size(inputImage)));
}

fn steepness(slope: vec2f) -> f32 {
    switch params.norm {
        case LENGTH: { return length(slope); }
        case ACROSS: { return abs(slope.x); }
        case DOWN: { return abs(slope.y); }
        default: { return abs(slope.x) + abs(slope.y); }
    }
}

// xy which way it brightens, z how steep it is.
fn differentiate(at: vec2i) -> vec4f {
    let left = grey(at + vec2i(-1, 0));
    let right = grey(at + vec2i(1, 0));
    let above = grey(at + vec2i(0, -1));
    let below = grey(at + vec2i(0, 1));
    if (params.kind == LAPLACIAN) {
        let bend = left + right + above + below - 4.0 * grey(at);
        return vec4f(right - left, below - above, abs(bend), 0.0);
    }
    let falling = grey(at + vec2i(1, 1)) - grey(at + vec2i(-1, -1));
    let rising = grey(at + vec2i(1, -1)) - grey(at + vec2i(-1, 1));
    let weights = select(vec2f(1.0, 2.0), vec2f(3.0, 10.0), params.kind == SCHARR);
    let x = weights.x * (falling + rising) + weights.y * (right - left);
    let y = weights.x * (falling - rising) + weights.y * (below - above);
    return vec4f(x, y, steepness(vec2f(x, y)), 0.0);
}

// Nothing is steep beyond the border.
fn steep(at: vec2i) -> f32 { return load(slopes, at, BLANK).z; }

// Whether a pixel is steeper than both neighbours across the edge, whose direction is one of four. The tangent of 22.5
// degrees in 15 bits, and on which side a tie falls, are OpenCV's.
fn is_crest(at: vec2i, slope: vec4f) -> bool {
    let x = i32(abs(slope.x));
    let y = i32(abs(slope.y)) * 32768;
    if (y < x * 13573) { return slope.z > steep(at - vec2i(1, 0)) && slope.z >= steep(at + vec2i(1, 0)); }
    if (y > x * 79109) { return slope.z > steep(at - vec2i(0, 1)) && slope.z >= steep(at + vec2i(0, 1)); }
    let across = vec2i(select(1, -1, slope.x * slope.y < 0.0), 1);
    return slope.z > steep(at - across) && slope.z > steep(at + across);
}

// Lines are kept as bits, so that one texel follows them through a block of 6 by 4 pixels: x those that may go on, y those
// that have begun. A float holds 24 bits.
fn thin(at: vec2i) -> vec4f {
    let limits = vec2f(min(params.low, params.high), max(params.low, params.high));
    var bits = vec2u(0u);
    for (var n = 0; n < 24; n++) {
        let p = at * vec2i(6, 4) + vec2i(n % 6, n / 6);
        let slope = load(slopes, p, BLANK);
        if (slope.z > limits.x && is_crest(p, slope)) {
            bits |= select(vec2u(0u), vec2u(1u << u32(n)), vec2<bool>(true, slope.z > limits.y));
        }
    }
    return vec4f(vec2f(bits), 0.0, 0.0);
}

fn block(at: vec2i) -> vec2u { return vec2u(load(lines, at, BLANK).xy); }

// The four rows of a block, each with a free bit at either end.
fn spread(bits: u32) -> u32 {
    let upper = ((bits & 0x3fu) << 1u) | ((bits & 0xfc0u) << 3u);
    let lower = ((bits & 0x3f000u) << 5u) | ((bits & 0xfc0000u) << 7u);
    return upper | lower;
}

// The reverse of spread.
fn gathered(rows: u32) -> u32 {
    let upper = ((rows >> 1u) & 0x3fu) | ((rows >> 3u) & 0xfc0u);
    let lower = ((rows >> 5u) & 0x3f000u) | ((rows >> 7u) & 0xfc0000u);
    return upper | lower;
}

// The lines that have begun in a block, with the nearest column of the blocks on both sides.
fn begun_around(at: vec2i) -> u32 {
    let before = (spread(block(at - vec2i(1, 0)).y) >> 6u) & 0x01010101u;
    let after = (spread(block(at + vec2i(1, 0)).y) << 6u) & 0x80808080u;
    return before | spread(block(at).y) | after;
}

fn widened(rows: u32) -> u32 { return rows | ((rows << 1u) & 0xfefefefeu) | ((rows >> 1u) & 0x7f7f7f7fu); }

// What has begun goes on into all that may, as far as the block reaches.
fn follow(at: vec2i) -> vec4f {
    let own = block(at);
    let open = spread(own.x);
    let outer = (widened(begun_around(at - vec2i(0, 1))) >> 24u) | (widened(begun_around(at + vec2i(0, 1))) << 24u);
    var begun = begun_around(at);
    for (var step = 0; step < 24; step++) {
        let rows = widened(begun);
        let next = begun | ((rows | (rows << 8u) | (rows >> 8u) | outer) & open);
        if (next == begun) { break; }
        begun = next;
    }
    return vec4f(f32(own.x), f32(gathered(begun & open)), 0.0, 0.0);
}

// How much of a line a pixel is.
fn strength(at: vec2i) -> f32 {
    if (params.kind != CANNY) { return min(params.gain * load(slopes, at, SMEAR).z / 255.0, 1.0); }
    let place = at / vec2i(6, 4);
    let inner = at - place * vec2i(6, 4);
    let bit = (block(place).y >> u32(inner.y * 6 + inner.x)) & 1u;
    return min(params.gain * f32(bit), 1.0);
}

fn direction_color(slope: vec2f) -> vec3f {
    // atan2(0, 0) is undefined.
    if (all(slope == vec2f(0.0))) { return vec3f(1.0); }
    return hsv_to_rgb(vec3f(fract(atan2(-slope.y, slope.x) / 6.2831853), 1.0, 1.0));
}

fn show(at: vec2i) -> vec4f {
    let color = load(inputImage, at, SMEAR);
    // Exact at both ends, for colours too that no screen has.
    var ground = mix(params.paper, color, params.backdrop);
    if (params.backdrop >= 1.0) { ground = color; }
    let part = strength(at) * params.ink.a;
    if (part <= 0.0) { return ground; }
    let paint = mix(params.ink.rgb, direction_color(load(slopes, at, SMEAR).xy), params.tinted);
    return vec4f(mix(ground.rgb, paint, part), max(ground.a, part));
}
