/*{
  "DESCRIPTION": "Deliberately broken.",
  "NO_IDENTITY": "a test",
  "INPUTS": [
    {"NAME": "inputImage", "TYPE": "image"}
  ],
  "PASSES": [{"ENTRY": "effect", "TARGET": "a", "REPEAT": "floor(time)"}, {"ENTRY": "effect"}]
}*/
fn effect(at: vec2i) -> vec4f { return load(inputImage, at, SMEAR); }
// expected: 7:66: 'time' is unknown here: only the effect's own inputs, as $NAME can be used
