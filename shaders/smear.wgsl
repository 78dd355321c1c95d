/*{
  "DESCRIPTION": "Wet paint: what moves drags the colours it passes over along with it, and behind it the live picture dries back.",
  "CREDIT": "Advection: semi-Lagrangian, as in Stam 1999, 'Stable Fluids', by the motion of the picture",
  "CATEGORIES": ["Motion", "Feedback"],
  "EXAMPLE": ["-e smear:drag=3"],
  "INPUTS": [
    {"NAME": "inputImage", "TYPE": "image"},
    {"NAME": "motion", "TYPE": "flow", "DESCRIPTION": "What drags the colours: the picture's own motion, or that of another."},
    {"NAME": "persistence", "TYPE": "float", "UNIT": "ratio", "DEFAULT": 0.97, "MIN": 0, "MAX": 1, "SOFT": [0.8, 1], "IDENTITY": 0,
     "DESCRIPTION": "How wet it stays with each picture: 0 is the live picture, 0.97 dries within a second, 1 never."},
    {"NAME": "drag", "TYPE": "float", "UNIT": "ratio", "DEFAULT": 1, "MIN": -64, "MAX": 64, "SOFT": [-2, 4],
     "DESCRIPTION": "How far colours go with the motion: 0 they stay and pile up, 1 as far as it does, 2 twice as far, negative against it."},
    {"NAME": "threshold", "TYPE": "float", "UNIT": "px", "DEFAULT": 0.8, "MIN": 0, "MAX": 8192, "SOFT": [0, 16],
     "DESCRIPTION": "The speed from which a place gets wet, in pixels from one picture to the next: 0 everywhere, so that all melts."},
    {"NAME": "softness", "TYPE": "float", "UNIT": "px", "DEFAULT": 1, "MIN": 0, "MAX": 8192, "SOFT": [0, 16],
     "DESCRIPTION": "How much faster it must be to get wet through: 0 is a hard rim, large lets the live picture shine through what is slow."},
    {"NAME": "edge", "TYPE": "long", "VALUES": "edge", "DEFAULT": "smear",
     "DESCRIPTION": "What is dragged in at the border: nothing, the border pixel drawn out, the other side, or the mirrored picture."},
    {"NAME": "interpolation", "TYPE": "long", "VALUES": [0, 1], "LABELS": ["bilinear", "bicubic"], "DEFAULT": "bicubic",
     "DESCRIPTION": "How colours are read between pixels: bilinear grows soft as it goes, bicubic keeps the bristles."}
  ],
  "PASSES": [{"ENTRY": "advect", "TARGET": "paint", "PERSISTENT": true, "FLOAT": true}, {"ENTRY": "show"}]
}*/
const BICUBIC: i32 = 1;

// The paint as it comes to a pixel. Its alpha is 1 where dry and 2 where wet; 0 is before the first picture.
fn dragged(at: vec2i, step: vec2f) -> vec4f {
    let p = vec2f(at) + 0.5 + step * (params.drag * share(motion));
    if (params.interpolation == BICUBIC) { return cubic(paint, p, params.edge); }
    return sample(paint, p, params.edge);
}

fn advect(at: vec2i) -> vec4f {
    let live = clamp(load(inputImage, at, SMEAR), vec4f(0.0), vec4f(1.0));
    let step = load(motion, at, SMEAR).xy;
    let last = dragged(at, step);
    if (load(paint, at, SMEAR).a == 0.0) { return vec4f(live.rgb, 1.0); }
    let moves = smoothstep(params.threshold, params.threshold + max(params.softness, 1e-4), length(step));
    let lasting = clamp(last.a - 1.0, 0.0, 1.0);
    let wet = params.persistence * max(lasting, select(moves, 1.0, params.threshold == 0.0));
    let held = clamp(last.rgb, vec3f(0.0), vec3f(1.0));
    // As a difference, so that equal ones stay equal for ever.
    return vec4f(live.rgb + (held - live.rgb) * wet, 1.0 + wet);
}

fn show(at: vec2i) -> vec4f {
    let live = load(inputImage, at, SMEAR);
    if (params.persistence == 0.0) { return live; }
    return vec4f(load(paint, at, SMEAR).rgb, live.a);
}
