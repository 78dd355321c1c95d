/*{
  "DESCRIPTION": "Bends the live picture by its own motion, like glass that what moves pushes ahead of it; what stands still stays.",
  "CREDIT": "The optical-flow displacement that TouchDesigner patches make of Flow and Displace",
  "CATEGORIES": ["Motion", "Geometry"],
  "INPUTS": [
    {"NAME": "inputImage", "TYPE": "image"},
    {"NAME": "motion", "TYPE": "flow", "DESCRIPTION": "What bends it: its own motion, or that of another picture."},
    {"NAME": "amount", "TYPE": "float", "UNIT": "ratio", "DEFAULT": 16, "MIN": -1024, "MAX": 1024, "SOFT": [-32, 32], "IDENTITY": 0,
     "DESCRIPTION": "How many times the motion a pixel is fetched from: 0 moves nothing, 1 goes back by one picture, more throws what moves ahead, negative draws it out behind."},
    {"NAME": "angle", "TYPE": "float", "UNIT": "deg", "DEFAULT": 0, "MIN": -16777216, "MAX": 16777216, "SOFT": [-180, 180],
     "DESCRIPTION": "Turns the push, counter-clockwise: 0 along the motion, 90 across it, so that what passes leaves whirls."},
    {"NAME": "inertia", "TYPE": "float", "UNIT": "ratio", "DEFAULT": 0.8, "MIN": 0, "MAX": 1, "SOFT": [0, 0.98],
     "DESCRIPTION": "How much of the push is left in the next picture: 0 it ends with the motion, 0.9 it swings out, 1 it never moves again."},
    {"NAME": "smoothing", "TYPE": "float", "UNIT": "px", "DEFAULT": 24, "MIN": 0, "MAX": 1024, "SOFT": [0, 128],
     "DESCRIPTION": "How far the push reaches beyond what moves: 0 tears at the rims, 24 is water, 128 bends half the picture."},
    {"NAME": "dispersion", "TYPE": "float", "UNIT": "ratio", "DEFAULT": 0.25, "MIN": 0, "MAX": 1, "SOFT": [0, 0.5],
     "DESCRIPTION": "How much less red goes and how much further blue: 0 together, 1 red stays and blue goes twice as far."},
    {"NAME": "edge", "TYPE": "long", "VALUES": "edge", "DEFAULT": "mirror",
     "DESCRIPTION": "What lies outside the picture: nothing, the border pixel drawn out, the other side, or the mirrored picture."}
  ],
  "PASSES": [
    {"ENTRY": "swing", "TARGET": "swung", "WIDTH": "$WIDTH / 2", "HEIGHT": "$HEIGHT / 2", "PERSISTENT": true, "FLOAT": true},
    {"ENTRY": "soften_rows", "TARGET": "rows", "WIDTH": "$WIDTH / 2", "HEIGHT": "$HEIGHT / 2", "FLOAT": true},
    {"ENTRY": "soften_columns", "TARGET": "push", "WIDTH": "$WIDTH / 2", "HEIGHT": "$HEIGHT / 2", "FLOAT": true},
    {"ENTRY": "bend"}
  ]
}*/
// The middle of a pixel of the smaller pictures, on the canvas.
fn canvas_place(at: vec2i) -> vec2f { return (vec2f(at) + 0.5) * vec2f(frame.size) / vec2f(size(swung)); }

fn small_place(at: vec2i) -> vec2f { return (vec2f(at) + 0.5) * vec2f(size(swung)) / vec2f(frame.size); }

// The motion, which swings out. What is added is what inertia leaves no room for, so that a steady motion is itself.
fn swing(at: vec2i) -> vec4f {
    let now = load(motion, vec2i(canvas_place(at)), SMEAR).xy;
    let last = load(swung, at, SMEAR).xy;
    return vec4f(now + (last - now) * params.inertia, 0.0, 1.0);
}

fn soften_rows(at: vec2i) -> vec4f {
    if (params.smoothing == 0.0) { return load(swung, at, SMEAR); }
    return gaussian(swung, vec2f(at) + 0.5, vec2f(0.5 * params.smoothing, 0.0), SMEAR);
}

fn soften_columns(at: vec2i) -> vec4f {
    if (params.smoothing == 0.0) { return load(rows, at, SMEAR); }
    return gaussian(rows, vec2f(at) + 0.5, vec2f(0.0, 0.5 * params.smoothing), SMEAR);
}

fn fetched(at: vec2i, way: vec2f, part: f32) -> vec4f {
    let p = vec2f(at) + 0.5 + way * part;
    if (params.edge == MIRROR) { return sample(inputImage, fold(p, size(inputImage)), SMEAR); }
    return sample(inputImage, p, params.edge);
}

fn bend(at: vec2i) -> vec4f {
    if (params.amount == 0.0) { return load(inputImage, at, SMEAR); }
    let way = rotated(sample(push, small_place(at), SMEAR).xy * params.amount, params.angle);
    let green = fetched(at, way, 1.0);
    if (params.dispersion == 0.0) { return green; }
    let red = fetched(at, way, 1.0 - params.dispersion);
    let blue = fetched(at, way, 1.0 + params.dispersion);
    return vec4f(red.r, green.g, blue.b, green.a);
}
