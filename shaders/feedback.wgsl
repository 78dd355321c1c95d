/*{
  "DESCRIPTION": "Video feedback: what the layer showed last comes back turned, zoomed, moved, of another hue and fainter, and the picture is laid over it.",
  "CREDIT": "A camera that films its own screen; TouchDesigner's feedback loop, Hydra's src(o0)",
  "CATEGORIES": ["Feedback", "Time"],
  "INPUTS": [
    {"NAME": "inputImage", "TYPE": "image"},
    {"NAME": "persistence", "TYPE": "float", "UNIT": "ratio", "DEFAULT": 0.98, "MIN": 0, "MAX": 1, "SOFT": [0.5, 1], "IDENTITY": 0,
     "DESCRIPTION": "What is left of the past in each picture of the source: 0 nothing, 1 everything, so that it never fades."},
    {"NAME": "mode", "TYPE": "long", "VALUES": [0, 1, 2, 3, 4, 5], "LABELS": ["lighten", "darken", "screen", "add", "difference", "over"], "DEFAULT": "over",
     "DESCRIPTION": "How picture and past meet: the brighter one, the darker one, both as light (screen glows, add burns), their difference, or the picture's bright parts over the past."},
    {"NAME": "key", "TYPE": "float", "UNIT": "ratio", "DEFAULT": 0.55, "MIN": 0, "MAX": 1,
     "DESCRIPTION": "What of the picture goes into the loop: 0 all of it, 0.5 what is brighter than middle grey (darker, in darken), 1 next to nothing: over, zoomed below 1, with a blank edge, is a hall of mirrors."},
    {"NAME": "zoom", "TYPE": "float", "UNIT": "ratio", "DEFAULT": 1.05, "MIN": 0.25, "MAX": 4, "SOFT": [0.9, 1.1],
     "DESCRIPTION": "How the past grows with each picture: below 1 it shrinks into the distance, 1 keeps its size, above 1 it comes nearer."},
    {"NAME": "rotate", "TYPE": "float", "UNIT": "deg", "DEFAULT": 1.5, "MIN": -16777216, "MAX": 16777216, "SOFT": [-10, 10],
     "DESCRIPTION": "How the past turns with each picture: positive counter-clockwise, negative clockwise. Quarter turns are exact."},
    {"NAME": "translate", "TYPE": "point2D", "UNIT": "px", "DEFAULT": [0, 0], "MIN": [-8192, -8192], "MAX": [8192, 8192], "SOFT": [[-20, -20], [20, 20]],
     "DESCRIPTION": "How the past moves with each picture: positive right and down, negative left and up. Whole pixels are exact."},
    {"NAME": "pivot", "TYPE": "point2D", "UNIT": "ratio", "DEFAULT": [0.5, 0.5], "MIN": [-16, -16], "MAX": [16, 16], "SOFT": [[0, 0], [1, 1]],
     "DESCRIPTION": "The point about which it zooms and turns: [0, 0] the upper left corner, [1, 1] the lower right one."},
    {"NAME": "hue", "TYPE": "float", "UNIT": "deg", "DEFAULT": -8, "MIN": -16777216, "MAX": 16777216, "SOFT": [-30, 30],
     "DESCRIPTION": "How the past changes colour with each picture: positive from red by yellow to green, negative by magenta to blue. Grey stays grey."},
    {"NAME": "tint", "TYPE": "color", "DEFAULT": [1, 0.98, 0.93, 1],
     "DESCRIPTION": "A factor on the persistence of each channel: white fades evenly, red leaves trails that turn red, 0 in a channel leaves it no trail."},
    {"NAME": "edge", "TYPE": "long", "VALUES": "edge", "DEFAULT": "mirror",
     "DESCRIPTION": "What comes in at the border of the past: nothing, the border pixel drawn out, the other side, or its mirror image."},
    {"NAME": "interpolation", "TYPE": "long", "VALUES": [0, 1, 2], "LABELS": ["nearest", "bilinear", "bicubic"], "DEFAULT": "bicubic",
     "DESCRIPTION": "How the past is read between pixels: nearest keeps blocks, bilinear grows soft with each round, bicubic stays sharp."}
  ],
  "PASSES": [{"ENTRY": "feed", "TARGET": "returning", "PERSISTENT": true, "FLOAT": true}, {"ENTRY": "show"}]
}*/
const LIGHTEN: i32 = 0;
const DARKEN: i32 = 1;
const SCREEN: i32 = 2;
const ADD: i32 = 3;
const DIFFERENCE: i32 = 4;
const OVER: i32 = 5;
const NEAREST: i32 = 0;
const BICUBIC: i32 = 2;

