/*{
  "DESCRIPTION": "Deliberately broken.",
  "NO_IDENTITY": "a test",
  "INPUTS": [
    {"NAME": "inputImage", "TYPE": "image"}
  ]
}*/
fn effect(at: vec2i) -> vec4f {
    let c = load(inputImage, at, SMEAR);
    return lod(inputImage, at, SMEAR);
}
// expected: 10:12: no definition in scope for identifier: `lod`
