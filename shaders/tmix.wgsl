/*{
  "DESCRIPTION": "The weighted mean of the last pictures: long exposures, motion blur, and with negative weights what moves.",
  "CREDIT": "ffmpeg tmix (libavfilter/vf_mix.c): three of its weights, those between run straight",
  "EXAMPLE": ["-e tmix:frames=24"],
  "CATEGORIES": ["Time"],
  "LEVELS": true,
  "INPUTS": [
    {"NAME": "inputImage", "TYPE": "image"},
    {"NAME": "before", "TYPE": "history", "MAX": "$frames - 1", "DESCRIPTION": "The pictures that are mixed; before the first there was the first."},
    {"NAME": "frames", "TYPE": "long", "UNIT": "pictures", "DEFAULT": 8, "MIN": 1, "MAX": 256, "SOFT": [1, 32], "IDENTITY": 1,
     "DESCRIPTION": "How many pictures are mixed: 1 the current one alone, 3 as ffmpeg does unasked, 256 a long exposure that needs much memory."},
    {"NAME": "oldest", "TYPE": "float", "UNIT": "ratio", "DEFAULT": 1, "MIN": -32, "MAX": 32, "SOFT": [-2, 2],
     "DESCRIPTION": "The weight of the oldest: 0 leaves it out, 1 as strong as the others, negative takes it away."},
    {"NAME": "middle", "TYPE": "float", "UNIT": "ratio", "DEFAULT": 1, "MIN": -32, "MAX": 32, "SOFT": [-2, 2],
     "DESCRIPTION": "The weight of the middle one, like oldest."},
    {"NAME": "newest", "TYPE": "float", "UNIT": "ratio", "DEFAULT": 1, "MIN": -32, "MAX": 32, "SOFT": [-2, 2],
     "DESCRIPTION": "The weight of the current one, like oldest."},
    {"NAME": "scale", "TYPE": "float", "UNIT": "ratio", "DEFAULT": 0, "MIN": 0, "MAX": 32, "SOFT": [0, 2],
     "DESCRIPTION": "What the sum is multiplied by: 1 keeps it, 32 blows it up, 0 divides it by the sum of the weights, where they have one."}
  ]
}*/
// The weight of a picture, 0 the oldest.
fn weight(number: i32) -> f32 {
    let place = 2.0 * f32(number) / f32(params.frames - 1);
    if (place <= 1.0) { return mix(params.oldest, params.middle, place); }
    return mix(params.middle, params.newest, place - 1.0);
}

fn effect(at: vec2i) -> vec4f {
    let now = load(inputImage, at, SMEAR);
    if (params.frames < 2) { return now; }
    var sum = vec3f(0.0);
    var total = 0.0;
    for (var number = 0; number < params.frames; number++) {
        let share = weight(number);
        sum += past(before, params.frames - 1 - number, at, SMEAR).rgb * share;
        total += share;
    }
    if (params.scale > 0.0) { return vec4f(sum * params.scale, now.a); }
    return vec4f(select(sum / total, sum, total == 0.0), now.a);
}
