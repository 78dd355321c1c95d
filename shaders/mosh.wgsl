/*{
  "DESCRIPTION": "Datamoshing: what moves drags the pixels that are there, and new ones come in only as told. The motion may be its own, another's, held, repeated, in another order, or that of vectors.",
  "CREDIT": "I-frame removal and P-frame duplication (Avidemux, moshy, tomato, Datamosher-Pro); the motion-compensated loop of MPEG-4 part 2; OpenCV's Farneback flow with remap",
  "EXAMPLE": ["-e mosh:amount=3:gain=0.2"],
  "CATEGORIES": ["Glitch", "Motion", "Time"],
  "CLOCK": "canvas",
  "LEVELS": true,
  "INPUTS": [
    {"NAME": "inputImage", "TYPE": "image"},
    {"NAME": "motion", "TYPE": "flow", "DESCRIPTION": "What drags: its own motion, or that of a source, a flow, vectors."},
    {"NAME": "prediction", "TYPE": "flow", "DESCRIPTION": "The motion of the picture itself, from which the residual is told. Name the flow here where motion names what vectors made of it."},
    {"NAME": "pictures", "TYPE": "history", "MAX": "1 + ($gain != 0) * ($order == 0 ? ($run > 1) * $run * ($plays - 1) : $order == 5 ? 3 * $run : 2 * $run)", "DESCRIPTION": "The pictures whose residual is played again."},
    {"NAME": "motions", "TYPE": "history", "OF": "motion", "MAX": "$order == 0 ? ($run > 1) * $run * ($plays - 1) : $order == 5 ? 3 * $run : 2 * $run", "DESCRIPTION": "The motion that is played again."},
    {"NAME": "predictions", "TYPE": "history", "OF": "prediction", "MAX": "($gain != 0) * ($order == 0 ? ($run > 1) * $run * ($plays - 1) : $order == 5 ? 3 * $run : 2 * $run)", "DESCRIPTION": "The motion whose residual is played again."},
    {"NAME": "amount", "TYPE": "float", "UNIT": "ratio", "DEFAULT": 1.5, "MIN": -64, "MAX": 64, "SOFT": [-2, 4],
     "DESCRIPTION": "How far the motion drags: 0 not at all, 1 as far as it moves, 4 four times as far; below 0 against it."},
    {"NAME": "block", "TYPE": "long", "UNIT": "px", "DEFAULT": 1, "MIN": 1, "MAX": 256, "SOFT": [1, 64],
     "DESCRIPTION": "Squares that move as one: 1 each pixel by itself, like silk, 4, 8 and 16 as codecs have them, 256 slabs."},
    {"NAME": "rounding", "TYPE": "long", "VALUES": [0, 1, 2, 4], "LABELS": ["none", "whole", "half", "quarter"], "DEFAULT": "none",
     "DESCRIPTION": "The steps of the motion in pixels: none is smooth, whole never blurs, half and quarter are those of codecs."},
    {"NAME": "edge", "TYPE": "long", "VALUES": "edge", "DEFAULT": "mirror",
     "DESCRIPTION": "What is dragged in at the border: nothing, the border pixel drawn out, the other side, or the mirror image."},
    {"NAME": "interpolation", "TYPE": "long", "VALUES": [0, 1], "LABELS": ["bilinear", "bicubic"], "DEFAULT": "bicubic",
     "DESCRIPTION": "How it is read between pixels: bilinear grows soft with each picture, bicubic stays sharp."},
    {"NAME": "gain", "TYPE": "float", "UNIT": "ratio", "DEFAULT": 0.7, "MIN": -4, "MAX": 4, "SOFT": [0, 2],
     "DESCRIPTION": "How much of the residual comes in, what a picture has that its motion does not explain: 0 nothing, only drags, 1 all of it, so that nothing shows until a cut is dropped, above 1 burns, below 0 is its negative."},
    {"NAME": "quality", "TYPE": "float", "UNIT": "ratio", "DEFAULT": 1, "MIN": 0, "MAX": 1,
     "DESCRIPTION": "How finely a codec would keep the residual: 1 exactly, 0.5 in the blocks of a poor film, 0 in a few squares of colour."},
    {"NAME": "refresh", "TYPE": "float", "UNIT": "ratio", "DEFAULT": 0.005, "MIN": 0, "MAX": 1, "SOFT": [0, 0.3], "IDENTITY": 1,
     "DESCRIPTION": "How much of the picture leaks in with each new one: 0 nothing, so that it never heals, 1 all of it: clean."},
    {"NAME": "heal", "TYPE": "long", "VALUES": [0, 1, 2], "LABELS": ["everywhere", "moving", "still"], "DEFAULT": "everywhere", "IDENTITY": 0,
     "DESCRIPTION": "Where it leaks in: everywhere, where there is motion above the threshold, or where there is not."},
    {"NAME": "threshold", "TYPE": "float", "UNIT": "px", "DEFAULT": 0.5, "MIN": 0, "MAX": 1024, "SOFT": [0, 16],
     "DESCRIPTION": "How far from picture to picture is motion: 0 everything, 1024 nothing."},
    {"NAME": "intra", "TYPE": "float", "UNIT": "ratio", "DEFAULT": 0, "MIN": 0, "MAX": 1, "SOFT": [0, 0.2],
     "DESCRIPTION": "Blocks that are clean at once with a new picture: 0 none, 1 all. They are 16 px wide where block is 1."},
    {"NAME": "intra_by", "TYPE": "long", "VALUES": [0, 1], "LABELS": ["chance", "confidence"], "DEFAULT": "chance",
     "DESCRIPTION": "Which blocks: that share of them at random, or those whose motion is less sure than that."},
    {"NAME": "keyframe", "TYPE": "event", "DESCRIPTION": "Takes the picture whole, as an I-frame does: clean at once."},
    {"NAME": "cut_score", "TYPE": "float", "UNIT": "ratio", "DEFAULT": 0.3, "MIN": 0, "MAX": 1,
     "DESCRIPTION": "How unlike its predecessor a picture is that cuts to another scene: 0.1 finds many, 0.3 hard cuts, 1 next to none, 0 does not look."},
    {"NAME": "cut", "TYPE": "event", "DESCRIPTION": "Says that this picture is a cut."},
    {"NAME": "cut_keep", "TYPE": "float", "UNIT": "ratio", "DEFAULT": 0, "MIN": 0, "MAX": 1,
     "DESCRIPTION": "How likely a cut takes the new picture whole: 0 never, its I-frame is dropped and the new scene drags the old one, 1 always."},
    {"NAME": "cut_every", "TYPE": "long", "DEFAULT": 1, "MIN": 1, "MAX": 64, "SOFT": [1, 8],
     "DESCRIPTION": "Only one in so many cuts may: 1 each, 64 one in 64."},
    {"NAME": "cut_next", "TYPE": "event", "DESCRIPTION": "The next cut takes the new picture whole."},
    {"NAME": "hold", "TYPE": "bool", "DEFAULT": false,
     "DESCRIPTION": "On: the motion and residual of this picture go on and on: bloom. Off: each picture has its own."},
    {"NAME": "order", "TYPE": "long", "VALUES": [0, 1, 2, 3, 4, 5], "LABELS": ["repeat", "reverse", "shuffle", "sort", "overlap", "jiggle"], "DEFAULT": "repeat",
     "DESCRIPTION": "The order in which motion is played: as it comes, but for what go repeats; each run backwards, shuffled, or from the quietest to the wildest; runs that overlap as often as plays says; or so many pictures ago by chance."},
    {"NAME": "run", "TYPE": "long", "UNIT": "pictures", "DEFAULT": 1, "MIN": 1, "MAX": 85, "SOFT": [1, 30],
     "DESCRIPTION": "How many pictures belong together: 1 blooms, 5 is a gesture, 85 a phrase. No motion is older than 255 pictures."},
    {"NAME": "plays", "TYPE": "long", "DEFAULT": 12, "MIN": 1, "MAX": 255, "SOFT": [1, 60],
     "DESCRIPTION": "How often a run is played: 1 once, as it comes, 255 for a long while."},
    {"NAME": "go", "TYPE": "event", "DESCRIPTION": "Begins a run with this picture."},
    {"NAME": "interval", "TYPE": "float", "DEFAULT": 0, "MIN": 0, "MAX": 1024, "SOFT": [0, 64],
     "DESCRIPTION": "A run begins by itself so many pictures, or beats, apart: 0 never."},
    {"NAME": "clock", "TYPE": "long", "VALUES": [0, 1], "LABELS": ["pictures", "beats"], "DEFAULT": "pictures", "DESCRIPTION": "What interval counts."},
    {"NAME": "chance", "TYPE": "float", "UNIT": "ratio", "DEFAULT": 1, "MIN": 0, "MAX": 1,
     "DESCRIPTION": "How likely it then does: 0 never, 1 always. The show's seed decides, the same way each time."}
  ],
  "PASSES": [
    {"ENTRY": "look", "TARGET": "changes", "WIDTH": "16", "HEIGHT": "9", "FLOAT": true, "REPEAT": "$cut_score > 0"},
    {"ENTRY": "weigh", "TARGET": "weights", "WIDTH": "256", "HEIGHT": "1", "PERSISTENT": true, "FLOAT": true, "REPEAT": "$order == 3"},
    {"ENTRY": "count", "TARGET": "counts", "WIDTH": "4", "HEIGHT": "1", "PERSISTENT": true, "FLOAT": true},
    {"ENTRY": "carry", "TARGET": "carried", "GRID": "motions", "PERSISTENT": true, "FLOAT": true},
    {"ENTRY": "tell_apart", "TARGET": "residual", "PERSISTENT": true, "FLOAT": true, "REPEAT": "$gain != 0"},
    {"ENTRY": "transform_rows", "TARGET": "rows", "WIDTH": "8 * ceil($WIDTH / 8)", "HEIGHT": "8 * ceil($HEIGHT / 8)", "FLOAT": true, "REPEAT": "$gain != 0 and $quality < 1"},
    {"ENTRY": "transform_columns", "TARGET": "columns", "WIDTH": "8 * ceil($WIDTH / 8)", "HEIGHT": "8 * ceil($HEIGHT / 8)", "FLOAT": true, "REPEAT": "$gain != 0 and $quality < 1"},
    {"ENTRY": "restore_columns", "TARGET": "rows", "WIDTH": "8 * ceil($WIDTH / 8)", "HEIGHT": "8 * ceil($HEIGHT / 8)", "FLOAT": true, "REPEAT": "$gain != 0 and $quality < 1"},
    {"ENTRY": "drag", "TARGET": "state", "PERSISTENT": true, "FLOAT": true},
    {"ENTRY": "show", "POINT": true}
  ]
}*/
const BICUBIC: i32 = 1;
const EVERYWHERE: i32 = 0;
const MOVING: i32 = 1;
const BY_CONFIDENCE: i32 = 1;
const REPEAT: i32 = 0;
const REVERSE: i32 = 1;
const SHUFFLE: i32 = 2;
const SORT: i32 = 3;
const OVERLAP: i32 = 4;
const BEATS: i32 = 1;

