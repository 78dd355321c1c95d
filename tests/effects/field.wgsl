/*{
  "DESCRIPTION": "A motion that is known: all goes on by a step, turns about the middle and comes nearer.",
  "NO_IDENTITY": "a field is no picture",
  "OUTPUT": "flow",
  "INPUTS": [
    {"NAME": "inputImage", "TYPE": "image"},
    {"NAME": "step", "TYPE": "point2D", "UNIT": "px", "DEFAULT": [0, 0], "MIN": [-512, -512], "MAX": [512, 512],
     "DESCRIPTION": "How far it goes in a picture: positive right and down."},
    {"NAME": "angle", "TYPE": "float", "UNIT": "deg", "DEFAULT": 0, "MIN": -180, "MAX": 180, "DESCRIPTION": "How far it turns in a picture, counter-clockwise."},
    {"NAME": "zoom", "TYPE": "float", "UNIT": "ratio", "DEFAULT": 1, "MIN": 0.1, "MAX": 10, "DESCRIPTION": "How much larger it is in each picture."},
    {"NAME": "column", "TYPE": "float", "UNIT": "px", "DEFAULT": 0, "MIN": 0, "MAX": 8192, "DESCRIPTION": "The column from which it moves; left of it all is still."}
  ]
}*/
fn effect(at: vec2i) -> vec4f {
    let away = vec2f(at) + 0.5 - 0.5 * vec2f(frame.size);
    let was = rotated(away - params.step, -params.angle) / params.zoom;
    return select(vec4f(0.0, 0.0, 1.0, 1.0), vec4f(was - away, 1.0, 1.0), f32(at.x) >= params.column);
}
