/*{
  "DESCRIPTION": "Deliberately broken.",
  "NO_IDENTITY": "a test",
  "INPUTS": [
    {"NAME": "inputImage", "TYPE": "image"}
  ]
}*/
fn effect(at: vec2i) -> vec4f {
    let c = load(inputImage, at, SMEAR);
    return c * vec3f(1.0);
}
// expected: 10:12: (of type vec4<f32>) and
