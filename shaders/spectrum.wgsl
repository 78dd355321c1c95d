/*{
  "DESCRIPTION": "What the show hears, as light: bars, a waveform, a spectrogram, a spiral of notes or a vectorscope: a generator.",
  "CREDIT": "Bands of equal width to the ear and a spiral whose turns are octaves after Brown, 'Calculation of a constant Q spectral transform' (1991), out of one Fourier transform; the oscilloscope's phosphor; the goniometer of mixing desks",
  "EXAMPLE": ["--audio tests/loops/mika.flac", "-e spectrum"],
  "CATEGORIES": ["Generator", "Sound"],
  "INPUTS": [
    {"NAME": "wave", "TYPE": "audio", "MAX": 4096, "DESCRIPTION": "Its waves."},
    {"NAME": "tones", "TYPE": "audioFFT", "MAX": 2048, "DESCRIPTION": "Its frequencies."},
    {"NAME": "style", "TYPE": "long", "VALUES": [0, 1, 2, 3, 4], "LABELS": ["bars", "waveform", "spectrogram", "constant_q", "vectorscope"], "DEFAULT": "bars",
     "DESCRIPTION": "Bars from bass to treble; the wave itself; frequencies that wander to the left; semitones on a spiral whose turns are octaves, a colour for each name of a note; or left against right, where what both have in common stands upright and what is wide lies; mono against its own past."},
    {"NAME": "gain", "TYPE": "float", "UNIT": "ratio", "DEFAULT": 2, "MIN": 0, "MAX": 1024, "SOFT": [0, 16],
     "DESCRIPTION": "How loud it is taken to be: 0 silence, 1 as it is, 10 quiet sound fills the picture."},
    {"NAME": "range", "TYPE": "float", "UNIT": "dB", "DEFAULT": 50, "MIN": 1, "MAX": 160, "SOFT": [20, 90],
     "DESCRIPTION": "From the quietest tone that shows to a full one: 20 only what stands out, 90 every hiss. Waves have none."},
    {"NAME": "decay", "TYPE": "float", "UNIT": "s", "DEFAULT": 0.25, "MIN": 0, "MAX": 60, "SOFT": [0, 2],
     "DESCRIPTION": "How long light takes to fall to 37 %: 0 at once, 2 it hangs in the air."},
    {"NAME": "bars", "TYPE": "long", "DEFAULT": 64, "MIN": 1, "MAX": 256, "DESCRIPTION": "How many bars there are from 40 Hz to 16 kHz: few are blocks, 256 a mountain range."},
    {"NAME": "mirror", "TYPE": "float", "UNIT": "ratio", "DEFAULT": 0.35, "MIN": 0, "MAX": 1,
     "DESCRIPTION": "How deep bars are reflected below their line: 0 they stand on the ground, 1 they grow both ways."},
    {"NAME": "speed", "TYPE": "float", "UNIT": "ratio", "DEFAULT": 0.25, "MIN": 0, "MAX": 16, "SOFT": [0, 1],
     "DESCRIPTION": "Widths of the picture that a spectrogram wanders in a second: 0 it stands, 1 it flies."},
    {"NAME": "line", "TYPE": "float", "UNIT": "px", "DEFAULT": 3, "MIN": 0.5, "MAX": 256, "SOFT": [1, 24],
     "DESCRIPTION": "How thick lines are: 1 a hair, 24 a neon tube."},
    {"NAME": "low", "TYPE": "color", "DEFAULT": [1, 0.16, 0.42, 1], "DESCRIPTION": "The colour of bass, of the left, and of what is quiet in a spectrogram. The spiral's notes begin with it."},
    {"NAME": "high", "TYPE": "color", "DEFAULT": [0.16, 0.66, 1, 1], "DESCRIPTION": "The colour of treble, of the right, and of what is loud in a spectrogram."},
    {"NAME": "background", "TYPE": "color", "DEFAULT": [0, 0, 0, 1], "DESCRIPTION": "What is behind."}
  ],
  "PASSES": [
    {"ENTRY": "measure", "TARGET": "levels", "PERSISTENT": true, "FLOAT": true, "WIDTH": 256, "HEIGHT": 1},
    {"ENTRY": "draw", "TARGET": "phosphor", "PERSISTENT": true, "FLOAT": true, "REPEAT": "$style == 1 or $style == 2 or $style == 4"},
    {"ENTRY": "show"}
  ]
}*/
const BARS: i32 = 0;
const WAVEFORM: i32 = 1;
const SPECTROGRAM: i32 = 2;
const CONSTANT_Q: i32 = 3;

