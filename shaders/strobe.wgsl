/*{
  "DESCRIPTION": "Flashes: a colour, black, the negative or a frozen picture, so many times a second or on the beat. Never more than three in a second, unless told otherwise.",
  "CREDIT": "The limit is WCAG 2.2's, success criterion 2.3.1: no more than three flashes in any one second",
  "EXAMPLE": ["-e strobe:mode=invert:duty=1"],
  "CATEGORIES": ["Light", "Time"],
  "CLOCK": "canvas",
  "INPUTS": [
    {"NAME": "inputImage", "TYPE": "image"},
    {"NAME": "rate", "TYPE": "float", "UNIT": "Hz", "DEFAULT": 2, "MIN": 0, "MAX": 60, "SOFT": [0, 3],
     "DESCRIPTION": "Flashes in a second, where beats is 0: 0 none, 60 on every other tick of a fast canvas. Above 3 some are left out."},
    {"NAME": "beats", "TYPE": "float", "UNIT": "beats", "DEFAULT": 0, "MIN": 0, "MAX": 64, "SOFT": [0, 4],
     "DESCRIPTION": "From one flash to the next: 1 flashes on each beat, 0.5 twice a beat, 64 every 16 bars. 0 is off: rate holds."},
    {"NAME": "duty", "TYPE": "float", "UNIT": "ratio", "DEFAULT": 0.25, "MIN": 0, "MAX": 1, "IDENTITY": 0,
     "DESCRIPTION": "How much of the time between two flashes one lasts: 0 none is seen, 0.5 half, 1 it never ends."},
    {"NAME": "mode", "TYPE": "long", "VALUES": [0, 1, 2, 3], "LABELS": ["color", "black", "invert", "freeze"], "DEFAULT": "color",
     "DESCRIPTION": "What a flash shows: the colour, nothing, the negative, or the picture with which it began."},
    {"NAME": "color", "TYPE": "color", "DEFAULT": [1, 1, 1, 1],
     "DESCRIPTION": "The colour of the flash; of its alpha 0 leaves the picture, 1 covers it."},
    {"NAME": "unlimited", "TYPE": "bool", "DEFAULT": false,
     "DESCRIPTION": "On: as fast as it is told. Quick flashes can cause seizures: warn your audience. Off: each begins at least a third of a second after the one before, or not at all."}
  ],
  "PASSES": [
    {"ENTRY": "count", "TARGET": "gate", "WIDTH": "1", "HEIGHT": "1", "PERSISTENT": true, "FLOAT": true},
    {"ENTRY": "keep", "TARGET": "held", "PERSISTENT": true},
    {"ENTRY": "flash"}
  ]
}*/
const BLACK: i32 = 1;
const INVERT: i32 = 2;
const FREEZE: i32 = 3;

// Seconds from one beginning to the next, less what rounding may take: at most three in any second.
const SHORTEST: f32 = 1.0 / 3.0 - 1e-4;

// Where it stands between two flashes, 0..1. In Hz it goes on from the last tick, so that a played rate does not jump.
fn phase(last: vec4f) -> f32 {
    // Rounding must not put a beat off to the next tick.
    if (params.beats > 0.0) { return fract(frame.beat / params.beats + 1e-4); }
    if (last.w == 0.0) { return fract(frame.time * params.rate); }
    return fract(last.x + params.rate * frame.delta);
}

fn is_lit(gate: vec4f) -> bool { return gate.y > 0.5; }

// The gate: x phase, y 1 while it flashes, z seconds since the last flash began, w 1 once there was a tick.
fn count(at: vec2i) -> vec4f {
    let last = load(gate, at, SMEAR);
    let now = phase(last);
    let since = select(1.0, min(last.z + frame.delta, 1.0), last.w > 0.0);
    let wanted = now < params.duty && (params.rate > 0.0 || params.beats > 0.0);
    if (wanted && is_lit(last)) { return vec4f(now, 1.0, since, 1.0); }
    if (wanted && (since >= SHORTEST || params.unlimited != 0u)) { return vec4f(now, 1.0, 0.0, 1.0); }
    return vec4f(now, 0.0, since, 1.0);
}

// The picture with which a flash began.
fn keep(at: vec2i) -> vec4f {
    let state = load(gate, vec2i(0), SMEAR);
    if (params.mode == FREEZE && is_lit(state) && state.z > 0.0) { return load(held, at, SMEAR); }
    return load(inputImage, at, SMEAR);
}

fn flash(at: vec2i) -> vec4f {
    let color = load(inputImage, at, SMEAR);
    if (!is_lit(load(gate, vec2i(0), SMEAR))) { return color; }
    switch params.mode {
        case BLACK: { return vec4f(vec3f(0.0), color.a); }
        case INVERT: { return vec4f(1.0 - color.rgb, color.a); }
        case FREEZE: { return load(held, at, SMEAR); }
        default: { return mix(color, vec4f(params.color.rgb, 1.0), params.color.a); }
    }
}
