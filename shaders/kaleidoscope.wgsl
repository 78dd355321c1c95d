/*{
  "DESCRIPTION": "Mirrors a wedge of the picture around a centre.",
  "CREDIT": "hydra kaleid, re-centred; the eight mirrored wedges of the classic toy",
  "CATEGORIES": ["Geometry"],
  "INPUTS": [
    {"NAME": "inputImage", "TYPE": "image"},
    {"NAME": "segments", "TYPE": "long", "DEFAULT": 6, "MIN": 0, "MAX": 256, "IDENTITY": 0,
     "DESCRIPTION": "How many times the wedge and its mirror image go around: 0 leaves the picture as it is, 1 is one mirror, 2 are two, 6 a snowflake, 256 nearly rings."},
    {"NAME": "mirror", "TYPE": "bool", "DEFAULT": true,
     "DESCRIPTION": "On: half of each segment mirrors the other, so that there are no seams. Off: the wedge is as wide as the segment, and all face the same way."},
    {"NAME": "angle", "TYPE": "float", "UNIT": "deg", "DEFAULT": 90, "MIN": -16777216, "MAX": 16777216, "SOFT": [-180, 180],
     "DESCRIPTION": "Where the wedge that the others repeat begins: 0 to the right, 90 up, -90 down. The mirrors turn with it."},
    {"NAME": "rotate", "TYPE": "float", "UNIT": "deg", "DEFAULT": 0, "MIN": -16777216, "MAX": 16777216, "SOFT": [-180, 180],
     "DESCRIPTION": "Turns the picture under the mirrors: positive counter-clockwise, negative clockwise."},
    {"NAME": "zoom", "TYPE": "float", "UNIT": "ratio", "DEFAULT": 0.5, "MIN": 0.01, "MAX": 64, "SOFT": [0.25, 4],
     "DESCRIPTION": "Scales the picture under the mirrors: 0.01 is far away, 1 as it is, 64 close."},
    {"NAME": "offset", "TYPE": "point2D", "UNIT": "px", "DEFAULT": [0, 0], "MIN": [-1048576, -1048576], "MAX": [1048576, 1048576],
     "SOFT": [[-1000, -1000], [1000, 1000]],
     "DESCRIPTION": "Moves the picture under the mirrors: positive right and down, negative left and up."},
    {"NAME": "centre", "TYPE": "point2D", "UNIT": "ratio", "DEFAULT": [0.5, 0.5], "MIN": [-16, -16], "MAX": [16, 16], "SOFT": [[0, 0], [1, 1]],
     "DESCRIPTION": "Where the mirrors meet: [0, 0] the upper left corner, [1, 1] the lower right one."},
    {"NAME": "edge", "TYPE": "long", "VALUES": "edge", "DEFAULT": "mirror",
     "DESCRIPTION": "What lies outside the picture: nothing, the border pixel drawn out, the picture again, or mirrored."}
  ]
}*/
// The step within the wedge that a step from the centre repeats. By whole turns of segments, not by its angle: where
// these are quarter turns, all wedges are the same to the bit.
fn into_wedge(away: vec2f) -> vec2f {
    // atan2(0, 0) is undefined.
    if (all(away == vec2f(0.0))) { return away; }
    let number = round(degrees(atan2(-away.y, away.x)) * f32(params.segments) / 360.0);
    let first = rotated(away, -number * 360.0 / f32(params.segments));
    return vec2f(first.x, select(first.y, -abs(first.y), params.mirror != 0u));
}

fn effect(at: vec2i) -> vec4f {
    if (params.segments == 0) { return load(inputImage, at, SMEAR); }
    let extent = size(inputImage);
    let centre = params.centre * vec2f(extent);
    let wedge = into_wedge(rotated(vec2f(at) + 0.5 - centre, -params.angle));
    let p = centre + rotated(wedge, params.angle - params.rotate) / params.zoom - params.offset;
    if (params.edge == MIRROR) { return sample(inputImage, fold(p, extent), SMEAR); }
    return sample(inputImage, p, params.edge);
}
