/*{
  "DESCRIPTION": "Deliberately broken.",
  "NO_IDENTITY": "a test",
  "INPUTS": [
    {"NAME": "inputImage", "TYPE": "image"}
  ],
  "PASSES": [{"ENTRY": "effect", "WIDTH": "$WIDTH / 2"}]
}*/
fn effect(at: vec2i) -> vec4f { return load(inputImage, at, SMEAR); }
// expected: 7:24: the last pass has the canvas's size: leave WIDTH, HEIGHT and GRID out
