/*{
  "DESCRIPTION": "Waves of light that wander through the picture as stripes, rings or rays: a generator.",
  "CREDIT": "hydra osc: its frequency is in radians, 60 for our 9.55; its sync is our speed, backwards; its offset, in radians too, keeps red behind and blue ahead",
  "CATEGORIES": ["Generator"],
  "INPUTS": [
    {"NAME": "form", "TYPE": "long", "VALUES": [0, 1, 2], "LABELS": ["stripes", "rings", "rays"], "DEFAULT": "stripes",
     "DESCRIPTION": "Along a line, outward from the centre, or around it, where the waves are rounded to a whole number."},
    {"NAME": "shape", "TYPE": "long", "VALUES": [0, 1, 2, 3], "LABELS": ["sine", "triangle", "saw", "square"], "DEFAULT": "sine",
     "DESCRIPTION": "One wave, dark at its ends: round, straight, rising until it drops, or bright and then dark."},
    {"NAME": "frequency", "TYPE": "float", "UNIT": "ratio", "DEFAULT": 6, "MIN": 0, "MAX": 4096, "SOFT": [0, 64],
     "DESCRIPTION": "How many waves fit the width of the picture: 0 one colour, half as many as there are pixels and they fade to their mean."},
    {"NAME": "speed", "TYPE": "float", "UNIT": "ratio", "DEFAULT": 0.05, "MIN": -64, "MAX": 64, "SOFT": [-1, 1],
     "DESCRIPTION": "Widths of the picture that they wander in a second, rays turns: 0 stands, positive goes along the angle, outward or counter-clockwise, negative back."},
    {"NAME": "phase", "TYPE": "float", "UNIT": "ratio", "DEFAULT": 0, "MIN": -65536, "MAX": 65536, "SOFT": [-1, 1],
     "DESCRIPTION": "Moves them by this many waves, the same way as speed. With speed 0 an expression can play it without a jump."},
    {"NAME": "offset", "TYPE": "float", "UNIT": "ratio", "DEFAULT": 0.12, "MIN": -16, "MAX": 16, "SOFT": [-0.5, 0.5],
     "DESCRIPTION": "The part of a wave by which red goes before green and blue comes after: 0 is grey, 0.33 a rainbow, negative the other way."},
    {"NAME": "duty", "TYPE": "float", "UNIT": "ratio", "DEFAULT": 0.5, "MIN": 0, "MAX": 1,
     "DESCRIPTION": "The bright part of a square wave: 0 none, little a pulse, 1 all."},
    {"NAME": "angle", "TYPE": "float", "UNIT": "deg", "DEFAULT": 0, "MIN": -16777216, "MAX": 16777216, "SOFT": [-180, 180],
     "DESCRIPTION": "Where stripes wander to and where rays begin: 0 to the right, 90 up, -90 down."},
    {"NAME": "centre", "TYPE": "point2D", "UNIT": "ratio", "DEFAULT": [0.5, 0.5], "MIN": [-16, -16], "MAX": [16, 16], "SOFT": [[0, 0], [1, 1]],
     "DESCRIPTION": "Where a wave begins: [0, 0] the upper left corner, [1, 1] the lower right one."},
    {"NAME": "dark", "TYPE": "color", "DEFAULT": [0, 0, 0, 1], "DESCRIPTION": "What each channel is at the bottom of its wave; alpha goes with green."},
    {"NAME": "bright", "TYPE": "color", "DEFAULT": [1, 1, 1, 1], "DESCRIPTION": "What each channel is at the top of its wave."}
  ]
}*/
const RINGS: i32 = 1;
const RAYS: i32 = 2;
const SINE: i32 = 0;
const TRIANGLE: i32 = 1;
const SAW: i32 = 2;
const TAU: f32 = 6.2831853;

// How many waves lie between the centre and a pixel, and how much of a wave the pixel covers.
fn place(at: vec2i) -> vec2f {
    let width = f32(frame.size.x);
    let away = (vec2f(at) + 0.5 - params.centre * vec2f(frame.size)) / width;
    let turned = rotated(away, -params.angle) * vec2f(1.0, -1.0);
    if (params.form == RAYS) {
        let rays = round(params.frequency);
        // atan2(0, 0) is undefined.
        if (all(turned == vec2f(0.0))) { return vec2f(0.0, 1.0); }
        return vec2f(rays * (atan2(turned.y, turned.x) / TAU - params.speed * frame.time), rays / (TAU * length(turned) * width));
    }
    let along = select(turned.x, length(away), params.form == RINGS);
    return vec2f(along - params.speed * frame.time, 1.0 / width) * params.frequency;
}

// Integrals of a saw and of a square wave from 0 to x.
fn saw_area(x: f32) -> f32 { return 0.5 * (floor(x) + fract(x) * fract(x)); }
fn square_area(x: f32) -> f32 { return floor(x) * params.duty + min(fract(x), params.duty); }

// The mean of a wave over what a pixel covers of it, so that edges are smooth and fine waves end in grey, not in moire.
fn wave(x: f32, covered: f32) -> f32 {
    let p = fract(x);
    if (params.shape == SINE || params.shape == TRIANGLE) {
        let swing = select(abs(2.0 * p - 1.0) - 0.5, 0.5 * cos(TAU * p), params.shape == SINE);
        let angle = 0.5 * TAU * covered;
        return 0.5 - swing * select(sin(angle) / angle, 1.0, angle < 0.001);
    }
    // A float has not the digits for less.
    let half_width = 0.5 * max(covered, 0.0002);
    let ends = vec2f(p - half_width, p + half_width);
    if (params.shape == SAW) { return (saw_area(ends.y) - saw_area(ends.x)) / (2.0 * half_width); }
    return (square_area(ends.y) - square_area(ends.x)) / (2.0 * half_width);
}

fn effect(at: vec2i) -> vec4f {
    let here = place(at);
    let x = here.x - params.phase;
    let green = wave(x, here.y);
    if (params.offset == 0.0) { return mix(params.dark, params.bright, green); }
    let red = wave(x - params.offset, here.y);
    let blue = wave(x + params.offset, here.y);
    return mix(params.dark, params.bright, vec4f(red, green, blue, green));
}
