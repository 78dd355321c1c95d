/*{
  "DESCRIPTION": "Bright things leave a trail: each channel keeps its brightest value and lets it fade.",
  "CREDIT": "ffmpeg lagfun (libavfilter/vf_lagfun.c)",
  "EXAMPLE": ["-e lagfun:decay=0.985"],
  "CATEGORIES": ["Feedback", "Time"],
  "LEVELS": true,
  "INPUTS": [
    {"NAME": "inputImage", "TYPE": "image"},
    {"NAME": "decay", "TYPE": "float", "UNIT": "ratio", "DEFAULT": 0.95, "MIN": 0, "MAX": 1, "SOFT": [0.5, 1], "IDENTITY": 0,
     "DESCRIPTION": "What is left of the trail after each picture of the source: 0 leaves none, 1 keeps the brightest for ever."},
    {"NAME": "tint", "TYPE": "color", "DEFAULT": [1, 1, 1, 1],
     "DESCRIPTION": "A factor on the decay of each channel: white leaves white trails, red ones that turn red as they fade. 0 in a channel leaves it without a trail, as ffmpeg's planes do."}
  ],
  "PASSES": [{"ENTRY": "decay", "TARGET": "trail", "PERSISTENT": true, "FLOAT": true}]
}*/
// The trail is never rounded: in 8 bits a decay of 0.99 would stop at level 50.
fn decay(at: vec2i) -> vec4f {
    let now = load(inputImage, at, SMEAR);
    let kept = load(trail, at, SMEAR) * params.decay * vec4f(params.tint.rgb, 1.0);
    // The brighter one; but the trail of nothing, 0, does not lift values below 0.
    let brighter = select(now, kept, kept > max(now, vec4f(0.0)));
    return vec4f(brighter.rgb, now.a);
}
