/*{
  "DESCRIPTION": "Tears the picture: bands, columns or blocks jump aside, change places or repeat; it rolls as without vertical sync, combs as interlaced fields do, and is badly tracked like a worn tape.",
  "CREDIT": "glitch-this 1.0.3 by TotallyNotChase (mode glitch_this: its pixels, given its operations); the row drifts, block swaps and tape faults of sync-break; value noise; Feistel networks, by which blocks find their partners",
  "EXAMPLE": ["-e slice:seed=1:tracking=0.7"],
  "CATEGORIES": ["Glitch", "Geometry"],
  "INPUTS": [
    {"NAME": "inputImage", "TYPE": "image"},
    {"NAME": "before", "TYPE": "history", "MAX": 1, "DESCRIPTION": "The picture before, whose field interlace shows."},
    {"NAME": "mode", "TYPE": "long", "VALUES": [0, 1, 2, 3, 4, 5], "LABELS": ["bands", "columns", "blocks", "swap", "repeat", "glitch_this"], "DEFAULT": "bands",
     "DESCRIPTION": "What is torn: rows aside, columns up and down, blocks every way; blocks that change places in pairs, or repeat along a run; or bands as the package glitch-this draws them, by glitch alone."},
    {"NAME": "shift", "TYPE": "float", "UNIT": "px", "DEFAULT": 160, "MIN": -8192, "MAX": 8192, "SOFT": [-400, 400], "IDENTITY": 0,
     "DESCRIPTION": "How far slices jump: 0 not at all, 400 across a third of the screen, negative the other way. Blocks swap no farther than this, and repeat so far."},
    {"NAME": "density", "TYPE": "float", "UNIT": "ratio", "DEFAULT": 0.5, "MIN": 0, "MAX": 1,
     "DESCRIPTION": "How many of the slices do: 0 none, 1 all. More leaves those that already do."},
    {"NAME": "height", "TYPE": "float", "UNIT": "px", "DEFAULT": 36, "MIN": 1, "MAX": 8192, "SOFT": [1, 200],
     "DESCRIPTION": "Height of a band or block: 1 is single rows, 16 a codec's block, 200 slabs."},
    {"NAME": "width", "TYPE": "float", "UNIT": "px", "DEFAULT": 64, "MIN": 1, "MAX": 8192, "SOFT": [1, 200],
     "DESCRIPTION": "Width of a column or block, like the height."},
    {"NAME": "uneven", "TYPE": "float", "UNIT": "ratio", "DEFAULT": 1, "MIN": 0, "MAX": 1,
     "DESCRIPTION": "How unlike each other bands or columns are: 0 all alike, 1 from a single row to twice the height."},
    {"NAME": "pattern", "TYPE": "long", "VALUES": [0, 1, 2, 3], "LABELS": ["random", "noise", "alternate", "wave"], "DEFAULT": "random",
     "DESCRIPTION": "Where they jump: each by chance, as a slow drift, to both sides by turns, or in a wave that rolls."},
    {"NAME": "hold", "TYPE": "long", "UNIT": "ticks", "DEFAULT": 6, "MIN": 0, "MAX": 65535, "SOFT": [0, 60],
     "DESCRIPTION": "How long a choice stays: 1 is new on each tick, 60 holds a second, 0 for ever."},
    {"NAME": "seed", "TYPE": "long", "DEFAULT": 0, "MIN": 0, "MAX": 65535, "SOFT": [0, 64],
     "DESCRIPTION": "Another number chooses otherwise, at once: floor(beat) on each beat."},
    {"NAME": "wavelength", "TYPE": "float", "UNIT": "px", "DEFAULT": 240, "MIN": 1, "MAX": 16384, "SOFT": [8, 1000],
     "DESCRIPTION": "From crest to crest of a wave, and about so of noise: 8 is a comb, 1000 sways as a whole."},
    {"NAME": "speed", "TYPE": "float", "UNIT": "Hz", "DEFAULT": 0.5, "MIN": -64, "MAX": 64, "SOFT": [-4, 4],
     "DESCRIPTION": "How many waves pass in a second, or how often noise is another: 0 stands, positive rolls down, negative up."},
    {"NAME": "edge", "TYPE": "long", "VALUES": "edge", "DEFAULT": "wrap",
     "DESCRIPTION": "What comes in at the border: nothing, the border pixel drawn out, the other side, or the mirrored picture."},
    {"NAME": "roll", "TYPE": "float", "UNIT": "ratio", "DEFAULT": 0, "MIN": -1024, "MAX": 1024, "SOFT": [0, 1], "IDENTITY": 0,
     "DESCRIPTION": "How far the picture has rolled down, as without vertical sync: 0 and 1 not at all, 0.5 half-way."},
    {"NAME": "roll_speed", "TYPE": "float", "UNIT": "Hz", "DEFAULT": 0, "MIN": -64, "MAX": 64, "SOFT": [-2, 2], "IDENTITY": 0,
     "DESCRIPTION": "How many pictures roll by in a second: 0 stands, positive down, negative up."},
    {"NAME": "bar", "TYPE": "float", "UNIT": "ratio", "DEFAULT": 0.06, "MIN": 0, "MAX": 1, "SOFT": [0, 0.2],
     "DESCRIPTION": "The dim bar between two rolling pictures: 0 none, 1 as high as they."},
    {"NAME": "interlace", "TYPE": "float", "UNIT": "ratio", "DEFAULT": 0, "MIN": 0, "MAX": 1, "IDENTITY": 0,
     "DESCRIPTION": "How much every other row is of the picture before: 0 none, 1 wholly, so that what moves is combed."},
    {"NAME": "tracking", "TYPE": "float", "UNIT": "ratio", "DEFAULT": 0, "MIN": 0, "MAX": 1, "IDENTITY": 0,
     "DESCRIPTION": "How badly a tape is tracked: 0 well, 1 a band tears, loses its colour and snows."},
    {"NAME": "tracking_at", "TYPE": "float", "UNIT": "ratio", "DEFAULT": 0.8, "MIN": -16, "MAX": 16, "SOFT": [0, 1],
     "DESCRIPTION": "Where that band is: 0 at the top, 1 at the bottom, which is the top again."},
    {"NAME": "tracking_height", "TYPE": "float", "UNIT": "ratio", "DEFAULT": 0.25, "MIN": 0.001, "MAX": 1, "SOFT": [0.02, 0.6],
     "DESCRIPTION": "How high it is: 0.02 a streak, 1 the whole picture."},
    {"NAME": "wander", "TYPE": "float", "UNIT": "Hz", "DEFAULT": 0.3, "MIN": 0, "MAX": 16, "SOFT": [0, 2],
     "DESCRIPTION": "How restlessly it wanders about its place: 0 it stays."},
    {"NAME": "glitch", "TYPE": "float", "DEFAULT": 4, "MIN": 0, "MAX": 10, "IDENTITY": 0,
     "DESCRIPTION": "The amount of glitch-this: twice so many bands, and its square in hundredths of the width as their shift at most. Below 0.5 nothing."},
    {"NAME": "color_offset", "TYPE": "bool", "DEFAULT": true,
     "DESCRIPTION": "On: glitch-this rolls one colour of the picture up or down. Off: the bands alone."},
    {"NAME": "scan_lines", "TYPE": "bool", "DEFAULT": false, "DESCRIPTION": "On: every other row of glitch-this is black."},
    {"NAME": "operations", "TYPE": "table", "OPTIONAL": true,
     "DESCRIPTION": "What glitch-this draws, said instead: a picture of 3 by at most 21 pixels, an operation in each row. Its pixels are the shift, the first row and the height, each 256 * red + green - 32768; blue of the first is 0 for a band, 1, 2 or 3 for red, green or blue that is rolled by shift and first row."}
  ],
  "PASSES": [
    {"ENTRY": "plan", "TARGET": "lines", "WIDTH": "max($WIDTH, $HEIGHT)", "HEIGHT": "2", "FLOAT": true},
    {"ENTRY": "slice"}
  ]
}*/
const BANDS: i32 = 0;
const COLUMNS: i32 = 1;
const BLOCKS: i32 = 2;
const SWAP: i32 = 3;
const REPEAT: i32 = 4;
const GLITCH_THIS: i32 = 5;
const RANDOM: i32 = 0;
const NOISE: i32 = 1;
const ALTERNATE: i32 = 2;
const WAVE: i32 = 3;
const TAU: f32 = 6.2831853;

