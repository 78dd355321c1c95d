/*{
  "DESCRIPTION": "Deliberately broken."
}
fn effect(at: vec2i) -> vec4f { return load(inputImage, at, SMEAR); }
// expected: 1:1: the header's comment is not closed