// What has become of a cut: none, its picture brings nothing, its picture is taken whole.
const DROPPED: f32 = 1.0;
const KEPT: f32 = 2.0;

// A difference of two pictures that nobody looked for.
const UNKNOWN: f32 = -1.0;

// The texels of `counts`.
// PICTURES: x motion pictures so far, y where their ring stands, z where the step begins within the motion, w 1 once there was a picture.
// SCENE: x what has become of a cut, y where the ring of pictures stands, z the last mean difference, below 0 one that nobody
// looked for, w cuts so far.
// RUN: x 1 + the picture with which a run began, y intervals so far, z whether it was to be held, w whether the next cut is to be kept.
// PLAY: x how old the motion is that is played, y 1 if it stays what it was, z 1 if the picture is taken whole, w where the step ends.
const PICTURES: i32 = 0;
const SCENE: i32 = 1;
const RUN: i32 = 2;
const PLAY: i32 = 3;

fn counted(which: i32) -> vec4f { return load(counts, vec2i(which, 0), SMEAR); }

// How much a sixteenth by a ninth of the picture changed, in levels.
fn look(at: vec2i) -> vec4f {
    let extent = vec2f(size(inputImage));
    var sum = 0.0;
    for (var n = 0; n < 16; n++) {
        let p = vec2i((vec2f(at * 4 + vec2i(n % 4, n / 4)) + 0.5) / vec2f(64.0, 36.0) * extent);
        let difference = abs(load(inputImage, p, SMEAR) - past(pictures, 1, p, SMEAR)).rgb;
        sum += dot(difference, vec3f(255.0 / (3.0 * WHITE)));
    }
    return vec4f(sum / 16.0);
}

