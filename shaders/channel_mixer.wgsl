/*{
  "DESCRIPTION": "Makes each channel anew out of all three: a matrix of three rows and four columns, the last of which is added.",
  "CREDIT": "ffmpeg colorchannelmixer (libavfilter/vf_colorchannelmixer.c), without its alpha",
  "CATEGORIES": ["Color"],
  "LEVELS": true,
  "INPUTS": [
    {"NAME": "inputImage", "TYPE": "image"},
    {"NAME": "red_from_red", "TYPE": "float", "UNIT": "ratio", "DEFAULT": 0.4, "MIN": -16, "MAX": 16, "SOFT": [-2, 2], "IDENTITY": 1,
     "DESCRIPTION": "How much of the old red the new red has: 0 none, 1 all of it, negative takes it away."},
    {"NAME": "red_from_green", "TYPE": "float", "UNIT": "ratio", "DEFAULT": 0.9, "MIN": -16, "MAX": 16, "SOFT": [-2, 2], "IDENTITY": 0,
     "DESCRIPTION": "How much green goes into red, like red_from_red."},
    {"NAME": "red_from_blue", "TYPE": "float", "UNIT": "ratio", "DEFAULT": -0.3, "MIN": -16, "MAX": 16, "SOFT": [-2, 2], "IDENTITY": 0,
     "DESCRIPTION": "How much blue goes into red, like red_from_red."},
    {"NAME": "green_from_red", "TYPE": "float", "UNIT": "ratio", "DEFAULT": 0.2, "MIN": -16, "MAX": 16, "SOFT": [-2, 2], "IDENTITY": 0,
     "DESCRIPTION": "How much red goes into green, like red_from_red."},
    {"NAME": "green_from_green", "TYPE": "float", "UNIT": "ratio", "DEFAULT": 0.5, "MIN": -16, "MAX": 16, "SOFT": [-2, 2], "IDENTITY": 1,
     "DESCRIPTION": "How much green stays in green, like red_from_red."},
    {"NAME": "green_from_blue", "TYPE": "float", "UNIT": "ratio", "DEFAULT": 0.3, "MIN": -16, "MAX": 16, "SOFT": [-2, 2], "IDENTITY": 0,
     "DESCRIPTION": "How much blue goes into green, like red_from_red."},
    {"NAME": "blue_from_red", "TYPE": "float", "UNIT": "ratio", "DEFAULT": 0.9, "MIN": -16, "MAX": 16, "SOFT": [-2, 2], "IDENTITY": 0,
     "DESCRIPTION": "How much red goes into blue, like red_from_red."},
    {"NAME": "blue_from_green", "TYPE": "float", "UNIT": "ratio", "DEFAULT": 0, "MIN": -16, "MAX": 16, "SOFT": [-2, 2], "IDENTITY": 0,
     "DESCRIPTION": "How much green goes into blue, like red_from_red."},
    {"NAME": "blue_from_blue", "TYPE": "float", "UNIT": "ratio", "DEFAULT": 0.1, "MIN": -16, "MAX": 16, "SOFT": [-2, 2], "IDENTITY": 1,
     "DESCRIPTION": "How much blue stays in blue, like red_from_red."},
    {"NAME": "red_offset", "TYPE": "float", "UNIT": "ratio", "DEFAULT": 0, "MIN": -16, "MAX": 16, "SOFT": [-1, 1], "IDENTITY": 0,
     "DESCRIPTION": "Added to red: -1 takes all of it away, 1 makes it full."},
    {"NAME": "green_offset", "TYPE": "float", "UNIT": "ratio", "DEFAULT": 0, "MIN": -16, "MAX": 16, "SOFT": [-1, 1], "IDENTITY": 0,
     "DESCRIPTION": "Added to green, like red_offset."},
    {"NAME": "blue_offset", "TYPE": "float", "UNIT": "ratio", "DEFAULT": 0, "MIN": -16, "MAX": 16, "SOFT": [-1, 1], "IDENTITY": 0,
     "DESCRIPTION": "Added to blue, like red_offset."}
  ],
  "PASSES": [{"ENTRY": "combine", "POINT": true}]
}*/
// In 8 bits each product is rounded to a level before they are added, as ffmpeg's tables are, halves to even. A
// product of 32-bit floats may miss a half that the one of 64-bit floats hits.
fn product(level: f32, row: vec3f) -> vec3f {
    let exact = level * row;
    if (!EIGHT_BITS) { return exact; }
    let halves = round(exact * 2.0) * 0.5;
    return round(select(exact, halves, abs(exact - halves) < vec3f(4e-5)));
}

// Each column is what one old channel gives to the new red, green and blue.
fn combine(color: vec4f, at: vec2i) -> vec4f {
    let from_red = vec3f(params.red_from_red, params.green_from_red, params.blue_from_red);
    let from_green = vec3f(params.red_from_green, params.green_from_green, params.blue_from_green);
    let from_blue = vec3f(params.red_from_blue, params.green_from_blue, params.blue_from_blue);
    let offset = vec3f(params.red_offset, params.green_offset, params.blue_offset) * WHITE;
    let sum = product(color.r, from_red) + product(color.g, from_green) + product(color.b, from_blue);
    return vec4f(sum + offset, color.a);
}
