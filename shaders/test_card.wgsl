/*{
  "DESCRIPTION": "A test card: a generator to set up screens by, and to see dropped, repeated and torn pictures with.",
  "CREDIT": "After the Philips PM5544 and the EBU colour bars (ITU-R BT.471)",
  "CATEGORIES": ["Generator"],
  "INPUTS": [
    {"NAME": "bars", "TYPE": "float", "UNIT": "ratio", "DEFAULT": 0.75, "MIN": 0, "MAX": 1,
     "DESCRIPTION": "How strong the colour bars are: 0.75 as EBU bars, 1 the purest colours, 0 black. White stays white."},
    {"NAME": "motion", "TYPE": "bool", "DEFAULT": true,
     "DESCRIPTION": "Off: a still. On: the tick in digits, a lamp that walks one place each tick, and a dot that goes round in 60."}
  ]
}*/
const GREY: vec3f = vec3f(0.32);
const NIGHT: vec3f = vec3f(0.04);
const PAPER: vec3f = vec3f(0.96);
const RED: vec3f = vec3f(0.9, 0.15, 0.1);
// Radius of the circle in cells; 14 cells make the shorter side.
const RADIUS: f32 = 6.4;
const LAMPS: f32 = 12.0;
// Digits as 3 x 5 dots, the first dot in the highest of 15 bits.
const DIGITS = array<u32, 10>(0x7b6f, 0x2c97, 0x73e7, 0x73cf, 0x5bc9, 0x79cf, 0x79ef, 0x7249, 0x7bef, 0x7bcf);

// Lines between cells, and castles along the border that show what a screen cuts off.
fn background(at: vec2i, q: vec2f, cell: f32) -> vec3f {
    let border = min(at, frame.size - 1 - at);
    if (f32(min(border.x, border.y)) < cell * 0.5) {
        let field = vec2i(floor(q));
        return select(NIGHT, PAPER, ((field.x + field.y) & 1) == 0);
    }
    let line = abs(fract(q + 0.5) - 0.5) * cell;
    return select(GREY, PAPER, min(line.x, line.y) < max(0.5, cell / 48.0));
}

// White, yellow, cyan, green, magenta, red, blue, black.
fn colour_bar(number: i32) -> vec3f {
    if (number <= 0) { return vec3f(1.0); }
    let off = vec3i(number >> 1u, number >> 2u, number) & vec3i(1);
    return vec3f(vec3i(1) - off) * params.bars;
}

// Stripes of 12, 8, 6, 4, 3 and 2 pixels: what blurs here is scaled or compressed.
fn burst(x: i32, number: i32) -> vec3f {
    var periods = array<i32, 6>(12, 8, 6, 4, 3, 2);
    let period = periods[clamp(number, 0, 5)];
    return select(NIGHT, PAPER, ((x % period) + period) % period < period / 2);
}

// Six digits of a number in the unit square; u and v run over it.
fn digits(number: u32, u: f32, v: f32) -> bool {
    let dot = vec2i(floor(vec2f(u * 24.0, v * 5.0)));
    let column = dot.x % 4;
    if (column == 3 || u < 0.0 || u >= 1.0 || v < 0.0 || v >= 1.0) { return false; }
    var rest = number;
    for (var place = 5; place > dot.x / 4; place--) { rest /= 10u; }
    var shapes = DIGITS;
    return ((shapes[rest % 10u] >> u32(14 - dot.y * 3 - column)) & 1u) == 1u;
}

fn lamps(q: vec2f) -> vec3f {
    let x = (q.x + 4.8) / 9.6 * LAMPS;
    let lit = params.motion != 0u && i32(floor(x)) == i32(frame.tick % u32(LAMPS));
    let inside = x >= 0.0 && x < LAMPS && abs(fract(x) - 0.5) < 0.4 && abs(q.y - 3.3) < 0.5;
    return select(NIGHT, select(vec3f(0.16), vec3f(1.0, 0.8, 0.2), lit), inside);
}

// The bands within the circle, from the top.
fn bands(at: vec2i, q: vec2f) -> vec3f {
    let across = clamp((q.x + RADIUS) / (2.0 * RADIUS), 0.0, 1.0);
    if (q.y < -4.4) { return select(NIGHT, PAPER, abs(q.x) < 2.2); }
    if (q.y < -1.4) { return colour_bar(min(i32(across * 8.0), 7)); }
    if (q.y < 0.0) { return vec3f(min(floor(across * 11.0), 10.0) / 10.0); }
    if (q.y < 1.0) { return vec3f(across); }
    if (q.y < 2.5) { return burst(at.x - frame.size.x / 2, i32(across * 6.0)); }
    if (q.y < 4.1) { return lamps(q); }
    if (params.motion != 0u && digits(frame.tick, (q.x + 2.9) / 6.0, (q.y - 4.45) / 1.2)) { return PAPER; }
    return RED * 0.6;
}

// How much of a pixel lies within a distance: smooth over one pixel.
fn covered(distance: f32, cell: f32) -> f32 { return clamp(0.5 - distance * cell, 0.0, 1.0); }

fn effect(at: vec2i) -> vec4f {
    let cell = f32(min(frame.size.x, frame.size.y)) / 14.0;
    let q = (vec2f(at) + 0.5 - vec2f(frame.size) * 0.5) / cell;
    let width = max(0.06, 1.0 / cell);
    var c = mix(background(at, q, cell), bands(at, q), covered(length(q) - RADIUS, cell));
    c = mix(c, PAPER, covered(abs(length(q) - RADIUS) - width, cell));
    let cross = min(max(abs(q.x), abs(q.y) * 0.1), max(abs(q.x) * 0.1, abs(q.y)));
    c = mix(c, RED, covered(max(cross - width * 0.5, length(q) - 1.2), cell));
    // Clockwise, from the top.
    let dot = turn(90.0 - 6.0 * f32(frame.tick % 60u)) * vec2f(1.0, -1.0) * RADIUS;
    let shown = select(0.0, 1.0, params.motion != 0u);
    c = mix(c, RED, covered(length(q - dot) - 0.45, cell) * shown);
    return vec4f(c, 1.0);
}
