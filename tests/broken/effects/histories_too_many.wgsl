/*{
  "DESCRIPTION": "Deliberately broken.",
  "NO_IDENTITY": "a test",
  "INPUTS": [
    {"NAME": "inputImage", "TYPE": "image"},
    {"NAME": "past_0", "TYPE": "history", "MAX": 1},
    {"NAME": "past_1", "TYPE": "history", "MAX": 1},
    {"NAME": "past_2", "TYPE": "history", "MAX": 1},
    {"NAME": "past_3", "TYPE": "history", "MAX": 1},
    {"NAME": "past_4", "TYPE": "history", "MAX": 1}
  ]
}*/
fn effect(at: vec2i) -> vec4f { return load(inputImage, at, SMEAR); }
// expected: 4:3: 5 histories: at most 4 can be read
