/*{
  "DESCRIPTION": "Deliberately broken.",
  "NO_IDENTITY": "a test",
  "INPUTS": [
    {"NAME": "inputImage", "TYPE": "image"}
  ]
}*/
fn effect(at: vec2i) -> vec4f {
    let c = load(inputImage, at, SMEAR);
}
// expected: 8:1: does not match the declared return type