fn looked() -> f32 {
    var sum = 0.0;
    for (var n = 0; n < 144; n++) { sum += load(changes, vec2i(n % 16, n / 16), SMEAR).x; }
    return sum / 144.0;
}

// Whether the picture shows anything, as far as a look at a few of its pixels tells.
fn is_something() -> bool {
    let extent = vec2f(size(inputImage));
    for (var n = 0; n < 2304; n++) {
        let p = vec2i((vec2f(vec2i(n % 64, n / 64)) + 0.5) / vec2f(64.0, 36.0) * extent);
        if (load(inputImage, p, SMEAR).a > 0.0) { return true; }
    }
    return false;
}

// How much each of the last 256 pictures moved.
fn weigh(at: vec2i) -> vec4f {
    if (i32(tell_pictures().x) % 256 != at.x) { return load(weights, at, SMEAR); }
    let extent = vec2f(size(motion));
    var sum = 0.0;
    for (var n = 0; n < 256; n++) {
        let p = vec2i((vec2f(vec2i(n % 16, n / 16)) + 0.5) / 16.0 * extent);
        sum += length(load(motion, p, SMEAR).xy);
    }
    return vec4f(sum, 0.0, 0.0, 0.0);
}

fn count(at: vec2i) -> vec4f {
    switch at.x {
        case PICTURES: { return tell_pictures(); }
        case SCENE: { return tell_scene(); }
        case RUN: { return tell_run(); }
        default: { return tell_play(); }
    }
}

