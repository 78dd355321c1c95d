/*{
  "DESCRIPTION": "Deliberately broken.",
  "NO_IDENTITY": "a test",
  "INPUTS": [
    {"NAME": "inputImage", "TYPE": "image"}
  ]
}*/
fn luma(c: vec3f) -> f32 { return c.g; }
fn effect(at: vec2i) -> vec4f { return load(inputImage, at, SMEAR); }
// expected: 8:4: redefinition of `luma`
