/*{
  "DESCRIPTION": "Deliberately broken.",
  "NO_IDENTITY": "a test",
  "INPUTS": [
    {"NAME": "inputImage", "TYPE": "image"},
    {"NAME": "amount", "TYPE": "double", "MIN": 0, "MAX": 1}
  ]
}*/
fn effect(at: vec2i) -> vec4f { return load(inputImage, at, SMEAR); }
// expected: 6:14: TYPE 'double' of 'amount' is unknown: use event, bool, long, float, point2D, color, image, table, flow or history