fn is_new() -> bool {
    let last = counted(PICTURES);
    return last.w == 0.0 || f32(layer.heads[1]) != last.y;
}

fn tell_pictures() -> vec4f {
    let last = counted(PICTURES);
    let end = counted(PLAY).w;
    let begun = last.w > 0.0 || is_something();
    let number = last.x + select(0.0, 1.0, last.w > 0.0 && is_new());
    // Rounding must not leave a step behind.
    return vec4f(number, f32(layer.heads[1]), end - floor(end + 1e-4), select(0.0, 1.0, begun));
}

// ffmpeg's scene score (libavfilter/f_select.c), of a few pixels.
fn tell_scene() -> vec4f {
    let last = counted(SCENE);
    let place = f32(layer.heads[0]);
    let is_first = counted(PICTURES).w == 0.0;
    var difference = last.z;
    var score = 0.0;
    if (place != last.y && !is_first) {
        difference = UNKNOWN;
        if (params.cut_score > 0.0) { difference = looked(); }
        if (min(difference, last.z) >= 0.0) { score = min(difference, abs(difference - last.z)) / 100.0; }
    }
    let cuts = params.cut > 0u || (params.cut_score > 0.0 && score >= params.cut_score);
    let number = last.w + select(0.0, 1.0, cuts);
    var fate = select(min(last.x, DROPPED), 0.0, is_new());
    if (cuts) { fate = select(DROPPED, KEPT, is_kept(number)); }
    return vec4f(fate, place, difference, number);
}

