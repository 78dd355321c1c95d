/*{
  "DESCRIPTION": "A matte of what moves: white where it does, black where all is still, grown, softened and held as long as wanted.",
  "CREDIT": "Frame differencing, and the magnitude of optical flow",
  "CATEGORIES": ["Motion", "Matte"],
  "EXAMPLE": ["-e motion_matte:by=difference:change=0.1:grow=0:through=false", "-e color:invert=true:matte=motion_matte"],
  "OUTPUT": "matte",
  "NO_IDENTITY": "a matte is no picture",
  "INPUTS": [
    {"NAME": "inputImage", "TYPE": "image"},
    {"NAME": "motion", "TYPE": "flow", "DESCRIPTION": "The motion, in by flow."},
    {"NAME": "before", "TYPE": "history", "MAX": 1, "DESCRIPTION": "The picture before, in by difference."},
    {"NAME": "by", "TYPE": "long", "VALUES": [0, 1], "LABELS": ["flow", "difference"], "DEFAULT": "flow",
     "DESCRIPTION": "flow: how fast it goes, so that a body is whole and flicker is nothing. difference: how much brighter or darker it has become, which finds rims and every change of light, and costs little."},
    {"NAME": "speed", "TYPE": "float", "UNIT": "px", "DEFAULT": 1, "MIN": 0, "MAX": 8192, "SOFT": [0, 32],
     "DESCRIPTION": "By flow, the speed from which it is seen, in pixels from one picture to the next."},
    {"NAME": "change", "TYPE": "float", "UNIT": "ratio", "DEFAULT": 0.06, "MIN": 0, "MAX": 1, "SOFT": [0, 0.5],
     "DESCRIPTION": "By difference, the change from which it is seen: 0 any, 1 none."},
    {"NAME": "softness", "TYPE": "float", "UNIT": "ratio", "DEFAULT": 1, "MIN": 0, "MAX": 64, "SOFT": [0, 4],
     "DESCRIPTION": "How many times more than that it takes to be white: 0 black or white, 1 white at twice as much."},
    {"NAME": "grow", "TYPE": "float", "UNIT": "px", "DEFAULT": 4, "MIN": -64, "MAX": 64, "SOFT": [-32, 32],
     "DESCRIPTION": "How far white grows over its rim: positive closes holes, negative lets specks vanish, 0 neither."},
    {"NAME": "soften", "TYPE": "float", "UNIT": "px", "DEFAULT": 8, "MIN": 0, "MAX": 1024, "SOFT": [0, 64], "DESCRIPTION": "How soft its rim then is: 0 as it was found."},
    {"NAME": "decay", "TYPE": "float", "UNIT": "ratio", "DEFAULT": 0.85, "MIN": 0, "MAX": 1, "SOFT": [0, 1],
     "DESCRIPTION": "What is left of it in each picture: 0 nothing, 0.85 a trail, 1 what ever moved stays white."}
  ],
  "PASSES": [
    {"ENTRY": "measure", "TARGET": "moves", "WIDTH": "$WIDTH / 2", "HEIGHT": "$HEIGHT / 2", "FLOAT": true},
    {"ENTRY": "grow_rows", "TARGET": "rows", "WIDTH": "$WIDTH / 2", "HEIGHT": "$HEIGHT / 2", "FLOAT": true},
    {"ENTRY": "grow_columns", "TARGET": "square", "WIDTH": "$WIDTH / 2", "HEIGHT": "$HEIGHT / 2", "FLOAT": true},
    {"ENTRY": "grow_falling", "TARGET": "house", "WIDTH": "$WIDTH / 2", "HEIGHT": "$HEIGHT / 2", "FLOAT": true},
    {"ENTRY": "grow_rising", "TARGET": "grown", "WIDTH": "$WIDTH / 2", "HEIGHT": "$HEIGHT / 2", "FLOAT": true},
    {"ENTRY": "soften_rows", "TARGET": "soft_rows", "WIDTH": "$WIDTH / 2", "HEIGHT": "$HEIGHT / 2", "FLOAT": true},
    {"ENTRY": "soften_columns", "TARGET": "soft", "WIDTH": "$WIDTH / 2", "HEIGHT": "$HEIGHT / 2", "FLOAT": true},
    {"ENTRY": "fade", "TARGET": "held", "PERSISTENT": true, "FLOAT": true}
  ]
}*/
const FLOW: i32 = 0;

// Where a pixel of the smaller pictures is on the canvas.
fn canvas_place(at: vec2i) -> vec2i {
    return vec2i((vec2f(at) + 0.5) * vec2f(frame.size) / vec2f(size(moves)));
}

fn changed(at: vec2i) -> f32 {
    return abs(luma(load(inputImage, at, SMEAR).rgb - past(before, 1, at, SMEAR).rgb));
}

// 0 up to a limit, 1 from as many times more on as softness says.
fn beyond(amount: f32, limit: f32) -> f32 {
    return smoothstep(limit, limit * (1.0 + params.softness) + 1e-4, amount);
}

fn measure(at: vec2i) -> vec4f {
    let place = canvas_place(at);
    if (params.by == FLOW) { return vec4f(beyond(length(load(motion, place, SMEAR).xy), params.speed)); }
    let upper = max(changed(place), changed(place - vec2i(1, 0)));
    let lower = max(changed(place - vec2i(0, 1)), changed(place - vec2i(1, 1)));
    return vec4f(beyond(max(upper, lower), params.change));
}

// How far it grows along the diagonals, in pixels of the smaller pictures, and how far along the axes: the two diagonals
// reach twice as far along an axis, and all four together make an octagon.
fn diagonal() -> i32 { return i32(0.293 * round(0.5 * abs(params.grow))); }

fn straight() -> i32 { return i32(round(0.5 * abs(params.grow))) - 2 * diagonal(); }

fn way() -> f32 { return select(1.0, -1.0, params.grow < 0.0); }

fn grow_rows(at: vec2i) -> vec4f { return extreme(moves, at, vec2i(1, 0), straight(), way()); }

fn grow_columns(at: vec2i) -> vec4f { return extreme(rows, at, vec2i(0, 1), straight(), way()); }

fn grow_falling(at: vec2i) -> vec4f { return extreme(square, at, vec2i(1, 1), diagonal(), way()); }

fn grow_rising(at: vec2i) -> vec4f { return extreme(house, at, vec2i(1, -1), diagonal(), way()); }

fn soften_rows(at: vec2i) -> vec4f {
    if (params.soften == 0.0) { return load(grown, at, SMEAR); }
    return gaussian(grown, vec2f(at) + 0.5, vec2f(0.5 * params.soften, 0.0), SMEAR);
}

fn soften_columns(at: vec2i) -> vec4f {
    if (params.soften == 0.0) { return load(soft_rows, at, SMEAR); }
    return gaussian(soft_rows, vec2f(at) + 0.5, vec2f(0.0, 0.5 * params.soften), SMEAR);
}

fn fade(at: vec2i) -> vec4f {
    let now = sample(soft, (vec2f(at) + 0.5) * vec2f(size(soft)) / vec2f(frame.size), SMEAR).x;
    return vec4f(vec3f(max(now, params.decay * load(held, at, SMEAR).x)), 1.0);
}
