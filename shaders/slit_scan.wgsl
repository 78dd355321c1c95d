/*{
  "DESCRIPTION": "Slit-scan: line by line the picture is of another time, along a direction, in rings or as a clock's hand; or one line is drawn out over time.",
  "CREDIT": "The slit-scan of John Whitney and Douglas Trumbull (1968); photo finish; rolling shutter",
  "CATEGORIES": ["Time", "Geometry"],
  "EXAMPLE": ["-e slit_scan:kind=ring:repeats=4:bounce=true"],
  "INPUTS": [
    {"NAME": "inputImage", "TYPE": "image"},
    {"NAME": "before", "TYPE": "history", "MAX": "$reach", "DESCRIPTION": "The pictures that the lines are taken from."},
    {"NAME": "kind", "TYPE": "long", "VALUES": [0, 1, 2], "LABELS": ["line", "ring", "hand"], "DEFAULT": "line",
     "DESCRIPTION": "How ages run: across the picture, from the centre outward, or round it."},
    {"NAME": "reach", "TYPE": "long", "UNIT": "pictures", "DEFAULT": 40, "MIN": 1, "MAX": 255, "SOFT": [1, 120],
     "DESCRIPTION": "The age of the oldest line, in pictures of the source: 1 leans, 120 is a slow curtain. So many are kept: play amount instead."},
    {"NAME": "amount", "TYPE": "float", "UNIT": "ratio", "DEFAULT": 1, "MIN": 0, "MAX": 1, "IDENTITY": 0,
     "DESCRIPTION": "How much of the reach is used: 0 all lines are of now."},
    {"NAME": "angle", "TYPE": "float", "UNIT": "deg", "DEFAULT": -90, "MIN": -16777216, "MAX": 16777216, "SOFT": [-180, 180],
     "DESCRIPTION": "Where lines grow older, counter-clockwise: 0 to the right, 90 upward, -90 downward, as from a scanner; where a hand begins."},
    {"NAME": "centre", "TYPE": "point2D", "UNIT": "ratio", "DEFAULT": [0.5, 0.5], "MIN": [-16, -16], "MAX": [16, 16], "SOFT": [[0, 0], [1, 1]],
     "DESCRIPTION": "The middle of rings, what hands turn about, and where the slit lies: [0, 0] the upper left corner, [1, 1] the lower right one."},
    {"NAME": "repeats", "TYPE": "float", "UNIT": "ratio", "DEFAULT": 1, "MIN": 0, "MAX": 256, "SOFT": [1, 16],
     "DESCRIPTION": "How often ages run from now to the oldest on their way: 0 all is of one age, 1 once, 16 a blind."},
    {"NAME": "bounce", "TYPE": "bool", "DEFAULT": false,
     "DESCRIPTION": "On: back to now again on the same way, without a seam. Off: from the oldest they jump to now."},
    {"NAME": "speed", "TYPE": "float", "UNIT": "Hz", "DEFAULT": 0, "MIN": -64, "MAX": 64, "SOFT": [-1, 1],
     "DESCRIPTION": "How often in a second ages run on by their whole way, toward older places: 0 stands, negative back."},
    {"NAME": "phase", "TYPE": "float", "UNIT": "ratio", "DEFAULT": 0, "MIN": -65536, "MAX": 65536, "SOFT": [-1, 1],
     "DESCRIPTION": "Moves the ages on by so many ways; an expression of the beat plays it."},
    {"NAME": "streak", "TYPE": "float", "UNIT": "ratio", "DEFAULT": 0, "MIN": 0, "MAX": 1, "IDENTITY": 0,
     "DESCRIPTION": "How much all lines look through one slit, the line through the centre: 0 each at its own place, 1 all at the slit, which time draws out over the picture."},
    {"NAME": "lines", "TYPE": "long", "DEFAULT": 0, "MIN": 0, "MAX": 8192, "SOFT": [0, 64],
     "DESCRIPTION": "How many bands the way is cut into, each of one age: 2 halves, 64 stripes, 0 no bands at all."}
  ]
}*/
const RING: i32 = 1;
const HAND: i32 = 2;
const TAU: f32 = 6.2831853;

// To the right along the way, y down.
fn ahead() -> vec2f { return rotated(vec2f(1.0, 0.0), params.angle); }

// How long the way across the picture is, in pixels.
fn way(direction: vec2f, extent: vec2f) -> f32 { return dot(abs(direction), extent); }

// How far along its way a place is, 0 to 1: `away` is from the centre, `middle` from the picture's middle, in pixels.
fn along(away: vec2f, middle: vec2f, extent: vec2f) -> f32 {
    if (params.kind == RING) { return length(away) / (0.5 * length(extent)); }
    let direction = ahead();
    if (params.kind == HAND) {
        let across = direction.x * away.y - direction.y * away.x;
        return fract(atan2(across, dot(direction, away)) / TAU);
    }
    return dot(middle, direction) / way(direction, extent) + 0.5;
}

// The age of a place, 0 now to 1 the oldest.
fn age(place: f32) -> f32 {
    var band = place;
    if (params.lines > 0) { band = (floor(place * f32(params.lines)) + 0.5) / f32(params.lines); }
    let run = band * params.repeats - params.phase - params.speed * frame.time;
    if (params.bounce != 0u) { return 1.0 - abs(1.0 - 2.0 * fract(run)); }
    // The far end of the way is the oldest line, and not the first one again.
    return select(fract(run), 1.0, run == 1.0);
}

// The place on the slit that stands for a place.
fn on_slit(away: vec2f) -> vec2f {
    if (params.kind == RING) { return vec2f(0.0); }
    let direction = ahead();
    if (params.kind == HAND) { return direction * length(away); }
    return away - direction * dot(away, direction);
}

fn read(back: i32, p: vec2f) -> vec4f {
    let at = vec2i(floor(p));
    if (params.streak == 0.0) { return past(before, back, at, SMEAR); }
    let corner = vec2i(floor(p - 0.5));
    let f = p - 0.5 - vec2f(corner);
    let upper = mix(past(before, back, corner, SMEAR), past(before, back, corner + vec2i(1, 0), SMEAR), f.x);
    let lower = mix(past(before, back, corner + vec2i(0, 1), SMEAR), past(before, back, corner + vec2i(1, 1), SMEAR), f.x);
    return mix(upper, lower, f.y);
}

fn effect(at: vec2i) -> vec4f {
    if (params.amount == 0.0 && params.streak == 0.0) { return load(inputImage, at, SMEAR); }
    let extent = vec2f(size(inputImage));
    let p = vec2f(at) + 0.5;
    let away = p - params.centre * extent;
    let place = clamp(along(away, p - 0.5 * extent, extent), 0.0, 1.0);
    let back = age(place) * params.amount * f32(params.reach);
    let from_slit = p + (on_slit(away) - away) * params.streak;
    let newer = read(i32(back), from_slit);
    return newer + (read(i32(back) + 1, from_slit) - newer) * fract(back);
}
