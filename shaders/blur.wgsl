/*{
  "DESCRIPTION": "Blurs: evenly, as a bell, along a line, or away from a point.",
  "CREDIT": "OpenCV blur and GaussianBlur, where the radius is whole and at most 16",
  "CATEGORIES": ["Stylise"],
  "EXAMPLE": ["-e blur:kind=zoom:radius=60"],
  "INPUTS": [
    {"NAME": "inputImage", "TYPE": "image"},
    {"NAME": "kind", "TYPE": "long", "VALUES": [0, 1, 2, 3], "LABELS": ["box", "gaussian", "directional", "zoom"], "DEFAULT": "gaussian",
     "DESCRIPTION": "box: the mean of a square. gaussian: a bell, as out of focus. directional: along a line, as by a pan. zoom: toward and away from the centre, as by a zoom lens."},
    {"NAME": "radius", "TYPE": "float", "UNIT": "px", "DEFAULT": 12, "MIN": 0, "MAX": 1024, "SOFT": [0, 128], "IDENTITY": 0,
     "DESCRIPTION": "How far it reaches each way, for zoom as far from the middle as a corner is: 0 is sharp. Box and gaussian cost most at 16: from there on they work on a smaller picture."},
    {"NAME": "spread", "TYPE": "float", "UNIT": "ratio", "DEFAULT": 0.33, "MIN": 0.05, "MAX": 16, "SOFT": [0.1, 1],
     "DESCRIPTION": "Of gaussian, the standard deviation in radii: 0.33 falls to nothing at the radius, 0.05 hardly blurs, 1 is nearly a box."},
    {"NAME": "angle", "TYPE": "float", "UNIT": "deg", "DEFAULT": 0, "MIN": -16777216, "MAX": 16777216, "SOFT": [-180, 180],
     "DESCRIPTION": "Of directional, how the line lies, counter-clockwise: 0 level, 90 upright."},
    {"NAME": "centre", "TYPE": "point2D", "UNIT": "ratio", "DEFAULT": [0.5, 0.5], "MIN": [-16, -16], "MAX": [16, 16], "SOFT": [[0, 0], [1, 1]],
     "DESCRIPTION": "Of zoom, what stays sharp: [0, 0] the upper left corner, [1, 1] the lower right one."},
    {"NAME": "edge", "TYPE": "long", "VALUES": "edge", "DEFAULT": "mirror",
     "DESCRIPTION": "What is mixed in at the border: nothing, the border pixel, the other side, or the mirrored picture, as in OpenCV without its border pixel."}
  ],
  "PASSES": [
    {"ENTRY": "narrow", "TARGET": "narrowed", "WIDTH": "$WIDTH / 4", "FLOAT": true, "REPEAT": "$kind < 2 and $radius > 16"},
    {"ENTRY": "lower", "TARGET": "small", "WIDTH": "$WIDTH / 4", "HEIGHT": "$HEIGHT / 4", "FLOAT": true, "REPEAT": "$kind < 2 and $radius > 16"},
    {"ENTRY": "small_rows", "TARGET": "softer", "WIDTH": "$WIDTH / 4", "HEIGHT": "$HEIGHT / 4", "FLOAT": true, "REPEAT": "$kind < 2 and $radius > 16"},
    {"ENTRY": "small_columns", "TARGET": "soft", "WIDTH": "$WIDTH / 4", "HEIGHT": "$HEIGHT / 4", "FLOAT": true, "REPEAT": "$kind < 2 and $radius > 16"},
    {"ENTRY": "first", "TARGET": "half_done", "FLOAT": true, "REPEAT": "$kind >= 2 or $radius < 16.1"},
    {"ENTRY": "show"}
  ]
}*/
const GAUSSIAN: i32 = 1;
const DIRECTIONAL: i32 = 2;
const ZOOM: i32 = 3;

fn is_large() -> bool { return params.kind <= GAUSSIAN && params.radius > 16.0; }

// The pixel at p of a picture of size n, which may lie in the corner of a larger one. What is mirrored at the middle of its
// border pixels is mirrored, in a smaller one, at the border of its first cells.
fn read(image: Image, p: vec2i, n: vec2i) -> vec4f {
    if (params.edge == MIRROR) {
        let place = select(vec2i(fold(vec2f(p) + 0.5, n)), mirrored(p, n), all(n == size(inputImage)));
        return load(image, place, SMEAR);
    }
    if (params.edge == BLANK && outside(p, n)) { return vec4f(0.0); }
    return load(image, inside(p, n, params.edge), SMEAR);
}

// The same between pixels, as `sample` does it.
fn between(image: Image, p: vec2f, n: vec2i) -> vec4f {
    let corner = vec2i(floor(p - 0.5));
    let f = p - 0.5 - vec2f(corner);
    let upper = mix(read(image, corner, n), read(image, corner + vec2i(1, 0), n), f.x);
    let lower = mix(read(image, corner + vec2i(0, 1), n), read(image, corner + vec2i(1, 1), n), f.x);
    return mix(upper, lower, f.y);
}