fn is_kept(number: f32) -> bool {
    let due = i32(number) % params.cut_every == 0;
    let lucky = random_still(vec2i(i32(number), 1), 0u) < params.cut_keep;
    return (due && lucky) || counted(RUN).w > 0.0 || params.cut_next > 0u;
}

fn tell_run() -> vec4f {
    let last = counted(RUN);
    let now = tell_pictures();
    let number = select(now.x, frame.beat, params.clock == BEATS);
    // Rounding must not put a beat off to the next picture.
    let intervals = select(0.0, floor(number / max(params.interval, 1e-6) + 1e-4), params.interval > 0.0);
    let due = intervals != last.y && counted(PICTURES).w > 0.0;
    let lucky = random_still(vec2i(i32(intervals), 2), 0u) < params.chance;
    let begins = params.go > 0u || (due && lucky);
    let armed = (last.w > 0.0 || params.cut_next > 0u) && tell_scene().x != KEPT;
    return vec4f(select(last.x, now.x + 1.0, begins), intervals, f32(params.hold), select(0.0, 1.0, armed));
}

fn tell_play() -> vec4f {
    let now = tell_pictures();
    let run = tell_run();
    let since = i32(now.x - (run.x - 1.0));
    let repeats = params.order == REPEAT && run.x > 0.0 && since < params.run * params.plays;
    let blooms = repeats && params.run == 1 && since > 0;
    let stays = blooms || (run.z > 0.0 && counted(RUN).z > 0.0);
    let whole = params.keyframe > 0u || tell_scene().x == KEPT || counted(PICTURES).w == 0.0;
    let is_old = params.order != REPEAT || (repeats && params.run > 1);
    let age = select(0, age_of(i32(now.x), since), is_old);
    // Where no pictures come any more, what is held goes on as it went.
    let step = select(share(motion), counted(PLAY).w - counted(PICTURES).z, stays && share(motion) == 0.0);
    return vec4f(f32(age), select(0.0, 1.0, stays), select(0.0, 1.0, whole), now.z + step);
}

// How many pictures ago the motion was that is played now, with the picture of that number.
fn age_of(number: i32, since: i32) -> i32 {
    let place = number % params.run;
    switch params.order {
        case REPEAT: { return since - since % params.run; }
        case REVERSE: { return 2 * place + 1; }
        case SHUFFLE, SORT: { return params.run + place - ranked(number / params.run, place); }
        case OVERLAP: { return overlapped(number / params.run); }
        default: { return jiggled(number); }
    }
}

// Windows begin sooner than the last one ended; when they have fallen two behind they catch up.
fn overlapped(window: i32) -> i32 {
    let late = params.run - max(params.run / params.plays, 1);
    if (late == 0) { return 0; }
    return late * (window % (2 * params.run / late + 1));
}

// Normally distributed (Box & Muller 1958), but never ahead.
fn jiggled(number: i32) -> i32 {
    let radius = sqrt(-2.0 * log(1.0 - random_still(vec2i(number, 3), 0u)));
    let deviation = abs(radius * cos(6.2831853 * random_still(vec2i(number, 3), 1u)));
    return min(i32(deviation * f32(params.run)), 3 * params.run);
}

fn rank_key(block: i32, place: i32) -> f32 {
    if (params.order == SHUFFLE) { return random_still(vec2i(block, place), 4u); }
    return load(weights, vec2i(((block - 1) * params.run + place + 256) % 256, 0), SMEAR).x;
}

// The picture of the last run that comes at this place when its pictures are ranked.
fn ranked(block: i32, place: i32) -> i32 {
    for (var candidate = 0; candidate < params.run; candidate++) {
        let key = rank_key(block, candidate);
        var before = 0;
        for (var other = 0; other < params.run; other++) {
            let rival = rank_key(block, other);
            before += select(0, 1, rival < key || (rival == key && other < candidate));
        }
        if (before == place) { return candidate; }
    }
    return place;
}

