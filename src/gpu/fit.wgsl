// Resamples a picture along one axis at a time. The filter is Catmull-Rom (the cubic of Keys,
// "Cubic Convolution Interpolation for Digital Image Processing", 1981, a = -0.5), stretched over
// the footprint of a canvas pixel when the picture is reduced, as libswscale and Pillow do: one
// formula from enlarging to reducing, without a step at 1:1. Colours are weighted by alpha, so that
// transparent pixels don't bleed. The host puts LEVELS and the workgroup's size before it.

struct Axis {
    /// Picture pixels from one canvas pixel to the next.
    step: f32,
    /// Where the canvas's edge lies in the picture.
    start: f32,
}

@group(0) @binding(0) var source: texture_2d<f32>;
@group(0) @binding(1) var canvas: texture_storage_2d<rgba16float, write>;
@group(0) @binding(2) var<uniform> axis: Axis;

/// The filter at four distances at once; 0 from 2 on.
fn catmull_rom(distances: vec4f) -> vec4f {
    let x = min(abs(distances), vec4f(2.0));
    let inner = (1.5 * x - 2.5) * x * x + 1.0;
    let outer = ((-0.5 * x + 2.5) * x - 4.0) * x + 2.0;
    return select(outer, inner, x < vec4f(1.0));
}

fn load_premultiplied(at: vec2i) -> vec4f {
    let color = textureLoad(source, at, 0);
    return vec4f(color.rgb * color.a, color.a);
}

fn load(at: vec2i) -> vec4f {
    return textureLoad(source, at, 0);
}

fn put(at: vec2i, color: vec4f) {
    let red_green = unpack2x16float(pack2x16float(color.rg));
    let blue_alpha = unpack2x16float(pack2x16float(color.ba));
    textureStore(canvas, at, vec4f(red_green, blue_alpha));
}

/// The picture pixels under a canvas pixel: from `first` to `last`, around `centre`.
struct Footprint {
    centre: f32,
    reach: f32,
    first: i32,
    last: i32,
}

fn footprint(at: i32) -> Footprint {
    let centre = (f32(at) + 0.5) * axis.step + axis.start;
    let reach = max(axis.step, 1.0);
    let first = i32(floor(centre - 2.0 * reach + 0.5));
    let last = i32(ceil(centre + 2.0 * reach - 1.5));
    return Footprint(centre, reach, first, last);
}

/// The weights of four pixels from `pixel` on.
fn weights(under: Footprint, pixel: i32) -> vec4f {
    let middle = f32(pixel) + 0.5 - under.centre;
    return catmull_rom((middle + vec4f(0.0, 1.0, 2.0, 3.0)) / under.reach);
}

/// Whether the canvas pixel's centre lies in a picture of `length` pixels.
fn covers(under: Footprint, length: i32) -> bool {
    return under.centre >= 0.0 && under.centre < f32(length);
}

@compute @workgroup_size(COLUMNS, ROWS)
fn across(@builtin(global_invocation_id) id: vec3u) {
    let at = vec2i(id.xy);
    if any(at >= vec2i(textureDimensions(canvas))) {
        return;
    }
    let width = i32(textureDimensions(source).x);
    let under = footprint(at.x);
    var sum = vec4f(0.0);
    var total = 0.0;
    if covers(under, width) {
        for (var x = under.first; x <= under.last; x += 4) {
            let share = weights(under, x);
            sum += share.x * load_premultiplied(vec2i(clamp(x, 0, width - 1), at.y));
            sum += share.y * load_premultiplied(vec2i(clamp(x + 1, 0, width - 1), at.y));
            sum += share.z * load_premultiplied(vec2i(clamp(x + 2, 0, width - 1), at.y));
            sum += share.w * load_premultiplied(vec2i(clamp(x + 3, 0, width - 1), at.y));
            total += dot(share, vec4f(1.0));
        }
    }
    put(at, sum / max(total, 0.5));
}

@compute @workgroup_size(COLUMNS, ROWS)
fn down(@builtin(global_invocation_id) id: vec3u) {
    let at = vec2i(id.xy);
    if any(at >= vec2i(textureDimensions(canvas))) {
        return;
    }
    let height = i32(textureDimensions(source).y);
    let under = footprint(at.y);
    var sum = vec4f(0.0);
    var total = 0.0;
    if covers(under, height) {
        for (var y = under.first; y <= under.last; y += 4) {
            let share = weights(under, y);
            sum += share.x * load(vec2i(at.x, clamp(y, 0, height - 1)));
            sum += share.y * load(vec2i(at.x, clamp(y + 1, 0, height - 1)));
            sum += share.z * load(vec2i(at.x, clamp(y + 2, 0, height - 1)));
            sum += share.w * load(vec2i(at.x, clamp(y + 3, 0, height - 1)));
            total += dot(share, vec4f(1.0));
        }
    }
    put(at, straight(sum / max(total, 0.5)));
}

/// Straight alpha again, clipped, since the filter overshoots at edges.
fn straight(color: vec4f) -> vec4f {
    if color.a <= 0.0 {
        return vec4f(0.0);
    }
    var clipped = clamp(vec4f(color.rgb / color.a, color.a), vec4f(0.0), vec4f(1.0));
    if LEVELS {
        clipped = round(clipped * 255.0) / 255.0;
    }
    return clipped;
}
