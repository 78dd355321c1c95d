/*{
  "DESCRIPTION": "One colour everywhere: a generator, for backgrounds, flashes and mattes.",
  "CREDIT": "hydra solid",
  "EXAMPLE": ["-e solid:color=0.9,0.25,0.35,1"],
  "CATEGORIES": ["Generator"],
  "INPUTS": [
    {"NAME": "color", "TYPE": "color", "DEFAULT": [0.07, 0.05, 0.16, 1],
     "DESCRIPTION": "The colour: alpha 0 lets everything through, 1 nothing."}
  ]
}*/
fn effect(at: vec2i) -> vec4f { return params.color; }
