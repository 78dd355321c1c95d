/*{
  "DESCRIPTION": "Deliberately broken.",
  "INPUTS": [
    {"NAME": "inputImage", "TYPE": "image"}
  ]
}*/
fn effect(at: vec2i) -> vec4f { return load(inputImage, at, SMEAR); }
// expected: 1:1: say which values leave the picture unchanged: give an input an IDENTITY, or NO_IDENTITY with the reason