// Streams of chance, of which drawn operations take some from LIST on.
const CUT: u32 = 0u;
const TAKEN: u32 = 1u;
const ACROSS: u32 = 2u;
const DOWN: u32 = 3u;
const PARTNER: u32 = 4u;
const SHUFFLE: u32 = 6u;
const RUN: u32 = 9u;
const WANDER: u32 = 10u;
const LIST: u32 = 11u;
const STREAMS: u32 = 16u;

// Bands of glitch-this at its highest amount, and the colour.
const MOST_OPERATIONS: i32 = 21;

// The choice that is held now.
fn held() -> u32 { return select(frame.tick / u32(max(params.hold, 1)), 0u, params.hold == 0); }

fn seeded(at: vec2i, stream: u32, choice: u32) -> f32 {
    return random_still(at, stream + STREAMS * (choice + 747796405u * u32(params.seed)));
}

fn chance(at: vec2i, stream: u32) -> f32 { return seeded(at, stream, held()); }

// A whole number from low to high, both of them possible.
fn between(low: i32, high: i32, at: vec2i, stream: u32) -> i32 {
    return low + i32(chance(at, stream) * f32(high - low + 1));
}

// Value noise, -1 to 1: x along, y in time.
fn drift(p: vec2f, stream: u32) -> f32 {
    let corner = vec2i(floor(p));
    let f = smoothstep(vec2f(0.0), vec2f(1.0), fract(p));
    let upper = mix(seeded(corner, stream, 0u), seeded(corner + vec2i(1, 0), stream, 0u), f.x);
    let lower = mix(seeded(corner + vec2i(0, 1), stream, 0u), seeded(corner + vec2i(1, 1), stream, 0u), f.x);
    return 2.0 * mix(upper, lower, f.y) - 1.0;
}

