/*{
  "DESCRIPTION": "Echoes: the picture together with earlier ones, evenly spaced, each fainter than the one after it.",
  "CREDIT": "The echo of ffmpeg-artschool; moviepy SuperSample (mean)",
  "CATEGORIES": ["Time", "Feedback"],
  "INPUTS": [
    {"NAME": "inputImage", "TYPE": "image"},
    {"NAME": "before", "TYPE": "history", "MAX": "$taps * $spacing", "DESCRIPTION": "The echoes' pictures."},
    {"NAME": "taps", "TYPE": "long", "DEFAULT": 5, "MIN": 1, "MAX": 12, "SOFT": [1, 8],
     "DESCRIPTION": "How many echoes there are: 1 a double image, 12 a crowd."},
    {"NAME": "spacing", "TYPE": "long", "UNIT": "pictures", "DEFAULT": 5, "MIN": 1, "MAX": 40, "SOFT": [1, 16],
     "DESCRIPTION": "From one echo to the next, in pictures of the source: 1 smears, 40 lies more than a second back. No echo is older than 255 pictures."},
    {"NAME": "decay", "TYPE": "float", "UNIT": "ratio", "DEFAULT": 0.85, "MIN": 0, "MAX": 1, "IDENTITY": 0,
     "DESCRIPTION": "How strong each echo is beside the one after it: 0 no echo, 1 all as strong as the picture."},
    {"NAME": "mode", "TYPE": "long", "VALUES": [0, 1, 2, 3, 4], "LABELS": ["mean", "lighten", "darken", "screen", "difference"], "DEFAULT": "lighten",
     "DESCRIPTION": "How they meet: averaged, the brightest, the darkest, added as light, or one after the other's difference."},
    {"NAME": "hue", "TYPE": "float", "UNIT": "deg", "DEFAULT": 0, "MIN": -16777216, "MAX": 16777216, "SOFT": [-60, 60],
     "DESCRIPTION": "How much each echo's hue is turned against the one after it: positive from red to green, negative from red to blue, 0 not."}
  ]
}*/
const MEAN: i32 = 0;
const DARKEN: i32 = 2;
const SCREEN: i32 = 3;
const DIFFERENCE: i32 = 4;

fn hue_turned(c: vec3f, angle: f32) -> vec3f {
    if (angle == 0.0) { return c; }
    let hsv = rgb_to_hsv(c);
    return hsv_to_rgb(vec3f(fract(hsv.x + angle / 360.0), hsv.yz));
}

// What has been laid together so far, and one more echo of such a strength.
fn laid(sum: vec3f, echo: vec3f, strength: f32) -> vec3f {
    switch params.mode {
        case MEAN: { return sum + echo * strength; }
        case DARKEN: { return min(sum, 1.0 - (1.0 - echo) * strength); }
        case SCREEN: { return 1.0 - (1.0 - sum) * (1.0 - echo * strength); }
        case DIFFERENCE: { return abs(sum - echo * strength); }
        default: { return max(sum, echo * strength); }
    }
}

fn effect(at: vec2i) -> vec4f {
    let now = load(inputImage, at, SMEAR);
    if (params.decay == 0.0) { return now; }
    var sum = now.rgb;
    var strength = 1.0;
    var total = 1.0;
    for (var tap = 1; tap <= params.taps; tap++) {
        strength *= params.decay;
        total += strength;
        let echo = past(before, tap * params.spacing, at, SMEAR).rgb;
        sum = laid(sum, hue_turned(echo, f32(tap) * params.hue), strength);
    }
    return vec4f(select(sum, sum / total, params.mode == MEAN), now.a);
}
