/*{
  "DESCRIPTION": "Blends the picture with another one.",
  "CREDIT": "ffmpeg blend (libavfilter/vf_blend.c)",
  "EXAMPLE": ["-e plasma:through=false", "-e blend:other=plasma:mode=overlay"],
  "CATEGORIES": ["Composite"],
  "LEVELS": true,
  "INPUTS": [
    {"NAME": "inputImage", "TYPE": "image", "DESCRIPTION": "The upper picture; its alpha is kept."},
    {"NAME": "other", "TYPE": "image", "DESCRIPTION": "The lower picture: the picture itself where none is named."},
    {"NAME": "mode", "TYPE": "long", "VALUES": "blend", "DEFAULT": "screen", "IDENTITY": "normal",
     "DESCRIPTION": "One of ffmpeg's forty modes: normal fades, screen adds light, multiply takes it away, xor breaks bits."},
    {"NAME": "opacity", "TYPE": "float", "UNIT": "ratio", "DEFAULT": 1, "MIN": 0, "MAX": 1, "IDENTITY": 1,
     "DESCRIPTION": "0 is the upper picture, 1 the mode in full. In normal 0 is the lower picture, 1 the upper one."}
  ]
}*/
fn effect(at: vec2i) -> vec4f {
    let upper = load(inputImage, at, SMEAR);
    return vec4f(blend(upper.rgb, load(other, at, SMEAR).rgb, params.mode, params.opacity), upper.a);
}
