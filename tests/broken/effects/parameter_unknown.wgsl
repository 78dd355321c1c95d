/*{
  "DESCRIPTION": "Deliberately broken.",
  "NO_IDENTITY": "a test",
  "INPUTS": [
    {"NAME": "inputImage", "TYPE": "image"}
  ]
}*/
fn effect(at: vec2i) -> vec4f {
    return load(inputImage, at, SMEAR) * params.amount;
}
// expected: 9:49: invalid field accessor `amount`
