/*{
  "DESCRIPTION": "Deliberately broken.",
  "NO_IDENTITY": "a test",
  "INPUTS": [
    {"NAME": "inputImage", "TYPE": "image"},
    {"NAME": "picture_0", "TYPE": "image"},
    {"NAME": "picture_1", "TYPE": "image"},
    {"NAME": "picture_2", "TYPE": "image"},
    {"NAME": "picture_3", "TYPE": "image"},
    {"NAME": "picture_4", "TYPE": "image"},
    {"NAME": "picture_5", "TYPE": "image"},
    {"NAME": "picture_6", "TYPE": "image"},
    {"NAME": "picture_7", "TYPE": "image"},
    {"NAME": "picture_8", "TYPE": "image"},
    {"NAME": "picture_9", "TYPE": "image"},
    {"NAME": "picture_10", "TYPE": "image"},
    {"NAME": "picture_11", "TYPE": "image"},
    {"NAME": "picture_12", "TYPE": "image"},
    {"NAME": "picture_13", "TYPE": "image"},
    {"NAME": "picture_14", "TYPE": "image"}
  ]
}*/
fn effect(at: vec2i) -> vec4f { return load(inputImage, at, SMEAR); }
// expected: 4:3: 16 pictures and targets: a pass can read at most 15
