/*{
  "DESCRIPTION": "Paints with motion: what moves lays on colour, which runs with it, spreads and fades.",
  "CREDIT": "The motion painting of Myron Krueger's Videoplace (1985), by optical flow",
  "CATEGORIES": ["Motion", "Feedback"],
  "INPUTS": [
    {"NAME": "inputImage", "TYPE": "image"},
    {"NAME": "motion", "TYPE": "flow", "DESCRIPTION": "The brush: the picture's own motion, or that of another."},
    {"NAME": "strength", "TYPE": "float", "UNIT": "ratio", "DEFAULT": 0.6, "MIN": 0, "MAX": 1, "IDENTITY": 0,
     "DESCRIPTION": "How much paint each picture lays on: 0 none, 0.1 glazes, 1 covers at once."},
    {"NAME": "threshold", "TYPE": "float", "UNIT": "px", "DEFAULT": 1, "MIN": 0, "MAX": 8192, "SOFT": [0, 16],
     "DESCRIPTION": "The speed from which there is paint, in pixels from one picture to the next."},
    {"NAME": "full", "TYPE": "float", "UNIT": "px", "DEFAULT": 5, "MIN": 0.01, "MAX": 8192, "SOFT": [1, 64],
     "DESCRIPTION": "The speed at which the brush is full, and in palette speed the last colour is reached."},
    {"NAME": "palette", "TYPE": "long", "VALUES": [0, 1, 2, 3], "LABELS": ["direction", "speed", "picture", "ink"], "DEFAULT": "direction",
     "DESCRIPTION": "Where colours come from: which way it goes, how fast it goes, what it is, or the one ink."},
    {"NAME": "hue", "TYPE": "float", "UNIT": "deg", "DEFAULT": 200, "MIN": -16777216, "MAX": 16777216, "SOFT": [0, 360],
     "DESCRIPTION": "Which hue goes to the right in direction, or is slow in speed, and how far the picture's colours are turned: 0 red, or not at all, 120 green, 240 blue. Let it grow, and the colours run."},
    {"NAME": "span", "TYPE": "float", "UNIT": "deg", "DEFAULT": 150, "MIN": -3600, "MAX": 3600, "SOFT": [-360, 360],
     "DESCRIPTION": "In palette speed, from the slow hue to the fast one: 0 one hue, 60 its neighbour, 360 all of them, negative the other way round."},
    {"NAME": "vivid", "TYPE": "float", "UNIT": "ratio", "DEFAULT": 0.8, "MIN": 0, "MAX": 2, "SOFT": [0, 1],
     "DESCRIPTION": "How strong the hues of direction and speed are: 0 white, 0.5 pastel, 1 neon, 2 garish."},
    {"NAME": "ink", "TYPE": "color", "DEFAULT": [1, 0.35, 0.1, 1], "DESCRIPTION": "The colour of palette ink; its alpha is how well any paint covers."},
    {"NAME": "shade", "TYPE": "float", "UNIT": "ratio", "DEFAULT": 0.5, "MIN": 0, "MAX": 1,
     "DESCRIPTION": "How much of the picture's light and dark is in the paint: 0 flat colour, 1 a tinted picture."},
    {"NAME": "persistence", "TYPE": "float", "UNIT": "ratio", "DEFAULT": 0.96, "MIN": 0, "MAX": 1, "SOFT": [0.8, 1],
     "DESCRIPTION": "What is left of the paint in each picture: 0 nothing, 0.96 a second, 1 all of it for ever."},
    {"NAME": "carry", "TYPE": "float", "UNIT": "ratio", "DEFAULT": 1, "MIN": -64, "MAX": 64, "SOFT": [0, 2],
     "DESCRIPTION": "How far wet paint goes with the brush: 0 stays, 1 as far as it does, negative against it."},
    {"NAME": "drift", "TYPE": "point2D", "UNIT": "px", "DEFAULT": [0, 0], "MIN": [-1024, -1024], "MAX": [1024, 1024], "SOFT": [[-10, -10], [10, 10]],
     "DESCRIPTION": "How far all paint goes by itself in each picture: positive right and down, so that it runs, negative left and up, so that it smokes."},
    {"NAME": "spread", "TYPE": "float", "UNIT": "px", "DEFAULT": 0.8, "MIN": 0, "MAX": 64, "SOFT": [0, 4],
     "DESCRIPTION": "How far it bleeds in each picture: 0 not at all, 1 water colour, 4 fog."},
    {"NAME": "backdrop", "TYPE": "float", "UNIT": "ratio", "DEFAULT": 0.35, "MIN": 0, "MAX": 1, "IDENTITY": 1,
     "DESCRIPTION": "How much of the picture there is under the paint: 0 black, 1 all of it."}
  ],
  "PASSES": [{"ENTRY": "lay", "TARGET": "paint", "PERSISTENT": true, "FLOAT": true}, {"ENTRY": "show"}]
}*/
const DIRECTION: i32 = 0;
const SPEED: i32 = 1;
const COLORS: i32 = 2;
const TAU: f32 = 6.2831853;

