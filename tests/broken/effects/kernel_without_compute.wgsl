/*{
  "DESCRIPTION": "Deliberately broken.",
  "NO_IDENTITY": "a test",
  "INPUTS": [
    {"NAME": "inputImage", "TYPE": "image"}
  ],
  "PASSES": [{"ENTRY": "effect", "KERNEL": true}]
}*/
fn effect(at: vec2i) -> vec4f { return load(inputImage, at, SMEAR); }
// expected: 7:24: there is no @compute function 'effect', which PASSES names as a KERNEL
