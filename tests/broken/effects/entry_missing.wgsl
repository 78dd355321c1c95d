/*{
  "DESCRIPTION": "Deliberately broken.",
  "NO_IDENTITY": "a test",
  "INPUTS": [
    {"NAME": "inputImage", "TYPE": "image"}
  ],
  "PASSES": [{"ENTRY": "efect"}]
}*/
fn effect(at: vec2i) -> vec4f { return load(inputImage, at, SMEAR); }
// expected: 7:24: there is no function 'efect': write fn efect(at: vec2i) -> vec4f
