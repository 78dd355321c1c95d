/*{
  "DESCRIPTION": "Deliberately broken.",
  "INPUTS": [
    {"NAME": "inputImage", "TYPE": "image"},
    {"NAME": "amount", "TYPE": "float", "DEFAULT": 1, "MIN": 0.5, "MAX": 1, "IDENTITY": 0}
  ]
}*/
fn effect(at: vec2i) -> vec4f { return load(inputImage, at, SMEAR); }
// expected: 5:14: IDENTITY of 'amount' is outside what it allows: 0.5 to 1