// The size of a block in whole pixels; bands have its height and columns its width.
fn block_size() -> vec2f { return max(round(vec2f(params.width, params.height)), vec2f(1.0)); }

// From the middle of a pixel, so that no rounding moves it into another block.
fn block_at(at: vec2i) -> vec2i { return vec2i(floor((vec2f(at) + 0.5) / block_size())); }

// The slice in which a row or column lies: each may begin late, by less than its length.
fn slice_at(place: i32, length: f32) -> i32 {
    let middle = f32(place) + 0.5;
    let index = floor(middle / length);
    // What drifts or rolls keeps its cuts.
    let choice = select(0u, held(), params.pattern == RANDOM);
    let late = params.uneven * length * seeded(vec2i(i32(index), 0), CUT, choice);
    return i32(index) - select(0, 1, middle - index * length < late);
}

fn is_taken(slice: vec2i) -> bool { return chance(slice, TAKEN) < params.density; }

// Where a slice swings, -1 to 1: `along` is its place in pixels.
fn swing(slice: vec2i, along: f32, stream: u32) -> f32 {
    switch params.pattern {
        case NOISE: { return drift(vec2f(2.0 * along / params.wavelength, params.speed * frame.time), stream); }
        case ALTERNATE: { return 1.0 - 2.0 * f32((slice.x + slice.y) & 1); }
        case WAVE: { return sin(TAU * fract(along / params.wavelength - params.speed * frame.time)); }
        default: { return 2.0 * chance(slice, stream) - 1.0; }
    }
}

// How far a row or column is shifted.
fn line_shift(place: i32, length: f32) -> f32 {
    let slice = vec2i(0, slice_at(place, length));
    if (!is_taken(slice)) { return 0.0; }
    return round(params.shift * swing(slice, f32(slice.y) * length, ACROSS));
}

// An operation of glitch-this: shift, first row, height, and what it is: 0 a band, 1 to 3 a colour.
fn listed(index: i32) -> vec4i {
    var numbers: vec4i;
    for (var i = 0; i < 3; i++) {
        let bytes = vec2i(round(load(operations, vec2i(i, index), SMEAR).rg * 255.0));
        numbers[i] = 256 * bytes.x + bytes.y - 32768;
    }
    numbers.w = i32(round(load(operations, vec2i(0, index), SMEAR).b * 255.0));
    return numbers;
}

fn bands_drawn() -> i32 { return i32(2.0 * params.glitch); }

// The same, drawn as the package draws them; the last is the colour.
fn drawn(index: i32) -> vec4i {
    let at = vec2i(index, 0);
    if (index == bands_drawn()) {
        let most = bands_drawn();
        return vec4i(between(-most, most, at, LIST), between(-most, most, at, LIST + 1u), 0, between(1, 3, at, LIST + 2u));
    }
    let most = i32(params.glitch * params.glitch / 100.0 * f32(frame.size.x));
    let height = between(1, max(frame.size.y / 4, 1), at, LIST + 2u);
    return vec4i(between(-most, most, at, LIST), between(0, frame.size.y, at, LIST + 1u), height, 0);
}

