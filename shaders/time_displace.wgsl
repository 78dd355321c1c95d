/*{
  "DESCRIPTION": "Each pixel is of its own time: what moves lags behind, or a picture says by its brightness how old each place is.",
  "CREDIT": "Time displacement, as in After Effects and TouchDesigner's Time Machine; Zbigniew Rybczyński, The Fourth Dimension (1988)",
  "CATEGORIES": ["Motion", "Time"],
  "EXAMPLE": ["-e time_displace:by=map:reach=40"],
  "INPUTS": [
    {"NAME": "inputImage", "TYPE": "image"},
    {"NAME": "motion", "TYPE": "flow", "DESCRIPTION": "The motion that makes places old."},
    {"NAME": "map", "TYPE": "image", "DESCRIPTION": "A picture whose brightness does: the picture itself where none is named."},
    {"NAME": "before", "TYPE": "history", "MAX": "$reach", "DESCRIPTION": "The pictures that show through."},
    {"NAME": "by", "TYPE": "long", "VALUES": [0, 1], "LABELS": ["motion", "map"], "DEFAULT": "motion", "DESCRIPTION": "What says how old each place is."},
    {"NAME": "reach", "TYPE": "long", "UNIT": "pictures", "DEFAULT": 24, "MIN": 1, "MAX": 255, "SOFT": [1, 60],
     "DESCRIPTION": "The age of the oldest place, in pictures of the source: 1 a shiver, 60 two seconds. So many are kept: play amount instead."},
    {"NAME": "amount", "TYPE": "float", "UNIT": "ratio", "DEFAULT": 1, "MIN": 0, "MAX": 1, "IDENTITY": 0,
     "DESCRIPTION": "How much of the reach is used: 0 all is of now."},
    {"NAME": "invert", "TYPE": "bool", "DEFAULT": false,
     "DESCRIPTION": "Off: what moves, or is bright, is old. On: what stands still, or is dark."},
    {"NAME": "full", "TYPE": "float", "UNIT": "px", "DEFAULT": 6, "MIN": 0.01, "MAX": 8192, "SOFT": [1, 64],
     "DESCRIPTION": "The speed at which a place is as old as can be, in pixels from one picture to the next: small shows a breath, large only leaps."},
    {"NAME": "linger", "TYPE": "float", "UNIT": "ratio", "DEFAULT": 0.92, "MIN": 0, "MAX": 1, "SOFT": [0.5, 1],
     "DESCRIPTION": "How much of its age a place keeps in each picture: 0 none, so that it is torn back to now, 0.92 it catches up within a second, 1 it never does."},
    {"NAME": "smoothing", "TYPE": "float", "UNIT": "px", "DEFAULT": 32, "MIN": 0, "MAX": 1024, "SOFT": [0, 128],
     "DESCRIPTION": "How softly one age goes over into the next: 0 torn at each rim, 32 rubber, 128 waves."},
    {"NAME": "steps", "TYPE": "bool", "DEFAULT": false,
     "DESCRIPTION": "On: whole pictures only, with edges between them. Off: faded into one another."}
  ],
  "PASSES": [
    {"ENTRY": "grow_old", "TARGET": "ages", "PERSISTENT": true, "FLOAT": true},
    {"ENTRY": "soften_rows", "TARGET": "rows", "WIDTH": "$WIDTH / 2", "HEIGHT": "$HEIGHT / 2", "FLOAT": true},
    {"ENTRY": "soften_columns", "TARGET": "soft", "WIDTH": "$WIDTH / 2", "HEIGHT": "$HEIGHT / 2", "FLOAT": true},
    {"ENTRY": "show"}
  ]
}*/
const MAP: i32 = 1;

// How old a place is, 0 to 1, as far as this picture says.
fn age(at: vec2i) -> f32 {
    var old = min(length(load(motion, at, SMEAR).xy) / params.full, 1.0);
    if (params.by == MAP) { old = clamp(luma(load(map, at, SMEAR).rgb), 0.0, 1.0); }
    return select(old, 1.0 - old, params.invert != 0u);
}

// In y the pictures since the first one, beyond which nothing is older; w is 0 before that one.
fn grow_old(at: vec2i) -> vec4f {
    let last = load(ages, at, SMEAR);
    let since = select(0.0, min(last.y + 1.0, 255.0), last.w > 0.0);
    return vec4f(max(age(at), params.linger * last.x), since, 0.0, 1.0);
}

fn soften_rows(at: vec2i) -> vec4f {
    if (params.smoothing == 0.0) { return vec4f(0.0); }
    let p = (vec2f(at) + 0.5) * vec2f(size(ages)) / vec2f(size(rows));
    return gaussian(ages, p, vec2f(params.smoothing, 0.0), SMEAR);
}

fn soften_columns(at: vec2i) -> vec4f {
    if (params.smoothing == 0.0) { return vec4f(0.0); }
    return gaussian(rows, vec2f(at) + 0.5, vec2f(0.0, 0.5 * params.smoothing), SMEAR);
}

fn softened(at: vec2i) -> f32 {
    if (params.smoothing == 0.0) { return load(ages, at, SMEAR).x; }
    return sample(soft, (vec2f(at) + 0.5) * vec2f(size(soft)) / vec2f(size(ages)), SMEAR).x;
}

fn show(at: vec2i) -> vec4f {
    if (params.amount == 0.0) { return load(inputImage, at, SMEAR); }
    let since = load(ages, at, SMEAR).y;
    let back = min(clamp(softened(at), 0.0, 1.0) * params.amount * f32(params.reach), since);
    if (params.steps != 0u) { return past(before, i32(round(back)), at, SMEAR); }
    let newer = past(before, i32(back), at, SMEAR);
    return newer + (past(before, i32(back) + 1, at, SMEAR) - newer) * fract(back);
}