// Columns of `tones` in a hertz: its right edge is 24 kHz.
const COLUMNS: f32 = 2048.0 / 24000.0;
const LOWEST: f32 = 40.0;
const HIGHEST: f32 = 16000.0;
// The notes of eight octaves from A at 55 Hz.
const NOTES: f32 = 96.0;
const FIRST_NOTE: f32 = 55.0;
const TAU: f32 = 6.2831853;
// Samples across a waveform, and those that a vectorscope joins: a tick's at 60 a second.
const SPAN: i32 = 1024;
const SEGMENTS: i32 = 256;
const STRIDE: i32 = 3;
// How far mono's past is behind it: a quarter of a wave of 300 Hz.
const DELAY: i32 = 40;
// Seconds in which light rises, so that nothing flickers.
const ATTACK: f32 = 0.012;

// What is left of a change after a tick.
fn left(seconds: f32) -> f32 { return select(0.0, exp(-frame.delta / max(seconds, 1e-6)), seconds > 0.0); }

// How strong a band is in the loudest channel, as a part of the range: 0 too quiet to show, 1 full.
fn level(low: f32, high: f32) -> f32 {
    let first = i32(ceil(low * COLUMNS));
    let last = min(i32(ceil(high * COLUMNS)), size(tones).x);
    var most = 0.0;
    for (var channel = 0; channel < size(tones).y; channel++) {
        var power = 0.0;
        for (var x = first; x < last; x++) {
            let tone = load(tones, vec2i(x, channel), BLANK).r;
            power += tone * tone;
        }
        // A band that is narrower than a column lies between two.
        if (last - first < 2) {
            let tone = sample(tones, vec2f(0.5 * (low + high) * COLUMNS + 0.5, f32(channel) + 0.5), SMEAR).r;
            power = tone * tone;
        }
        most = max(most, power);
    }
    let decibels = 10.0 * log2(max(most * params.gain * params.gain, 1e-16)) / log2(10.0);
    return clamp(1.0 + decibels / params.range, 0.0, 1.0);
}

// The same of a semitone.
fn level_at(tone: f32) -> f32 { return level(tone * exp2(-1.0 / 24.0), tone * exp2(1.0 / 24.0)); }

// A frequency between both ends of the scale.
fn frequency(share: f32) -> f32 { return LOWEST * pow(HIGHEST / LOWEST, share); }

fn level_of(place: f32) -> f32 {
    if (params.style == CONSTANT_Q) {
        let note = FIRST_NOTE * exp2(place / 12.0);
        let here = level_at(note);
        // What stands out from beside it is a note, the rest is noise.
        let beside = max(level_at(note * exp2(-1.0 / 8.0)), level_at(note * exp2(1.0 / 8.0)));
        return clamp(here * (0.4 + 4.0 * max(here - beside, 0.0)), 0.0, 1.0);
    }
    return level(frequency(place / f32(params.bars)), frequency((place + 1.0) / f32(params.bars)));
}

// Where a waveform begins so that it stands still: where it rises through 0 to its highest peak.
fn beginning() -> i32 {
    var place = 0;
    var rise = -1;
    var highest = 0.0;
    var last = 1.0;
    for (var x = 0; x < size(wave).x - SPAN; x++) {
        let here = load(wave, vec2i(x, 0), SMEAR).r;
        if (last <= 0.0 && here > 0.0) { rise = x; }
        if (rise >= 0 && here > highest) { highest = here; place = rise; }
        last = here;
    }
    return place;
}

// For each bar or note its level, the mark that its peak has left, and how fast that falls; and where waves begin.
fn measure(at: vec2i) -> vec4f {
    let last = load(levels, at, SMEAR);
    if (params.style == WAVEFORM && at.x == 0) { return vec4f(0.0, 0.0, 0.0, f32(beginning())); }
    if (params.style != BARS && params.style != CONSTANT_Q) { return vec4f(0.0); }
    let now = level_of(f32(at.x));
    let here = now + (last.r - now) * left(select(params.decay, ATTACK, now > last.r));
    let speed = last.b + frame.delta;
    let mark = last.g - speed * frame.delta;
    if (here >= mark) { return vec4f(here, here, 0.0, 0.0); }
    return vec4f(here, mark, speed, 0.0);
}

// A thin line's light with its halo, by the distance in pixels: 1 in its middle.
fn glow(distance: f32) -> f32 {
    let core = 1.0 - smoothstep(0.5 * params.line - 0.5, 0.5 * params.line + 1.0, distance);
    return max(core, 0.4 * exp(-distance / (2.5 * params.line)));
}

fn segment(p: vec2f, a: vec2f, b: vec2f) -> f32 {
    let along = b - a;
    let t = clamp(dot(p - a, along) / max(dot(along, along), 1e-6), 0.0, 1.0);
    return distance(p, a + t * along);
}

