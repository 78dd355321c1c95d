/*{
  "DESCRIPTION": "Scales, slants, turns and moves the picture, in this order, about a pivot.",
  "CREDIT": "Affine map, inverted; Catmull-Rom bicubic (Catmull and Rom 1974); box supersampling where it shrinks",
  "EXAMPLE": ["-e transform:rotate=20:scale=0.7:edge=mirror"],
  "CATEGORIES": ["Geometry"],
  "INPUTS": [
    {"NAME": "inputImage", "TYPE": "image"},
    {"NAME": "translate", "TYPE": "point2D", "UNIT": "px", "DEFAULT": [0, 0], "MIN": [-4194304, -4194304], "MAX": [4194304, 4194304],
     "SOFT": [[-1000, -1000], [1000, 1000]], "IDENTITY": [0, 0],
     "DESCRIPTION": "Positive moves right and down, negative left and up. Whole pixels are exact."},
    {"NAME": "rotate", "TYPE": "float", "UNIT": "deg", "DEFAULT": 0, "MIN": -16777216, "MAX": 16777216, "SOFT": [-180, 180], "IDENTITY": 0,
     "DESCRIPTION": "Positive turns counter-clockwise, negative clockwise. Quarter turns are exact."},
    {"NAME": "scale", "TYPE": "point2D", "UNIT": "ratio", "DEFAULT": [1, 1], "MIN": [-64, -64], "MAX": [64, 64],
     "SOFT": [[0, 0], [4, 4]], "IDENTITY": [1, 1],
     "DESCRIPTION": "Width and height: 0 shrinks to nothing, 2 doubles, negative mirrors."},
    {"NAME": "shear", "TYPE": "point2D", "UNIT": "ratio", "DEFAULT": [0, 0], "MIN": [-16, -16], "MAX": [16, 16],
     "SOFT": [[-1, -1], [1, 1]], "IDENTITY": [0, 0],
     "DESCRIPTION": "Positive x leans the top to the right, positive y lifts the right side; 1 is 45 degrees, negative the other way."},
    {"NAME": "pivot", "TYPE": "point2D", "UNIT": "ratio", "DEFAULT": [0.5, 0.5], "MIN": [-16, -16], "MAX": [16, 16],
     "SOFT": [[0, 0], [1, 1]],
     "DESCRIPTION": "The point that stays in place: [0, 0] the upper left corner, [1, 1] the lower right one."},
    {"NAME": "edge", "TYPE": "long", "VALUES": "edge", "DEFAULT": "blank",
     "DESCRIPTION": "What lies outside the picture: nothing, the border pixel drawn out, the picture again, or mirrored."},
    {"NAME": "interpolation", "TYPE": "long", "VALUES": [0, 1, 2], "LABELS": ["nearest", "bilinear", "bicubic"], "DEFAULT": "bilinear",
     "DESCRIPTION": "How pixels are read between pixels: nearest keeps them as blocks and never averages, bicubic is the sharpest."}
  ]
}*/
const NEAREST: i32 = 0;
const BILINEAR: i32 = 1;
const BICUBIC: i32 = 2;

// Samples along each axis of a pixel that covers several: 8 are free of aliasing down to an eighth.
const MOST_SAMPLES: f32 = 8.0;

// A scale's reciprocal, by which even a scale of 0 leads to places that a float can number.
fn reciprocal(scale: vec2f) -> vec2f {
    let held = select(sign(scale) * max(abs(scale), vec2f(0.001)), vec2f(0.001), scale == vec2f(0.0));
    return select(1.0 / held, vec2f(1.0), held == vec2f(1.0));
}

// The step on the input that a step on the output stands for.
fn back(step: vec2f) -> vec2f {
    var v = rotated(step, -params.rotate);
    v.y += params.shear.y * v.x;
    v.x += params.shear.x * v.y;
    return v * reciprocal(params.scale);
}

fn read(at: vec2f, interpolation: i32) -> vec4f {
    var p = at;
    var edge = params.edge;
    if (edge == MIRROR) {
        p = fold(at, size(inputImage));
        edge = SMEAR;
    }
    if (interpolation == NEAREST) { return load(inputImage, vec2i(floor(p)), edge); }
    if (interpolation == BICUBIC) { return cubic(inputImage, p, edge); }
    return sample(inputImage, p, edge);
}

fn effect(at: vec2i) -> vec4f {
    let x = back(vec2f(1.0, 0.0));
    let y = back(vec2f(0.0, 1.0));
    let p = vec2f(at) + 0.5;
    let away = p - params.pivot * vec2f(size(inputImage));
    // As a difference from p, which vanishes exactly where nothing is scaled, slanted or turned.
    let moved = (x - vec2f(1.0, 0.0)) * away.x + (y - vec2f(0.0, 1.0)) * away.y;
    let source = p + moved - (x * params.translate.x + y * params.translate.y);
    // The slack keeps turned pictures, whose steps are 1 but for rounding, at one sample.
    let counts = clamp(ceil(vec2f(length(x), length(y)) - 0.01), vec2f(1.0), vec2f(MOST_SAMPLES));
    if (params.interpolation == NEAREST || all(counts == vec2f(1.0))) { return read(source, params.interpolation); }
    var sum = vec4f(0.0);
    for (var i = 0.0; i < counts.x; i += 1.0) {
        for (var j = 0.0; j < counts.y; j += 1.0) {
            let inner = (vec2f(i, j) + 0.5) / counts - 0.5;
            sum += read(source + x * inner.x + y * inner.y, BILINEAR);
        }
    }
    return sum / (counts.x * counts.y);
}
