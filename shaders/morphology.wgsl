/*{
  "DESCRIPTION": "Lets what is bright or dark grow by a shape: thick or thin lines, filled holes, specks gone, outlines, and what is finer than the shape.",
  "CREDIT": "OpenCV morphologyEx, each channel for itself; Serra 1982, 'Image Analysis and Mathematical Morphology'",
  "CATEGORIES": ["Stylise", "Matte"],
  "EXAMPLE": ["-e morphology:operation=open:radius=7"],
  "INPUTS": [
    {"NAME": "inputImage", "TYPE": "image"},
    {"NAME": "operation", "TYPE": "long", "VALUES": [0, 1, 2, 3, 4, 5, 6], "LABELS": ["erode", "dilate", "open", "close", "gradient", "top_hat", "black_hat"], "DEFAULT": "dilate", "IDENTITY": "dilate",
     "DESCRIPTION": "erode: dark grows. dilate: bright grows. open: bright that the shape does not fit into goes. close: such dark goes. gradient: outlines, dilated minus eroded. top_hat: the bright that open takes. black_hat: the dark that close takes."},
    {"NAME": "shape", "TYPE": "long", "VALUES": [0, 1, 2, 3], "LABELS": ["box", "cross", "ellipse", "diamond"], "DEFAULT": "ellipse",
     "DESCRIPTION": "What grows out of each pixel: a square, two lines, a disc, a square on its tip."},
    {"NAME": "radius", "TYPE": "float", "UNIT": "px", "DEFAULT": 4, "MIN": 0, "MAX": 64, "SOFT": [0, 24], "IDENTITY": 0,
     "DESCRIPTION": "How far the shape reaches from its middle: 0 is a pixel, which leaves the picture as it is and the last three operations with nothing; r is 2 r + 1 pixels wide. Between whole numbers the two pictures beside are mixed."}
  ],
  "PASSES": [
    {"ENTRY": "first_3", "TARGET": "wide_3", "REPEAT": "$operation > 1 and $radius > 0"},
    {"ENTRY": "first_9", "TARGET": "wide_9", "REPEAT": "$operation > 1 and $radius > 3"},
    {"ENTRY": "first_27", "TARGET": "wide_27", "REPEAT": "$operation > 1 and $radius > 12"},
    {"ENTRY": "first", "TARGET": "one", "REPEAT": "$operation > 1"},
    {"ENTRY": "second_3", "TARGET": "wide_3", "REPEAT": "$radius > 0"},
    {"ENTRY": "second_9", "TARGET": "wide_9", "REPEAT": "$radius > 3"},
    {"ENTRY": "second_27", "TARGET": "wide_27", "REPEAT": "$radius > 12"},
    {"ENTRY": "show"}
  ]
}*/
const ERODE: i32 = 0;
const DILATE: i32 = 1;
const OPEN: i32 = 2;
const CLOSE: i32 = 3;
const GRADIENT: i32 = 4;
const TOP_HAT: i32 = 5;
const BLACK_HAT: i32 = 6;

const BOX: i32 = 0;
const CROSS: i32 = 1;
const ELLIPSE: i32 = 2;

// An extreme does not mind what it meets twice: a run of pixels is covered by a few extremes of 27, 9 or 3 pixels that may
// overlap, along a row or, for the box, in squares. What lies outside the picture does not count: the border pixel read in its
// place is in the shape too, because no shape is narrower toward its middle.

fn closes() -> bool { return params.operation == CLOSE || params.operation == BLACK_HAT; }

// All but these three work on what a first step has made.
fn alone() -> bool { return params.operation <= DILATE || params.operation == GRADIENT; }

// Each step goes to the largest, 1, or the smallest, -1.
fn first_way() -> f32 { return select(-1.0, 1.0, closes()); }

fn second_way() -> f32 { return select(1.0, -1.0, closes() || params.operation == ERODE); }

// The extreme of three extremes side by side, or of nine.
fn widened(image: Image, at: vec2i, step: i32, way: f32) -> vec4f {
    var most = way * extreme(image, at, vec2i(step, 0), 1, way);
    if (params.shape == BOX) {
        most = max(most, way * extreme(image, at - vec2i(0, step), vec2i(step, 0), 1, way));
        most = max(most, way * extreme(image, at + vec2i(0, step), vec2i(step, 0), 1, way));
    }
    return way * most;
}

// How far the shape reaches to the side in a row; the ellipse is rounded as OpenCV's.
fn reach(row: i32, radius: i32) -> i32 {
    if (params.shape == CROSS) { return select(0, radius, row == 0); }
    if (params.shape == ELLIPSE) { return i32(round(sqrt(f32(radius * radius - row * row)))); }
    return radius - abs(row);
}