// The wave's place in a column of pixels; it fades out towards both sides.
fn place_of_wave(x: f32, channel: i32) -> vec2f {
    let canvas = vec2f(frame.size);
    let share = x / canvas.x;
    let start = load(levels, vec2i(0), SMEAR).a;
    let p = vec2f(start + share * f32(SPAN) + 0.5, f32(channel) + 0.5);
    // Without the finest hiss, a curve.
    var value = 0.0;
    for (var step = -2; step <= 2; step++) { value += 0.2 * sample(wave, p + vec2f(2.0 * f32(step), 0.0), SMEAR).r; }
    let window = smoothstep(0.0, 0.2, share) * smoothstep(0.0, 0.2, 1.0 - share);
    return vec2f(x, canvas.y * (0.5 - 0.46 * tanh(clamp(0.8 * params.gain * window * value, -9.0, 9.0))));
}

fn waveform(at: vec2i, channel: i32) -> f32 {
    let p = vec2f(at) + 0.5;
    var nearest = 1e9;
    for (var step = -3; step < 3; step++) {
        let a = place_of_wave(p.x + f32(step), channel);
        nearest = min(nearest, segment(p, a, place_of_wave(p.x + f32(step) + 1.0, channel)));
    }
    return glow(nearest);
}

// Left leans to the left and right to the right, so that what both have in common stands.
fn place_in_scope(x: i32) -> vec2f {
    // Mono is drawn against itself a moment ago, and opens too.
    let other = select(vec2i(x - DELAY, 0), vec2i(x, 1), size(wave).y > 1);
    let sides = vec2f(load(wave, vec2i(x, 0), SMEAR).r, load(wave, other, SMEAR).r);
    let turned = vec2f(sides.y - sides.x, -sides.x - sides.y) * 0.70711;
    let canvas = vec2f(frame.size);
    return 0.5 * canvas + 0.46 * canvas.y * tanh(clamp(0.8 * params.gain * turned, vec2f(-9.0), vec2f(9.0)));
}

// The faster the beam, the fainter its trace.
fn vectorscope(at: vec2i) -> f32 {
    let p = vec2f(at) + 0.5;
    let newest = size(wave).x - 1;
    var b = place_in_scope(newest);
    var light = 0.0;
    for (var step = 1; step <= SEGMENTS; step++) {
        let a = place_in_scope(newest - step * STRIDE);
        let far = segment(p, a, b) / params.line;
        light = max(light, 4.0 * exp(-2.0 * far * far) / (2.0 + distance(a, b) / params.line));
        b = a;
    }
    return light;
}

// How many columns have come in by a time: whole ones, so that nothing blurs.
fn columns_at(time: f32) -> i32 { return i32(floor(time * params.speed * f32(frame.size.x))); }

fn spectrogram(at: vec2i) -> f32 {
    let moved = columns_at(frame.time) - columns_at(frame.time - frame.delta);
    let old = load(phosphor, at + vec2i(moved, 0), BLANK).r;
    let behind = at.x - (frame.size.x - 1 - moved);
    if (behind <= 0 && at.x < frame.size.x - 1) { return old; }
    let rows = f32(frame.size.y);
    let now = level_at(frequency(1.0 - (f32(at.y) + 0.5) / rows));
    let before = load(phosphor, vec2i(frame.size.x - 1, at.y), SMEAR).r;
    // What came in one tick runs from the last sound to this one.
    return mix(before, now, clamp(f32(max(behind, 1)) / f32(max(moved, 1)), 0.0, 1.0));
}

fn draw(at: vec2i) -> vec4f {
    if (params.style == SPECTROGRAM) { return vec4f(spectrogram(at), 0.0, 0.0, 1.0); }
    // What was drawn falls to an afterglow at once, and that fades.
    let kept = min(load(phosphor, at, SMEAR), vec4f(0.3)) * left(params.decay);
    if (params.style != WAVEFORM) { return vec4f(max(vectorscope(at), kept.r), 0.0, 0.0, 1.0); }
    let stereo = size(wave).y > 1;
    let right = select(0.0, waveform(at, 1), stereo);
    return vec4f(max(vec2f(waveform(at, 0), right), kept.rg), 0.0, 1.0);
}

// A colour lit by so much: from 1 on it turns white.
fn lit(color: vec3f, light: f32) -> vec3f {
    return color * min(light, 1.0) + vec3f(clamp(light - 0.8, 0.0, 0.5));
}