// The mean along an axis. The outermost pixels count for as much of them as the radius reaches.
fn mean(image: Image, at: vec2i, axis: vec2i, n: vec2i, radius: f32, deviation: f32) -> vec4f {
    let fall = select(0.0, 0.5 / (deviation * deviation), params.kind == GAUSSIAN);
    var sum = read(image, at, n);
    var total = 1.0;
    for (var far = 1; f32(far) < radius + 1.0; far++) {
        let weight = min(radius + 1.0 - f32(far), 1.0) * exp(-fall * f32(far * far));
        sum += weight * (read(image, at + far * axis, n) + read(image, at - far * axis, n));
        total += 2.0 * weight;
    }
    return sum / total;
}

// How many pixels the smaller picture has, so that a radius is 4 to 16 of them. Each is the mean of a cell of the picture.
fn cells() -> vec2i {
    let pixels = exp2(max(2.0, ceil(log2(params.radius / 16.0))));
    return clamp(vec2i(round(vec2f(size(inputImage)) / pixels)), vec2i(1), size(small));
}

// The mean of pixels from one place to another along an axis, those at its ends by what lies within.
fn cell(image: Image, at: vec2i, axis: vec2i, begin: f32, end: f32) -> vec4f {
    var sum = vec4f(0.0);
    for (var x = floor(begin); x < end; x += 1.0) {
        sum += (min(x + 1.0, end) - max(x, begin)) * load(image, at * (1 - axis) + i32(x) * axis, SMEAR);
    }
    return sum / (end - begin);
}

fn narrow(at: vec2i) -> vec4f {
    let n = cells();
    let wide = f32(size(inputImage).x) / f32(n.x);
    if (at.x >= n.x) { return vec4f(0.0); }
    return cell(inputImage, at, vec2i(1, 0), f32(at.x) * wide, f32(at.x + 1) * wide);
}

fn lower(at: vec2i) -> vec4f {
    let n = cells();
    let high = f32(size(inputImage).y) / f32(n.y);
    if (any(at >= n)) { return vec4f(0.0); }
    return cell(narrowed, at, vec2i(0, 1), f32(at.y) * high, f32(at.y + 1) * high);
}

// The mean along an axis of the smaller picture. Cells and the reading between them have blurred already: the variance of
// a cell is 1/12 of a pixel, that of reading between two of them 1/6 on the average.
fn small_mean(image: Image, at: vec2i, axis: vec2i) -> vec4f {
    let n = cells();
    if (any(at >= n)) { return vec4f(0.0); }
    let pixels = dot(vec2f(size(inputImage)) / vec2f(n), vec2f(axis));
    let deviation = params.spread * params.radius / pixels;
    let radius = (params.radius + 0.5) / pixels - 0.5;
    return mean(image, at, axis, n, radius, sqrt(max(deviation * deviation - 0.25, 0.01)));
}

fn small_rows(at: vec2i) -> vec4f { return small_mean(small, at, vec2i(1, 0)); }

fn small_columns(at: vec2i) -> vec4f { return small_mean(softer, at, vec2i(0, 1)); }

// How often each of two passes reads, so that what both together read along the way lies at most a pixel apart; from a
// radius of 512 on further apart, so that the cost has an end.
fn taps() -> i32 { return clamp(i32(ceil(sqrt(2.0 * params.radius))), 2, 32); }

// A mean along the way, `share` of its length apart; the second pass repeats the whole of the first.
fn trail(image: Image, at: vec2i, share: f32) -> vec4f {
    let n = size(inputImage);
    let p = vec2f(at) + 0.5;
    let middle = params.centre * vec2f(n);
    let line = rotated(vec2f(2.0 * params.radius, 0.0), params.angle);
    let growth = 4.0 * params.radius / length(vec2f(n));
    var sum = vec4f(0.0);
    for (var tap = 0; tap < taps(); tap++) {
        let step = share * (f32(tap) - 0.5 * f32(taps() - 1));
        let place = select(p + step * line, middle + (p - middle) * exp(step * growth), params.kind == ZOOM);
        sum += between(image, place, n);
    }
    return sum / f32(taps());
}

fn first(at: vec2i) -> vec4f {
    if (params.kind >= DIRECTIONAL) { return trail(inputImage, at, 1.0 / f32(taps() * taps())); }
    return mean(inputImage, at, vec2i(1, 0), size(inputImage), params.radius, params.spread * params.radius);
}

fn show(at: vec2i) -> vec4f {
    let n = size(inputImage);
    if (params.radius == 0.0) { return load(inputImage, at, SMEAR); }
    if (params.kind >= DIRECTIONAL) { return trail(half_done, at, 1.0 / f32(taps())); }
    if (is_large()) { return between(soft, (vec2f(at) + 0.5) * vec2f(cells()) / vec2f(n), cells()); }
    return mean(half_done, at, vec2i(0, 1), n, params.radius, params.spread * params.radius);
}
