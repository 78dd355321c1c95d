/*{
  "DESCRIPTION": "A polygon, a box, a line, a disc: a generator, for mattes, spots and things to multiply.",
  "CREDIT": "hydra shape, in true proportions",
  "CATEGORIES": ["Generator"],
  "INPUTS": [
    {"NAME": "sides", "TYPE": "long", "DEFAULT": 3, "MIN": 2, "MAX": 64, "DESCRIPTION": "2 is a band, 3 a triangle, 64 a disc."},
    {"NAME": "radius", "TYPE": "float", "UNIT": "ratio", "DEFAULT": 0.5, "MIN": 0, "MAX": 64, "SOFT": [0, 2],
     "DESCRIPTION": "From the centre to the middle of a side: 0 nothing, 1 half the height of the picture."},
    {"NAME": "stretch", "TYPE": "point2D", "UNIT": "ratio", "DEFAULT": [1, 1], "MIN": [0.001, 0.001], "MAX": [64, 64], "SOFT": [[0.01, 0.01], [4, 4]],
     "DESCRIPTION": "How many times as wide and as high it is, before it turns: 4 sides become a box, 64 an ellipse, and a box of [1, 0.01] is a line."},
    {"NAME": "softness", "TYPE": "float", "UNIT": "ratio", "DEFAULT": 0, "MIN": 0, "MAX": 64, "SOFT": [0, 1],
     "DESCRIPTION": "How far beyond its sides it fades out: 0 smooth to the eye, 1 half the height of the picture."},
    {"NAME": "hole", "TYPE": "float", "UNIT": "ratio", "DEFAULT": 0, "MIN": 0, "MAX": 1,
     "DESCRIPTION": "The part of the radius that is cut out of its middle: 0 it is full, 0.9 an outline, 1 nothing is left."},
    {"NAME": "angle", "TYPE": "float", "UNIT": "deg", "DEFAULT": 0, "MIN": -16777216, "MAX": 16777216, "SOFT": [-180, 180],
     "DESCRIPTION": "0 stands on a side, positive turns counter-clockwise, negative clockwise."},
    {"NAME": "centre", "TYPE": "point2D", "UNIT": "ratio", "DEFAULT": [0.5, 0.5], "MIN": [-16, -16], "MAX": [16, 16], "SOFT": [[0, 0], [1, 1]],
     "DESCRIPTION": "Its middle: [0, 0] the upper left corner, [1, 1] the lower right one."},
    {"NAME": "color", "TYPE": "color", "DEFAULT": [1, 1, 1, 1], "DESCRIPTION": "What is inside."},
    {"NAME": "background", "TYPE": "color", "DEFAULT": [0, 0, 0, 1], "DESCRIPTION": "What is outside."}
  ]
}*/
// How far beyond its sides a step from the centre leads, negative inside. A side that is stretched
// lies in another direction, so that beside the nearest one its neighbours count.
fn beyond(away: vec2f, radius: f32) -> f32 {
    let side = 6.2831853 / f32(params.sides);
    let place = away / params.stretch;
    var nearest = 0.0;
    // atan2(0, 0) is undefined.
    if (any(place != vec2f(0.0))) { nearest = round(atan2(place.x, place.y) / side); }
    var farthest = -1e9;
    for (var step = -1; step <= 1; step++) {
        // From straight down, where it stands.
        let angle = side * (nearest + f32(step));
        let way = vec2f(sin(angle), cos(angle));
        farthest = max(farthest, (dot(place, way) - radius) / length(way / params.stretch));
    }
    return farthest;
}

// How much of a pixel is within a distance, with what fades out beyond it.
fn within(distance: f32, pixel: f32) -> f32 {
    return 1.0 - smoothstep(-0.5 * pixel, 0.5 * pixel + params.softness, distance);
}

fn effect(at: vec2i) -> vec4f {
    let pixel = 2.0 / f32(frame.size.y);
    let away = rotated((vec2f(at) + 0.5 - params.centre * vec2f(frame.size)) * pixel, -params.angle);
    let full = within(beyond(away, params.radius), pixel);
    let cut = within(beyond(away, params.radius * params.hole) + params.softness, pixel);
    return mix(params.background, params.color, full - select(0.0, cut, params.hole > 0.0));
}
