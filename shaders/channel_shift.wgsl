/*{
  "DESCRIPTION": "Moves the red, green and blue channels apart, by whole pixels.",
  "CREDIT": "PIL ImageChops.offset (wrap); ffmpeg rgbashift (smear, wrap)",
  "CATEGORIES": ["Geometry", "Glitch"],
  "INPUTS": [
    {"NAME": "inputImage", "TYPE": "image"},
    {"NAME": "red", "TYPE": "point2D", "UNIT": "px", "DEFAULT": [12, 0], "MIN": [-8192, -8192], "MAX": [8192, 8192],
     "SOFT": [[-200, -200], [200, 200]], "IDENTITY": [0, 0],
     "DESCRIPTION": "Offset of red: positive moves it right and down, negative left and up; 0 leaves it in place."},
    {"NAME": "green", "TYPE": "point2D", "UNIT": "px", "DEFAULT": [0, 0], "MIN": [-8192, -8192], "MAX": [8192, 8192],
     "SOFT": [[-200, -200], [200, 200]], "IDENTITY": [0, 0], "DESCRIPTION": "Offset of green, like that of red."},
    {"NAME": "blue", "TYPE": "point2D", "UNIT": "px", "DEFAULT": [-12, 0], "MIN": [-8192, -8192], "MAX": [8192, 8192],
     "SOFT": [[-200, -200], [200, 200]], "IDENTITY": [0, 0], "DESCRIPTION": "Offset of blue, like that of red."},
    {"NAME": "edge", "TYPE": "long", "VALUES": "edge", "DEFAULT": "wrap",
     "DESCRIPTION": "What comes in at the border: nothing, the border pixel drawn out, the other side, or the mirrored picture."}
  ]
}*/
fn effect(at: vec2i) -> vec4f {
    return vec4f(
        load(inputImage, at - vec2i(round(params.red)), params.edge).r,
        load(inputImage, at - vec2i(round(params.green)), params.edge).g,
        load(inputImage, at - vec2i(round(params.blue)), params.edge).b,
        load(inputImage, at, params.edge).a,
    );
}
