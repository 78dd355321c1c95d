/*{
  "DESCRIPTION": "Deliberately broken.",
  "NO_IDENTITY": "a test",
  "INPUTS": [
    {"NAME": "inputImage", "TYPE": "image"},
    {"NAME": "edge", "TYPE": "long", "VALUES": "edge", "DEFAULT": "repeat"}
  ]
}*/
fn effect(at: vec2i) -> vec4f { return load(inputImage, at, SMEAR); }
// expected: 6:14: DEFAULT of 'edge' must be one of blank, smear, wrap, mirror
