/*{
  "DESCRIPTION": "Coloured clouds of added waves: a generator.",
  "CREDIT": "The plasma of the demo scene: sines along x, along y, across and around, and their sum looked up in a palette; rings from several points that interfere. Palettes of cosines after Inigo Quilez, 'palettes' (1999)",
  "CATEGORIES": ["Generator"],
  "INPUTS": [
    {"NAME": "kind", "TYPE": "long", "VALUES": [0, 1], "LABELS": ["classic", "interference"], "DEFAULT": "classic",
     "DESCRIPTION": "Straight waves and round ones, or rings from points that wander."},
    {"NAME": "cell", "TYPE": "float", "UNIT": "px", "DEFAULT": 420, "MIN": 2, "MAX": 16384, "SOFT": [40, 1200],
     "DESCRIPTION": "The length of a wave: small is busy, large calm."},
    {"NAME": "points", "TYPE": "long", "DEFAULT": 3, "MIN": 1, "MAX": 12, "DESCRIPTION": "How many points rings come from: 1 a target, 12 a lattice."},
    {"NAME": "speed", "TYPE": "float", "UNIT": "ratio", "DEFAULT": 0.15, "MIN": -64, "MAX": 64, "SOFT": [-1, 1],
     "DESCRIPTION": "Waves that pass in a second: 0 stands, negative runs backwards."},
    {"NAME": "palette", "TYPE": "long", "VALUES": [0, 1, 2, 3, 4], "LABELS": ["rainbow", "fire", "ocean", "candy", "grey"], "DEFAULT": "rainbow",
     "DESCRIPTION": "The colours, which end where they begin."},
    {"NAME": "cycles", "TYPE": "float", "UNIT": "ratio", "DEFAULT": 1, "MIN": 0, "MAX": 64, "SOFT": [0, 8],
     "DESCRIPTION": "How often the palette passes between the lowest and the highest place: 0 one colour, 8 contour lines."},
    {"NAME": "phase", "TYPE": "float", "UNIT": "ratio", "DEFAULT": 0, "MIN": -65536, "MAX": 65536, "SOFT": [-1, 1],
     "DESCRIPTION": "Moves the palette on by this many passes; let it grow with time, and the colours run."}
  ]
}*/
const CLASSIC: i32 = 0;
const TAU: f32 = 6.2831853;

// Its height, -1 to 1, at a place in waves from the middle of the picture.
fn classic(p: vec2f, time: f32) -> f32 {
    let wandering = p + 0.5 * vec2f(sin(time / 3.0), cos(time / 2.0));
    let straight = sin(TAU * p.x + time) + sin(TAU * 0.8 * p.y - 1.3 * time);
    let across = sin(TAU * 0.35 * (p.x + p.y) + 0.7 * time);
    return 0.25 * (straight + across + sin(TAU * length(wandering) - time));
}

// Points on a circle that breathes about half as high as the picture, each at its own pace.
fn interference(p: vec2f, time: f32) -> f32 {
    var sum = 0.0;
    for (var i = 0; i < params.points; i++) {
        let share = TAU * f32(i) / f32(params.points);
        let angle = share + 0.15 * time;
        let far = (0.25 + 0.08 * sin(0.4 * time + 2.0 * share)) * f32(frame.size.y) / params.cell;
        let place = select(far, 0.0, params.points == 1) * vec2f(cos(angle), sin(angle));
        sum += sin(TAU * length(p - place) - time);
    }
    // The mean of many waves would be grey: they are held to the strength of one.
    return sum * inverseSqrt(f32(params.points));
}

fn color(run: f32) -> vec3f {
    let wave = 0.5 + 0.5 * cos(TAU * run);
    switch params.palette {
        case 0: { return 0.5 + 0.5 * cos(TAU * (run - vec3f(0.0, 0.667, 0.333))); }
        case 1: { return pow(vec3f(wave), vec3f(0.6, 1.9, 6.0)); }
        case 2: { return pow(vec3f(wave), vec3f(5.0, 1.7, 0.7)); }
        case 3: { return vec3f(0.72, 0.5, 0.7) + vec3f(0.28, 0.4, 0.3) * cos(TAU * (run - vec3f(0.0, 0.55, 0.3))); }
        default: { return vec3f(wave); }
    }
}

fn effect(at: vec2i) -> vec4f {
    let p = (vec2f(at) + 0.5 - 0.5 * vec2f(frame.size)) / params.cell;
    let time = TAU * params.speed * frame.time;
    var height = 0.0;
    if (params.kind == CLASSIC) { height = classic(p, time); } else { height = interference(p, time); }
    return vec4f(color(params.cycles * 0.5 * (height + 1.0) - params.phase), 1.0);
}