fn stays() -> bool { return counted(PLAY).y > 0.0; }

fn age() -> i32 { return i32(counted(PLAY).x); }

fn is_dropped() -> bool { return counted(SCENE).x > 0.0; }

fn cell(at: vec2i, extent: i32) -> vec2i { return vec2i(floor((vec2f(at) + 0.5) / f32(extent))); }

// Where a pixel's block has its middle.
fn middle(at: vec2i) -> vec2i { return cell(at, params.block) * params.block + params.block / 2; }

// What the pixels of a step have in common, so that none looks into the counts: the share of the motion that the step covers,
// or TAKEN, less than any share, where the picture is taken whole.
const TAKEN: f32 = -1.0;

fn step_of_all() -> f32 {
    let play = counted(PLAY);
    return select(play.w - counted(PICTURES).z, TAKEN, play.z > 0.0);
}

// Where to read what may not be wanted: one place stands for all then, so that a picture need not come from memory.
fn where_wanted(at: vec2i, wanted: bool) -> vec2i { return select(vec2i(0), at, wanted); }

// The motion that is played, on the grid that it came on: xy the motion, z how sure it is, w the step.
fn carry(at: vec2i) -> vec4f {
    let held = load(carried, where_wanted(at, stays()), SMEAR);
    let played = past(motions, age(), where_wanted(at, !stays()), SMEAR);
    var packet = select(played, held, stays());
    if (!stays() && is_dropped()) { packet = vec4f(0.0, 0.0, 1.0, 0.0); }
    return vec4f(packet.xyz, step_of_all());
}

fn rounded(v: vec2f) -> vec2f {
    if (params.rounding == 0) { return v; }
    return floor(v * f32(params.rounding) + 0.5) / f32(params.rounding);
}

// A picture of the past between its pixels, read as the state is: else the residual would sharpen or blur it for ever.
fn past_between(n: i32, p: vec2f) -> vec4f {
    let corner = floor(p - 0.5);
    let f = p - 0.5 - corner;
    var x = vec4f(0.0, 1.0 - f.x, f.x, 0.0);
    var y = vec4f(0.0, 1.0 - f.y, f.y, 0.0);
    if (params.interpolation == BICUBIC) {
        x = catmull_rom(f.x);
        y = catmull_rom(f.y);
    }
    var sum = vec4f(0.0);
    for (var row = 0; row < 4; row++) {
        for (var column = 0; column < 4; column++) {
            if (x[column] * y[row] == 0.0) { continue; }
            let place = vec2i(corner) + vec2i(column, row) - 1;
            sum += past(pictures, n, place, params.edge) * (x[column] * y[row]);
        }
    }
    return sum;
}

// What the picture has that its predecessor, moved, does not predict.
fn tell_apart(at: vec2i) -> vec4f {
    if (stays()) { return load(residual, at, SMEAR); }
    if (is_dropped()) { return vec4f(0.0); }
    let n = age();
    let moved = rounded(past(predictions, n, middle(at), SMEAR).xy);
    let now = past(pictures, n, at, SMEAR);
    return now - past_between(n + 1, vec2f(at) + 0.5 + moved);
}

// The cosine transform of 8 by 8 pixels that codecs use (ITU-T T.81, A.3.3), one axis at a time.
fn cosine(frequency: i32, place: i32) -> f32 {
    let scale = select(0.5, 0.35355339, frequency == 0);
    return scale * cos(f32((2 * place + 1) * frequency) * 0.19634954);
}

fn transform_rows(at: vec2i) -> vec4f {
    let start = at.x & ~7;
    var sum = vec4f(0.0);
    for (var n = 0; n < 8; n++) {
        let c = load(residual, vec2i(start + n, at.y), SMEAR);
        sum += vec4f(rgb_to_ycbcr(c.rgb), c.a) * cosine(at.x & 7, n);
    }
    return sum;
}