// What glitch-this does to a row: x the shift of its band, then those of the colour across and down, and which one it is.
fn glitched(row: i32) -> vec4f {
    let is_listed = load(operations, vec2i(0), SMEAR).a > 0.0;
    let count = select(bands_drawn() + 1, min(size(operations).y, MOST_OPERATIONS), is_listed);
    var found = vec4f(0.0);
    var bands = 0;
    if (bands_drawn() == 0) { return found; }
    for (var i = 0; i < count; i++) {
        var operation: vec4i;
        if (is_listed) { operation = listed(i); } else { operation = drawn(i); }
        let o = vec4f(operation);
        if (operation.w == 0) {
            bands++;
            // A later band covers an earlier one.
            let within = row >= operation.y && row < operation.y + operation.z && operation.x != 0;
            if (within && bands <= bands_drawn()) { found.x = o.x; }
        } else if (params.color_offset != 0u) {
            // As the package has it: across, but one row is shifted.
            let first = modulo(operation.yy, frame.size.yy).y;
            found = vec4f(found.x, select(0.0, o.x, row == first), o.y, min(o.w, 3.0));
        }
    }
    return found;
}

// How badly a row is tracked, 0 to 1.
fn badness(row: i32) -> f32 {
    if (params.tracking == 0.0) { return 0.0; }
    // Slow wandering is near, so that none is at its place.
    let reach = 0.3 * min(4.0 * params.wander, 1.0);
    let middle = params.tracking_at + reach * drift(vec2f(0.0, params.wander * frame.time), WANDER);
    let away = abs(fract((f32(row) + 0.5) / f32(frame.size.y) - middle + 0.5) - 0.5);
    return params.tracking * smoothstep(1.0, 0.0, 2.0 * away / params.tracking_height);
}

// Rows as a tape has them, about 360, whatever the canvas's height.
fn tape_row(row: i32) -> i32 { return row / max(frame.size.y / 360, 1); }

// How far a badly tracked row is torn aside: bent as one, and each row by itself.
fn torn(row: i32, bad: f32) -> f32 {
    let jitter = random(vec2i(tape_row(row), 0), WANDER) - 0.5;
    return round(bad * bad * (0.08 + 0.1 * jitter) * f32(frame.size.x));
}

// For each row, and for each column in the first texel. Upper: x the shift, y how far it is torn, z how badly it is
// tracked. Lower: x and y the shift of one colour, z which one.
fn plan(at: vec2i) -> vec4f {
    if (params.mode == GLITCH_THIS && at.y == 1) { return vec4f(glitched(at.x).yzw, 0.0); }
    let bad = badness(at.x);
    var shift = 0.0;
    switch params.mode {
        case BANDS: { shift = line_shift(at.x, block_size().y); }
        case COLUMNS: { shift = line_shift(at.x, block_size().x); }
        case GLITCH_THIS: { shift = glitched(at.x).x; }
        default: {}
    }
    return vec4f(shift, torn(at.x, bad), bad, 0.0);
}

fn thrown(at: vec2i) -> vec2i {
    let block = block_at(at);
    if (!is_taken(block)) { return at; }
    let along = dot(vec2f(block), block_size());
    // A quarter of a wave later, so that blocks go in circles.
    let aside = vec2f(swing(block, along, ACROSS), swing(block, along + 0.25 * params.wavelength, DOWN));
    return at - vec2i(round(params.shift * aside));
}

// A one-to-one shuffle of the blocks of a square whose side is a power of two, and its inverse.
fn shuffled(block: vec2i, square: vec2i, side: i32, back: bool) -> vec2i {
    var p = block;
    for (var i = 0u; i < 3u; i++) {
        let turn = select(i, 2u - i, back);
        let other = select(p.y, p.x, turn == 1u);
        let key = between(0, side - 1, square * side + vec2i(other, 0), SHUFFLE + turn);
        p ^= select(vec2i(key, 0), vec2i(0, key), turn == 1u);
    }
    return p;
}