fn show_bars(at: vec2i) -> vec3f {
    let canvas = vec2f(frame.size);
    let p = (vec2f(at) + 0.5) / canvas;
    let wide = canvas.x / f32(params.bars);
    let bar = i32(p.x * f32(params.bars));
    let reach = 0.94 * canvas.y / (1.0 + params.mirror);
    let ground = 0.03 * canvas.y + reach;
    var up = ground - (f32(at.y) + 0.5);
    let below = up < 0.0;
    if (below) { up = -up / max(params.mirror, 1e-3); }
    let here = load(levels, vec2i(bar, 0), SMEAR);
    // Gaps take a quarter, and nothing where bars are as thin as lines.
    let gap = select(0.0, 0.125 * wide, wide >= 4.0);
    let side = clamp(0.5 * wide - gap - abs(fract(p.x * f32(params.bars)) - 0.5) * wide + 0.5, 0.0, 1.0);
    let top = here.r * here.r * reach;
    let full = side * clamp(top - up + 0.5, 0.0, 1.0) * (0.35 + 0.65 * up / max(top, 1.0));
    let halo = 0.35 * here.r * exp(-max(up - top, 0.0) / (0.04 * canvas.y));
    let mark = side * step(0.01, here.g) * clamp(0.5 * params.line + 0.5 - abs(up - here.g * here.g * reach), 0.0, 1.0);
    let light = max(max(full, halo), 0.8 * mark) + 0.25 * here.r * full;
    let line = 0.5 * glow(abs(ground - (f32(at.y) + 0.5)) * 2.0);
    return lit(mix(params.low.rgb, params.high.rgb, p.x), max(light * select(1.0, 0.4 * exp(-2.0 * up / reach), below), line));
}

// The note's place from the middle, in heights of the picture: once around is an octave, clockwise from A above.
fn place_of_note(note: f32) -> vec2f {
    return (0.07 + 0.4 * note / NOTES) * vec2f(sin(TAU * note / 12.0), -cos(TAU * note / 12.0));
}

fn show_notes(at: vec2i) -> vec3f {
    let height = f32(frame.size.y);
    let p = (vec2f(at) + 0.5 - 0.5 * vec2f(frame.size)) / height;
    var turned = 0.0;
    // atan2(0, 0) is undefined.
    if (any(p != vec2f(0.0))) { turned = fract(atan2(p.x, -p.y) / TAU + 1.0); }
    let octave = (length(p) - 0.07) / 0.4 * NOTES / 12.0;
    let nearest = round(octave - turned);
    let spiral = 12.0 * (nearest + turned);
    let thread = distance(p, place_of_note(clamp(spiral, 0.0, NOTES - 1.0))) * height;
    var color = lit(vec3f(0.35), 0.3 * glow(2.0 * thread));
    for (var turn = -1; turn <= 1; turn++) {
        for (var step = -1; step <= 1; step++) {
            let note = round(spiral) + f32(12 * turn + step);
            if (note < 0.0 || note >= NOTES) { continue; }
            let here = load(levels, vec2i(i32(note), 0), SMEAR).r;
            let large = 0.04 * sqrt(here);
            let far = distance(p, place_of_note(note));
            let disc = 1.0 - smoothstep(0.6 * large, large + 1.0 / height, far);
            let halo = 0.7 * exp(-far * far / (1.4 * large * large + 1e-9));
            let hsv = rgb_to_hsv(params.low.rgb);
            let hue = hsv_to_rgb(vec3f(fract(hsv.x + note / 12.0), hsv.yz));
            color += lit(hue, 1.2 * here * (disc + halo));
        }
    }
    return color;
}

fn show_scope(at: vec2i) -> vec3f {
    let p = (vec2f(at) + 0.5) / vec2f(frame.size);
    let light = load(phosphor, at, SMEAR).rg;
    if (params.style == WAVEFORM) {
        let colors = array(mix(params.low.rgb, params.high.rgb, p.x), mix(params.high.rgb, params.low.rgb, p.x));
        return lit(colors[0], light.r) + lit(colors[1], light.g);
    }
    let here = 2.0 * p.x - 1.0;
    return lit(mix(params.low.rgb, params.high.rgb, smoothstep(-0.6, 0.6, here)), 1.6 * (1.0 - exp(-0.9 * light.r)));
}

fn show_spectrogram(at: vec2i) -> vec3f {
    let strength = load(phosphor, at, SMEAR).r;
    let color = mix(params.low.rgb, params.high.rgb, smoothstep(0.35, 0.8, strength));
    let now = 0.3 * glow(f32(frame.size.x - 1 - at.x));
    return lit(color, max(1.6 * strength * sqrt(strength), now));
}

fn show(at: vec2i) -> vec4f {
    var light: vec3f;
    switch params.style {
        case BARS: { light = show_bars(at); }
        case SPECTROGRAM: { light = show_spectrogram(at); }
        case CONSTANT_Q: { light = show_notes(at); }
        default: { light = show_scope(at); }
    }
    return vec4f(min(params.background.rgb + light, vec3f(1.0)), params.background.a);
}
