/*{
  "DESCRIPTION": "A board of two colours: a generator, for mattes, maps and the eighties.",
  "CREDIT": "A square wave on each axis, multiplied",
  "CATEGORIES": ["Generator"],
  "INPUTS": [
    {"NAME": "cell", "TYPE": "point2D", "UNIT": "px", "DEFAULT": [80, 80], "MIN": [1, 1], "MAX": [16384, 16384], "SOFT": [[4, 4], [400, 400]],
     "DESCRIPTION": "Width and height of a field: 1 is a pixel. What is larger than the picture on one axis leaves stripes."},
    {"NAME": "angle", "TYPE": "float", "UNIT": "deg", "DEFAULT": 0, "MIN": -16777216, "MAX": 16777216, "SOFT": [-180, 180],
     "DESCRIPTION": "Positive turns the board counter-clockwise about its centre, negative clockwise."},
    {"NAME": "softness", "TYPE": "float", "UNIT": "px", "DEFAULT": 1, "MIN": 0, "MAX": 16384, "SOFT": [0, 80],
     "DESCRIPTION": "How wide the edges are: 0 is hard, 1 smooth to the eye, a field's width a ramp from one middle to the next."},
    {"NAME": "scroll", "TYPE": "point2D", "UNIT": "px", "DEFAULT": [0, 0], "MIN": [-16384, -16384], "MAX": [16384, 16384],
     "SOFT": [[-400, -400], [400, 400]], "DESCRIPTION": "Pixels that it moves in a second: positive right and down, 0 stands."},
    {"NAME": "offset", "TYPE": "point2D", "UNIT": "px", "DEFAULT": [0, 0], "MIN": [-1048576, -1048576], "MAX": [1048576, 1048576],
     "SOFT": [[-400, -400], [400, 400]], "DESCRIPTION": "Moves it: positive right and down. With scroll 0 an expression can play it without a jump."},
    {"NAME": "centre", "TYPE": "point2D", "UNIT": "ratio", "DEFAULT": [0.5, 0.5], "MIN": [-16, -16], "MAX": [16, 16], "SOFT": [[0, 0], [1, 1]],
     "DESCRIPTION": "Where four fields meet: [0, 0] the upper left corner, [1, 1] the lower right one."},
    {"NAME": "first", "TYPE": "color", "DEFAULT": [0.04, 0.04, 0.06, 1], "DESCRIPTION": "The colour to the upper left of the centre."},
    {"NAME": "second", "TYPE": "color", "DEFAULT": [0.94, 0.93, 0.9, 1], "DESCRIPTION": "The colour beside it."}
  ]
}*/
// 1 on even fields, -1 on odd ones; in between as far as an edge is wide.
fn side(p: vec2f) -> vec2f {
    let inside = (0.5 - abs(fract(p / params.cell) - 0.5)) * params.cell;
    let height = clamp(inside / max(0.5 * params.softness, 0.0001), vec2f(0.0), vec2f(1.0));
    return select(-height, height, fract(floor(p / params.cell) * 0.5) == vec2f(0.0));
}

fn effect(at: vec2i) -> vec4f {
    let away = vec2f(at) + 0.5 - params.centre * vec2f(frame.size) - params.offset - params.scroll * frame.time;
    let sides = side(rotated(away, -params.angle));
    return mix(params.second, params.first, 0.5 + 0.5 * sides.x * sides.y);
}
