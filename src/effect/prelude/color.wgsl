// Colour spaces. RGB is display-encoded with white at 1; values outside 0..1 convert and come back too. A grey
// has exactly no chroma in each of them: the sums are written as differences from green, which are then 0.

// How much each primary adds to luma (ITU-R BT.709).
const LUMA: vec3f = vec3f(0.2126, 0.7152, 0.0722);

// Luma of a colour: 0 black, 1 white.
fn luma(rgb: vec3f) -> f32 { return rgb.g + LUMA.r * (rgb.r - rgb.g) + LUMA.b * (rgb.b - rgb.g); }

// Y 0..1 with Cb and Cr -0.5..0.5, 0 for greys: BT.709, full range.
fn rgb_to_ycbcr(rgb: vec3f) -> vec3f {
    let y = luma(rgb);
    return vec3f(y, (rgb.b - y) / 1.8556, (rgb.r - y) / 1.5748);
}

// The inverse of rgb_to_ycbcr.
fn ycbcr_to_rgb(c: vec3f) -> vec3f {
    let r = 1.5748 * c.z;
    let b = 1.8556 * c.y;
    return c.x + vec3f(r, -(LUMA.r * r + LUMA.b * b) / LUMA.g, b);
}

// Hue 0..1 (0 red, 1/3 green, 2/3 blue; 0 for greys), saturation, value. Negative colours get saturations
// outside 0..1, by which they come back.
fn rgb_to_hsv(rgb: vec3f) -> vec3f {
    let value = max(rgb.r, max(rgb.g, rgb.b));
    let range = value - min(rgb.r, min(rgb.g, rgb.b));
    if (range <= 0.0 || abs(value) < 1e-6) { return vec3f(0.0, 0.0, value); }
    var hue = 4.0 + (rgb.r - rgb.g) / range;
    if (rgb.g == value) { hue = 2.0 + (rgb.b - rgb.r) / range; }
    if (rgb.r == value) { hue = (rgb.g - rgb.b) / range; }
    return vec3f(fract(hue / 6.0), range / value, value);
}

// The inverse of rgb_to_hsv; hue wraps.
fn hsv_to_rgb(c: vec3f) -> vec3f {
    let sector = fract(c.x + vec3f(1.0, 2.0 / 3.0, 1.0 / 3.0)) * 6.0;
    let paleness = 1.0 - clamp(abs(sector - 3.0) - 1.0, vec3f(0.0), vec3f(1.0));
    return c.z - c.z * c.y * paleness;
}

// The sRGB transfer function (IEC 61966-2-1), odd around 0.
fn decode_srgb(c: vec3f) -> vec3f {
    let size = abs(c);
    let curve = pow((max(size, vec3f(0.04045)) + 0.055) / 1.055, vec3f(2.4));
    return sign(c) * select(curve, size / 12.92, size <= vec3f(0.04045));
}

// The inverse of decode_srgb.
fn encode_srgb(c: vec3f) -> vec3f {
    let size = abs(c);
    let curve = 1.055 * pow(max(size, vec3f(0.0031308)), vec3f(1.0 / 2.4)) - 0.055;
    return sign(c) * select(curve, size * 12.92, size <= vec3f(0.0031308));
}

// CIE 1976 L*a*b* under D65, each divided by 100: L 0..1, a and b about -1..1, and distances are Delta E / 100.
fn rgb_to_lab(rgb: vec3f) -> vec3f {
    let c = decode_srgb(rgb);
    // From the sRGB primaries and white point to XYZ, each row divided by the white point's.
    let x = c.g + 0.43388735 * (c.r - c.g) + 0.18988865 * (c.b - c.g);
    let y = c.g + 0.21263901 * (c.r - c.g) + 0.07219232 * (c.b - c.g);
    let z = c.g + 0.01775004 * (c.r - c.g) + 0.87280234 * (c.b - c.g);
    let t = vec3f(x, y, z);
    let root = pow(max(t, vec3f(0.008856452)), vec3f(1.0 / 3.0));
    let f = select(root, t * 7.787037 + 4.0 / 29.0, t <= vec3f(0.008856452));
    return vec3f(1.16 * f.y - 0.16, 5.0 * (f.x - f.y), 2.0 * (f.y - f.z));
}

// The inverse of rgb_to_lab.
fn lab_to_rgb(c: vec3f) -> vec3f {
    let y = (c.x + 0.16) / 1.16;
    let f = vec3f(y + c.y / 5.0, y, y - c.z / 2.0);
    let t = select(f * f * f, (f - 4.0 / 29.0) / 7.787037, f <= vec3f(6.0 / 29.0));
    let from_x = vec3f(3.08039909, -0.92122336, 0.05287394) * (t.x - t.y);
    let from_z = vec3f(-0.54301591, 0.04525586, 1.15110302) * (t.z - t.y);
    return encode_srgb(t.y + from_x + from_z);
}

// Cosine and sine of an angle in degrees, exact at multiples of 90: a GPU's cos(0) need not be 1.
fn turn(angle: f32) -> vec2f {
    let within = angle - 360.0 * round(angle / 360.0);
    let quarters = round(within / 90.0);
    let rest = within - 90.0 * quarters;
    let a = radians(rest);
    let t = select(vec2f(cos(a), sin(a)), vec2f(1.0, 0.0), rest == 0.0);
    if (quarters == 1.0) { return vec2f(-t.y, t.x); }
    if (quarters == -1.0) { return vec2f(t.y, -t.x); }
    return select(t, -t, quarters != 0.0);
}

// A step in pixels, y down, turned counter-clockwise by an angle in degrees.
fn rotated(step: vec2f, angle: f32) -> vec2f {
    let t = turn(angle);
    return vec2f(t.x * step.x + t.y * step.y, t.x * step.y - t.y * step.x);
}