// Colour is kept half as finely as light.
fn transform_columns(at: vec2i) -> vec4f {
    let start = at.y & ~7;
    var sum = vec4f(0.0);
    for (var n = 0; n < 8; n++) { sum += load(rows, vec2i(at.x, start + n), SMEAR) * cosine(at.y & 7, n); }
    let step = vec4f(2.0, 4.0, 4.0, 2.0) * (exp2(7.0 * (1.0 - params.quality)) - 1.0) * (WHITE / 255.0);
    // With the dead zone of an encoder's inter blocks: a sixth is added before it truncates.
    return sign(sum) * floor(abs(sum) / step + 1.0 / 6.0) * step;
}

fn restore_columns(at: vec2i) -> vec4f {
    let start = at.y & ~7;
    var sum = vec4f(0.0);
    for (var n = 0; n < 8; n++) { sum += load(columns, vec2i(at.x, start + n), SMEAR) * cosine(n, at.y & 7); }
    return sum;
}

fn kept_residual(at: vec2i) -> vec4f {
    if (params.gain == 0.0) { return vec4f(0.0); }
    if (params.quality >= 1.0) { return load(residual, at, SMEAR); }
    let start = at.x & ~7;
    var sum = vec4f(0.0);
    for (var n = 0; n < 8; n++) { sum += load(rows, vec2i(start + n, at.y), SMEAR) * cosine(n, at.x & 7); }
    return vec4f(ycbcr_to_rgb(sum.rgb), sum.a);
}

// Steps within one motion add up to the rounded whole, however many ticks it lasts.
fn moved_by(motion: vec2f, step: f32) -> vec2f {
    if (params.rounding == 0) { return motion * step; }
    let begin = counted(PICTURES).z;
    let end = counted(PLAY).w;
    return rounded(motion * end) - rounded(motion * begin);
}

fn dragged(at: vec2i, moved: vec2f) -> vec4f {
    let p = vec2f(at) + 0.5 + moved;
    if (params.interpolation == BICUBIC) { return cubic(state, p, params.edge); }
    return sample(state, p, params.edge);
}

// Whether a block is taken from the picture whole.
fn is_intra(at: vec2i, packet: vec4f) -> bool {
    let number = counted(PICTURES).x;
    let block = cell(at, select(params.block, 16, params.block == 1));
    let doubt = select(random_still(block, 5u + u32(number)), packet.z, params.intra_by == BY_CONFIDENCE);
    return doubt < params.intra;
}

// How much of the picture leaks in here in this step. What is switched off is left out of the kernel.
fn leak(at: vec2i, packet: vec4f) -> f32 {
    if (params.intra > 0.0 && is_intra(at, packet)) { return 1.0; }
    if (params.refresh <= 0.0) { return 0.0; }
    let moves = length(packet.xy) >= params.threshold;
    if (params.heal != EVERYWHERE && moves != (params.heal == MOVING)) { return 0.0; }
    if (params.refresh >= 1.0) { return 1.0; }
    return 1.0 - pow(1.0 - params.refresh, packet.w);
}

fn drag(at: vec2i) -> vec4f {
    let packet = load(carried, middle(at), SMEAR);
    let part = leak(at, packet);
    let is_taken = packet.w < 0.0 || part >= 1.0;
    let now = load(inputImage, where_wanted(at, is_taken || part > 0.0), SMEAR);
    if (is_taken) { return now; }
    let there = dragged(at, moved_by(packet.xy * params.amount, packet.w)) + kept_residual(at) * (params.gain * packet.w);
    let held = clamp(there, vec4f(0.0), vec4f(WHITE));
    return held + (now - held) * part;
}

// In 8 bits what is seen is truncated, as the reference does; what is dragged is not.
fn show(seen: vec4f, at: vec2i) -> vec4f {
    if (EIGHT_BITS) { return floor(seen); }
    return seen;
}