// Blocks find partners within squares: shuffled, one number tells each from its partner.
fn swapped(at: vec2i) -> vec2i {
    let extent = vec2i(block_size());
    let block = block_at(at);
    let reach = 1.0 + abs(params.shift) / block_size().x;
    let bits = u32(clamp(log2(reach), 0.0, 13.0));
    if (bits == 0u) { return at; }
    let side = 1 << bits;
    // Where squares begin is drawn too, so that the border is not left out each time.
    let begun = vec2i(between(0, side - 1, vec2i(0), RUN), between(0, side - 1, vec2i(1), RUN));
    let square = (block + begun) >> vec2u(bits);
    let corner = square * side - begun;
    let apart = vec2i(between(1, side - 1, square, PARTNER), between(0, side - 1, square, PARTNER + 1u));
    let partner = corner + shuffled(shuffled(block - corner, square, side, false) ^ apart, square, side, true);
    let first = select(partner, block, block.y < partner.y || (block.y == partner.y && block.x < partner.x));
    let whole = vec2i((vec2f(size(inputImage)) + 0.5) / block_size());
    if (any(partner < vec2i(0)) || any(max(block, partner) >= whole) || !is_taken(first)) { return at; }
    return at + (partner - block) * extent;
}

// The first block of a run stands in for all of it, or the last one if the shift is negative.
fn repeated(at: vec2i) -> vec2i {
    let extent = vec2i(block_size());
    let length = 1 + i32(abs(params.shift) / block_size().x);
    if (length == 1) { return at; }
    let block = block_at(at);
    let begun = between(0, length - 1, vec2i(block.y, 0), RUN);
    let run = i32((f32(block.x + begun) + 0.5) / f32(length));
    if (!is_taken(vec2i(run, block.y))) { return at; }
    let end = select(0, length - 1, params.shift < 0.0);
    let last = max(i32((f32(size(inputImage).x) + 0.5) / block_size().x) - 1, 0);
    let source = clamp(run * length - begun + end, 0, last);
    return at + vec2i((source - block.x) * extent.x, 0);
}

// The place that a place shows, before anything rolls.
fn source(at: vec2i) -> vec2i {
    switch params.mode {
        case BANDS, GLITCH_THIS: { return at - vec2i(i32(load(lines, vec2i(at.y, 0), SMEAR).x), 0); }
        case COLUMNS: { return at - vec2i(0, i32(load(lines, vec2i(at.x, 0), SMEAR).x)); }
        case BLOCKS: { return thrown(at); }
        case SWAP: { return swapped(at); }
        default: { return repeated(at); }
    }
}

// The picture as it rolls, with the field of the one before.
fn shown(p: vec2i, edge: i32, row: i32) -> vec4f {
    let extent = size(inputImage);
    if (edge == BLANK && outside(p, extent)) { return vec4f(0.0); }
    var q = inside(p, extent, edge);
    let turn = extent.y + i32(round(params.bar * f32(extent.y)));
    let rolled = fract(params.roll + params.roll_speed * frame.time);
    q.y = modulo(q - i32(round(rolled * f32(turn))), vec2i(turn)).y;
    var color = load(inputImage, q, SMEAR);
    if (params.interlace > 0.0 && (row & 1) == 1) { color = mix(color, past(before, 1, q, SMEAR), params.interlace); }
    return vec4f(color.rgb * select(1.0, 0.12, q.y >= extent.y), color.a);
}

// What a badly tracked tape makes of a colour: grey, and streaks of snow that fade to the right.
fn snowed(color: vec4f, at: vec2i, bad: f32) -> vec4f {
    let row = tape_row(at.y);
    let streak = 40.0 * (f32(at.x) / f32(frame.size.x) + random(vec2i(row, 1), WANDER));
    let falls = random(vec2i(i32(streak), row + 2), WANDER) < 0.45 * bad * bad;
    let grey = mix(color.rgb, vec3f(luma(color.rgb)), bad);
    let snow = select(0.0, (1.0 - fract(streak)) * bad, falls);
    return vec4f(mix(grey, vec3f(0.95), snow), color.a);
}

fn slice(at: vec2i) -> vec4f {
    let line = load(lines, vec2i(at.y, 0), SMEAR);
    let torn = vec2i(i32(line.y), 0);
    let edge = select(params.edge, WRAP, params.mode == GLITCH_THIS);
    var color = shown(source(at) - torn, edge, at.y);
    if (params.mode == GLITCH_THIS && params.glitch > 0.0) {
        let offset = vec3i(load(lines, vec2i(at.y, 1), SMEAR).xyz);
        if (offset.z > 0) { color[offset.z - 1] = shown(at - offset.xy - torn, edge, at.y)[offset.z - 1]; }
        if (params.scan_lines != 0u && (at.y & 1) == 0) { color = vec4f(vec3f(0.0), color.a); }
    }
    if (line.z > 0.0) { color = snowed(color, at, line.z); }
    return color;
}
