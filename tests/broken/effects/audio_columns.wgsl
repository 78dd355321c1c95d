/*{
  "DESCRIPTION": "Deliberately broken.",
  "NO_IDENTITY": "a test",
  "INPUTS": [
    {"NAME": "inputImage", "TYPE": "image"},
    {"NAME": "sound", "TYPE": "audio", "MAX": 5000}
  ]
}*/
fn effect(at: vec2i) -> vec4f { return load(inputImage, at, SMEAR); }
// expected: 6:14: MAX of 'sound' is how many columns it has: 1 to 4096
