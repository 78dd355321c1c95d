/*{
  "DESCRIPTION": "Makes motion visible: directions as colours, speed as brightness, or as arrows over the picture.",
  "CREDIT": "wheel is the colour code of the Middlebury benchmark (Baker et al. 2007, 'A Database and Evaluation Methodology for Optical Flow'); hsv is that of OpenCV's page on optical flow",
  "CATEGORIES": ["Motion"],
  "EXAMPLE": ["-e flow_view:field=picture:arrows=1"],
  "INPUTS": [
    {"NAME": "inputImage", "TYPE": "image"},
    {"NAME": "motion", "TYPE": "flow", "DESCRIPTION": "The motion that is shown."},
    {"NAME": "field", "TYPE": "long", "VALUES": [0, 1, 2, 3], "LABELS": ["picture", "wheel", "hsv", "speed"], "DEFAULT": "wheel", "IDENTITY": 0,
     "DESCRIPTION": "picture: the picture itself, for arrows to lie over. wheel: white where all is still, pale where slow, and the colour is where it goes: red to the right, yellow down, blue to the left, violet up. hsv: black where all is still, bright where fast; red to the right and clockwise by green, cyan and violet. speed: black where all is still, white where fast, for mattes."},
    {"NAME": "full", "TYPE": "float", "UNIT": "px", "DEFAULT": 10, "MIN": 0.01, "MAX": 8192, "SOFT": [1, 64],
     "DESCRIPTION": "The speed, in pixels from one picture to the next, at which colours and white are full: small shows a breath, large only leaps. Beyond it the wheel darkens."},
    {"NAME": "arrows", "TYPE": "float", "UNIT": "ratio", "DEFAULT": 0, "MIN": 0, "MAX": 1, "IDENTITY": 0,
     "DESCRIPTION": "How much arrows show, which begin at the points of a grid: 0 not at all, 1 solid. Where nothing moves they are dots."},
    {"NAME": "cell", "TYPE": "float", "UNIT": "px", "DEFAULT": 32, "MIN": 4, "MAX": 1024, "SOFT": [8, 128],
     "DESCRIPTION": "From one arrow to the next, and the length of the longest."},
    {"NAME": "stretch", "TYPE": "float", "UNIT": "ratio", "DEFAULT": 4, "MIN": -256, "MAX": 256, "SOFT": [1, 16],
     "DESCRIPTION": "How many times longer than the motion they are: 1 as long as it is, 0 dots, negative where it came from."},
    {"NAME": "width", "TYPE": "float", "UNIT": "px", "DEFAULT": 2.5, "MIN": 0.5, "MAX": 64, "SOFT": [1, 8], "DESCRIPTION": "How thick they are: 0.5 a hair."},
    {"NAME": "ink", "TYPE": "color", "DEFAULT": [1, 1, 1, 1], "DESCRIPTION": "Their colour."},
    {"NAME": "tinted", "TYPE": "float", "UNIT": "ratio", "DEFAULT": 0.8, "MIN": 0, "MAX": 1,
     "DESCRIPTION": "How much of the wheel's colour each takes on instead: 0 all are of one ink, 1 the direction is the colour."}
  ]
}*/
const PICTURE: i32 = 0;
const WHEEL: i32 = 1;
const SPEED: i32 = 3;
const TAU: f32 = 6.2831853;

// Where a pixel goes, in pixels to the next picture: the field says where it was.
fn going(at: vec2i) -> vec2f { return -load(motion, at, SMEAR).xy; }

// From -1 to 1 of half a turn, clockwise on the screen from the right.
fn half_turns(step: vec2f) -> f32 {
    if (all(step == vec2f(0.0))) { return 0.0; }
    return 2.0 * atan2(step.y, step.x) / TAU;
}

fn ramp(place: f32, start: f32, steps: f32) -> f32 { return clamp((place - start) / steps, 0.0, 1.0); }

// The pure colour of a direction: 55 of them, with as many between red and yellow, yellow and green, … as the eye
// tells apart.
fn wheel_color(step: vec2f) -> vec3f {
    let place = 27.0 * (half_turns(-step) + 1.0);
    let warm = ramp(place, 0.0, 15.0) + ramp(place, 15.0, 6.0) + ramp(place, 21.0, 4.0);
    let cold = ramp(place, 25.0, 11.0) + ramp(place, 36.0, 13.0) + ramp(place, 49.0, 6.0);
    return hsv_to_rgb(vec3f((warm + cold) / 6.0, 1.0, 1.0));
}

fn wheel(step: vec2f) -> vec3f {
    let speed = length(step) / params.full;
    let pure = wheel_color(step);
    return select(1.0 - speed * (1.0 - pure), 0.75 * pure, speed > 1.0);
}

fn hsv(step: vec2f) -> vec3f {
    return hsv_to_rgb(vec3f(fract(0.5 * half_turns(step)), 1.0, min(length(step) / params.full, 1.0)));
}

fn ground(at: vec2i) -> vec4f {
    let color = load(inputImage, at, SMEAR);
    if (params.field == PICTURE) { return color; }
    let step = going(at);
    if (params.field == WHEEL) { return vec4f(wheel(step), color.a); }
    if (params.field == SPEED) { return vec4f(vec3f(min(length(step) / params.full, 1.0)), color.a); }
    return vec4f(hsv(step), color.a);
}

// How much of a pixel an arrow covers that begins at 0 and ends at `tip`.
fn arrow(p: vec2f, tip: vec2f) -> f32 {
    let half = 0.5 * params.width;
    let reach = length(tip);
    let root = clamp(0.5 + half - length(p), 0.0, 1.0);
    if (reach <= half) { return root; }
    let ahead = tip / reach;
    let along = dot(p, ahead);
    let across = abs(ahead.x * p.y - ahead.y * p.x);
    let head = min(reach, 4.0 * params.width);
    let side = select(half, 0.5 * (reach - along), along > reach - head);
    let shaft = clamp(0.5 + side - across, 0.0, 1.0) * step(0.0, along) * step(along, reach);
    return max(root, shaft);
}

// The arrows of the cell that a pixel lies in and of those around it, one over the other.
fn drawn(below: vec4f, at: vec2i) -> vec4f {
    let p = vec2f(at) + 0.5;
    let cell = floor(p / params.cell);
    var color = below;
    for (var i = 0; i < 9; i++) {
        let root = (cell + vec2f(vec2i(i % 3, i / 3)) - 0.5) * params.cell;
        let goes = going(vec2i(floor(root)));
        let tip = goes * params.stretch;
        let held = tip * min(1.0, params.cell / max(length(tip), 1e-6));
        let paint = mix(params.ink.rgb, wheel_color(goes), select(0.0, params.tinted, length(tip) > params.width));
        let part = arrow(p - root, held) * params.arrows * params.ink.a;
        color = vec4f(mix(color.rgb, paint, part), max(color.a, part));
    }
    return color;
}

fn effect(at: vec2i) -> vec4f {
    let color = ground(at);
    if (params.arrows == 0.0) { return color; }
    return drawn(color, at);
}