// Where the past was that now comes to a pixel: the inverse of zoom, turn and move about the pivot.
fn origin(at: vec2i) -> vec2f {
    let p = vec2f(at) + 0.5;
    let away = p - params.pivot * vec2f(size(inputImage)) - params.translate;
    let t = turn(params.rotate);
    let turned = vec2f(t.x * away.x - t.y * away.y, t.y * away.x + t.x * away.y);
    // As a difference, which vanishes exactly where nothing zooms or turns: then nothing blurs either.
    return p - params.translate + (turned / params.zoom - away);
}

fn hue_turned(c: vec3f) -> vec3f {
    if (params.hue == 0.0) { return c; }
    let hsv = rgb_to_hsv(c);
    return hsv_to_rgb(vec3f(fract(hsv.x + params.hue / 360.0), hsv.yz));
}

// The last round, moved and coloured; its alpha is 0 where there is none. Held within 0..1: nothing runs away.
fn before(at: vec2i) -> vec4f {
    let p = origin(at);
    var c: vec4f;
    if (params.interpolation == NEAREST) {
        c = load(returning, vec2i(floor(p)), params.edge);
    } else if (params.interpolation == BICUBIC) {
        c = cubic(returning, p, params.edge);
    } else {
        c = sample(returning, p, params.edge);
    }
    c = clamp(c, vec4f(0.0), vec4f(1.0));
    return vec4f(hue_turned(c.rgb) * params.tint.rgb, c.a);
}

// How much of the picture goes into the loop, by its luma.
fn leaking_share(c: vec4f) -> f32 {
    var light = luma(clamp(c.rgb, vec3f(0.0), vec3f(1.0)));
    if (params.mode == DARKEN) { light = 1.0 - light; }
    if (params.key == 0.0) { return c.a; }
    return c.a * smoothstep(params.key - 0.1, params.key + 0.1, light);
}

fn meet(now: vec3f, past: vec3f) -> vec3f {
    switch params.mode {
        case DARKEN: { return min(now, past); }
        case SCREEN: { return 1.0 - (1.0 - now) * (1.0 - past); }
        case ADD: { return min(now + past, vec3f(1.0)); }
        case DIFFERENCE: { return abs(now - past); }
        default: { return max(now, past); }
    }
}

fn feed(at: vec2i) -> vec4f {
    let color = load(inputImage, at, SMEAR);
    let now = clamp(color.rgb, vec3f(0.0), vec3f(1.0));
    let last = before(at);
    let kept = last.rgb * params.persistence;
    let alpha = max(color.a, last.a * params.persistence);
    let part = leaking_share(color);
    // As differences, so that equal ones stay equal for ever.
    if (params.mode == OVER) {
        return vec4f(now + (last.rgb - now * last.a) * (params.persistence * (1.0 - part)), alpha);
    }
    // Dark trails fade to white.
    let past = select(kept, 1.0 - (last.a - last.rgb) * params.persistence, params.mode == DARKEN);
    return vec4f(past + (meet(now, past) - past) * part, alpha);
}

// The picture itself shows too, but for the modes that are made of what both have become.
fn show(at: vec2i) -> vec4f {
    let color = load(inputImage, at, SMEAR);
    if (params.persistence == 0.0) { return color; }
    let loop_now = load(returning, at, SMEAR);
    switch params.mode {
        case DARKEN: { return vec4f(min(color.rgb, loop_now.rgb), loop_now.a); }
        case DIFFERENCE, OVER: { return loop_now; }
        default: { return vec4f(max(color.rgb, loop_now.rgb), loop_now.a); }
    }
}
