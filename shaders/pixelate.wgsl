/*{
  "DESCRIPTION": "Makes large pixels of small ones.",
  "CREDIT": "hydra pixelate (nearest); a box mean, each pixel read but once",
  "CATEGORIES": ["Stylise"],
  "INPUTS": [
    {"NAME": "inputImage", "TYPE": "image"},
    {"NAME": "block", "TYPE": "point2D", "UNIT": "px", "DEFAULT": [24, 24], "MIN": [1, 1], "MAX": [8192, 8192], "SOFT": [[1, 1], [200, 200]], "IDENTITY": [1, 1],
     "DESCRIPTION": "Width and height of a block: 1 is a pixel and leaves the picture as it is, 8192 one block. Long ones smear."},
    {"NAME": "color", "TYPE": "long", "VALUES": [0, 1], "LABELS": ["mean", "nearest"], "DEFAULT": "mean",
     "DESCRIPTION": "A block has the mean of its pixels, calm in motion, or the pixel in its middle, which flickers and keeps its colour."},
    {"NAME": "centre", "TYPE": "point2D", "UNIT": "ratio", "DEFAULT": [0.5, 0.5], "MIN": [-16, -16], "MAX": [16, 16], "SOFT": [[0, 0], [1, 1]],
     "DESCRIPTION": "Where four blocks meet, and grow from: [0, 0] the upper left corner, [1, 1] the lower right one."}
  ],
  "PASSES": [{"ENTRY": "across", "TARGET": "rows", "FLOAT": true}, {"ENTRY": "down", "TARGET": "blocks", "FLOAT": true}, {"ENTRY": "show"}]
}*/
const MEAN: i32 = 0;

fn origin() -> vec2f { return round(params.centre * vec2f(size(inputImage))); }

fn extent() -> vec2f { return max(params.block, vec2f(1.0)); }

// The number of the block that holds a pixel, on each axis; the one in the upper left corner has (0, 0).
fn number(at: vec2i) -> vec2i {
    let place = (vec2f(at) + 0.5 - origin()) / extent();
    return vec2i(floor(place) - floor((0.5 - origin()) / extent()));
}

// The first pixels of a block, cut off where the picture ends.
fn first(block: vec2i) -> vec2i {
    let place = vec2f(block) + floor((0.5 - origin()) / extent());
    return clamp(vec2i(ceil(place * extent() + origin() - 0.5)), vec2i(0), size(inputImage));
}

// The means along rows: pixel x has those of the x-th block.
fn across(at: vec2i) -> vec4f {
    if (params.color != MEAN || at.x > number(size(inputImage) - 1).x) { return vec4f(0.0); }
    let begin = first(at).x;
    let end = max(first(at + 1).x, begin + 1);
    var sum = vec4f(0.0);
    for (var x = begin; x < end; x++) { sum += load(inputImage, vec2i(x, at.y), SMEAR); }
    return sum / f32(end - begin);
}

// The means of these along columns: a pixel for each block.
fn down(at: vec2i) -> vec4f {
    if (params.color != MEAN || any(at > number(size(inputImage) - 1))) { return vec4f(0.0); }
    let begin = first(at).y;
    let end = max(first(at + 1).y, begin + 1);
    var sum = vec4f(0.0);
    for (var y = begin; y < end; y++) { sum += load(rows, vec2i(at.x, y), SMEAR); }
    return sum / f32(end - begin);
}

fn show(at: vec2i) -> vec4f {
    let block = number(at);
    if (params.color == MEAN) { return load(blocks, block, SMEAR); }
    return load(inputImage, (first(block) + first(block + 1)) / 2, SMEAR);
}
