/*{
  "DESCRIPTION": "Deliberately broken.",
  "NO_IDENTITY": "a test",
  "INPUTS": [
    {"NAME": "inputImage", "TYPE": "image"},
    {"NAME": "edge", "TYPE": "long", "VALUES": "edges"}
  ]
}*/
fn effect(at: vec2i) -> vec4f { return load(inputImage, at, SMEAR); }
// expected: 6:14: VALUES 'edges' of 'edge' is unknown: use a list of numbers, "edge" or "blend"
