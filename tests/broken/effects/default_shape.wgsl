/*{
  "DESCRIPTION": "Deliberately broken.",
  "NO_IDENTITY": "a test",
  "INPUTS": [
    {"NAME": "inputImage", "TYPE": "image"},
    {"NAME": "place", "TYPE": "point2D", "DEFAULT": 3, "MIN": [0, 0], "MAX": [9, 9]}
  ]
}*/
fn effect(at: vec2i) -> vec4f { return load(inputImage, at, SMEAR); }
// expected: 6:14: DEFAULT of 'place' must be two numbers, [x, y]
