/*{
  "DESCRIPTION": "Deliberately broken.",
  "NO_IDENTITY": "a test",
  "INPUTS": [
    {"NAME": "inputImage", "TYPE": "image"},
    {"NAME": "before", "TYPE": "history", "MAX": "2 * $taps"}
  ]
}*/
fn effect(at: vec2i) -> vec4f { return load(inputImage, at, SMEAR); }
// expected: 6:55: '$taps' is unknown here: only the effect's own inputs, as $NAME can be used
