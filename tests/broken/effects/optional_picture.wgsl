/*{
  "DESCRIPTION": "Deliberately broken.",
  "NO_IDENTITY": "a test",
  "INPUTS": [
    {"NAME": "inputImage", "TYPE": "image"},
    {"NAME": "other", "TYPE": "image", "OPTIONAL": true}
  ]
}*/
fn effect(at: vec2i) -> vec4f { return load(inputImage, at, SMEAR) + load(other, at, SMEAR); }
// expected: 6:14: 'other' is no table: only a table can be OPTIONAL
