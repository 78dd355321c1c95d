/*{
  "DESCRIPTION": "Deliberately broken.",
  "NO_IDENTITY": "a test",
  "INPUTS": [
    {"NAME": "inputImage", "TYPE": "image"}
  ]
}*/
fn effect(at: vec2f) -> vec4f { return vec4f(0.0); }
// expected: 8:1: a pass must be fn effect(at: vec2i) -> vec4f
