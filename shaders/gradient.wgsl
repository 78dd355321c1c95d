/*{
  "DESCRIPTION": "A gradient through two to four colours: a generator, for backgrounds, maps and mattes.",
  "CREDIT": "The straight one runs from corner to corner, as CSS linear-gradient does",
  "CATEGORIES": ["Generator"],
  "INPUTS": [
    {"NAME": "shape", "TYPE": "long", "VALUES": [0, 1, 2], "LABELS": ["linear", "radial", "angular"], "DEFAULT": "linear",
     "DESCRIPTION": "Along a line, outward from the centre, or around it."},
    {"NAME": "first", "TYPE": "color", "DEFAULT": [0.05, 0.02, 0.2, 1], "DESCRIPTION": "The colour at the start."},
    {"NAME": "second", "TYPE": "color", "DEFAULT": [1, 0.35, 0.2, 1], "DESCRIPTION": "The next colour."},
    {"NAME": "third", "TYPE": "color", "DEFAULT": [1, 0.85, 0.4, 1], "DESCRIPTION": "The third, where there are three or more."},
    {"NAME": "fourth", "TYPE": "color", "DEFAULT": [1, 1, 1, 1], "DESCRIPTION": "The last of four."},
    {"NAME": "colors", "TYPE": "long", "VALUES": [2, 3, 4], "DEFAULT": 2, "DESCRIPTION": "How many of the colours are used."},
    {"NAME": "angle", "TYPE": "float", "UNIT": "deg", "DEFAULT": 0, "MIN": -16777216, "MAX": 16777216, "SOFT": [-180, 180],
     "DESCRIPTION": "Where it runs to, or where around the centre it starts: 0 to the right, 90 up, -90 down."},
    {"NAME": "centre", "TYPE": "point2D", "UNIT": "ratio", "DEFAULT": [0.5, 0.5], "MIN": [-16, -16], "MAX": [16, 16], "SOFT": [[0, 0], [1, 1]],
     "DESCRIPTION": "Its middle: [0, 0] the upper left corner, [1, 1] the lower right one."},
    {"NAME": "repeat", "TYPE": "float", "UNIT": "ratio", "DEFAULT": 1, "MIN": 0, "MAX": 4096, "SOFT": [0, 16],
     "DESCRIPTION": "How many times it runs across the picture: 0 stands still at the start, 1 once."},
    {"NAME": "phase", "TYPE": "float", "UNIT": "ratio", "DEFAULT": 0, "MIN": -65536, "MAX": 65536, "SOFT": [-1, 1],
     "DESCRIPTION": "Moves it along by this many runs; positive moves it towards its end. Let it grow with time, and it flows."},
    {"NAME": "edge", "TYPE": "long", "VALUES": "edge", "DEFAULT": "mirror",
     "DESCRIPTION": "Beyond both ends: nothing, the end's colour, from the start again, or back and forth."}
  ]
}*/
const RADIAL: i32 = 1;
const ANGULAR: i32 = 2;

// Where a pixel lies on the gradient: 0 its start, 1 its end.
fn place(at: vec2i) -> f32 {
    let extent = vec2f(frame.size);
    let away = vec2f(at) + 0.5 - params.centre * extent;
    if (params.shape == RADIAL) { return length(away) / (0.5 * length(extent)); }
    if (params.shape == ANGULAR) {
        let turned = rotated(away, -params.angle) * vec2f(1.0, -1.0);
        // atan2(0, 0) is undefined.
        if (all(turned == vec2f(0.0))) { return 0.0; }
        return fract(atan2(turned.y, turned.x) / 6.2831853);
    }
    let direction = rotated(vec2f(1.0, 0.0), params.angle);
    return dot(away, direction) / dot(extent, abs(direction)) + 0.5;
}

fn stop(number: i32) -> vec4f {
    switch number {
        case 0: { return params.first; }
        case 1: { return params.second; }
        case 2: { return params.third; }
        default: { return params.fourth; }
    }
}

fn effect(at: vec2i) -> vec4f {
    var run = place(at) * params.repeat - params.phase;
    if (params.edge == BLANK && (run < 0.0 || run > 1.0)) { return vec4f(0.0); }
    if (params.edge == WRAP) { run = fract(run); }
    if (params.edge == MIRROR) { run = 1.0 - abs(1.0 - 2.0 * fract(run * 0.5)); }
    let last = params.colors - 1;
    let along = clamp(run, 0.0, 1.0) * f32(last);
    let number = min(i32(along), last - 1);
    return mix(stop(number), stop(number + 1), along - f32(number));
}
