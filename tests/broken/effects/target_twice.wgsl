/*{
  "DESCRIPTION": "Deliberately broken.",
  "NO_IDENTITY": "a test",
  "INPUTS": [
    {"NAME": "inputImage", "TYPE": "image"}
  ],
  "PASSES": [
    {"ENTRY": "effect", "TARGET": "a"},
    {"ENTRY": "effect", "TARGET": "a", "FLOAT": true},
    {"ENTRY": "effect"}
  ]
}*/
fn effect(at: vec2i) -> vec4f { return load(inputImage, at, SMEAR); }
// expected: 8:35: target 'a' is declared differently by two passes
