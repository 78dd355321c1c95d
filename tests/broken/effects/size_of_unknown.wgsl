/*{
  "DESCRIPTION": "Deliberately broken.",
  "NO_IDENTITY": "a test",
  "INPUTS": [
    {"NAME": "inputImage", "TYPE": "image"}
  ],
  "PASSES": [{"ENTRY": "effect", "TARGET": "a", "WIDTH": "$WIDHT / 2"}, {"ENTRY": "effect"}]
}*/
fn effect(at: vec2i) -> vec4f { return load(inputImage, at, SMEAR); }
// expected: 7:59: '$WIDHT' is unknown here: only $WIDTH and $HEIGHT can be used
