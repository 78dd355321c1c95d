/*{
  "DESCRIPTION": "Dark lines, and the coloured dots of a tube, over the picture.",
  "CREDIT": "After cathode-ray tubes: aperture grille, slot mask, shadow mask",
  "CATEGORIES": ["Stylise", "Glitch"],
  "INPUTS": [
    {"NAME": "inputImage", "TYPE": "image"},
    {"NAME": "darkness", "TYPE": "float", "UNIT": "ratio", "DEFAULT": 0.6, "MIN": 0, "MAX": 1, "IDENTITY": 0,
     "DESCRIPTION": "0 leaves the picture as it is, 1 makes the lines black."},
    {"NAME": "spacing", "TYPE": "float", "UNIT": "px", "DEFAULT": 4, "MIN": 1, "MAX": 16384, "SOFT": [2, 64],
     "DESCRIPTION": "From one line to the next: 2 is every other row, 64 a venetian blind."},
    {"NAME": "thickness", "TYPE": "float", "UNIT": "ratio", "DEFAULT": 0.5, "MIN": 0, "MAX": 1,
     "DESCRIPTION": "The dark part of the spacing: 0 none, 1 all."},
    {"NAME": "softness", "TYPE": "float", "UNIT": "ratio", "DEFAULT": 0.5, "MIN": 0, "MAX": 1,
     "DESCRIPTION": "0 is a line with edges, 1 fades from one line to the next."},
    {"NAME": "angle", "TYPE": "float", "UNIT": "deg", "DEFAULT": 0, "MIN": -16777216, "MAX": 16777216, "SOFT": [-180, 180],
     "DESCRIPTION": "0 lays them flat, 90 upright; positive turns them counter-clockwise, negative clockwise."},
    {"NAME": "scroll", "TYPE": "float", "UNIT": "px", "DEFAULT": 0, "MIN": -16384, "MAX": 16384, "SOFT": [-200, 200],
     "DESCRIPTION": "Pixels that they move in a second: 0 stands, positive down, negative up."},
    {"NAME": "interlace", "TYPE": "bool", "DEFAULT": false,
     "DESCRIPTION": "On: they jump by half their spacing on every other tick, as the fields of television do. It flickers."},
    {"NAME": "mask", "TYPE": "long", "VALUES": [0, 1, 2], "LABELS": ["grille", "slot", "shadow"], "DEFAULT": "grille",
     "DESCRIPTION": "Where red, green and blue shine: in stripes, in bricks, in a honeycomb."},
    {"NAME": "mask_strength", "TYPE": "float", "UNIT": "ratio", "DEFAULT": 0.25, "MIN": 0, "MAX": 1, "IDENTITY": 0,
     "DESCRIPTION": "How dark a dot is in the two colours that are not its own: 0 there are none, 1 black."},
    {"NAME": "mask_size", "TYPE": "float", "UNIT": "px", "DEFAULT": 6, "MIN": 3, "MAX": 1024, "SOFT": [3, 48],
     "DESCRIPTION": "The width of a red, a green and a blue dot together: 3 is a pixel each."},
    {"NAME": "brightness", "TYPE": "float", "UNIT": "ratio", "DEFAULT": 1.35, "MIN": 0, "MAX": 16, "SOFT": [0, 3], "IDENTITY": 1,
     "DESCRIPTION": "A factor that gives back what lines and dots take: 0 is black, 1 gives nothing back."}
  ]
}*/
const SLOT: i32 = 1;
const SHADOW: i32 = 2;

// How much of the way to x is dark.
fn dark_before(x: f32) -> f32 { return floor(x) * params.thickness + max(fract(x) + params.thickness - 1.0, 0.0); }

// How dark a place is, 0 to 1, in spacings from a line's end: the mean over a pixel, or a swell about the same middle.
fn dark(x: f32) -> f32 {
    let half_pixel = 0.5 / params.spacing;
    let edged = (dark_before(x + half_pixel) - dark_before(x - half_pixel)) * params.spacing;
    if (params.softness == 0.0) { return edged; }
    let swell = 0.5 + 0.5 * cos(6.2831853 * (x + 0.5 * params.thickness));
    let part = clamp(params.thickness, 0.001, 1.0);
    return mix(edged, pow(max(swell, 0.0), (1.0 - part) / part), params.softness);
}

// The share of red, green and blue that the mask lets through.
fn dots(at: vec2i) -> vec3f {
    let p = (vec2f(at) + 0.5) * 3.0 / params.mask_size;
    var column = floor(p.x);
    var gap = false;
    if (params.mask == SHADOW) { column = floor(p.x + 1.5 * (floor(p.y / 1.5) % 2.0)); }
    if (params.mask == SLOT) { gap = fract(p.y / 6.0 + 0.5 * (floor(p.x / 3.0) % 2.0)) < 1.0 / 6.0; }
    let lit = vec3f(column % 3.0) == vec3f(0.0, 1.0, 2.0);
    return 1.0 - params.mask_strength * select(vec3f(1.0), vec3f(0.0), lit & vec3<bool>(!gap));
}

fn effect(at: vec2i) -> vec4f {
    let color = load(inputImage, at, SMEAR);
    let t = turn(params.angle);
    let p = vec2f(at) + 0.5;
    let half_step = select(0.0, 0.5, params.interlace != 0u && frame.tick % 2u == 1u);
    let x = fract((t.y * p.x + t.x * p.y - params.scroll * frame.time) / params.spacing + half_step);
    return vec4f(color.rgb * dots(at) * ((1.0 - params.darkness * dark(x)) * params.brightness), color.a);
}
