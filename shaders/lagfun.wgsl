/*{
  "DESCRIPTION": "Bright things leave a trail.",
  "INPUTS": [
    {"NAME": "inputImage", "TYPE": "image"},
    {"NAME": "decay", "TYPE": "float", "DEFAULT": 0.95, "MIN": 0, "MAX": 1, "IDENTITY": 0}
  ],
  "LEVELS": true,
  "PASSES": [{"ENTRY": "decay_trail", "TARGET": "trail", "PERSISTENT": true, "FLOAT": true}]
}*/
fn decay_trail(at: vec2i) -> vec4f {
    let now = load(inputImage, at, SMEAR);
    return vec4f(max(now, load(trail, at, SMEAR) * params.decay).rgb, now.a);
}
