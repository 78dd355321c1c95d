/*{
  "DESCRIPTION": "Deliberately broken.",
  "NO_IDENTITY": "a test",
  "INPUTS": [
    {"NAME": "inputImage", "TYPE": "image"}
  ],
  "PASSES": [{"ENTRY": "effect", "TARGET": "a", "WIDTH": "$WIDTH / "}, {"ENTRY": "effect"}]
}*/
fn effect(at: vec2i) -> vec4f { return load(inputImage, at, SMEAR); }
// expected: 7:67: expected a number, a name or '(', but the text ends
