/*{
  "DESCRIPTION": "Changes motion before it drags: mirrors, delays, averages, masks, turns, zooms, shears, shakes and drops it, in this order.",
  "CREDIT": "The motion vector scripts of FFglitch (dd-glitch-assist and others), as one chain",
  "EXAMPLE": ["-e flow", "-e vectors:zoom=0.02", "-e mosh"],
  "CATEGORIES": ["Motion", "Glitch"],
  "OUTPUT": "flow",
  "INPUTS": [
    {"NAME": "inputImage", "TYPE": "flow"},
    {"NAME": "other", "TYPE": "flow", "DESCRIPTION": "Another motion, which add adds."},
    {"NAME": "before", "TYPE": "history", "OF": "inputImage", "MAX": "$delay * ($feedback > 0 ? 9 : 1) + $mean - 1", "DESCRIPTION": "The motion of the past."},
    {"NAME": "permute", "TYPE": "long", "VALUES": [0, 1, 2, 3], "LABELS": ["none", "mirror_x", "mirror_y", "rotate"], "DEFAULT": "none", "IDENTITY": 0,
     "DESCRIPTION": "Whose motion each place has: its own, that of the place mirrored left to right or top to bottom, or turned by half."},
    {"NAME": "delay", "TYPE": "long", "UNIT": "pictures", "DEFAULT": 0, "MIN": 0, "MAX": 60, "SOFT": [0, 30], "IDENTITY": 0,
     "DESCRIPTION": "How many pictures late the motion is: 0 at once, 60 two seconds of film."},
    {"NAME": "feedback", "TYPE": "float", "UNIT": "ratio", "DEFAULT": 0, "MIN": 0, "MAX": 1,
     "DESCRIPTION": "How much of the delayed motion comes again, eight times: 0 nothing, 0.5 half each time, 1 all."},
    {"NAME": "mean", "TYPE": "long", "UNIT": "pictures", "DEFAULT": 1, "MIN": 1, "MAX": 60, "SOFT": [1, 20], "IDENTITY": 1,
     "DESCRIPTION": "The mean of so many pictures: 1 sharp, 10 flows like water, 60 hardly turns."},
    {"NAME": "mask", "TYPE": "long", "VALUES": [0, 1, 2, 3, 4, 5, 6], "LABELS": ["all", "fast", "slow", "right", "left", "up", "down"], "DEFAULT": "all",
     "DESCRIPTION": "Which motion is changed; all other stays what it was. Fast is from the threshold on, slow below it."},
    {"NAME": "threshold", "TYPE": "float", "UNIT": "px", "DEFAULT": 2, "MIN": 0, "MAX": 1024, "SOFT": [0, 32],
     "DESCRIPTION": "From how far in a picture motion is fast: 0 all is, 1024 nothing."},
    {"NAME": "corner", "TYPE": "point2D", "UNIT": "ratio", "DEFAULT": [0, 0], "MIN": [0, 0], "MAX": [1, 1],
     "DESCRIPTION": "The upper left corner of the region that is changed: [0, 0] the picture's, [1, 1] nothing."},
    {"NAME": "opposite", "TYPE": "point2D", "UNIT": "ratio", "DEFAULT": [1, 1], "MIN": [0, 0], "MAX": [1, 1],
     "DESCRIPTION": "The lower right corner of the region: [1, 1] the picture's, [0, 0] nothing."},
    {"NAME": "x", "TYPE": "point2D", "DEFAULT": [1, 0], "MIN": [-256, -256], "MAX": [256, 256], "SOFT": [[-2, -2], [2, 2]], "IDENTITY": [1, 0],
     "DESCRIPTION": "What the motion across is made of, across and down: [1, 0] itself, [-1, 0] its opposite, [0, 1] swapped, [0, 0] nothing, so that it sinks and rises."},
    {"NAME": "y", "TYPE": "point2D", "DEFAULT": [0, 1], "MIN": [-256, -256], "MAX": [256, 256], "SOFT": [[-2, -2], [2, 2]], "IDENTITY": [0, 1],
     "DESCRIPTION": "What the motion down is made of, across and down: [0, 1] itself, [0, 0] nothing."},
    {"NAME": "wave", "TYPE": "point2D", "DEFAULT": [0, 0], "MIN": [-256, -256], "MAX": [256, 256], "SOFT": [[0, 0], [16, 16]], "IDENTITY": [0, 0],
     "DESCRIPTION": "Waves that the motion grows and shrinks and turns round by: how many from top to bottom for motion across, from left to right for motion down. 0 none."},
    {"NAME": "zoom", "TYPE": "point2D", "UNIT": "ratio", "DEFAULT": [0, 0], "MIN": [-1, -1], "MAX": [1, 1], "SOFT": [[-0.1, -0.1], [0.1, 0.1]], "IDENTITY": [0, 0],
     "DESCRIPTION": "How much everything grows with each picture, about the middle, across and down: 0.02 comes nearer, below 0 goes away."},
    {"NAME": "shear", "TYPE": "point2D", "UNIT": "ratio", "DEFAULT": [0, 0], "MIN": [-1, -1], "MAX": [1, 1], "SOFT": [[-0.1, -0.1], [0.1, 0.1]], "IDENTITY": [0, 0],
     "DESCRIPTION": "How much the lower half goes to the right and the upper to the left, the right half down and the left up. [0.02, -0.02] turns."},
    {"NAME": "split", "TYPE": "point2D", "UNIT": "px", "DEFAULT": [0, 0], "MIN": [-1024, -1024], "MAX": [1024, 1024], "SOFT": [[-30, -30], [30, 30]], "IDENTITY": [0, 0],
     "DESCRIPTION": "How fast the left and right halves part, the upper and lower ones: below 0 they meet."},
    {"NAME": "slice", "TYPE": "point2D", "UNIT": "px", "DEFAULT": [0, 0], "MIN": [-1024, -1024], "MAX": [1024, 1024], "SOFT": [[-30, -30], [30, 30]], "IDENTITY": [0, 0],
     "DESCRIPTION": "How fast the upper half goes to the right and the lower to the left, the left half down and the right up."},
    {"NAME": "pan", "TYPE": "point2D", "UNIT": "px", "DEFAULT": [0, 0], "MIN": [-1024, -1024], "MAX": [1024, 1024], "SOFT": [[-20, -20], [20, 20]], "IDENTITY": [0, 0],
     "DESCRIPTION": "What is added everywhere with each picture: positive to the right and down."},
    {"NAME": "jitter", "TYPE": "point2D", "UNIT": "px", "DEFAULT": [0, 0], "MIN": [0, 0], "MAX": [1024, 1024], "SOFT": [[0, 0], [20, 20]], "IDENTITY": [0, 0],
     "DESCRIPTION": "How far each grain is shaken with each picture, at most: 0 not at all."},
    {"NAME": "grain", "TYPE": "long", "UNIT": "px", "DEFAULT": 16, "MIN": 1, "MAX": 256, "SOFT": [1, 64], "DESCRIPTION": "Squares that are shaken as one: 1 dust, 16 blocks, 256 slabs."},
    {"NAME": "gravity", "TYPE": "float", "UNIT": "px", "DEFAULT": 0, "MIN": -64, "MAX": 64, "SOFT": [-10, 10], "IDENTITY": 0,
     "DESCRIPTION": "What goes against it is pulled back faster with each picture, by so much: above 0 down, below 0 up."},
    {"NAME": "limit", "TYPE": "float", "UNIT": "px", "DEFAULT": 1024, "MIN": 0, "MAX": 1024, "SOFT": [0, 64], "IDENTITY": 1024,
     "DESCRIPTION": "The furthest that anything goes across or down: 0 nothing moves, 1024 no limit."},
    {"NAME": "add", "TYPE": "float", "UNIT": "ratio", "DEFAULT": 0, "MIN": -16, "MAX": 16, "SOFT": [-1, 2], "IDENTITY": 0,
     "DESCRIPTION": "How much of the other motion is added: 0 nothing, 1 all of it, below 0 its opposite."}
  ],
  "PASSES": [
    {"ENTRY": "count", "TARGET": "clock", "WIDTH": "1", "HEIGHT": "1", "PERSISTENT": true, "FLOAT": true},
    {"ENTRY": "fall", "TARGET": "falling", "PERSISTENT": true, "FLOAT": true, "REPEAT": "$gravity != 0"},
    {"ENTRY": "settle"}
  ]
}*/
const MIRROR_X: i32 = 1;
const MIRROR_Y: i32 = 2;
const ROTATE: i32 = 3;
const ALL: i32 = 0;
const FAST: i32 = 1;
const SLOW: i32 = 2;
const RIGHT: i32 = 3;
const LEFT: i32 = 4;
const UP: i32 = 5;