// The last row in which it reaches so far, -1 where none does: the inverse of that.
fn last_row(far: i32, radius: i32) -> i32 {
    if (far > radius) { return -1; }
    if (far == 0) { return radius; }
    if (params.shape == CROSS) { return 0; }
    if (params.shape == ELLIPSE) { return i32(sqrt(f32(radius * radius - far * far + far) - 0.5)); }
    return radius - far;
}

// The extreme along a row, by pictures of the extremes within `half` pixels; times way, as are the next two.
fn row_by(wide: Image, half: i32, at: vec2i, far: i32, way: f32) -> vec4f {
    let end = far - half;
    var most = way * load(wide, at + vec2i(end, 0), SMEAR);
    for (var x = -end; x < end; x += 2 * half + 1) { most = max(most, way * load(wide, at + vec2i(x, 0), SMEAR)); }
    return most;
}

fn box_by(wide: Image, half: i32, at: vec2i, radius: i32, way: f32) -> vec4f {
    let end = radius - half;
    var most = row_by(wide, half, at + vec2i(0, end), radius, way);
    for (var y = -end; y < end; y += 2 * half + 1) { most = max(most, row_by(wide, half, at + vec2i(0, y), radius, way)); }
    return most;
}

// The extreme of the rows in which the shape reaches from so far to less than so far.
fn rows_by(wide: Image, half: i32, at: vec2i, near: i32, far: i32, radius: i32, way: f32) -> vec4f {
    let inner = last_row(far, radius) + 1;
    let outer = last_row(near, radius);
    var most = vec4f(-1e30);
    for (var row = -outer; row <= outer; row = select(row + 1, max(row + 1, inner), row >= -inner)) {
        most = max(most, row_by(wide, half, at + vec2i(0, row), reach(row, radius), way));
    }
    return most;
}

// The extreme within the shape around a pixel of the picture that the wide ones are of.
fn around(image: Image, at: vec2i, radius: i32, way: f32) -> vec4f {
    if (radius == 0) { return load(image, at, SMEAR); }
    if (params.shape == BOX) {
        if (radius < 4) { return way * box_by(wide_3, 1, at, radius, way); }
        if (radius < 13) { return way * box_by(wide_9, 4, at, radius, way); }
        return way * box_by(wide_27, 13, at, radius, way);
    }
    let narrow = max(rows_by(image, 0, at, 0, 1, radius, way), rows_by(wide_3, 1, at, 1, 4, radius, way));
    let broad = max(rows_by(wide_9, 4, at, 4, 13, radius, way), rows_by(wide_27, 13, at, 13, 1 << 16, radius, way));
    return way * max(narrow, broad);
}

fn grown(image: Image, at: vec2i, way: f32) -> vec4f {
    let whole = floor(params.radius);
    let smaller = around(image, at, i32(whole), way);
    if (params.radius == whole) { return smaller; }
    return mix(smaller, around(image, at, i32(whole) + 1, way), params.radius - whole);
}

fn first_3(at: vec2i) -> vec4f { return widened(inputImage, at, 1, first_way()); }

fn first_9(at: vec2i) -> vec4f { return widened(wide_3, at, 3, first_way()); }

fn first_27(at: vec2i) -> vec4f { return widened(wide_9, at, 9, first_way()); }

fn first(at: vec2i) -> vec4f { return grown(inputImage, at, first_way()); }

fn second_3(at: vec2i) -> vec4f {
    if (alone()) { return widened(inputImage, at, 1, second_way()); }
    return widened(one, at, 1, second_way());
}

fn second_9(at: vec2i) -> vec4f { return widened(wide_3, at, 3, second_way()); }

fn second_27(at: vec2i) -> vec4f { return widened(wide_9, at, 9, second_way()); }

fn show(at: vec2i) -> vec4f {
    let now = load(inputImage, at, SMEAR);
    if (params.operation <= DILATE) { return grown(inputImage, at, second_way()); }
    if (params.operation == GRADIENT) { return vec4f((grown(inputImage, at, second_way()) - load(one, at, SMEAR)).rgb, now.a); }
    // Nothing is opened to more than it was, or closed to less, between whole radii either.
    let way = second_way();
    let fitted = way * min(way * grown(one, at, way), way * now);
    if (params.operation <= CLOSE) { return fitted; }
    return vec4f(way * (now - fitted).rgb, now.a);
}
