/*{
  "DESCRIPTION": "Deliberately broken.",
  "NO_IDENTITY": "a test",
  "INPUTS": [
    {"NAME": "inputImage", "TYPE": "image"},
    {"NAME": "before", "TYPE": "history"}
  ]
}*/
fn effect(at: vec2i) -> vec4f { return load(inputImage, at, SMEAR); }
// expected: 6:14: history 'before' needs MAX, how many pictures back it reaches: 1 to 255, or an expression over inputs