// A field points to where things were: to the left and up of what goes to the right and down.

// Pictures so far, for chance that lasts as long as a picture.
fn count(at: vec2i) -> vec4f { return vec4f(load(clock, at, SMEAR).x + 1.0, 0.0, 0.0, 0.0); }

// The field n pictures ago, from where permute says.
fn source(at: vec2i, n: i32) -> vec2f {
    let x = params.permute == MIRROR_X || params.permute == ROTATE;
    let y = params.permute == MIRROR_Y || params.permute == ROTATE;
    let place = select(at, size(inputImage) - 1 - at, vec2<bool>(x, y));
    var field = load(inputImage, place, SMEAR).xy;
    if (n > 0) { field = past(before, n, place, SMEAR).xy; }
    return select(field, -field, vec2<bool>(x, y));
}

fn delayed(at: vec2i, n: i32) -> vec2f {
    var sum = source(at, n + params.delay);
    if (params.delay == 0 || params.feedback == 0.0) { return sum; }
    var part = params.feedback;
    for (var again = 2; again < 10; again++) {
        sum += source(at, n + params.delay * again) * part;
        part *= params.feedback;
    }
    return sum;
}

fn averaged(at: vec2i) -> vec2f {
    var sum = delayed(at, 0);
    if (params.mean == 1) { return sum; }
    for (var n = 1; n < params.mean; n++) { sum += delayed(at, n); }
    return sum / f32(params.mean);
}

