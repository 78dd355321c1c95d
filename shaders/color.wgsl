/*{
  "DESCRIPTION": "Grades colours, in this order: hue, saturation, contrast, brightness, gamma, invert, posterize, threshold. Each is at rest until it is turned.",
  "CREDIT": "ffmpeg hue and eq; Hydra hue, saturate, contrast, brightness, invert, posterize, thresh",
  "EXAMPLE": ["-e color:hue=160:saturation=1.4:contrast=1.3:posterize=6"],
  "CATEGORIES": ["Color"],
  "INPUTS": [
    {"NAME": "inputImage", "TYPE": "image"},
    {"NAME": "hue", "TYPE": "float", "UNIT": "deg", "DEFAULT": 0, "MIN": -16777216, "MAX": 16777216, "SOFT": [-180, 180], "IDENTITY": 0,
     "DESCRIPTION": "Turns all hues and keeps luma: positive from red by yellow to green, negative by magenta to blue; 180 is the opposite."},
    {"NAME": "saturation", "TYPE": "float", "UNIT": "ratio", "DEFAULT": 1, "MIN": -16, "MAX": 16, "SOFT": [0, 3], "IDENTITY": 1,
     "DESCRIPTION": "0 grey, 1 as it is, above 1 stronger, negative the opposite hues."},
    {"NAME": "contrast", "TYPE": "float", "UNIT": "ratio", "DEFAULT": 1, "MIN": -64, "MAX": 64, "SOFT": [0, 3], "IDENTITY": 1,
     "DESCRIPTION": "How far from middle grey: 0 all grey, 1 as it is, above 1 harder, negative turned round."},
    {"NAME": "brightness", "TYPE": "float", "UNIT": "ratio", "DEFAULT": 0, "MIN": -4, "MAX": 4, "SOFT": [-1, 1], "IDENTITY": 0,
     "DESCRIPTION": "Added to each channel: -1 black, 0 as it is, 1 white."},
    {"NAME": "gamma", "TYPE": "float", "UNIT": "ratio", "DEFAULT": 1, "MIN": 0.05, "MAX": 20, "SOFT": [0.25, 4], "IDENTITY": 1,
     "DESCRIPTION": "Bends the middle, black and white stay: below 1 darker, 1 as it is, above 1 brighter."},
    {"NAME": "invert", "TYPE": "float", "UNIT": "ratio", "DEFAULT": 0, "MIN": 0, "MAX": 1, "IDENTITY": 0,
     "DESCRIPTION": "0 as it is, 0.5 all grey, 1 the negative."},
    {"NAME": "posterize", "TYPE": "long", "MIN": 0, "MAX": 256, "SOFT": [0, 16], "DEFAULT": 0, "IDENTITY": 0,
     "DESCRIPTION": "How many steps each channel has: 2 the eight pure colours, 256 all of 8 bits. 0 and 1 are off."},
    {"NAME": "threshold", "TYPE": "float", "UNIT": "ratio", "DEFAULT": 0, "MIN": 0, "MAX": 1, "IDENTITY": 0,
     "DESCRIPTION": "Above 0: what is brighter turns white, what is darker black; 1 lets next to nothing through. 0 is off."},
    {"NAME": "softness", "TYPE": "float", "UNIT": "ratio", "DEFAULT": 0.02, "MIN": 0, "MAX": 1, "SOFT": [0, 0.5],
     "DESCRIPTION": "How much luma around the threshold is grey: 0 none, a hard edge, 1 nearly all."}
  ],
  "PASSES": [{"ENTRY": "grade", "POINT": true}]
}*/
// What is at rest is left out and not calculated with its neutral number: that would change bits.
fn hue_and_saturation(c: vec3f) -> vec3f {
    if (params.hue == 0.0 && params.saturation == 1.0) { return c; }
    let split = rgb_to_ycbcr(c);
    let t = turn(params.hue);
    let turned = vec2f(t.x * split.y - t.y * split.z, t.y * split.y + t.x * split.z);
    return ycbcr_to_rgb(vec3f(split.x, turned * params.saturation));
}

// Mirrored below black, where a power of a negative number would be none.
fn gamma(c: vec3f) -> vec3f {
    if (params.gamma == 1.0) { return c; }
    return sign(c) * pow(abs(c), vec3f(1.0 / params.gamma));
}

// Equal shares of 0..1, of which the first is black and the last white.
fn posterize(c: vec3f) -> vec3f {
    if (params.posterize < 2) { return c; }
    let steps = f32(params.posterize);
    return clamp(floor(c * steps), vec3f(0.0), vec3f(steps - 1.0)) / (steps - 1.0);
}

fn threshold(c: vec3f) -> vec3f {
    if (params.threshold == 0.0) { return c; }
    let light = luma(c);
    let slope = 0.5 * params.softness;
    if (slope == 0.0) { return vec3f(select(0.0, 1.0, light >= params.threshold)); }
    return vec3f(smoothstep(params.threshold - slope, params.threshold + slope, light));
}

fn grade(color: vec4f, at: vec2i) -> vec4f {
    var c = hue_and_saturation(color.rgb);
    if (params.contrast != 1.0) { c = (c - 0.5) * params.contrast + 0.5; }
    c = gamma(c + params.brightness);
    if (params.invert != 0.0) { c = mix(c, 1.0 - c, params.invert); }
    return vec4f(threshold(posterize(c)), color.a);
}
