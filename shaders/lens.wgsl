/*{
  "DESCRIPTION": "Looks through a lens: fisheye, barrel and pincushion, a bulge or a dent, a swirl.",
  "CREDIT": "barrel is Brown 1966, 'Decentering distortion of lenses', to the first term; fisheye has the tangent of the angle; bulge and swirl fade with the square of the way to the rim",
  "CATEGORIES": ["Geometry"],
  "INPUTS": [
    {"NAME": "inputImage", "TYPE": "image"},
    {"NAME": "kind", "TYPE": "long", "VALUES": [0, 1, 2, 3], "LABELS": ["fisheye", "barrel", "bulge", "swirl"], "DEFAULT": "fisheye",
     "DESCRIPTION": "fisheye swells the middle and keeps the rim, barrel bends straight lines outward and shrinks the corners, bulge is a drop of glass, swirl a whirlpool."},
    {"NAME": "strength", "TYPE": "float", "UNIT": "ratio", "DEFAULT": 1, "MIN": -16, "MAX": 16, "SOFT": [-2, 2], "IDENTITY": 0,
     "DESCRIPTION": "0 is clear glass. fisheye and bulge: positive magnifies the middle, bulge four times at 1, negative shrinks it. barrel: how much further out the rim is fetched, negative is a pincushion. swirl: turns of the middle, positive counter-clockwise."},
    {"NAME": "radius", "TYPE": "float", "UNIT": "ratio", "DEFAULT": 1, "MIN": 0.01, "MAX": 16, "SOFT": [0.1, 2],
     "DESCRIPTION": "The rim: 0.01 a speck, 1 as far from the middle as a corner of the picture. bulge and swirl leave what lies outside alone."},
    {"NAME": "centre", "TYPE": "point2D", "UNIT": "ratio", "DEFAULT": [0.5, 0.5], "MIN": [-16, -16], "MAX": [16, 16], "SOFT": [[0, 0], [1, 1]],
     "DESCRIPTION": "Its middle: [0, 0] the upper left corner, [1, 1] the lower right one."},
    {"NAME": "dispersion", "TYPE": "float", "UNIT": "ratio", "DEFAULT": 0, "MIN": 0, "MAX": 1, "SOFT": [0, 0.3],
     "DESCRIPTION": "How much weaker it is for red and stronger for blue, which leaves coloured rims: 0 not at all, 1 not at all for red and twice for blue."},
    {"NAME": "edge", "TYPE": "long", "VALUES": "edge", "DEFAULT": "mirror",
     "DESCRIPTION": "What lies outside the picture: nothing, the border pixel drawn out, the picture again, or mirrored."}
  ]
}*/
const FISHEYE: i32 = 0;
const BARREL: i32 = 1;
const BULGE: i32 = 2;

// How much longer a step from the middle is where it is fetched; r is its length, 1 at the rim.
fn stretch(r: f32, strength: f32) -> f32 {
    if (params.kind == BARREL) { return 1.0 + strength * r * r; }
    if (params.kind == BULGE) { return exp2(-2.0 * strength * (1.0 - r) * (1.0 - r)); }
    let slope = 2.0 * abs(strength);
    if (slope < 0.001) { return 1.0; }
    let reach = max(r, 0.0001);
    if (strength < 0.0) { return atan(reach * slope) / (reach * atan(slope)); }
    // Behind a right angle there is nothing to see.
    return tan(min(reach * atan(slope), 1.55)) / (reach * slope);
}

fn bent(away: vec2f, strength: f32) -> vec2f {
    let r = length(away) / (0.5 * params.radius * length(vec2f(size(inputImage))));
    if (params.kind <= BARREL) { return away * stretch(r, strength); }
    if (r >= 1.0) { return away; }
    if (params.kind == BULGE) { return away * stretch(r, strength); }
    return rotated(away, -360.0 * strength * (1.0 - r) * (1.0 - r));
}

fn through(at: vec2i, strength: f32) -> vec4f {
    let extent = size(inputImage);
    let middle = params.centre * vec2f(extent);
    let p = middle + bent(vec2f(at) + 0.5 - middle, strength);
    if (params.edge == MIRROR) { return sample(inputImage, fold(p, extent), SMEAR); }
    return sample(inputImage, p, params.edge);
}

fn effect(at: vec2i) -> vec4f {
    if (params.strength == 0.0) { return load(inputImage, at, SMEAR); }
    let green = through(at, params.strength);
    if (params.dispersion == 0.0) { return green; }
    let red = through(at, params.strength * (1.0 - params.dispersion));
    let blue = through(at, params.strength * (1.0 + params.dispersion));
    return vec4f(red.r, green.g, blue.b, green.a);
}