// Where a place of the grid is, 0..1 across and down.
fn share_of(at: vec2i) -> vec2f { return (vec2f(at) + 0.5) / vec2f(size(inputImage)); }

fn is_chosen(at: vec2i, field: vec2f) -> bool {
    let p = share_of(at);
    if (any(p < params.corner) || any(p > params.opposite)) { return false; }
    switch params.mask {
        case ALL: { return true; }
        case FAST: { return length(field) >= params.threshold; }
        case SLOW: { return length(field) < params.threshold; }
        case RIGHT: { return field.x < 0.0; }
        case LEFT: { return field.x > 0.0; }
        case UP: { return field.y > 0.0; }
        default: { return field.y < 0.0; }
    }
}

fn waved(p: vec2f) -> vec2f {
    let angle = 6.2831853 * params.wave * p.yx;
    return select(vec2f(sin(angle.x), cos(angle.y)), vec2f(1.0), params.wave == vec2f(0.0));
}

// What is added to the motion at p, 0..1, in pixels to the right and down.
fn pushed(at: vec2i, p: vec2f) -> vec2f {
    let away = (p - 0.5) * vec2f(frame.size);
    // -1 in the left and upper halves, 1 in the others.
    let side = select(vec2f(-1.0), vec2f(1.0), p >= vec2f(0.5));
    let grain = vec2i(floor(p * vec2f(frame.size) / f32(params.grain)));
    let number = u32(load(clock, vec2i(0), SMEAR).x);
    let shake = vec2f(random_still(grain, 2u * number), random_still(grain, 2u * number + 1u)) * 2.0 - 1.0;
    return away * params.zoom + away.yx * params.shear + side * params.split - side.yx * params.slice + params.pan + shake * params.jitter;
}

// The chain up to gravity; what is not chosen stays as it is.
fn steered(at: vec2i) -> vec2f {
    let own = source(at, 0);
    if (!is_chosen(at, own)) { return own; }
    let field = averaged(at);
    let p = share_of(at);
    let turned = vec2f(dot(field, params.x), dot(field, params.y));
    return turned * waved(p) - pushed(at, p);
}

// What was kept of the motion against gravity: x what it is now, y what shows, w 1 once there was a picture.
fn fall(at: vec2i) -> vec4f {
    let motion = -steered(at).y;
    let last = load(falling, at, SMEAR);
    let kept = select(motion, last.x, last.w > 0.0);
    if (motion * params.gravity >= 0.0) { return vec4f(kept, motion, 0.0, 1.0); }
    // Bounded, so that nothing falls out of all numbers.
    return vec4f(clamp(kept + motion + params.gravity, -1024.0, 1024.0), kept, 0.0, 1.0);
}

fn settle(at: vec2i) -> vec4f {
    let own = load(inputImage, at, SMEAR);
    var field = steered(at);
    if (params.gravity != 0.0 && is_chosen(at, source(at, 0))) { field.y = -load(falling, at, SMEAR).y; }
    if (params.limit < 1024.0) { field = clamp(field, vec2f(-params.limit), vec2f(params.limit)); }
    if (params.add != 0.0) { field += load(other, at, SMEAR).xy * params.add; }
    // What is unchanged keeps its bits, the sign of 0 too.
    return vec4f(select(field, own.xy, field == own.xy), own.zw);
}