// The hue circle as three cosines, whose yellows and cyans are not brighter than the rest; `run` in turns.
fn hue_color(run: f32) -> vec3f {
    let wave = 0.5 - 0.5 * cos(TAU * (run - vec3f(0.0, 1.0, 2.0) / 3.0));
    return max(1.0 - params.vivid * wave, vec3f(0.0));
}

// Where the brush goes, -0.5 to 0.5 of a turn from the right. The field says where it was.
fn turns(step: vec2f) -> f32 { return atan2(step.y, -step.x) / TAU; }

fn pigment(color: vec3f, step: vec2f, fullness: f32) -> vec3f {
    let start = params.hue / 360.0;
    switch params.palette {
        case DIRECTION: { return hue_color(start + turns(step)); }
        case SPEED: { return hue_color(start + params.span / 360.0 * fullness); }
        case COLORS: {
            let hsv = rgb_to_hsv(color);
            return hsv_to_rgb(vec3f(fract(hsv.x + start), hsv.yz));
        }
        default: { return params.ink.rgb; }
    }
}

// The last paint as it comes to a pixel: premultiplied, and alpha is how much of it there is.
fn wet(at: vec2i, step: vec2f) -> vec4f {
    let p = vec2f(at) + 0.5 + step * (params.carry * share(motion)) - params.drift;
    if (params.spread == 0.0) { return sample(paint, p, BLANK); }
    let d = params.spread;
    let across = sample(paint, p + vec2f(d, d), BLANK) + sample(paint, p - vec2f(d, d), BLANK);
    let aslant = sample(paint, p + vec2f(d, -d), BLANK) + sample(paint, p - vec2f(d, -d), BLANK);
    return 0.25 * (across + aslant);
}

fn lay(at: vec2i) -> vec4f {
    let step = load(motion, at, SMEAR).xy;
    let last = clamp(wet(at, step) * params.persistence, vec4f(0.0), vec4f(1.0));
    let speed = length(step);
    let fullness = clamp((speed - params.threshold) / max(params.full - params.threshold, 0.01), 0.0, 1.0);
    let covers = params.strength * params.ink.a * fullness * (2.0 - fullness);
    if (covers == 0.0) { return last; }
    let color = clamp(load(inputImage, at, SMEAR).rgb, vec3f(0.0), vec3f(1.0));
    let fresh = pigment(color, step, fullness);
    // Twice the luma: a middle grey leaves the pigment as it is.
    let shaded = clamp(fresh * mix(1.0, 2.0 * luma(color), params.shade), vec3f(0.0), vec3f(1.0));
    return mix(last, vec4f(shaded, 1.0), covers);
}

fn show(at: vec2i) -> vec4f {
    let color = load(inputImage, at, SMEAR);
    let over = load(paint, at, SMEAR);
    if (over.a == 0.0) { return vec4f(color.rgb * params.backdrop, color.a); }
    return vec4f(color.rgb * (params.backdrop * (1.0 - over.a)) + over.rgb, max(color.a, over.a));
}
