/*{
  "DESCRIPTION": "Blends each picture with the one before it.",
  "CREDIT": "ffmpeg tblend (libavfilter/vf_blend.c)",
  "CATEGORIES": ["Time", "Composite"],
  "LEVELS": true,
  "INPUTS": [
    {"NAME": "inputImage", "TYPE": "image", "DESCRIPTION": "The upper picture: the current one."},
    {"NAME": "before", "TYPE": "history", "MAX": 1, "DESCRIPTION": "The lower picture: the one before; the first picture comes before itself."},
    {"NAME": "mode", "TYPE": "long", "VALUES": "blend", "DEFAULT": "difference", "IDENTITY": "normal",
     "DESCRIPTION": "One of ffmpeg's forty modes: difference shows what moves, lighten and darken smear it, xor and stain break it."},
    {"NAME": "opacity", "TYPE": "float", "UNIT": "ratio", "DEFAULT": 1, "MIN": 0, "MAX": 1, "IDENTITY": 1,
     "DESCRIPTION": "0 is the current picture, 1 the mode in full. In normal 0 is the picture before, 1 the current one."}
  ]
}*/
fn effect(at: vec2i) -> vec4f {
    let now = load(inputImage, at, SMEAR);
    return vec4f(blend(now.rgb, past(before, 1, at, SMEAR).rgb, params.mode, params.opacity), now.a);
}
